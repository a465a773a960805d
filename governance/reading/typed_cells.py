"""Cells of Parquet and Arrow that have a type and no logical one: lists and objects become JSON text, durations seconds.

Images as Hugging Face `datasets` writes them become bytes, and its numbers of classes the names of the classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from governance.errors import DataError
from governance.reading.json_lines import json_text

if TYPE_CHECKING:
    import polars as pl

_PER_SECOND = {"ms": 1e3, "us": 1e6, "ns": 1e9}


def nested_as_json(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with its lists and objects as JSON text, as they stand in a JSON file; those that hold bytes stay as they are."""
    import polars as pl

    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested() and _is_plain(dtype)]
    written = {name: [None if cell is None else json_text(cell) for cell in frame[name].to_list()] for name in nested}
    return frame.with_columns(pl.Series(name, cells, dtype=pl.String) for name, cells in written.items())


def _is_plain(dtype: pl.DataType | pl.datatypes.DataTypeClass) -> bool:
    """Whether all that a type holds can be written as JSON."""
    import polars as pl

    if isinstance(dtype, pl.Struct):
        return all(_is_plain(field.dtype) for field in dtype.fields)
    if isinstance(dtype, pl.List | pl.Array):
        return _is_plain(dtype.inner)
    return dtype.is_integer() or dtype.is_float() or dtype in {pl.Boolean, pl.String, pl.Date, pl.Null}


def in_seconds(durations: pl.Series) -> pl.Series:
    """Lengths of time as numbers of seconds; all other columns as they are."""
    import polars as pl

    if not isinstance(durations.dtype, pl.Duration):
        return durations
    return durations.cast(pl.Int64).cast(pl.Float64) / _PER_SECOND[durations.dtype.time_unit]


def images_as_bytes(frame: pl.DataFrame, shown: str) -> pl.DataFrame:
    """`frame` with each column of objects of `bytes` and `path` as the bytes alone. Raises DataError where some are not there."""
    import polars as pl

    stored = {"bytes": pl.Binary, "path": pl.String}
    names = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Struct) and dict(dtype) == stored]
    for name in names:
        content = frame[name].struct.field("bytes")
        if elsewhere := int((content.is_null() & frame[name].struct.field("path").is_not_null()).sum()):
            raise DataError(
                f"{shown}: column {name!r} names {elsewhere} of {frame.height} files by their path and does not hold them; "
                "write the file with the content of images in it, as `datasets` does in `to_parquet`"
            )
        frame = frame.with_columns(content.alias(name))
    return frame


def classes_by_name(frame: pl.DataFrame, classes: Mapping[str, Sequence[str]], shown: str) -> pl.DataFrame:
    """`frame` with the names of `classes` in place of their numbers, -1 being none. Raises DataError on another number."""
    import polars as pl

    for name, words in classes.items():
        numbers = frame[name].cast(pl.Int64)
        if unknown := numbers.filter((numbers < -1) | (numbers >= len(words))).len():
            raise DataError(
                f"{shown}: column {name!r}: {unknown} of {frame.height} cells are no number of its {len(words)} classes"
            )
        known = numbers.replace_strict(range(len(words)), list(words), default=None, return_dtype=pl.String)
        frame = frame.with_columns(known.alias(name))
    return frame
