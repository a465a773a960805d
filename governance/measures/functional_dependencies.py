"""Approximate functional dependencies: one column decides another, but for a few rows.

`a -> b` holds when rows that agree in a agree in b. It counts when far fewer rows break it than would by chance, with
b's values dealt at random over the rows; the rows that break it hold another value than the clear majority of theirs.
Source: J. Kivinen, H. Mannila. Approximate inference of functional dependencies from relations. TCS 149, 1995.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.few_keys import (
    ASKED,
    BROKEN,
    LEAST_LIKELY,
    LEAST_ROWS,
    keeps_few,
    speaks_for_slips,
    sure_of_slips,
)

LEAST_GROUP = 3
"""Rows that must agree in a before their majority in b says anything."""
LEAST_GROUPS = 5
"""Keys, below which a rule is asked for of few keys, with many rows each."""
FEW_KEYS = 20
"""Keys, below which it matters where the rows lie that break a rule."""
MOST_BROKEN, DOUBTFUL = 0.1, 0.05
"""Share of rows that may break a dependency: beyond it there is none, and beyond the second it is less sure that there is."""
CONFIRMED = 0.1
"""Share of a group, of two rows or more, whose common value is a second one: someone moved."""
HONEST = 1 / 3
"""Share of the rows that break a dependency from which, when no slips, the others are doubtful: they may be none either."""
MOST_MISSING = 0.08
"""Share of rows that may miss b and still follow from the others: what is left empty more often may be left empty."""
LEFT_OF_CHANCE = 0.1
"""Of the rows that would break it by chance, at most this share may."""
CLEAR, LOOSE_CLEAR = 2 / 3, 1 / 2
"""Share of its group that a majority needs, and of a loose dependency."""
LOOSE_GROUPS, LOOSE_CHANCE, LOOSE_SHARE = 20, 0.8, 0.4
"""A key of many groups, and values that chance would break for nearly all: then up to so large a share of chance."""

CLOSE = 0.1
"""Of what lies between values anywhere, so much at most lies between readings of the same thing."""


@dataclass(frozen=True)
class Dependency:
    """a decides b."""

    broken: NDArray[np.int64]
    """Row positions that hold another value of b than the clear majority of the rows with the same a."""
    majority: NDArray[np.int64]
    """Code of that majority value for each of them."""
    elsewhere: NDArray[np.bool_]
    """Whether the value that each holds is the majority of other rows: then it may be a that is wrong."""
    rows: int
    """Rows in groups large enough to be asked."""
    keys: int
    """Such groups: values of a."""
    share: float
    """Share of them that break it."""
    by_chance: float
    """Share that would break it by chance."""
    loose: bool
    """Whether many rows break it: still far fewer than by chance, but a majority that may be wrong."""
    doubtful: bool
    """Whether so many break it, or these lie so, or it has so few keys, that they may have their reasons."""
    missing: NDArray[np.int64]
    """Rows whose b is missing, where the rows with the same a have a clear majority."""
    implied: NDArray[np.int64]
    """Code of that majority for each of them."""
    second: NDArray[np.int64]
    """Rows that hold a second value, which other rows confirm, where the others have a clear majority."""


def dependency(a: NDArray[np.int64], b: NDArray[np.int64]) -> Dependency | None:
    """Whether `a` (n,) decides `b` (n,), codes of values, -1 for missing; None when it does not."""
    known = np.flatnonzero((a >= 0) & (b >= 0))
    if known.size < LEAST_GROUP * LEAST_GROUPS:
        return None
    left, right = a[known], b[known]
    groups = np.bincount(left)
    asked = groups[left] >= LEAST_GROUP
    if (groups >= LEAST_GROUP).sum() < LEAST_GROUPS or np.unique(right).size < 2 or asked.mean() < 0.5:
        return None
    known, left, right = known[asked], left[asked], right[asked]
    best, size = _majority(left, right)
    share = float((right != best[left]).mean())
    if share > LOOSE_SHARE:
        return None
    # b's values dealt out again over the rows, the same way in every run.
    dealt = right[np.random.default_rng(0).permutation(right.size)]
    by_chance = float((dealt != _majority(left, dealt)[0][left]).mean())
    strict = share <= MOST_BROKEN and share <= LEFT_OF_CHANCE * by_chance
    many = (groups >= LEAST_GROUP).sum() >= LOOSE_GROUPS and by_chance >= LOOSE_CHANCE
    if not strict and not (many and share <= LOOSE_SHARE * by_chance):
        return None
    total = np.bincount(left, minlength=best.size)
    least = CLEAR if strict else LOOSE_CLEAR
    clear = size[left] >= least * total[left]
    # A value that stands here with most of its rows is no slip: two values of b share one of a.
    width = int(right.max()) + 1
    _, place, together = np.unique(left * width + right, return_inverse=True, return_counts=True)
    rows, known_best, other = together[place], np.isin(right, best), right != best[left]
    settled = (rows >= LEAST_GROUP) & (2 * rows >= np.bincount(right)[right])
    # Nor is one that other rows with the same a confirm, if it is known elsewhere too; where many break the rule, any.
    confirmed = (rows > 1) & (rows >= CONFIRMED * total[left]) & known_best
    settled |= confirmed if strict else rows > 1
    doubtful = share > DOUBTFUL or (other & settled).sum() > HONEST * other.sum()
    if strict and not doubtful and other.any() and (total >= LEAST_GROUP).sum() < FEW_KEYS:
        doubtful = not sure_of_slips(_table(left, right))
    broken = other & clear & ~settled
    # The same for rows that hold nothing where others hold one thing.
    empty = np.flatnonzero((b < 0) & (a >= 0) & (a < total.size))
    sure = (total[a[empty]] >= LEAST_GROUP) & (size[a[empty]] >= least * total[a[empty]])
    empty = empty[sure] if (b[a >= 0] < 0).mean() <= MOST_MISSING else empty[:0]
    return Dependency(
        known[broken],
        best[left[broken]],
        known_best[broken],
        known.size,
        int((total >= LEAST_GROUP).sum()),
        share,
        by_chance,
        not strict,
        bool(doubtful),
        empty,
        best[a[empty]],
        known[other & clear & settled],
    )


def dependency_of_few(a: NDArray[np.int64], b: NDArray[np.int64]) -> Dependency | None:
    """As `dependency`, where `a` has few keys with many rows each: rows that break it are doubtful, and none is implied."""
    groups, usual = np.bincount(a + 1)[1:], np.sort(np.bincount(b + 1)[1:])
    keys = np.flatnonzero(groups >= LEAST_ROWS)
    # Few keys decide as few values: others may stand in few rows.
    if not 2 <= keys.size < FEW_KEYS or usual[-keys.size :].sum() < (1 - 2 * BROKEN) * usual.sum():
        return None
    place = np.zeros(groups.size + 1, dtype=np.int64)
    place[keys + 1] = np.arange(1, keys.size + 1)
    width = usual.size + 1
    counts = np.bincount(place[a + 1] * width + b + 1, minlength=(keys.size + 1) * width).reshape(-1, width)[:, 1:]
    table = counts[1:]
    table = table[table.sum(axis=1) >= LEAST_ROWS]
    if (
        table.sum() < ASKED * (counts.sum() - int((b[a < 0] >= 0).sum()))
        or not keeps_few(table)
        or speaks_for_slips(table) < np.log(LEAST_LIKELY)
    ):
        return None
    known = np.flatnonzero((place[a + 1] > 0) & (b >= 0))
    known = known[np.bincount(a[known])[a[known]] >= LEAST_ROWS]
    left, right = a[known], b[known]
    best, _ = _majority(left, right)
    broken = (right != best[left]) & np.isin(right, best)
    by_chance = 1 - float(((np.bincount(right) / right.size) ** 2).sum())
    none = known[:0]
    return Dependency(
        known[broken],
        best[left[broken]],
        np.ones(int(broken.sum()), dtype=bool),
        known.size,
        len(table),
        float((right != best[left]).mean()),
        by_chance,
        loose=True,
        doubtful=True,
        missing=none,
        implied=none,
        second=none,
    )


def _table(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """(keys, values) how many rows hold which value, of the keys and values that there are."""
    (row, keys), (column, values) = _numbered(left), _numbered(right)
    return np.bincount(row * values + column, minlength=keys * values).reshape(keys, values)


def _numbered(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """`codes` counted from 0 without gaps, and how many there are."""
    here = np.bincount(codes) > 0
    return (np.cumsum(here) - 1)[codes], int(here.sum())


def _majority(left: NDArray[np.int64], right: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each code of `left`, its most frequent code of `right` (the smallest of equals), and how often."""
    width = int(right.max()) + 1
    pairs, count = np.unique(left * width + right, return_counts=True)
    groups, values = pairs // width, pairs % width
    order = np.lexsort((values, -count, groups))
    first = order[np.concatenate([[True], groups[order][1:] != groups[order][:-1]])]
    best, size = np.full(int(left.max()) + 1, -1, dtype=np.int64), np.zeros(int(left.max()) + 1, dtype=np.int64)
    best[groups[first]], size[groups[first]] = values[first], count[first]
    return best, size


def scatters(values: NDArray[np.float64], majority: NDArray[np.float64], everywhere: NDArray[np.float64]) -> bool:
    """Whether the `values` (k,) that break a rule lie close to the `majority` (k,) of theirs, as readings do.

    Close is a small share of what lies between the values `everywhere` (n,) and the same majorities.
    """
    apart = np.abs(values - majority)
    apart = apart[np.isfinite(apart)]
    known = everywhere[np.isfinite(everywhere)]
    if not apart.size or not known.size:
        return False
    usual = np.median(np.abs(known - np.median(known)))
    return bool(np.median(apart) <= CLOSE * usual)
