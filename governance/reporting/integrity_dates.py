"""Dates of a row that stand in the wrong order."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from governance.reporting.integrity_days import NEARLY_ALL_DATES
from governance.reporting.integrity_rules import DATES, STRINGS, Damage

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn

ISO_DAY = r"^\s*(\d{4}-\d{1,2}-\d{1,2})(?:[ T].*)?$"


def date_order(frame: pl.DataFrame, columns: list[SnapshotColumn]) -> list[Damage]:
    """Pairs of dates of which one is never before the other, but for a few rows."""
    import numpy as np
    import polars as pl

    dates = {column.name: frame[column.name] for column in columns if column.type in DATES}
    days = {column.name: made for column in columns if (made := _days_in_words(column, frame[column.name])) is not None}
    found = []
    for first, second in permutations([column.name for column in columns if column.name in dates | days], 2):
        if first in days or second in days:  # words are read to the day, so the other one counts to the day too
            one, other = ((dates | days)[name].cast(pl.Date) for name in (first, second))
        else:
            one, other = dates[first].cast(dates[second].dtype), dates[second]
        known = (one.is_not_null() & other.is_not_null()).to_numpy()
        wrong = (other < one).fill_null(False).to_numpy()
        equal = (other == one).fill_null(False).to_numpy()
        if known.sum() >= 50 and 0 < wrong.sum() <= 0.02 * known.sum() and equal.sum() < 0.9 * known.sum():
            # The earlier of the two is the wrong one where it is later than in any row that is in order.
            latest = one.filter(pl.Series(known & ~wrong)).max()
            late = (one > latest).fill_null(False).to_numpy() & wrong
            for name, cells, because in (
                (second, wrong & ~late, f" ({first} comes first)"),
                (first, late, f" ({second} comes later)"),
            ):
                if cells.any():
                    rows = np.flatnonzero(cells)
                    found.append(Damage("date_order", name, rows, [""] * rows.size, because))
    return found


def _days_in_words(column: SnapshotColumn, series: pl.Series) -> pl.Series | None:
    """The days of a column of dates that a few other cells made one of words; missing where a cell names no day."""
    import polars as pl

    if column.type not in STRINGS:
        return None
    day = series.cast(pl.String).str.extract(ISO_DAY).str.to_date("%Y-%m-%d", strict=False)
    known = series.len() - series.null_count()
    return day if known and day.count() >= NEARLY_ALL_DATES * known else None
