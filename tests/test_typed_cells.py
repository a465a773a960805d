"""Columns of Parquet that have a type and no logical one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from governance.dataset import ColumnType, DataConfig, Format
from governance.errors import DataError
from governance.ingestion.column_types import infer, typed
from governance.ingestion.source_files import read_rows
from governance.onboarding.drafting_reading import suggest_reading
from governance.read_options import ReadOptions


def read(folder: Path, **columns: object) -> pl.DataFrame:
    pl.DataFrame(columns).write_parquet(folder / "data.parquet")
    return read_rows(DataConfig.model_validate({"path": "data.parquet"}), folder).frame


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_durations_are_numbers_of_seconds(tmp_path: Path, unit: str) -> None:
    lasted = pl.Series([timedelta(minutes=90), timedelta(milliseconds=2500), None], dtype=pl.Duration(unit))  # type: ignore[arg-type]
    frame = read(tmp_path, lasted=lasted)
    assert infer(frame["lasted"]) is ColumnType.NUMBER
    assert typed(frame["lasted"], ColumnType.NUMBER, "data.parquet").to_list() == [5400.0, 2.5, None]
    assert "seconds" in suggest_reading(frame, Format.PARQUET, ReadOptions()).said[0]


def test_lists_and_objects_are_json_text(tmp_path: Path) -> None:
    frame = read(tmp_path, tags=[["ü", 'a"b'], [], None], place=[{"x": 1.5, "y": [1]}, {"x": None, "y": []}, None])
    assert frame["tags"].to_list() == ['["ü","a\\"b"]', "[]", None]
    assert frame["place"].to_list() == ['{"x":1.5,"y":[1]}', '{"x":null,"y":[]}', None]


def test_lists_of_bytes_are_refused_with_what_to_do(tmp_path: Path) -> None:
    frame = read(tmp_path, parts=[[b"a"], [b"b"]])
    with pytest.raises(DataError, match="write it as text"):
        infer(frame["parts"])


def test_times_of_the_day_are_refused_with_what_to_do() -> None:
    with pytest.raises(DataError, match="write it as text"):
        infer(pl.Series("at", ["10:00", None]).str.to_time("%H:%M"))
