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

from governance.audits.drift import Drift
from governance.dataset import ColumnType, Role, Task
from governance.evidence import Outcome
from governance.ingestion.column_types import infer
from governance.manifest import Manifest, SnapshotColumn
from governance.measures.intervals import wilson
from governance.reporting.drift_tests import judge_columns, judge_joint
from governance.sketches.compute import compute_sketch
from governance.snapshot import Snapshot

Frame = dict[str, np.ndarray]
KINDS: dict[str, ColumnType] = {}
"""Type of each column, by its name: the same in all tables, so it is found out once."""
TARGET = "label"
ROWS = 1000
"""On either side, for power: up to here Evidently uses tests, beyond fixed distances."""
CELLS = (
    (5, 500, 300),
    (30, 500, 300),
    (200, 500, 300),
    (30, 10_000, 300),
    (200, 10_000, 60),
    (5, 1_000_000, 60),
    (30, 1_000_000, 5),
)
"""Columns, rows, runs without drift."""

NEAR_TIES = ("category", "new_level")
"""Shifts that have five times as many tables, as both detectors see about as much of them."""


def table(random: np.random.Generator, rows: int, columns: int) -> Frame:
    """Numbers of several shapes, some tied to each other, counts, categories, a flag, missing values, a label."""
    common = random.normal(size=rows)
    made: Frame = {}
    for number in range(columns - 1):
        kind = number % 10
        if kind in {0, 1}:
            values = 0.6 * common + 0.8 * random.normal(size=rows)
        elif kind in {2, 3}:
            values = random.normal(10, 3, rows)
        elif kind == 4:
            values = random.lognormal(1, 1, rows)
        elif kind == 5:
            values = random.poisson(3, rows).astype(float)
        elif kind == 6:
            values = np.where(random.random(rows) < 0.03, np.nan, random.gamma(2, 1, rows))
        elif kind == 7:
            values = random.choice(list("abcde"), rows, p=[0.4, 0.25, 0.15, 0.12, 0.08])
        elif kind == 8:
            share = 1 / np.arange(1, 13)
            values = random.choice([f"level {n}" for n in range(12)], rows, p=share / share.sum())
        else:
            values = random.choice(["yes", "no"], rows, p=[0.4, 0.6])
        made[f"x{number}"] = values
    first = made["x0"]
    made[TARGET] = np.where(random.random(rows) < 1 / (1 + np.exp(-(first - 0.8))), "bad", "good")
    return made


def relabelled(frame: Frame, random: np.random.Generator, slope: float, offset: float = -0.8) -> None:
    chance = 1 / (1 + np.exp(-(slope * frame["x0"] + offset)))
    frame[TARGET] = np.where(random.random(chance.size) < chance, "bad", "good")


def _mean(frame: Frame, _: np.random.Generator) -> None:
    frame["x2"] = frame["x2"] + 0.18 * 3


def _spread(frame: Frame, _: np.random.Generator) -> None:
    frame["x2"] = 10 + (frame["x2"] - 10) * 1.2


def _tails(frame: Frame, random: np.random.Generator) -> None:
    frame["x2"] = 10 + random.standard_t(2.5, ROWS) * 3 * 0.8


def _skewed(frame: Frame, _: np.random.Generator) -> None:
    frame["x4"] = frame["x4"] * 1.2


def _counts(frame: Frame, random: np.random.Generator) -> None:
    frame["x5"] = random.poisson(3.3, ROWS).astype(float)


def _category(frame: Frame, random: np.random.Generator) -> None:
    frame["x7"] = random.choice(list("abcde"), ROWS, p=[0.34, 0.31, 0.15, 0.12, 0.08])


def _new_level(frame: Frame, random: np.random.Generator) -> None:
    frame["x8"] = np.where(random.random(ROWS) < 0.015, "level 99", frame["x8"])


def _flag(frame: Frame, random: np.random.Generator) -> None:
    frame["x9"] = random.choice(["yes", "no"], ROWS, p=[0.47, 0.53])


def _missing(frame: Frame, random: np.random.Generator) -> None:
    frame["x6"] = np.where(random.random(ROWS) < 0.035, np.nan, frame["x6"])


def _tie(frame: Frame, random: np.random.Generator) -> None:
    frame["x1"] = random.normal(size=ROWS)


def _labels(frame: Frame, random: np.random.Generator) -> None:
    frame[TARGET] = np.where(random.random(ROWS) < 0.09, "bad", frame[TARGET])


def _concept(frame: Frame, random: np.random.Generator) -> None:
    relabelled(frame, random, 0.2, -0.76)


def _everywhere(frame: Frame, _: np.random.Generator) -> None:
    for name in ("x0", "x1", "x2", "x3"):
        frame[name] = frame[name] + 0.12 * frame[name].std()


def _cluster(frame: Frame, random: np.random.Generator) -> None:
    inside = random.random(ROWS) < 0.03
    for name in ("x2", "x3"):
        frame[name] = np.where(inside, random.normal(18, 0.5, ROWS), frame[name])


SHIFTS: dict[str, tuple[str, Callable[[Frame, np.random.Generator], None]]] = {
    "mean": ("mean of one number by 0.18 sd", _mean),
    "spread": ("spread of one number by 20 %", _spread),
    "tails": ("heavier tails of one number", _tails),
    "skewed": ("a skewed number by 20 %", _skewed),
    "counts": ("counts, mean 3 to 3.3", _counts),
    "category": ("6 % of rows from one level to another", _category),
    "new_level": ("a new level in 1.5 % of rows", _new_level),
    "flag": ("a flag from 40 to 47 %", _flag),
    "missing": ("missing from 3 to 6.4 %", _missing),
    "tie": ("correlation of two numbers from 0.36 to 0", _tie),
    "labels": ("labels, 9 % of rows", _labels),
    "concept": ("labels follow a feature less", _concept),
    "everywhere": ("four numbers by 0.12 sd each", _everywhere),
    "cluster": ("3 % of rows from elsewhere", _cluster),
}


def snapshot(folder: Path, parts: dict[str, Frame]) -> Snapshot:
    """A snapshot as the pipeline would write it, without hashing a million rows: they are in random order as made."""
    folder.mkdir(parents=True, exist_ok=True)
    frames, start = {}, 0
    for split, content in parts.items():
        frame = pl.DataFrame(
            {name: pl.Series(values, nan_to_null=values.dtype.kind == "f") for name, values in content.items()}
        )
        keys = [f"{number:016x}" for number in range(start, start + frame.height)]
        start += frame.height
        whole = frame.with_columns(
            row_id=pl.Series(keys),
            source_file=pl.lit("made"),
            source_row=pl.int_range(frame.height),
            split=pl.lit(split),
        )
        whole.write_parquet(folder / f"{split}.parquet", compression="lz4")
        frames[split] = frame
    together = pl.concat(list(frames.values()))
    columns = []
    for series in together.get_columns():
        if series.name not in KINDS:
            KINDS[series.name] = infer(series)
        kind = KINDS[series.name]
        columns.append(
            SnapshotColumn(
                name=series.name, type=ColumnType.CATEGORY if kind is ColumnType.STRING else kind,
                role=Role.TARGET if series.name == TARGET else None, private=False, nulls=series.null_count(),
                distinct=series.n_unique(),
            )
        )  # fmt: skip
    manifest = Manifest(
        dataset="made", outcome=Outcome.ASSESSED, digest=f"sha256:{folder.name}", declared="", code="", source_path="",
        task=Task.CLASSIFICATION, target=TARGET, columns=tuple(columns), rows=together.height,
        splits={name: frame.height for name, frame in frames.items()},
    )  # fmt: skip
    return Snapshot(manifest, folder, folder, workspace=folder)


def score(made: Snapshot) -> float:
    """The smallest p-value of the whole audit, after its allowances: an alarm when it is 0.05 or less."""
    comparisons, _ = Drift()._comparisons(made)
    columns = [result.adjusted for result in judge_columns(comparisons, 0.05)]
    joint = [result.adjusted for result in judge_joint(comparisons, 0.05) if result.adjusted is not None]
    return min(columns + joint)


PEER = """
import json, os, sys
os.environ["DO_NOT_TRACK"] = "1"
import numpy, pandas
from importlib.metadata import version
from evidently import DataDefinition, Dataset, Report
from evidently.legacy.calculations.stattests import get_stattest
from evidently.presets import DataDriftPreset

def by_report(here, now, numbers, rest):
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=rest)
    result = Report([DataDriftPreset()]).run(*(Dataset.from_pandas(part, definition) for part in (now, here))).dict()
    return {metric["config"]["column"]: float(metric["value"]) for metric in result["metrics"][1:]}

def by_test(here, now, kind):
    here, now = (part.replace([-numpy.inf, numpy.inf], numpy.nan).dropna() for part in (here, now))
    return float(get_stattest(here, now, kind, None)(here, now, kind, None).drift_score)

found = {}
for name in sorted(os.listdir(sys.argv[1])):
    here, now = (pandas.read_parquet(os.path.join(sys.argv[1], name, part)) for part in ("before.parquet", "now.parquet"))
    numbers = [c for c in here if here[c].dtype.kind == "f"]
    made = {c: by_test(here[c], now[c], "num" if c in numbers else "cat") for c in here}
    if not found:
        report = by_report(here, now, numbers, [c for c in here if c not in numbers])
        different = {c: (made[c], report[c]) for c in made if abs(made[c] - report[c]) > 1e-9}
        if different:
            sys.exit(f"the report's p-values are others: {different}")
    found[name] = min(made.values())
print(json.dumps({"versions": {n: version(n) for n in ("evidently", "numpy", "pandas", "scipy")}, "p": found}))
"""


def start_peer(python: str, folder: str, tables: dict[str, tuple[Frame, Frame]]) -> subprocess.Popen[str]:
    """The tests that Evidently's DataDriftPreset picks by default, beside our own work.

    Its report draws a picture of each column, which takes most of its time; so its tests are asked, and that they give
    the report's numbers is checked on the first table of each batch.
    """
    for name, pair in tables.items():
        for part, frame in zip(("before", "now"), pair, strict=True):
            path = Path(folder) / name / f"{part}.parquet"
            path.parent.mkdir(exist_ok=True)
            pl.DataFrame(frame).write_parquet(path)
    return subprocess.Popen(
        [python, "-W", "ignore", "-c", PEER, folder], stdout=subprocess.PIPE, text=True,
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

    def get(self, name: str, make: Callable[[], Any], *, begun: bool = False) -> Any:
        """What `make` gives, now or in an earlier go; None when the time is up and it is not `begun`."""
        path = self.folder / f"{name}.json"
        if not path.exists():
            if self.late and not begun:
                self.missing += 1
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


def by_split(seed: int, columns: int, rows: int, runs: range) -> dict:
    seen, spent = 0, 0.0
    for run in runs:
        random = np.random.default_rng([seed, columns, rows, run])
        with tempfile.TemporaryDirectory() as folder:
            whole = table(random, rows, columns)
            cut = rows * 3 // 4
            parts = {"train": {n: v[:cut] for n, v in whole.items()}, "test": {n: v[cut:] for n, v in whole.items()}}
            alarm, seconds = alarmed(snapshot(Path(folder), parts))
            seen, spent = seen + alarm, spent + seconds
    return {"alarms": seen, "runs": len(runs), "seconds": spent}


def by_sketch(seed: int, columns: int, rows: int, runs: range) -> dict:
    seen, spent = 0, 0.0
    for run in runs:
        random = np.random.default_rng([seed, 7, run])
        with tempfile.TemporaryDirectory() as folder:
            before = snapshot(Path(folder) / "a", {"all": table(random, rows, columns)})
            now = snapshot(Path(folder) / "b", {"all": table(random, rows, columns)})
            path = Path(folder) / "sketch.json"
            path.write_text(compute_sketch(before).to_json(), encoding="utf-8")
            alarm, seconds = alarmed(replace(now, reference_file=path))
            seen, spent = seen + alarm, spent + seconds
    return {"alarms": seen, "runs": len(runs), "seconds": spent}


def false_alarms(seed: int, scale: float, kept: Kept) -> list[str]:
    lines = [
        "| columns | rows | compared with | runs | any alarm (95 % interval) | processor seconds a run |",
        "|---|---|---|---|---|---|",
    ]
    alarms = total = 0
    cells = [(by_split, "the other split", *cell) for cell in CELLS] + [(by_sketch, "a sketch", 30, ROWS, 300)]
    for how, words, columns, rows, wanted in cells:
        runs, size = (
            max(2, int(wanted * scale)),
            60 if columns * rows < 100_000 else 20 if columns * rows < 1_000_000 else 5,
        )
        parts = []
        for start in range(0, runs, size):
            batch = range(start, min(start + size, runs))
            name = f"{seed}-{how.__name__}-{columns}-{rows}-{batch.start}-{batch.stop}"
            parts.append(kept.get(name, lambda batch=batch, how=how, c=columns, r=rows: how(seed, c, r, batch)))
        if None in parts:
            continue
        seen, seconds = sum(p["alarms"] for p in parts), sum(p["seconds"] for p in parts)
        if how is by_split:
            alarms, total = alarms + seen, total + runs
        lines.append(f"| {columns} | {rows:,} | {words} | {runs} | {share(seen, runs)} | {seconds / runs:.2f} |")
    lines.append(
        f"\nAny alarm over all tables compared by split: {share(alarms, total)} of {total} runs. The unit is a table; an alarm is a finding of any level. Rows are those of the whole table (three quarters before, one quarter now), or of either version."
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
