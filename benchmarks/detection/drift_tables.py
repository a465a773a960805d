"""Tables of drift.py: without drift, with one of many shifts planted, and as snapshots."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from governance.dataset import ColumnType, Role, Task
from governance.evidence import Outcome
from governance.ingestion.column_types import infer
from governance.manifest import Manifest, SnapshotColumn
from governance.snapshot import Snapshot

Frame = dict[str, np.ndarray]
KINDS: dict[str, ColumnType] = {}
"""Type of each column, by its name: the same in all tables, so it is found out once."""
TARGET = "label"
ROWS = 1000
"""On either side, for power: up to here Evidently uses tests, beyond fixed distances."""


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


ROLES = {TARGET: Role.TARGET, "person": Role.GROUP}


def in_groups(random: np.random.Generator, rows: int, columns: int, size: int) -> Frame:
    """A table of which every other column is one for all `size` rows of a person, who is in no other table."""
    own, people = table(random, rows, columns), table(random, rows // size, columns)
    person = np.repeat(np.arange(rows // size), size)
    frame = {
        name: people[name][person] if place % 2 == 0 or name == TARGET else own[name] for place, name in enumerate(own)
    }
    names = [f"{random.integers(2**60):x}" for _ in range(rows // size)]
    return frame | {"person": np.array(names)[person]}


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
                role=ROLES.get(series.name), private=False, nulls=series.null_count(),
                distinct=series.n_unique(),
            )
        )  # fmt: skip
    manifest = Manifest(
        dataset="made", outcome=Outcome.ASSESSED, digest=f"sha256:{folder.name}", declared="", code="", source_path="",
        task=Task.CLASSIFICATION, target=TARGET, columns=tuple(columns), rows=together.height,
        splits={name: frame.height for name, frame in frames.items()},
    )  # fmt: skip
    return Snapshot(manifest, folder, folder, workspace=folder)
