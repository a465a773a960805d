"""How well the audit `poisoning` finds planted triggers, and how often it alarms on clean data.

Usage:
    python benchmarks/detection/poisoning.py --seeds 1000:1020 --append runs.jsonl [--only word,"clean text"]
    python benchmarks/detection/poisoning.py --seeds 1000:1020 --append runs.jsonl --peer PYTHON
    python benchmarks/detection/poisoning.py --table runs.jsonl > benchmarks/detection/results/poisoning.md

Seeds 0 to 99 were for tuning, those from 1000 on are for scoring. PYTHON is an interpreter that has
adversarial-robustness-toolbox and scikit-learn; it sees the same sets.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from poisoning_sets import CLEAN, PLANTED, Made, make
from sklearn.metrics import average_precision_score

from governance.asking import ask
from governance.audits.poisoning import Poisoning
from governance.dataset import Task
from governance.evidence import Outcome
from governance.measures.intervals import wilson
from governance.signals.compute import compute_signals
from governance.signals.settings import SignalsConfig
from governance.testing import make_snapshot

BATCH = 20
"""Sets that the peer is asked about at once: its imports take longer than its answers."""


def measure(made: Made) -> dict[str, Any]:
    """What the audit says of one set."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = make_snapshot(
            folder, made.frame, target="label", task=Task.CLASSIFICATION, types=made.types, roles=made.roles
        )
        # Of the predictions the audit reads rows and labels alone; two folds are the cheapest way to them.
        compute_signals(snapshot, folder / "signals", SignalsConfig(folds=2))
        answer = ask(Poisoning(), dataclasses.replace(snapshot, signals_folder=folder / "signals"))
    if answer.outcome is not Outcome.ASSESSED:
        return {"outcome": f"{answer.outcome} ({answer.code})"}
    assert answer.rows is not None
    rows = answer.rows.sort("source_row")
    truth = made.truth[rows["source_row"].to_numpy()]
    loud = [finding.rule for finding in answer.findings]
    flagged = rows["flagged"].to_numpy()
    result: dict[str, Any] = {"outcome": "assessed", "alarm": bool(loud), "rules": sorted(set(loud))}
    result["flagged_clean"] = float(flagged[~truth].mean())
    if truth.any():
        result["auprc"] = float(average_precision_score(truth, rows["score"].to_numpy()))
        result["recall"] = float(flagged[truth].mean())
    return result


def ask_peer(python: str, sets: list[Made]) -> list[dict[str, Any]]:
    """What ART says of the same sets."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, made in enumerate(sets):
            label = made.frame["label"].rank("dense").to_numpy().astype(int) - 1
            np.savez(folder / f"{number}.set.npz", matrix=made.matrix, label=label)
        subprocess.run([python, str(Path(__file__).with_name("poisoning_peer.py")), name], check=True)
        results = []
        for number, made in enumerate(sets):
            scores = np.load(folder / f"{number}.scores.npz")
            one = {}
            for method in ("spectral", "activation"):
                values = scores[method]
                one[f"{method}_flagged_clean"] = float((values[~made.truth] > 0).mean())
                if made.truth.any():
                    one[f"{method}_auprc"] = float(average_precision_score(made.truth, np.nan_to_num(values)))
            results.append(one)
        return results


def run(first: int, last: int, kinds: list[str], out: Path, peer: str | None) -> None:
    """Appends one JSON line for every kind and seed that `out` lacks: what the audit says, or with `peer` what ART does."""
    lines = out.read_text(encoding="utf-8").splitlines() if out.is_file() else []
    asked = "spectral_flagged_clean" if peer else "outcome"
    done = {(one["kind"], one["seed"]) for one in map(json.loads, lines) if asked in one}
    left = [(kind, seed) for seed in range(first, last) for kind in kinds if (kind, seed) not in done]
    for start in range(0, len(left), BATCH):
        batch = left[start : start + BATCH]
        sets = [make(kind, seed) for kind, seed in batch]
        answers = ask_peer(peer, sets) if peer else (measure(made) for made in sets)
        with out.open("a", encoding="utf-8") as file:
            for (kind, seed), answer in zip(batch, answers, strict=True):
                file.write(json.dumps({"kind": kind, "seed": seed, **answer}) + "\n")
                file.flush()


def tables(path: Path) -> str:
    """The results as Markdown."""
    sets: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        sets[one["kind"], one["seed"]] |= one
    runs = defaultdict(list)
    for (kind, _), one in sorted(sets.items()):
        runs[kind].append(one)
    lines = [
        "1 % of the rows are planted: rows of other classes get the trigger and the attacker's label. `flips` turn half",
        "of one class within a slice or source. AUPRC per row: mean, lowest and highest over the sets; ART 1.20 with its",
        "defaults on the activations of a perceptron, on the same sets (of clean ones, on the first 20 of each kind).",
        f"One who knows slice, share and the true chances of all labels: {_ceiling(sets)}.",
        "",
        "| planted | sets | AUPRC, mean (lowest to highest) | sets at 0.9 or more | an alarm | recall of flagged rows "
        "| ART spectral, AUPRC | ART activation, AUPRC |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind in PLANTED:
        known = [one for one in runs[kind] if "auprc" in one]
        if not known:
            continue
        values = np.array([one["auprc"] for one in known])
        low, high = wilson(int((values >= 0.9).sum()), values.size)
        peers = [
            f"{np.mean([one[key] for one in known if key in one]):.2f}" if any(key in one for one in known) else "-"
            for key in ("spectral_auprc", "activation_auprc")
        ]
        lines.append(
            f"| {kind} | {values.size} | {values.mean():.3f} ({values.min():.2f} to {values.max():.2f}) | "
            f"{int((values >= 0.9).sum())} ({low:.0%} to {high:.0%}) | {sum(one['alarm'] for one in known)} | "
            f"{np.mean([one['recall'] for one in known]):.2f} | {peers[0]} | {peers[1]} |"
        )
    lines += [
        "",
        "| clean (unit: one set) | runs | runs with any finding | upper 95 % bound | rows flagged | ART spectral, rows flagged "
        "| ART activation, rows flagged |",
        "|---|---|---|---|---|---|---|",
    ]
    every = []
    for kind in (*CLEAN, "all clean sets"):
        known = every if kind == "all clean sets" else [one for one in runs[kind] if "alarm" in one]
        every = every if kind == "all clean sets" else [*every, *known]
        if not known:
            continue
        alarms = sum(one["alarm"] for one in known)
        peers = [
            f"{np.nanmean([one[key] for one in known if key in one]):.1%}" if any(key in one for one in known) else "-"
            for key in ("spectral_flagged_clean", "activation_flagged_clean")
        ]
        lines.append(
            f"| {kind} | {len(known)} | {alarms} | {wilson(alarms, len(known), 0.9)[1]:.1%} | "
            f"{np.mean([one['flagged_clean'] for one in known]):.3%} | {peers[0]} | {peers[1]} |"
        )
    other = sum("outcome" in one and "alarm" not in one for kind in runs.values() for one in kind)
    return "\n".join([*lines, "", f"Sets that could not be assessed: {other}."])


def _ceiling(sets: Iterable[tuple[str, int]]) -> str:
    """Mean and lowest AUPRC of the best ranking there is, for each kind of turned labels."""
    parts = []
    for wanted in PLANTED:
        found = [make(kind, seed) for kind, seed in sorted(sets) if kind == wanted and kind.startswith("flips")]
        values = [average_precision_score(made.truth, made.best) for made in found]
        if values:
            parts.append(f"{np.mean(values):.3f} ({min(values):.2f} to {max(values):.2f}) for {wanted}")
    return ", ".join(parts) or "not asked"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="0:5")
    parser.add_argument("--append", type=Path)
    parser.add_argument("--peer")
    parser.add_argument("--only", default=",".join((*PLANTED, *CLEAN)))
    parser.add_argument("--table", type=Path)
    given = parser.parse_args()
    if given.table:
        print(tables(given.table))
        return
    first, last = (int(part) for part in given.seeds.split(":"))
    run(first, last, given.only.split(","), given.append or Path("/dev/stdout"), given.peer)


if __name__ == "__main__":
    sys.exit(main())
