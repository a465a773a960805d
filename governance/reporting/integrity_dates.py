"""Dates of a row that stand in the wrong order."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from governance.reporting.integrity_days import NEARLY_ALL_DATES
from governance.reporting.integrity_levels import kinds_of_their_own
from governance.reporting.integrity_rules import DATES, STRINGS, Damage

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn
    from governance.reporting.integrity_levels import RowLevels

ISO_DAY = r"^\s*(\d{4}-\d{1,2}-\d{1,2})(?:[ T].*)?$"


def date_order(frame: pl.DataFrame, columns: list[SnapshotColumn], levels: RowLevels) -> list[Damage]:
    """Pairs of dates of which one is never before the other, but for some rows."""
    import numpy as np
    import polars as pl

    from governance.measures.kept_order import breaks_of_order

    dates = {column.name: frame[column.name] for column in columns if column.type in DATES}
    days = {column.name: made for column in columns if (made := _days_in_words(column, frame[column.name])) is not None}
    found = []
    for first, second in permutations([column.name for column in columns if column.name in dates | days], 2):
        if first in days or second in days:  # words are read to the day, so the other one counts to the day too
            one, other = ((dates | days)[name].cast(pl.Date) for name in (first, second))
        else:
            one, other = dates[first].cast(dates[second].dtype), dates[second]
        apart = (other - one).dt.total_milliseconds().cast(pl.Float64).to_numpy()
        wrong, sure = breaks_of_order(apart)
        if not wrong.any():
            continue
        honest = kinds_of_their_own(wrong, np.isfinite(apart), levels, first, second)
        # The earlier of the two is the wrong one where it is later than in any row that is in order.
        latest = one.filter(pl.Series(np.isfinite(apart) & ~wrong)).max()
        late = (one > latest).fill_null(False).to_numpy()
        order = "" if sure else " in most rows"
        for name, cells, because in (
            (second, wrong & ~late, f"{first} comes first{order}"),
            (first, wrong & late, f"{second} comes later{order}"),
        ):
            for part, loose, why in ((cells & ~honest.rows, not sure, ""), (cells & honest.rows, True, honest.why)):
                if part.any():
                    rows = np.flatnonzero(part)
                    found.append(Damage("date_order", name, rows, [""] * rows.size, f" ({because}{why})", loose=loose))
    return found


def _days_in_words(column: SnapshotColumn, series: pl.Series) -> pl.Series | None:
    """The days of a column of dates that a few other cells made one of words; missing where a cell names no day."""
    import polars as pl

    if column.type not in STRINGS:
        return None
    day = series.cast(pl.String).str.extract(ISO_DAY).str.to_date("%Y-%m-%d", strict=False)
    known = series.len() - series.null_count()
    return day if known and day.count() >= NEARLY_ALL_DATES * known else None
