"""Columns of more levels than a sketch names: which it names is chance, and no drift."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from governance.asking import ask
from governance.audit import Answer
from governance.audits.drift import Drift
from governance.dataset import ColumnType, Task
from governance.reporting.sketch_comparison import frequent
from governance.sketches.compute import compute_sketch
from governance.testing import make_snapshot

EVEN, UNEVEN = np.full(60, 1 / 60), (1 / np.arange(1, 61)) / (1 / np.arange(1, 61)).sum()


def drawn(seed: int, shares: NDArray[np.float64], rows: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    level = random.choice(shares.size, rows, p=shares)
    return pl.DataFrame(
        {
            "town": [f"town {number:02d}" for number in level],
            "label": random.choice(["yes", "no"], rows),
        }
    )


def compared(folder: Path, before: pl.DataFrame, now: pl.DataFrame) -> Answer:
    values: dict[str, Any] = {"target": "label", "task": Task.CLASSIFICATION, "public": True}
    values |= {"types": {"town": ColumnType.CATEGORY}}
    first, second = make_snapshot(folder / "a", before, **values), make_snapshot(folder / "b", now, **values)
    path = folder / "sketch.json"
    path.write_text(compute_sketch(first).to_json(), encoding="utf-8")
    return ask(Drift(), dataclasses.replace(second, reference_file=path))


@pytest.mark.parametrize("rows", [(900, 900), (900, 300), (300, 900)])
@pytest.mark.parametrize("shares", [EVEN, UNEVEN], ids=["even", "uneven"])
def test_levels_that_were_named_by_luck_raise_no_alarm(
    tmp_path: Path, shares: NDArray[np.float64], rows: tuple[int, int]
) -> None:
    alarms = 0
    for run in range(10):
        answer = compared(tmp_path / str(run), drawn(100 + run, shares, rows[0]), drawn(200 + run, shares, rows[1]))
        alarms += bool(answer.findings)
    assert alarms <= 2, (
        "one in twenty is allowed; with all named levels compared one by one it is half of them, where levels are even"
    )


def test_a_frequent_level_that_became_more_frequent_is_seen_and_its_rows_are_named(tmp_path: Path) -> None:
    now = drawn(2, UNEVEN, 900).with_columns(
        town=pl.when(pl.int_range(pl.len()) % 8 == 0).then(pl.lit("town 01")).otherwise("town")
    )
    answer = compared(tmp_path, drawn(1, UNEVEN, 900), now)
    assert ("town",) in {finding.columns for finding in answer.findings}
    (segments,) = [table for table in answer.tables if table.name == "segments"]
    assert any(row[0] == "town = town 01" for row in segments.rows)
    assert any(row[0] == "town = other levels" for row in segments.rows)


def test_levels_are_chosen_by_both_sets_alike() -> None:
    before, now = np.array([500, 100, 21, 20, 300]), np.array([480, 110, 19, 60, 280])
    assert frequent(before, now, 1.0).tolist() == [True, True, False, True]
    assert frequent(before, now, 40.0).tolist() == [True, False, False, False]
    assert frequent(before, now // 1000, 1.0).tolist() == [True, True, True, True]
