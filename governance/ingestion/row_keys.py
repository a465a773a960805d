"""By what else than its id a row is known: what is written in it, whatever types that has, and an identifier of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from governance.dataset import Column, ColumnType, Role
from governance.image_files import sha256_of
from governance.ingestion.hexadecimal import hexadecimal

if TYPE_CHECKING:
    import polars as pl

_NUMBER = r"^-?(0|[1-9]\d{0,14})(\.\d+)?$"
"""Text that a number may be written as, so that a code (007) is none."""
_EXACT = 2.0**53
"""Whole numbers below are exact as numbers, too."""
_DIGITS = 16


def columns_digest(columns: Sequence[Column]) -> str:
    """Eight digits that change when a column is added, removed or renamed."""
    names = sorted(column.name for column in columns)
    return sha256(json.dumps(names).encode()).hexdigest()[:8]


def written_ids(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.Series:
    """Of each row a key of what is written in it, which 1 and 1.0 do not change, and its number among equal rows.

    `frame` has `split`, `source_file` and `source_row`, by which equal rows are numbered as `with_row_ids` does.
    """
    import polars as pl

    digests = _digests(frame, sorted(columns, key=lambda column: column.name), 32)
    keys = frame.select("split", "source_file", "source_row", digest=digests).with_row_index("place")
    keys = keys.sort("digest", "split", "source_file", "source_row")
    number = pl.int_range(pl.len()).over("digest").cast(pl.String)
    return keys.with_columns(key=pl.concat_str([pl.col("digest"), pl.lit("-"), number])).sort("place")["key"]


def identifiers(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.Series | None:
    """Of each row a digest of its identifiers; None where no identifier may be shown.

    Who can guess an identifier can test the guess on its digest, so it is taken only where `public: true` stands.
    """
    named = sorted((c for c in columns if c.resolved_role is Role.IDENTIFIER and c.public), key=lambda c: c.name)
    return _digests(frame, named, _DIGITS) if named else None


def _digests(frame: pl.DataFrame, columns: Sequence[Column], digits: int) -> pl.Series:
    import polars as pl

    names = columns_digest(columns)
    cells = [_written(frame[column.name], column.type) for column in columns]
    text = pl.select(
        pl.concat_str([
            pl.when(cell.is_null()).then(pl.lit("n")).otherwise(
                pl.concat_str([cell.str.len_bytes().cast(pl.String), pl.lit(":"), cell])
            )
            for cell in cells
        ])
    ).to_series()  # fmt: skip
    return pl.Series([sha256(f"{names}{value}".encode()).hexdigest()[:digits] for value in text], dtype=pl.String)


def _written(series: pl.Series, kind: ColumnType) -> pl.Series:
    """Cells as text that is the same for the same value in another type."""
    import polars as pl

    if kind is ColumnType.IMAGE:
        return series if series.dtype == pl.String else sha256_of(series)
    if kind is ColumnType.DATE:
        return series.dt.to_string("%Y-%m-%d")
    if kind is ColumnType.DATETIME:
        return series.cast(pl.Datetime("us")).dt.to_string("%Y-%m-%dT%H:%M:%S%.6f").str.strip_suffix("T00:00:00.000000")
    if kind is ColumnType.INTEGER:
        return series.cast(pl.String)
    if kind is ColumnType.NUMBER:
        return _number(series)
    text = series.cast(pl.String)
    if kind is ColumnType.BOOLEAN:
        return text
    numbers = _number(pl.select(pl.when(text.str.contains(_NUMBER)).then(text)).to_series().cast(pl.Float64))
    return pl.select(pl.coalesce(numbers, text)).to_series()


def _number(series: pl.Series) -> pl.Series:
    """Whole numbers as integers are written, others to the last bit."""
    import polars as pl

    whole = (series == series.round()) & (series.abs() < _EXACT)
    integers = pl.select(pl.when(whole).then(series)).to_series().cast(pl.Int64, strict=False).cast(pl.String)
    return pl.select(pl.coalesce(integers, hexadecimal(series + 0.0))).to_series()
