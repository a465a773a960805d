"""Strings that are alike: how much that says, by how often two strings of the column are so alike that differ.

Two names that share half of their letters are hardly ever of two people, and two codes that begin alike are two codes: a
fifth of all pairs of `zi040`, `zi046` and the like do. So it is learnt from pairs of rows that are no copies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from governance.measures.edit_distance import LONGEST, edit_distance
from governance.measures.near_duplicates import jaccard, letter_runs

Floats = NDArray[np.float64]
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Positions of the first and the second row of each pair."""
Strings = Sequence[str | None]
"""One column, by row."""

ALIKE = 0.5
"""Overlap of runs of three letters from which two strings count as alike: `Oak Street 5` and `oak street 5a` do."""
LEARNT_FROM = 10_000
"""Pairs of rows from which it is learnt how often strings are alike."""
AT_ONCE = 50_000
"""Pairs of strings whose typing errors are counted at once, so that memory stays small."""
LENT = 20
"""Pairs of near rows count as if so many had come with them that are alike as often as any two rows."""


def likeness(values: Strings, pairs: Pairs) -> Floats:
    """(pairs,) how alike the strings of both rows are, 0 to 1, 1 for those that differ in case and signs at most; NaN where one
    is missing.

    The overlap of their runs of three letters; of short strings, by how few typing errors they are apart, if that is more.
    """
    result = np.full(pairs[0].size, np.nan)
    written = [("", "") if one is None or other is None else (one, other) for one, other in _cells(values, pairs)]
    known = np.array([one is not None and other is not None for one, other in _cells(values, pairs)], dtype=bool)
    different = sorted(set(written))
    number = {strings: place for place, strings in enumerate(different)}
    runs = {value: letter_runs(value) for value in {value for both in different for value in both}}
    told = np.array([1.0 if one == other else jaccard(runs[one], runs[other]) for one, other in different])
    plain = [(_plain(one), _plain(other)) for one, other in different]
    short = np.array([max(len(one), len(other)) <= LONGEST for one, other in plain], dtype=bool)
    every = np.flatnonzero(short)
    for at in np.split(every, range(AT_ONCE, every.size, AT_ONCE)) if every.size else []:
        distance, length = edit_distance([plain[place][0] for place in at], [plain[place][1] for place in at])
        told[at] = np.maximum(told[at], 1 - 2 * distance / np.maximum(length, 1))
    result[known] = told[[number[strings] for strings in written]][known]
    return result


def _cells(values: Strings, pairs: Pairs) -> list[tuple[str | None, str | None]]:
    return [(values[one], values[other]) for one, other in zip(*(side.tolist() for side in pairs), strict=True)]


def _plain(value: str) -> str:
    return "".join(sign for sign in value.lower() if sign.isalnum())


class UsualLikeness:
    """How often two different strings of a column are how alike: of any two rows, or of pairs of a set of `near`, if that is more.

    Near rows agree in other columns, and what hangs on those is alike more often: codes of one town begin alike.
    """

    def __init__(self, values: Strings, *near: Pairs) -> None:
        rows, rng = len(values), np.random.default_rng(0)
        first = rng.integers(0, rows, LEARNT_FROM)
        any_two = first, (first + rng.integers(1, max(rows, 2), LEARNT_FROM)) % rows
        self.any_two, self.near = _of_different(values, any_two), list[Floats]()
        for one, other in near:
            chosen = np.sort(rng.permutation(one.size)[:LEARNT_FROM])
            self.near.append(_of_different(values, (one[chosen], other[chosen])))

    def share(self, asked: Floats) -> Floats:
        """(asked,) of pairs of different strings those that are so alike or more, above 0."""
        share = (_reach(self.any_two, asked) + 0.5) / (self.any_two.size + 1)
        near = [(_reach(found, asked) + LENT * share) / (found.size + LENT) for found in self.near]
        return np.asarray(np.max([share, *near], axis=0))


def _of_different(values: Strings, pairs: Pairs) -> Floats:
    """How alike the strings of those `pairs` are that have two different ones, in order."""
    first, second = ([values[row] for row in side.tolist()] for side in pairs)
    differ = np.array([one != other for one, other in zip(first, second, strict=True)], dtype=bool)
    found = likeness(values, (pairs[0][differ], pairs[1][differ]))
    return np.sort(found[~np.isnan(found)])


def _reach(ordered: Floats, asked: Floats) -> Floats:
    return ordered.size - np.searchsorted(ordered, asked, side="left").astype(np.float64)


def alike_beyond_chance(
    columns: Sequence[Strings], pairs: Pairs, near: Sequence[Pairs], false_share: float
) -> NDArray[np.bool_]:
    """(pairs,) whether the strings of both rows are equal in all `columns`, or alike where that says that rows are one.

    Of pairs that differ in the same columns, those that are less alike there are of rows that are no copies; as many more
    of these are so alike by chance as `UsualLikeness` has it, and no more than `false_share` of those that are may be so.
    `near`: sets of pairs of rows that are no copies, from which it is learnt.

    Source: J. Elias, S. Gygi, Target-Decoy Search Strategy for Increased Confidence, Nature Methods 4, 2007; that one more
    is counted: R. Barber, E. Candès, Controlling the False Discovery Rate via Knockoffs, Annals of Statistics 43, 2015.
    """
    differ, chance = np.zeros((pairs[0].size, len(columns)), dtype=bool), np.ones(pairs[0].size)
    for place, values in enumerate(columns):
        one, other = ([values[row] for row in side.tolist()] for side in pairs)
        differ[:, place] = [a != b for a, b in zip(one, other, strict=True)]
        if (at := np.flatnonzero(differ[:, place])).size == 0:
            continue
        found = likeness(values, (pairs[0][at], pairs[1][at]))
        shares = np.where(found >= ALIKE, UsualLikeness(values, *near).share(found), 1.0)
        chance[at] *= np.where(np.isnan(found), np.nan, shares)
        # Strings that are not alike in one column are not, however alike they are in another.
        chance[at[found < ALIKE]] = np.inf
    kept: NDArray[np.bool_] = np.asarray(~differ.any(axis=1))
    for differing in np.unique(differ[np.isfinite(chance) & ~kept], axis=0):
        here = np.flatnonzero((differ == differing).all(axis=1) & ~np.isnan(chance))
        kept[here] = _beyond(np.minimum(chance[here], 1.0), false_share)
    return kept


def _beyond(chance: Floats, false_share: float) -> NDArray[np.bool_]:
    """The pairs with so small a `chance` of their likeness that of them at most `false_share` are chance's."""
    order = np.sort(chance)
    better = np.searchsorted(order, order, side="right")
    expected = (order.size - better + 1) * order / np.maximum(1 - order, 1e-9)
    enough = np.flatnonzero(expected <= false_share * better)
    return np.asarray(chance <= (order[enough[-1]] if enough.size else -1.0))
