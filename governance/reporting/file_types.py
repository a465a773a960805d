"""Whether columns of a file of rows are of another type than in the snapshot, as far as their values tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.read_options import ReadOptions
from governance.reporting.sketch_comparison import article

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

LOOKED_AT = 20_000
"""So many rows at most of either set, evenly spaced."""
SURE = 1e-6
"""A type changed when values of the wider type are so frequent that the other set would lack them by chance this rarely."""
AS_USUAL = ReadOptions()
WORDS = {ColumnType.CATEGORY, ColumnType.STRING, ColumnType.TEXT}
UNTOLD = WORDS | {ColumnType.IMAGE}


def type_changes(
    file: pl.DataFrame, snapshot: Snapshot, unread: tuple[str, ...] = (), read: ReadOptions = AS_USUAL
) -> tuple[tuple[str, str], ...]:
    """Columns of `file`, as it is written, that have another type in the snapshot: name, and what is so in words.
    Those `unread` hold values that are not of the snapshot's type, and are among them however few these are. Cells of
    the file are of the type that they have by `read`.

    Kinds of text are one type, as are whole numbers and truth values: 0 and 1 may be either.
    """
    import polars as pl

    found = []
    for column in snapshot.columns:
        if column.name not in file.columns or column.type is ColumnType.IMAGE:
            continue
        current = snapshot.frame(column.name).select(pl.col(column.name)).collect().to_series()
        before, now = _taken(file[column.name], read), _taken(current, snapshot.read)
        if not before.len() or not now.len():
            continue
        was, is_now = _narrowest(before, read), _narrowest(now, snapshot.read)
        if was is is_now or {was, is_now} <= WORDS or {was, is_now} == {ColumnType.BOOLEAN, ColumnType.INTEGER}:
            continue
        beyond = [
            (_share_beyond(now, was, snapshot.read), before.len()),
            (_share_beyond(before, is_now, read), now.len()),
        ]
        if any((1 - share) ** rows < SURE for share, rows in beyond):
            old = ColumnType.STRING if was in WORDS else was
            new = column.type if is_now in WORDS else is_now
            found.append((column.name, f"is {article(new)} and was {article(old)}"))
    named = {name for name, _ in found}
    found += [
        (name, f"is {article(snapshot.column(name).type)} and was a string in some rows, so it is not compared")
        for name in unread
        if name not in named
    ]
    return tuple(found)


def _taken(series: pl.Series, read: ReadOptions) -> pl.Series:
    """Known values of LOOKED_AT rows; text that is all of another type, as that."""
    import polars as pl

    from governance.ingestion.column_types import infer, typed

    known = series.drop_nulls()
    known = known.gather_every(-(-max(known.len(), 1) // LOOKED_AT))
    if known.dtype != pl.String or infer(known, read) in UNTOLD:
        return known
    return typed(known, infer(known, read), series.name, read)


def _narrowest(series: pl.Series, read: ReadOptions) -> ColumnType:
    """The narrowest type that all values fit, however they are stored."""
    import polars as pl

    from governance.ingestion.column_types import infer

    if series.dtype.is_float() and _share_beyond(series, ColumnType.INTEGER, read) == 0:
        return ColumnType.INTEGER
    if isinstance(series.dtype, pl.Datetime) and _share_beyond(series, ColumnType.DATE, read) == 0:
        return ColumnType.DATE
    return infer(series, read)


def _share_beyond(series: pl.Series, kind: ColumnType, read: ReadOptions) -> float:
    """Share of the values that are no `kind`; 0 when it is a kind of text, which holds everything."""
    import polars as pl

    from governance.ingestion.column_types import infer, read_as

    if kind in UNTOLD:
        return 0.0
    if series.dtype == pl.String:
        return read_as(series, kind, read).null_count() / series.len()
    if series.dtype.is_float() and kind is ColumnType.INTEGER:
        return float((series != series.round()).mean())  # type: ignore[arg-type]
    if isinstance(series.dtype, pl.Datetime) and kind is ColumnType.DATE:
        return float((series != series.dt.truncate("1d")).mean())  # type: ignore[arg-type]
    held = infer(series)
    wider = {ColumnType.INTEGER: ColumnType.NUMBER, ColumnType.DATE: ColumnType.DATETIME}.get(held)
    return 0.0 if kind in {held, wider} else 1.0
