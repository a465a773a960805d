"""Row hashes, row ids, split membership and the snapshot's digest: all from what rows hold, never from their order."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from governance.canonical import digest_of
from governance.dataset import NAME_PATTERN, ColumnType, Split
from governance.errors import DataError
from governance.image_files import sha256_of
from governance.ingestion.hexadecimal import hexadecimal

if TYPE_CHECKING:
    import polars as pl

    from governance.dataset import Column

_CHUNK = 100_000
ALL = "all"
"""Name of the only split of a dataset that is not divided."""


def row_hashes(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.Series:
    """sha256 (hex) of each row over `columns`, taken in order of their names.

    Every cell is written as its length and its canonical text, a missing one as `n`, so that no two different rows
    read alike. Floats are their IEEE bits, times microseconds since 1970, images the sha256 of their bytes.
    """
    import polars as pl

    ordered = sorted(columns, key=lambda column: column.name)
    hashes: list[str] = []
    for start in range(0, frame.height, _CHUNK):
        chunk = frame.slice(start, _CHUNK)
        cells = [_canonical(chunk[column.name], column.type) for column in ordered]
        text = pl.select(
            pl.concat_str(
                [
                    pl.when(cell.is_null())
                    .then(pl.lit("n"))
                    .otherwise(pl.concat_str([cell.str.len_bytes().cast(pl.String), pl.lit(":"), cell]))
                    for cell in cells
                ]
            )
        ).to_series()
        hashes.extend([sha256(value).hexdigest() for value in text.cast(pl.Binary).to_list()])
    return pl.Series("row_hash", hashes, dtype=pl.String)


def _canonical(series: pl.Series, kind: ColumnType) -> pl.Series:
    import polars as pl

    if kind is ColumnType.NUMBER:
        return hexadecimal(series + 0.0)  # -0.0 and 0.0 are one number
    if kind is ColumnType.IMAGE:
        return sha256_of(series)
    if kind is ColumnType.DATE:
        return series.cast(pl.Int32).cast(pl.String)
    if kind is ColumnType.DATETIME:
        return series.cast(pl.Datetime("us")).cast(pl.Int64).cast(pl.String)
    if kind is ColumnType.BOOLEAN:
        return series.cast(pl.Int8).cast(pl.String)
    return series.cast(pl.String)


def with_row_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` (with `row_hash`, `split`, `source_file`, `source_row`) with `row_id`, sorted by split and row_id.

    `row_id` is the first 32 digits of the hash and the row's number among equal rows.
    """
    import polars as pl

    # Only the keys are sorted, and the columns put into their order once.
    keys = frame.select("row_hash", "split", "source_file", "source_row").with_row_index("place")
    keys = keys.sort("row_hash", "split", "source_file", "source_row")
    number = pl.int_range(pl.len()).over("row_hash")
    row_id = pl.concat_str([pl.col("row_hash").str.slice(0, 32), pl.lit("-"), number.cast(pl.String)])
    order = keys.select("split", "place", row_id=row_id).sort("split", "row_id")
    return frame[order["place"]].with_columns(order["row_id"])


def assign_splits(frame: pl.DataFrame, split: Split) -> pl.Series:
    """Name of the split of each row of `frame` (which has `row_hash`). Raises DataError.

    `ratio` and `group` compare a hash with the share, so a row never moves when others come or go, equal rows stay
    together, and shares are met on average, not to the row.
    """
    import polars as pl

    if split.method == "ratio":
        return _by_hash(frame["row_hash"], split)
    if split.method in {"group", "column", "time"}:
        assert split.column is not None
        if split.column not in frame.columns:
            raise DataError(
                f"there is no column {split.column!r} to split by; there are: {', '.join(frame.columns[:30])}"
            )
        values = frame[split.column]
        if values.null_count():
            raise DataError(f"column {split.column!r} divides the rows and is missing in {values.null_count()} of them")
        if split.method == "group":
            return _by_hash(values.cast(pl.String), split)
        if split.method == "time":
            return _by_time(values, split)
        names = values.cast(pl.String)
        bad = sorted(names.filter(~names.str.contains(NAME_PATTERN)).unique())
        if bad:
            raise DataError(
                f"column {split.column!r} holds {len(bad)} values that cannot name a split ({NAME_PATTERN})"
            )
        return names.alias("split")
    return pl.Series("split", [ALL] * frame.height, dtype=pl.String)


def _by_hash(keys: pl.Series, split: Split) -> pl.Series:
    """By the first 48 bits of a hash of each key, as a share of all that they can say."""
    import polars as pl

    hashes = [sha256(f"{split.seed}:{key}".encode()).hexdigest()[:12] for key in keys.to_list()]
    share = pl.Series(hashes, dtype=pl.String).str.to_integer(base=16) / 16**12
    names = (
        pl.when(share < split.test)
        .then(pl.lit("test"))
        .when(share < split.test + split.validation)
        .then(pl.lit("validation"))
        .otherwise(pl.lit("train"))
    )
    return pl.select(names.alias("split")).to_series()


def _by_time(values: pl.Series, split: Split) -> pl.Series:
    """The latest share is `test`, the share before it `validation`; equal times stay together."""
    import polars as pl

    if values.dtype == pl.String:
        raise DataError(
            f"column {split.column!r} divides the rows by time and holds text, whose order is not that of time: declare "
            "it as date, datetime or a number in columns.yaml; how dates are written is said under "
            "`read: {date_format: '%d.%m.%Y'}` in params.yaml"
        )
    ordered = values.sort()
    count = ordered.len()
    first_test = ordered[min(count - 1, round(count * (1 - split.test)))]
    first_validation = ordered[min(count - 1, round(count * (1 - split.test - split.validation)))]
    later = (
        pl.when(values >= first_test)
        .then(pl.lit("test"))
        .when(pl.lit(split.validation > 0) & (values >= first_validation))
        .then(pl.lit("validation"))
        .otherwise(pl.lit("train"))
    )
    return pl.select(later.alias("split")).to_series()


def snapshot_digest(frame: pl.DataFrame, columns: Sequence[Column]) -> str:
    """sha256 over columns, logical types and the sorted row hashes of each split. `source_row` does not count."""
    parts = {
        str(name[0]): sha256("".join(part["row_hash"].sort().to_list()).encode()).hexdigest()
        for name, part in frame.select("split", "row_hash").group_by("split")
    }
    return digest_of({"columns": sorted([column.name, column.type.value] for column in columns), "splits": parts})
