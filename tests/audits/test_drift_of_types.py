"""Columns of a declared file of rows that have another type in this version."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audits.drift import Drift
from governance.dataset import ColumnType
from governance.evidence import Level, Outcome
from governance.testing import make_snapshot


def table(seed: int, rows: int = 200) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    day = [dt.datetime(2024, 1, 1) + dt.timedelta(hours=int(hours)) for hours in random.integers(0, 5000, rows)]
    return pl.DataFrame(
        {
            "size": random.normal(50, 10, rows),
            "count": random.integers(0, 90, rows),
            "whole": random.integers(0, 90, rows).astype(float),
            "code": random.choice(["A7", "B7", "C9"], rows),
            "number": random.choice(["12", "15", "19"], rows),
            "moment": day,
            "yes": random.random(rows) < 0.4,
        }
    )


def changes(folder: Path, now: pl.DataFrame, file: pl.DataFrame, ending: str) -> dict[str, str]:
    (folder / "references").mkdir(parents=True)
    path = folder / "references" / f"old.{ending}"
    file.write_csv(path) if ending == "csv" else file.write_parquet(path)
    made = make_snapshot(folder, now, types={"code": ColumnType.CATEGORY, "number": ColumnType.CATEGORY})
    answer = ask(Drift(reference=f"references/old.{ending}"), made)
    assert answer.outcome is Outcome.ASSESSED, answer.reason
    found = [finding for finding in answer.findings if finding.rule == "drift/schema"]
    assert {finding.level for finding in found} <= {Level.WARNING}
    return {finding.columns[0]: finding.message for finding in found}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_of_the_same_types_has_not_changed_however_it_is_written(tmp_path: Path, ending: str) -> None:
    file = table(2).with_columns(pl.col("yes").cast(pl.Int64), pl.col("whole").cast(pl.Int64))
    assert changes(tmp_path / "a", table(1), table(3), ending) == {}
    assert changes(tmp_path / "b", table(1), file, ending) == {}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_another_type_is_named(tmp_path: Path, ending: str) -> None:
    file = table(2).with_columns(
        pl.col("size").round(0).cast(pl.Int64),
        code=pl.Series(np.random.default_rng(1).integers(1, 9, 200)),
        number=pl.lit("none"),
        moment=pl.col("moment").dt.date(),
    )
    found = changes(tmp_path, table(1), file, ending)
    assert set(found) == {"size", "code", "number", "moment"}
    assert "is a number and was an integer" in found["size"]
    assert "and was an integer" in found["code"]
    assert "is an integer and was a string" in found["number"]
    assert "is a datetime and was a date" in found["moment"]


def test_a_few_fractions_may_be_missing_by_chance(tmp_path: Path) -> None:
    few = table(1).with_columns(whole=pl.when(pl.int_range(pl.len()) < 4).then(pl.lit(1.5)).otherwise("whole"))
    assert changes(tmp_path, few, table(2), "csv") == {}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_column_that_cannot_be_read_is_named_and_the_others_are_compared(tmp_path: Path, ending: str) -> None:
    file = table(2, 400).with_columns(count=pl.col("count").cast(pl.String) + "-100", size=pl.col("size") + 30)
    (tmp_path / "references").mkdir()
    path = tmp_path / "references" / f"old.{ending}"
    file.write_csv(path) if ending == "csv" else file.write_parquet(path)
    answer = ask(Drift(reference=f"references/old.{ending}"), make_snapshot(tmp_path, table(1, 400)))
    assert answer.outcome is Outcome.ASSESSED, answer.reason
    found = {finding.columns: finding for finding in answer.findings}
    assert found[("count",)].rule == "drift/schema"
    assert found[("count",)].level is Level.WARNING
    assert "and was a string" in found[("count",)].message
    assert found[("size",)].rule == "drift/columns"


def test_few_values_of_another_type_are_named_as_well(tmp_path: Path) -> None:
    file = table(2, 400).with_columns(count=pl.when(pl.int_range(400) < 2).then(pl.lit("?")).otherwise(pl.col("count")))
    found = changes(tmp_path, table(1), file, "csv")
    assert set(found) == {"count"}
