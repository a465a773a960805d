"""Cells of a table, rounded to what their row supports: by the interval beside a value, else by how much it rests on.

The rule is that of metrics (`wording`): one digit of the interval's half width, two when it starts with 1 or 2; a share
of a count to as many decimals as the count can tell apart. No audit is named: what a column is, its name and place say.
A value that stands before two columns that end in `low` and `high` has these as its interval; beside a column `sd` or
`standard_error` it is known as well as a mean of so many rows is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from governance.documents.wording import decimals_of_count, decimals_of_interval
from governance.evidence import Scalar, Table
from governance.render import number

_COUNTS = ("rows", "n", "values", "answers", "annotations", "units", "pairs", "cells")
"""Columns that hold how much the values of a row rest on; `of` is what a share is a share of."""
_EXACT = frozenset({"min", "max", "minimum", "maximum"})
"""Values of the data itself, no estimates."""
_RATES = frozenset({"rate", "recall", "precision", "accuracy", "purity"})


@dataclass(frozen=True)
class _Layout:
    intervals: Mapping[int, tuple[int, int]]
    """Column of a value to the columns of its bounds."""
    counts: tuple[int, ...]
    of: int | None
    most: int
    """The largest count of the table, what shares are shares of where nothing else is known."""


def rounded_rows(table: Table, rows: int | None = None, limit: int | None = None) -> tuple[tuple[Scalar, ...], ...]:
    """The first `limit` rows of `table`, all when None, with every float as text.

    `rows`: on how many the whole table rests, None when unknown.
    """
    names = table.columns
    intervals = {
        place: (place + 1, place + 2)
        for place in range(len(names) - 2)
        if names[place + 1].endswith("low") and names[place + 2].endswith("high")
    }
    counts = tuple(place for place, name in enumerate(names) if name in _COUNTS)
    most = max([rows or 0, *(_as_count(row[place]) for row in table.rows for place in counts)])
    layout = _Layout(intervals, counts, names.index("of") if "of" in names else None, most)
    return tuple(
        tuple(
            _cell(names, row, place, layout) if isinstance(row[place], float) else row[place]
            for place in range(len(row))
        )
        for row in table.rows[:limit]
    )


def _cell(names: Sequence[str], row: Sequence[Scalar], place: int, layout: _Layout) -> str:
    value = row[place]
    assert isinstance(value, float)  # the caller looks
    name = names[place]
    if name in _EXACT:
        return number(value)
    own = next((value_at for value_at, bounds in layout.intervals.items() if place in (value_at, *bounds)), None)
    if own is None and len(layout.intervals) == 1 and not _is_p(name):
        own = next(iter(layout.intervals))  # of one unit with the table's only estimate
    if own is not None:
        low, high = (row[bound] for bound in layout.intervals[own])
        if isinstance(low, int | float) and isinstance(high, int | float) and high > low:
            return _fixed(value, decimals_of_interval(low, high))
    if value == 0:
        return "0"
    if _is_p(name):
        return _digits(value, 0)
    words = set(name.split("_"))
    count = _count(row, place, layout)
    if "share" in words:
        whole = (_as_count(row[layout.of]) if layout.of is not None else 0) or layout.most
        return _little(value, decimals_of_count(whole) + 2) if whole else _digits(value, 0)
    if words & _RATES and count and abs(value) <= 1:
        return _little(value, decimals_of_count(count) + 2)
    half = _spread(names, row, count)
    if half:
        return _little(value, decimals_of_interval(-half, half))
    return _digits(value, count or layout.most)


def _count(row: Sequence[Scalar], place: int, layout: _Layout) -> int:
    """The count that stands nearest before a cell, else the first after it; 0 when the row has none."""
    before = [at for at in layout.counts if at < place]
    after = [at for at in layout.counts if at > place]
    return next((count for at in [*reversed(before), *after] if (count := _as_count(row[at]))), 0)


def _as_count(cell: Scalar) -> int:
    """`cell` where it is a whole number above 0, else 0."""
    return cell if isinstance(cell, int) and not isinstance(cell, bool) and cell > 0 else 0


def _spread(names: Sequence[str], row: Sequence[Scalar], count: int) -> float:
    """Half the width of a 95 % interval of a mean in this row, from its standard error or sd; 0 when it has none."""
    for name, divisor in (("standard_error", 1.0), ("sd", math.sqrt(count) if count else 0.0)):
        cell = row[names.index(name)] if name in names else None
        if divisor and isinstance(cell, float) and cell > 0:
            return 1.96 * cell / divisor
    return 0.0


def _is_p(name: str) -> bool:
    return name == "p" or name.startswith("p_")


def _digits(value: float, count: int) -> str:
    """`value` with as many significant digits as `count` things can tell apart, two to four; 3 when `count` is 0."""
    if value.is_integer():
        return number(value)
    digits = min(2 + decimals_of_count(count), 4) if count else 3
    return number(float(f"{value:.{max(digits, math.floor(math.log10(abs(value))) + 1)}g}"))


def _little(value: float, decimals: int) -> str:
    """`value` to `decimals`; what is not 0 is not shown as 0."""
    if value and round(value, decimals) == 0:
        return number(float(f"{value:.1g}"))
    return _fixed(value, decimals)


def _fixed(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text[1:] if text.startswith("-") and float(text.replace(",", "")) == 0 else text
