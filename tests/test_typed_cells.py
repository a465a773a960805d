"""Columns of Parquet that have a type and no logical one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import datasets
import polars as pl
import pytest

from governance.dataset import ColumnType, DataConfig, Format
from governance.errors import DataError
from governance.ingestion.column_types import infer, typed
from governance.ingestion.source_files import read_rows
from governance.onboarding.drafting_reading import suggest_reading
from governance.read_options import ReadOptions
from governance.reading.typed_cells import classes_by_name


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


def written_by_datasets(folder: Path, images: list[dict[str, object]], labels: list[int]) -> None:
    features = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=["oak", "elm"])})
    made = datasets.Dataset.from_dict({"image": images, "label": labels}, features=features)
    made.to_parquet(str(folder / "data.parquet"))


def test_images_and_classes_are_read_as_datasets_writes_them(tmp_path: Path) -> None:
    written_by_datasets(
        tmp_path,
        [{"bytes": b"a", "path": None}, {"bytes": b"b", "path": "b.png"}, {"bytes": b"c", "path": None}],
        [0, 1, -1],
    )
    frame = read_rows(DataConfig.model_validate({"path": "data.parquet"}), tmp_path).frame
    assert frame["image"].to_list() == [b"a", b"b", b"c"]
    assert frame["label"].to_list() == ["oak", "elm", None]
    assert infer(frame["image"]) is ColumnType.IMAGE


def test_images_that_a_file_only_names_are_refused(tmp_path: Path) -> None:
    stored = [{"bytes": None, "path": "a.png"}, {"bytes": b"b", "path": None}]
    schema = {"image": pl.Struct({"bytes": pl.Binary, "path": pl.String})}
    pl.DataFrame({"image": stored}, schema=schema).write_parquet(tmp_path / "data.parquet")
    with pytest.raises(DataError, match="column 'image' names 1 of 2 files by their path and does not hold them"):
        read_rows(DataConfig.model_validate({"path": "data.parquet"}), tmp_path)


def test_a_number_of_no_class_is_refused() -> None:
    with pytest.raises(DataError, match="column 'label': 1 of 3 cells are no number of its 2 classes"):
        classes_by_name(pl.DataFrame({"label": [0, 2, None]}), {"label": ["oak", "elm"]}, "data.parquet")
