"""Cells of Parquet and Arrow that have a type and no logical one: lists and objects become JSON text, durations seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
