"""Values, and pairs of values, of tables that could be triggers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import pdtrc
from governance.measures.trigger_patterns import Patterns, joined, once

MAX_PAIRED_COLUMNS = 30
"""Pairs of values are sought among this many columns at most: those with the fewest different values."""

AROUND = 10
"""Values on either side of a value that say how often it would be held."""


def common_values(codes: NDArray[np.int64], *, least: int, most: int, pairs: bool = True) -> Patterns:
    """Values, and pairs of values of two columns, that `least` to `most` rows of `codes` (rows, columns) hold.

    A pair counts only where each of its values alone is held by half as many rows again, as it else says no more.
    """
    rows, columns = codes.shape
    every = np.arange(rows)
    parts: list[Patterns] = []
    known: list[_Column] = []
    for number in range(columns):
        values, index, count = _counted(codes[:, number] + 1)
        features = np.full((values.size, 2), -1, dtype=np.int64)
        features[:, 0] = number
        each = np.column_stack([values - 1, np.full(values.size, -1)])
        parts.append(once(every, index, features, least, most, "value", each, _over_represented(count)))
        known.append(_Column(number, values - 1, index, count, count[index] > least))
    if pairs:
        narrow = sorted(known, key=lambda column: (column.values.size, column.number))[:MAX_PAIRED_COLUMNS]
        narrow.sort(key=lambda column: column.number)
        for position, a in enumerate(narrow):
            parts.extend(_value_pairs(a, b, least, most) for b in narrow[position + 1 :])
    return joined(parts)


@dataclass(frozen=True)
class _Column:
    """One column's values."""

    number: int
    values: NDArray[np.int64]
    """(values,) codes, ascending."""
    index: NDArray[np.int64]
    """(rows,) which of them each row holds."""
    count: NDArray[np.int64]
    """(values,) rows that hold each."""
    often: NDArray[np.bool_]
    """(rows,) whether more rows hold the row's value than a pattern must have."""


def _value_pairs(a: _Column, b: _Column, least: int, most: int) -> Patterns:
    here = np.flatnonzero(a.often & b.often)
    width = b.values.size
    pair, index, count = _counted(a.index[here] * width + b.index[here])
    first, second = pair // width, pair % width
    alone = a.count[first], b.count[second]
    # All rows with both values are here, as both values alone are held more often.
    wanted = (count >= least) & (count <= most) & (1.5 * count <= np.minimum(*alone))
    some = np.flatnonzero(wanted[index])
    found = np.flatnonzero(wanted)
    features = np.tile(np.array([a.number, b.number], dtype=np.int64), (found.size, 1))
    each = np.column_stack([a.values[first[found]], b.values[second[found]]])
    chance = pdtrc(count[found] - 1, (alone[0] * alone[1])[found] / a.index.size)
    place = np.cumsum(wanted) - 1
    return once(here[some], place[index[some]], features, least, most, "values", each, chance)


def _counted(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Different `codes`, 0 or more, ascending; where each code stands among them; how often each occurs."""
    highest = int(codes.max(initial=0))
    if highest > 4 * codes.size + 1000:
        values, index, count = np.unique(codes, return_inverse=True, return_counts=True)
        return values, index.astype(np.int64), count.astype(np.int64)
    held = np.bincount(codes, minlength=highest + 1)
    values = np.flatnonzero(held)
    place = np.cumsum(held > 0) - 1
    return values, place[codes], held[values]


def _over_represented(count: NDArray[np.int64]) -> NDArray[np.float64]:
    """(values,) chance that a value, in order, is held so often, when it is as usual as the values next to it."""
    if count.size <= 2 * AROUND:
        return np.ones(count.size)
    sums = np.concatenate([[0], np.cumsum(count)])
    first = np.clip(np.arange(count.size) - AROUND, 0, count.size - 2 * AROUND - 1)
    usual = (sums[first + 2 * AROUND + 1] - sums[first] - count) / (2 * AROUND)
    return np.asarray(pdtrc(count - 1, usual), dtype=np.float64)
