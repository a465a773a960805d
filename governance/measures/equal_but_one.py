"""Rows that are equal in all columns but one, and how many of them chance makes.

No column is taken as independent that shows otherwise: it is counted how many pairs of rows are equal in the first
column, in the first two, and so on, as long as there are enough of them to count, and from those how often each column
that is left agrees. What real values do to each other, as two units of one reading or one answer throughout, is in these
counts. Copies would be in them too, so pairs among a few rows joined by what is tested here are not counted.

Rows that lack the same columns agree in these by nature, and in a table where many do they would make such pairs usual
among all rows. So what chance gives is also counted among the rows that lack the same columns, as often as those are many.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.components import components
from governance.measures.record_linkage import block_pairs, pair_count

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

LEAST_COLUMNS = 4
"""With fewer, rows that agree in all but one agree in two at most, as two readings of one place do."""
MOST_COLUMNS = 16
"""Columns that are asked what chance gives, those that agree least first; the others are taken to tell nothing."""
ENOUGH = 20
"""From fewer pairs it is not learnt how often a column agrees."""
FORESEEN = 10
"""Where columns that are independent would make so many pairs equal, about so many are; half of it is too few."""
FEW_JOINED = 10
"""More rows that are joined by pairs are taken for rows of one kind, and not for copies of one."""
LEAST_ALIKE, ALIKE_SHARE = 30, 0.01
"""From so many rows on that lack the same columns, and from so large a share, it is counted among them what chance gives."""
PAIRS_PER_ROW = 40
"""Where more pairs are equal in all columns but one, such pairs are usual, and none is looked at."""


@dataclass(frozen=True)
class ButOne:
    """Pairs of rows that differ in one column alone."""

    first: Ints
    """(pairs,) rows, smaller than `second`; of equal rows the first stands for all."""
    second: Ints
    column: Ints
    """(pairs,) the one in which they differ."""
    expected: NDArray[np.float64]
    """(pairs,) how many such pairs chance would make, any column being the one in which they differ."""


def equal_but_one(codes: Ints) -> ButOne:
    """Pairs that differ in one column of `codes` (rows, columns): a number per value, the same for the same value, and
    -1 for a missing one."""
    rows, columns = codes.shape
    nothing = np.empty(0, dtype=np.int64)
    none = ButOne(nothing, nothing, nothing, np.empty(0))
    if columns < LEAST_COLUMNS or rows < 2:
        return none
    keys = np.array([_key(codes, column) for column in range(columns)])
    full = keys.sum(axis=0, dtype=np.uint64)
    single = np.sort(np.unique(full, return_index=True)[1])
    if single.size < rows:
        codes, keys, full = codes[single], keys[:, single], full[single]
    found: list[Ints] = []
    for column in range(columns):
        key = ((full - keys[column]) >> np.uint64(1)).astype(np.int64)
        if sum(pairs.size for pairs in found) + pair_count(key) > PAIRS_PER_ROW * rows:
            return none
        found.append(block_pairs(key, single.size))
    pairs = np.concatenate(found)
    place = np.repeat(np.arange(columns), [of_column.size for of_column in found])
    first, second = pairs // single.size, pairs % single.size
    joined = _joined(first, second, single.size)
    chance = _Chance(_Agreeing(codes, keys, joined))
    by_chance = {column: chance.of(column) for column in np.unique(place).tolist()}
    expected = np.array([columns * by_chance[column] for column in place.tolist()], dtype=np.float64)
    if (codes < 0).any():
        expected = np.minimum(expected, columns * _alike(codes, keys, joined, first, second, place))
        known = ((codes[first] >= 0) & (codes[first] == codes[second])).sum(axis=1)
        expected[known < LEAST_COLUMNS - 1] = np.inf
    order = np.lexsort((second, first))
    return ButOne(single[first[order]], single[second[order]], place[order], expected[order])


def _key(codes: Ints, column: int) -> Keys:
    """(rows,) a random number per value of `column`."""
    values = codes[:, column]
    drawn = np.random.default_rng(column).integers(0, 2**64, int(values.max(initial=0)) + 2, dtype=np.uint64)
    return np.asarray(drawn[values + 1])


def _joined(first: Ints, second: Ints, rows: int) -> Keys:
    """(rows,) a number per set of few rows that are joined by pairs; other rows are sets of their own."""
    number = components(first, second, rows)
    alone = np.bincount(number)[number] > FEW_JOINED
    joined = np.where(alone, rows + np.arange(rows), number).astype(np.int64)
    return np.random.default_rng(2**31).integers(0, 2**64, 2 * rows, dtype=np.uint64)[joined]


def _alike(codes: Ints, keys: Keys, joined: Keys, first: Ints, second: Ints, place: Ints) -> NDArray[np.float64]:
    """(pairs,) how many pairs chance makes equal in all columns but the one in which a pair differs, among rows that lack
    the same of these columns as the pair does, and among those of which it makes fewer; inf where too few rows do."""
    lacking = codes < 0
    gap = np.asarray(np.random.default_rng(2**32).integers(0, 2**64, codes.shape[1], dtype=np.uint64))
    kind = np.zeros(len(codes), dtype=np.uint64)
    for column in np.flatnonzero(lacking.any(axis=0)).tolist():
        kind += lacking[:, column] * gap[column]
    kinds, number, sizes = np.unique(kind, return_inverse=True, return_counts=True)
    of_kind = np.split(np.argsort(number, kind="stable"), np.cumsum(sizes)[:-1])
    size = dict(zip(kinds.tolist(), sizes.tolist(), strict=True))
    # That of the row which has the value in which the pair differs: the other one may have lost it.
    own = number[np.where(lacking[first, place], second, first)]
    chances: dict[int, _Chance] = {}
    expected = np.full(first.size, np.inf)
    for column in np.unique(place).tolist():
        here, made = place == column, dict[int, float]()
        for one in np.unique(own[here]).tolist():
            rows = of_kind[one]
            if rows.size < max(LEAST_ALIKE, ALIKE_SHARE * len(codes)):
                continue
            if one not in chances:
                chances[one] = _Chance(_Agreeing(codes[rows], keys[:, rows], joined[rows]))
            lost = size.get((int(kinds[one]) + int(gap[column])) % 2**64, 0) / rows.size
            made[one] = chances[one].of(column) * (1 + lost) ** 2
        # A pair is named together with all that chance makes as seldom.
        order = sorted(made, key=lambda one: (made[one], one))
        upto = np.full(kinds.size, np.inf)
        upto[order] = np.cumsum([made[one] for one in order])
        expected[here] = upto[own[here]]
    return expected


class _Chance:
    """How many pairs chance makes equal in all columns but one."""

    def __init__(self, agreeing: _Agreeing) -> None:
        """Pairs of rows that are joined are not counted, unless that leaves fewer than columns would make."""
        self.apart = _Foretold(agreeing, apart=True)
        self.every = _Foretold(agreeing, apart=False)

    def of(self, left_out: int) -> float:
        """Pairs that are equal in all columns but `left_out`; inf where so few cannot be told from joined ones."""
        expected = self.apart.of(left_out)
        expected = self.every.of(left_out) if expected is None else expected
        return np.inf if expected is None else expected


class _Foretold:
    """How many pairs are foretold to be equal in all columns but one, from those equal in some."""

    def __init__(self, agreeing: _Agreeing, *, apart: bool) -> None:
        """Of pairs `apart` those that are joined are left out."""
        self.agreeing, self.apart = agreeing, apart
        self.every = self._pairs(frozenset())
        self.alone = [self._pairs(frozenset([column])) for column in range(agreeing.codes.shape[1])]
        order = sorted(range(len(self.alone)), key=lambda column: (self.alone[column], column))
        self.kept = order[:MOST_COLUMNS][::-1]

    def of(self, left_out: int) -> float | None:
        """Pairs that are equal in all columns but `left_out`, as many as columns foretell that agree often enough.

        None when fewer than columns would make by themselves are equal in some: those that are joined are of chance too.
        """
        columns = [column for column in self.kept if column != left_out]
        prefix, pairs, alone = frozenset[int](), self.every, self.every
        while columns:
            longer = prefix | {columns[0]}
            left, alone = self._pairs(longer, prefix), alone * self.alone[columns[0]] / max(self.every, 1.0)
            if self.apart and alone >= FORESEEN and left < alone / 2:
                return None
            if left < ENOUGH:
                break
            prefix, pairs = longer, left
            columns = columns[1:]
        expected = float(pairs)
        for place, column in enumerate(columns):
            share = (self._pairs(prefix | {column}, prefix) + 1) / (pairs + 1)
            expected *= min(max(share, *(self._given(before, column) for before in columns[:place]), 0.0), 1.0)
        return expected

    def _given(self, known: int, column: int) -> float:
        """Share of the pairs equal in `known` that are equal in `column` too; 0 where too few are."""
        if self.alone[known] < ENOUGH:
            return 0.0
        return (self._pairs(frozenset([known, column])) + 1) / (self.alone[known] + 1)

    def _pairs(self, columns: frozenset[int], within: frozenset[int] = frozenset()) -> float:
        every, joined = self.agreeing.pairs(columns, within)
        return every - joined if self.apart else every


class _Agreeing:
    """Counts pairs of rows that are equal in sets of columns, each set once."""

    def __init__(self, codes: Ints, keys: Keys, joined: Keys) -> None:
        """`keys` (columns, rows) stand for values as `codes` (rows, columns) do, and `joined` (rows,) for sets of rows."""
        self.codes, self.keys, self.joined = codes, keys, joined
        self.values = np.ascontiguousarray(codes.T) + 1
        self.width = [int(column.max(initial=0)) + 1 for column in self.values]
        _, number, sizes = np.unique(joined, return_inverse=True, return_counts=True)
        self.with_others = sizes[number] > 1
        self.rows = {frozenset[int](): np.arange(len(codes))}
        """By set of columns the rows among which all pairs are that are equal in these."""
        self.known: dict[frozenset[int], tuple[float, float]] = {}

    def pairs(self, columns: frozenset[int], within: frozenset[int]) -> tuple[float, float]:
        """Pairs equal in `columns`, and how many of them are joined; those equal `within` some of these were counted."""
        if columns not in self.known:
            rows = self.rows[within]
            every = None if within else self._few_values(columns)
            if every is None:
                key = self._key(columns, rows)
                every = equal_pairs(key)
                rows = _repeated(rows, key) if 2 * every < rows.size else rows
            some = rows[self.with_others[rows]]
            self.known[columns] = every, equal_pairs(self._key(columns, some) + self.joined[some])
            self.rows[columns] = rows
        return self.known[columns]

    def _key(self, columns: frozenset[int], rows: Ints) -> Keys:
        key = np.zeros(rows.size, dtype=np.uint64)
        for column in columns:
            key += self.keys[column][rows] if rows.size < len(self.codes) else self.keys[column]
        return key

    def _few_values(self, columns: frozenset[int]) -> float | None:
        """The pairs, counted without sorting; None where columns have too many values."""
        width = math.prod(self.width[column] for column in columns)
        if width > max(len(self.codes), 2):
            return None
        cell = np.zeros(len(self.codes), dtype=np.int64)
        for column in columns:
            cell = cell * self.width[column] + self.values[column]
        return _pairs_of(np.bincount(cell))


def _repeated(rows: Ints, key: Keys) -> Ints:
    """Those `rows` that share their `key` with others."""
    _, number, sizes = np.unique(key, return_inverse=True, return_counts=True)
    return rows[sizes[number] > 1]


def equal_pairs(key: Keys) -> float:
    """Pairs of rows that have the same `key` (rows,)."""
    return _pairs_of(np.unique(key, return_counts=True)[1])


def _pairs_of(sizes: Ints) -> float:
    size = sizes.astype(np.float64)
    return float((size * (size - 1) / 2).sum())
