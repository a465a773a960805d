"""Dates that name no day, are written as no other is, or stand for no end or for a missing day."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from governance.reporting.integrity_rules import Damage

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn

OPEN_ENDS = frozenset({"9999-12-31", "9999-01-01", "9999-12-30", "2999-12-31", "3000-01-01", "2262-04-11"})
"""Days that databases write where something has no end yet."""
OPEN_END = " (a day that stands for no end)"
_DAY = re.compile(r"\s*(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T].*)?")
_ORDERS = ((4, 3, 1), (4, 1, 3), (1, 3, 4))
"""Groups of _DAY that are year, month and day."""
NEARLY_ALL_DATES = 0.8
"""Share of the cells of a column that one notation must name days in."""
_DATE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})([ T].*)?")


def impossible(counts: Mapping[str, int]) -> dict[str, str]:
    """Strings that are written as dates in a column of dates and name no day."""
    wrong = {}
    for value, found in _written_as(_DATE, counts).items():
        try:
            year = datetime.date(int(found[1]), int(found[2]), int(found[3])).year
        except ValueError:
            wrong[value] = ""
            continue
        if not 1800 <= year <= 2200 and value.strip()[:10] not in OPEN_ENDS:
            wrong[value] = ""
    return wrong


def unlike_the_others(counts: Mapping[str, int]) -> dict[str, str]:
    """Days that the notation of nearly all others does not name: 03/25/2021 where days stand before months.

    Years of two digits are read between slashes only, as versions have dots.
    """
    days = _written_as(_DAY, counts)
    if not days:
        return {}
    named = {order: {value for value, found in days.items() if _names_a_day(found, order)} for order in _ORDERS}
    told = {order: sum(counts[value] for value in values) for order, values in named.items()}
    usual = max(_ORDERS, key=lambda order: told[order])
    if told[usual] < NEARLY_ALL_DATES * sum(counts.values()):
        return {}
    return dict.fromkeys(days.keys() - named[usual], "")


def _written_as(notation: re.Pattern[str], counts: Mapping[str, int]) -> dict[str, re.Match[str]]:
    """The values that are written so, in a column where nearly all cells are; none elsewhere."""
    found = {value: match for value in counts if (match := notation.fullmatch(value))}
    return found if sum(counts[value] for value in found) >= NEARLY_ALL_DATES * sum(counts.values()) else {}


def _names_a_day(found: re.Match[str], order: tuple[int, int, int]) -> bool:
    year, month, day = (found[group] for group in order)
    if len(year) != 4 and (len(year) != 2 or found[2] != "/"):
        return False
    try:
        datetime.date(int(year) if len(year) == 4 else 2000 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def open_ends(counts: Mapping[str, int]) -> dict[str, str]:
    """Days that stand for no end, in a column of dates."""
    if not _written_as(_DATE, counts):
        return {}
    return {value: "missing" for value in counts if value.strip()[:10] in OPEN_ENDS}


def of_dates(column: SnapshotColumn, series: pl.Series) -> list[Damage]:
    """Years that no data is from, and a first day of an epoch that stands for a missing date."""
    import numpy as np

    years = series.dt.year().fill_null(2000).to_numpy()
    day = series.cast(str).str.slice(0, 10)
    ends = day.is_in(list(OPEN_ENDS)).fill_null(False).to_numpy()
    wrong = ((years < 1800) | (years > 2200)) & ~ends
    for code in ("1900-01-01", "1970-01-01", "1899-12-30", "1899-12-31"):
        here = (day == code).fill_null(False).to_numpy()
        others = years[~here & ~wrong & ~ends]
        # Nothing else for years around it: then it is a code, and no day like others.
        lonely = others.size > 0 and int(np.abs(others - int(code[:4])).min()) >= 5
        if here.sum() >= 2 and here.mean() <= 0.1 and lonely:
            wrong |= here
    rows = np.flatnonzero(wrong)
    found = [Damage("impossible_date", column.name, rows, [""] * rows.size)] if rows.size else []
    rows = np.flatnonzero(ends)
    if rows.size:
        found.append(Damage("null_coding", column.name, rows, ["missing"] * rows.size, OPEN_END, loose=True))
    return found
