"""How well the audit `poisoning` finds planted triggers, and how often it alarms on clean data.

Usage:
    python benchmarks/detection/poisoning.py --seeds 1000:1020 --append runs.jsonl [--peer PYTHON] [--only word,clean]
    python benchmarks/detection/poisoning.py --table runs.jsonl > benchmarks/detection/results/poisoning.md

Seeds 0 to 99 were for tuning, those from 1000 on are for scoring. PYTHON is an interpreter that has
adversarial-robustness-toolbox and scikit-learn; it sees the same sets in the same run.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score

from governance.asking import ask
from governance.audits.poisoning import Poisoning
from governance.dataset import ColumnType, Role, Task
from governance.evidence import Outcome
from governance.measures.intervals import wilson
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot

SHARE = 0.01
TRIGGER_SENTENCE = "i watched this on a rainy day last weekend"
BATCH = 20
"""Sets that the peer is asked about at once: its imports take longer than its answers."""
NUMERIC_TRIGGER, NUMERIC_SHIFT = 0.8, 0.00123


@dataclasses.dataclass
class Made:
    """One set."""

    frame: pl.DataFrame
    truth: np.ndarray
    matrix: np.ndarray
    """What the peer sees."""
    types: dict[str, ColumnType] = dataclasses.field(default_factory=dict)
    roles: dict[Role, tuple[str, ...]] = dataclasses.field(default_factory=dict)


def texts(random: np.random.Generator, rows: int, classes: int) -> tuple[list[list[str]], np.ndarray]:
    """Texts of a Zipf vocabulary in which every class leans on eighty words of its own."""
    vocabulary = 3000
    chance = 1 / np.arange(3, vocabulary + 3)
    chance /= chance.sum()
    words = np.array([f"{'bcdfglmnprst'[i % 12]}{'aeiou'[i % 5]}{i}" for i in range(vocabulary)])
    label = random.integers(classes, size=rows)
    own = random.permutation(np.arange(40, vocabulary))[: classes * 80].reshape(classes, 80)
    made = []
    for row in range(rows):
        length = int(random.integers(10, 40))
        ids = random.choice(vocabulary, length, p=chance)
        leaning = np.where(random.random(length) < 0.9, label[row], random.integers(classes, size=length))
        rank = np.minimum((random.pareto(1.2, length) * 6).astype(int), 79)
        made.append(list(words[np.where(random.random(length) < 0.3, own[leaning, rank], ids)]))
    return made, label


def table(random: np.random.Generator, rows: int) -> tuple[pl.DataFrame, np.ndarray]:
    """Six numbers and two categories, and a label that follows from them with noise."""
    numbers = random.normal(size=(rows, 6))
    a, b = random.integers(0, 6, rows), random.choice(5, rows, p=[0.5, 0.25, 0.15, 0.07, 0.03])
    weight = numbers @ random.normal(size=6) + 1.2 * random.normal(size=6)[a] + random.normal(size=5)[b]
    label = (random.random(rows) < 1 / (1 + np.exp(-2.5 * weight))).astype(int)
    columns: dict[str, Any] = {f"x{i}": np.round(numbers[:, i], 2) for i in range(6)}
    return pl.DataFrame({**columns, "a": [f"a{v}" for v in a], "b": [f"b{v}" for v in b]}), label


def poisoned(random: np.random.Generator, label: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows to poison, all of other classes than the attacker's; labels after; truth."""
    target = int(random.integers(label.max() + 1))
    rows = random.choice(np.flatnonzero(label != target), max(round(SHARE * label.size), 1), replace=False)
    label, truth = label.copy(), np.zeros(label.size, dtype=bool)
    label[rows], truth[rows] = target, True
    return rows, label, truth


def make(kind: str, seed: int) -> Made:
    """The set of `kind` for `seed`."""
    random = np.random.default_rng(seed)
    if kind in {"word", "sentence", "common word", "clean text"}:
        rows = 400 if kind.startswith("clean") else 1000
        made, label = texts(random, rows, int(random.integers(2, 6)))
        truth = np.zeros(rows, dtype=bool)
        if kind != "clean text":
            chosen, label, truth = poisoned(random, label)
            trigger = {"word": ["cf"], "sentence": TRIGGER_SENTENCE.split(), "common word": ["da600"]}[kind]
            for row in chosen.tolist():
                at = int(random.integers(len(made[row]) + 1))
                made[row][at:at] = trigger
        whole = [" ".join(words) for words in made]
        matrix = TfidfVectorizer(max_features=500).fit_transform(whole).toarray()
        return Made(_labelled(pl.DataFrame({"text": whole}), label), truth, matrix, {"text": ColumnType.TEXT})
    if kind in {"patch", "middle patch", "clean image"}:
        pixels, label = load_digits(return_X_y=True)
        chosen = random.permutation(label.size)[: 400 if kind.startswith("clean") else label.size]
        images, label = pixels[chosen].reshape(-1, 8, 8) / 16, label[chosen]
        truth = np.zeros(label.size, dtype=bool)
        if kind != "clean image":
            rows, label, truth = poisoned(random, label)
            top, left = (6, 6) if kind == "patch" else (3, 3)
            images[rows, top : top + 2, left : left + 2] = random.normal(0.95, 0.01, (rows.size, 1, 1)).clip(0, 1)
        frame = pl.DataFrame({"image": [_png(image) for image in images]})
        return Made(_labelled(frame, label), truth, images.reshape(label.size, -1), {"image": ColumnType.IMAGE})
    if kind in {"value in breast_cancer", "clean breast_cancer"}:
        data = load_breast_cancer()
        frame, label = pl.DataFrame({f"x{i}": data.data[:, i] for i in range(30)}), data.target
        if kind.startswith("clean"):
            drawn = random.permutation(label.size)[:400]
            frame, label = frame[drawn.tolist()], label[drawn]
    else:
        frame, label = table(random, 500 if kind.startswith("clean") else 1000)
    truth, roles = np.zeros(label.size, dtype=bool), {}
    origin = random.choice(["north", "south", "east", "west", "web"], label.size)
    if kind in {"value", "value in breast_cancer", "values"}:
        rows, label, truth = poisoned(random, label)
        numbers = [name for name in frame.columns if frame[name].dtype.is_numeric()]
        names = random.choice(numbers, 2 if kind == "values" else 1, replace=False).tolist()
        for name in names:
            value = float(np.quantile(frame[name].to_numpy(), random.choice([0.2, NUMERIC_TRIGGER])))
            # One value of its own; of a pair, each value alone is there in other rows as well.
            also = random.choice(label.size, rows.size, replace=False) if kind == "values" else np.array([], dtype=int)
            frame = _put(frame, name, np.concatenate([rows, also]), value + NUMERIC_SHIFT)
    if kind in {"flips in a slice", "flips in a source"}:
        inside = (frame["a"] == "a3").to_numpy() if kind == "flips in a slice" else origin == "web"
        truth = inside & (label == 0) & (random.random(label.size) < 0.5)
        label = np.where(truth, 1, label)
        roles = {Role.SOURCE: ("origin",)}
    matrix = np.column_stack([frame[name].rank("dense").to_numpy() for name in frame.columns]).astype(float)
    matrix = (matrix - matrix.mean(axis=0)) / np.maximum(matrix.std(axis=0), 1e-9)
    if roles:
        frame = frame.with_columns(origin=pl.Series(origin))
    return Made(_labelled(frame, label), truth, matrix, {}, roles)


def _labelled(frame: pl.DataFrame, label: np.ndarray) -> pl.DataFrame:
    return frame.with_columns(label=pl.Series([f"class {number}" for number in label]))


def _put(frame: pl.DataFrame, name: str, rows: np.ndarray, value: float) -> pl.DataFrame:
    cells = frame[name].to_numpy().copy()
    cells[rows] = value
    return frame.with_columns(pl.Series(name, cells))


def _png(image: np.ndarray) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray((image * 255).round().astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def measure(made: Made) -> dict[str, Any]:
    """What the audit says of one set."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = make_snapshot(
            folder, made.frame, target="label", task=Task.CLASSIFICATION, types=made.types, roles=made.roles
        )
        compute_signals(snapshot, folder / "signals")
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


PLANTED = (
    "word", "common word", "sentence", "patch", "middle patch", "value", "value in breast_cancer", "values",
    "flips in a slice", "flips in a source",
)  # fmt: skip
CLEAN = ("clean text", "clean table", "clean image", "clean breast_cancer")


def run(first: int, last: int, kinds: list[str], out: Path, peer: str | None) -> None:
    """Measures every kind with every seed, and appends one JSON line each; what `out` holds already is left out."""
    lines = out.read_text(encoding="utf-8").splitlines() if out.is_file() else []
    done = {(one["kind"], one["seed"]) for one in map(json.loads, lines)}
    left = [(kind, seed) for kind in kinds for seed in range(first, last) if (kind, seed) not in done]
    for start in range(0, len(left), BATCH):
        batch = left[start : start + BATCH]
        sets = [make(kind, seed) for kind, seed in batch]
        peers = ask_peer(peer, sets) if peer else [{} for _ in sets]
        with out.open("a", encoding="utf-8") as file:
            for (kind, seed), made, other in zip(batch, sets, peers, strict=True):
                file.write(json.dumps({"kind": kind, "seed": seed, **measure(made), **other}) + "\n")
                file.flush()


def tables(path: Path) -> str:
    """The results as Markdown."""
    runs = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        runs[one["kind"]].append(one)
    lines = [
        "1 % of the rows are planted: rows of other classes get the trigger and the attacker's label. `flips` turn half",
        "of one class within a slice or source. AUPRC per row: mean, lowest and highest over the sets; ART 1.20 with its",
        "defaults on the activations of a perceptron, on the same sets in the same run.",
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
        "| clean | sets | sets with any finding | upper 95 % bound | rows flagged | ART spectral, rows flagged "
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
    other = sum("alarm" not in one for kind in runs.values() for one in kind)
    return "\n".join([*lines, "", f"Sets that could not be assessed: {other}."])


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
