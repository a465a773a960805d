"""How often drift is seen where there is none, and how often where there is, beside Evidently's defaults.

    python benchmarks/detection/drift.py --peer VENV/bin/python > benchmarks/detection/results/drift.md

`--peer` is a Python that has evidently. Tables are made here; `--tuning` takes other seeds than those that are scored.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from drift_tables import ROWS, SHIFTS, Frame, in_groups, snapshot, table

from governance.audits.drift import Drift
from governance.evidence import Outcome
from governance.measures.intervals import wilson
from governance.reporting.drift_tests import judge_columns, judge_joint
from governance.sketches.compute import compute_sketch
from governance.snapshot import Snapshot

CELLS = (
    (5, 500, 300),
    (30, 500, 300),
    (200, 500, 300),
    (30, 10_000, 300),
    (200, 10_000, 300),
    (5, 1_000_000, 300),
    (30, 1_000_000, 120),
)
"""Columns, rows, runs without drift."""

GROUP_ROWS = 10
"""Rows of each person, where sets of grouped rows are compared; a person is in one set."""

NEAR_TIES = ("category", "new_level")
"""Shifts that have five times as many tables, as both detectors see about as much of them."""


def score(made: Snapshot) -> float:
    """The smallest p-value of the whole audit, after its allowances: an alarm when it is 0.05 or less."""
    comparisons, _ = Drift()._comparisons(made)
    columns = [result.adjusted for result in judge_columns(comparisons, 0.05)]
    joint = [result.adjusted for result in judge_joint(comparisons, 0.05) if result.adjusted is not None]
    return min(columns + joint)


PEER = Path(__file__).with_name("evidently_peer.py")


def start_peer(python: str, folder: str, tables: dict[str, tuple[Frame, Frame]]) -> subprocess.Popen[str]:
    """Evidently's tests on these tables, beside our own work."""
    for name, pair in tables.items():
        for part, frame in zip(("before", "now"), pair, strict=True):
            path = Path(folder) / name / f"{part}.parquet"
            path.parent.mkdir(exist_ok=True)
            pl.DataFrame(frame).write_parquet(path)
    return subprocess.Popen(
        [python, "-W", "ignore", str(PEER), folder], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": ""},
    )  # fmt: skip


def peer_scores(peer: subprocess.Popen[str]) -> tuple[dict[str, float], str]:
    """Smallest p-value per run, and the versions that it ran with."""
    result = json.loads(peer.communicate()[0].strip().splitlines()[-1])
    return result["p"], ", ".join(f"{name} {number}" for name, number in result["versions"].items())


class Kept:
    """Results of batches in a folder, so that a long benchmark can be run in several goes."""

    def __init__(self, folder: Path, minutes: float) -> None:
        self.folder, self.end, self.missing = folder, time.perf_counter() + 60 * minutes, 0
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def late(self) -> bool:
        return time.perf_counter() > self.end

    def has(self, name: str) -> bool:
        return (self.folder / f"{name}.json").exists()

    def get(self, name: str, make: Callable[[], Any], *, begun: bool = False, needed: bool = True) -> Any:
        """What `make` gives, now or in an earlier go; None when the time is up and it is not `begun`.

        A batch that is not `needed` may be missing from the result.
        """
        path = self.folder / f"{name}.json"
        if not path.exists():
            if self.late and not begun:
                self.missing += needed
                return None
            path.write_text(json.dumps(make()), encoding="utf-8")
        return json.loads(path.read_text(encoding="utf-8"))


def share(alarms: int, runs: int) -> str:
    low, high = wilson(alarms, runs)
    return f"{alarms / runs:.3f} ({low:.3f}-{high:.3f})"


def alarmed(made: Snapshot) -> tuple[bool, float]:
    """Whether there is any finding, and the seconds of processor time that it took."""
    start = time.process_time()
    answer = Drift().run(made)
    if answer.outcome is not Outcome.ASSESSED:
        sys.exit(f"the audit could not be run: {answer.reason}")
    return bool(answer.findings), time.process_time() - start


def by_split(seed: int, columns: int, rows: int, runs: range, make: Callable[..., Frame] = table) -> dict:
    seen, spent = 0, 0.0
    for run in runs:
        random = np.random.default_rng([seed, columns, rows, run])
        with tempfile.TemporaryDirectory() as folder:
            whole = make(random, rows, columns)
            cut = rows * 3 // 4
            parts = {"train": {n: v[:cut] for n, v in whole.items()}, "test": {n: v[cut:] for n, v in whole.items()}}
            alarm, seconds = alarmed(snapshot(Path(folder), parts))
            seen, spent = seen + alarm, spent + seconds
    return {"alarms": seen, "runs": len(runs), "seconds": spent}


def by_sketch(
    seed: int, columns: int, rows: int, runs: range, kind: int = 7, make: Callable[..., Frame] = table
) -> dict:
    seen, spent = 0, 0.0
    for run in runs:
        random = np.random.default_rng([seed, kind, run])
        with tempfile.TemporaryDirectory() as folder:
            before = snapshot(Path(folder) / "a", {"all": make(random, rows, columns)})
            now = snapshot(Path(folder) / "b", {"all": make(random, rows, columns)})
            path = Path(folder) / "sketch.json"
            path.write_text(compute_sketch(before).to_json(), encoding="utf-8")
            alarm, seconds = alarmed(replace(now, reference_file=path))
            seen, spent = seen + alarm, spent + seconds
    return {"alarms": seen, "runs": len(runs), "seconds": spent}


def grouped_by_split(seed: int, columns: int, rows: int, runs: range) -> dict:
    return by_split(seed, columns, rows, runs, lambda *size: in_groups(*size, GROUP_ROWS))


def grouped_by_sketch(seed: int, columns: int, rows: int, runs: range) -> dict:
    return by_sketch(seed, columns, rows, runs, 8, lambda *size: in_groups(*size, GROUP_ROWS))


def false_alarms(seed: int, scale: float, kept: Kept) -> list[str]:
    lines = [
        "| columns | rows | compared with | runs | any alarm (95 % interval) | processor seconds a run |",
        "|---|---|---|---|---|---|",
    ]
    alarms = total = 0
    cells = [(by_split, "the other split", *cell) for cell in CELLS] + [(by_sketch, "a sketch", 30, ROWS, 600)]
    cells += [
        (grouped_by_split, f"the other split, rows in groups of {GROUP_ROWS}", 30, 2 * ROWS, 300),
        (grouped_by_sketch, f"a sketch, rows in groups of {GROUP_ROWS}", 30, ROWS, 300),
    ]
    batches = []
    for place, (_, _, columns, rows, wanted) in enumerate(cells):
        runs = max(1, int(wanted * scale))
        size = 1 if columns * rows > 6_000_000 else 5 if columns * rows > 1_000_000 else 20 if columns > 100 else 60
        batches += [(start / runs, place, range(start, min(start + size, runs))) for start in range(0, runs, size)]
    done: dict[int, list[dict]] = {}
    for _, place, batch in sorted(batches, key=lambda one: one[:2]):  # all cells grow alike, should the time be up
        how, _, columns, rows, _ = cells[place]
        name = f"{seed}-{how.__name__}-{columns}-{rows}-{batch.start}-{batch.stop}"
        part = kept.get(name, lambda batch=batch, how=how, c=columns, r=rows: how(seed, c, r, batch), needed=False)
        done.setdefault(place, []).extend([part] if part else [])
    for place, (how, words, columns, rows, _) in enumerate(cells):
        runs = sum(part["runs"] for part in done[place])
        if not runs:
            continue
        seen, seconds = sum(p["alarms"] for p in done[place]), sum(p["seconds"] for p in done[place])
        if how is by_split:
            alarms, total = alarms + seen, total + runs
        lines.append(f"| {columns} | {rows:,} | {words} | {runs} | {share(seen, runs)} | {seconds / runs:.2f} |")
    if not total:
        return []
    lines.append(
        f"\nAny alarm over all tables of independent rows compared by split: {share(alarms, total)} of {total} runs. The unit is a table; an alarm is a finding of any level. Rows are those of the whole table (three quarters before, one quarter now), or of either version."
    )
    return lines


def planted(seed: int, runs: list[tuple[str, int]], columns: int) -> dict[str, tuple[Frame, Frame]]:
    tables: dict[str, tuple[Frame, Frame]] = {}
    for name, run in runs:
        random = np.random.default_rng([seed, 11, sorted(["clean", *SHIFTS]).index(name), run])
        before, now = table(random, ROWS, columns), table(random, ROWS, columns)
        if name != "clean":
            SHIFTS[name][1](now, random)
        tables[f"{name}.{run}"] = (before, now)
    return tables


def own_scores(tables: dict[str, tuple[Frame, Frame]]) -> dict:
    found = {}
    for key, (before, now) in tables.items():
        with tempfile.TemporaryDirectory() as own:
            found[key] = score(snapshot(Path(own), {"train": before, "test": now}))
    return found


def power(seed: int, scale: float, python: str | None, kept: Kept, columns: int = 11) -> list[str]:
    clean, runs = max(20, int(300 * scale)), max(10, int(40 * scale))
    wanted = [("clean", run) for run in range(clean)]
    wanted += [(shift, run) for shift in SHIFTS for run in range(runs * (5 if shift in NEAR_TIES else 1))]
    ours: dict[str, float] = {}
    theirs: dict[str, float] = {}
    versions = ""
    for start in range(0, len(wanted), 300):
        batch = wanted[start : start + 300]
        name = f"{len(wanted)}-{start}"
        tables = planted(seed, batch, columns)
        with tempfile.TemporaryDirectory() as folder:
            running = None
            if python and not kept.has(f"{seed}-peer-{name}") and not kept.late:
                running = start_peer(python, folder, tables)  # beside our own work
            ours |= kept.get(f"{seed}-ours-{name}", lambda tables=tables: own_scores(tables)) or {}
            if python:
                found = kept.get(
                    f"{seed}-peer-{name}", lambda peer=running: peer_scores(peer), begun=running is not None
                )
                theirs, versions = theirs | (found or [{}])[0], found[1] if found else versions

    def of(scores: dict[str, float], name: str) -> np.ndarray:
        return np.array([value for key, value in scores.items() if key.startswith(f"{name}.")])

    if kept.missing or not ours:
        return []
    limits = [float(np.quantile(of(scores, "clean"), 0.05)) if scores else 0.0 for scores in (ours, theirs)]
    lines = [
        f"\nPeer: {versions}. {ROWS:,} rows on either side, {columns} columns, {clean} clean tables, {runs} a shift ({5 * runs} where both see about as much).\n",
        "| planted | drift, as it is | Evidently, as it is | drift, 5 % false alarms | Evidently, 5 % false alarms |",
        "|---|---|---|---|---|",
    ]
    for name in ("clean", *SHIFTS):
        cells = []
        for limit in ((0.05, 0.05), limits):
            for scores, at in zip((ours, theirs), limit, strict=True):
                values = of(scores, name)
                cells.append(share(int((values <= at).sum()), values.size) if values.size else "-")
        lines.append(f"| {SHIFTS[name][0] if name in SHIFTS else 'nothing'} | {' | '.join(cells)} |")
    lines.append(
        f"\nThresholds for 5 % false alarms, from the clean tables: {limits[0]:.4f} for drift, {limits[1]:.5f} for Evidently (smallest p-value of all columns). Evidently's chi-squared test takes the reference as certain, so its p-values of levels are too small: that makes most of its false alarms, and its threshold for 5 % so strict."
    )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer")
    parser.add_argument("--tuning", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", choices=["power", "false_alarms"])
    parser.add_argument("--kept", type=Path, help="folder for results of batches: run again until all are there")
    parser.add_argument("--minutes", type=float, default=1e6, help="begin no further batch after so long")
    given = parser.parse_args()
    seed = 7 if given.tuning else 1011
    kept = Kept(given.kept or Path(tempfile.mkdtemp()), given.minutes)
    lines = [f"Seeds: {seed + 1000} (false alarms), {seed} (power), and the number of the run.\n"]
    if given.only != "power":
        lines += false_alarms(seed + 1000, given.scale, kept)
    if given.only != "false_alarms":
        lines += power(seed, given.scale, given.peer, kept)
    if kept.missing:
        sys.exit(f"{kept.missing} batches are missing; run again")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
