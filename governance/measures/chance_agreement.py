"""How many pairs of rows would agree by chance as well as this one, in a table of categories and numbers?

One distance for a whole table cannot tell copies there: most rows of a common combination of categories share zeros and
usual values and differ in two numbers only, so neighbours are near by chance, and a copy with another level in one
column is far away. So it is counted how many pairs agree in the categories and in the piles that their numbers are at,
and measured in a sample of them how near their other numbers lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from governance.measures.equal_but_one import equal_pairs
from governance.measures.number_nearness import Floats, Ints, chance_but_one, nearness
from governance.measures.piled_values import piled_values
from governance.measures.record_linkage import block_pairs, pair_count

Keys = NDArray[np.uint64]

SAMPLE = 20_000
"""Pairs of rows that agree in their categories, from which it is learnt how near their numbers usually lie."""
LEAST_PAIRS = 500
"""Where fewer pairs agree in all categories, those of most levels are left out until there are so many to learn from."""
SELDOM, NEARLY_ALWAYS = 0.5, 0.9
"""A number hangs on a category when so large a share of the pairs that agree in this have the same, and of all fewer."""
ANCHORS = 3
"""Numbers of most values that a row knows: rows that share one of them are compared when no more than one category differs."""
PAIRS_PER_ROW, MOST_PAIRS = 40, 1_000_000
"""So many pairs are compared at most, of the most selective values first."""


@dataclass(frozen=True)
class Mixed:
    """A table of categories and numbers."""

    codes: Ints
    """(rows, categories) the number of each level, -1 for missing, which is a level of its own."""
    numbers: Floats
    """(rows, columns), NaN for missing."""
    piled: Ints
    """(rows, columns) the pile of its column that a number is at, 0 for none."""
    piling: Ints
    """Columns of numbers that have piles."""
    full: Keys
    """(rows,) a number per combination of levels and piles."""
    without: Keys
    """(categories + piling, rows) likewise, one category left out, or the piles of one column."""

    @cached_property
    def apart(self) -> Floats:
        """(rows, columns) the numbers that are at no pile, NaN for others: those at one are counted with the categories."""
        return np.where(self.piled > 0, np.nan, self.numbers)

    @cached_property
    def telling(self) -> NDArray[np.bool_]:
        """(categories + piling,) whether a number hangs on it, as a price on the product: pairs of rows that agree in it nearly
        always agree in the number, and others do not.

        Where it is left out, that number and what was reckoned from it would tell what the category has told already.
        """
        rng = np.random.default_rng(0)
        one, other = rng.integers(0, self.full.size, (2, LEAST_PAIRS))
        usual = (self.numbers[one] == self.numbers[other]).mean(axis=0) < SELDOM
        told = np.zeros(len(self.without), dtype=bool)
        for place, left in enumerate(self.without):
            if (own := np.asarray(self.full - left)).size == np.unique(own).size:
                continue
            first, second = _sampled(own)
            first, second = first[:LEAST_PAIRS], second[:LEAST_PAIRS]
            agree = (self.numbers[first] == self.numbers[second]).mean(axis=0)
            told[place] = bool((usual & (agree >= NEARLY_ALWAYS)).any())
        return told


def mixed(codes: Ints, numbers: Floats) -> Mixed:
    """The table of `codes` (rows, categories), -1 for missing, and values of `numbers` (rows, columns), NaN for missing."""
    rng = np.random.default_rng(0)
    piled = piled_values(numbers)
    piling = np.flatnonzero(piled.any(axis=0))
    each = np.zeros((codes.shape[1] + piling.size, len(codes)), dtype=np.uint64)
    for number, column in enumerate((*codes.T, *piled.T[piling])):
        each[number] = rng.integers(0, 2**64, int(column.max(initial=0)) + 2, dtype=np.uint64)[column + 1]
    full = each.sum(axis=0, dtype=np.uint64)
    return Mixed(codes, numbers, piled, piling, full, full - each)


def all_but_one_equal(table: Mixed) -> tuple[Ints, Ints]:
    """Pairs (first < second) that share a telling number, and all categories and piles or all but one."""
    rows, numbers = table.full.size, table.apart
    found = [np.unique(column, return_inverse=True, return_counts=True) for column in numbers.T]
    keys: list[tuple[Ints, Ints]] = []
    had = np.zeros(rows, dtype=np.int64)  # a row that lacks one has the next one instead
    for anchor in sorted(range(len(found)), key=lambda n: (-found[n][0].size, n)):
        _, value, counts = found[anchor]
        known = ~np.isnan(numbers[:, anchor]) & (had < ANCHORS)
        had += known
        repeated = np.flatnonzero((counts[value] > 1) & known)
        if repeated.size == 0:
            continue
        own = value[repeated].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        every = (table.full, *table.without)
        keys += [(repeated, ((cells[repeated] + own) >> np.uint64(1)).astype(np.int64)) for cells in every]
    chosen, total = [np.empty(0, dtype=np.int64)], 0
    for count, place in sorted((pair_count(key), place) for place, (_, key) in enumerate(keys)):
        total += count
        if total > min(PAIRS_PER_ROW * rows, MOST_PAIRS):
            break
        if count:
            at, key = keys[place]
            of_key = block_pairs(key, at.size)
            chosen.append(at[of_key // at.size] * rows + at[of_key % at.size])
    pairs = np.sort(np.concatenate(chosen))
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: pairs.size]]
    return pairs // rows, pairs % rows


def expected_by_chance(table: Mixed, first: Ints, second: Ints, alike: NDArray[np.bool_] | None = None) -> Floats:
    """(pairs,) how many pairs of the table would by chance agree as well as rows `first` and `second`; inf for those
    that differ in two categories, or in one and in a number.

    A pair may differ in one column in whatever way; that each of them may be that one is allowed for.
    `alike` (pairs, categories): levels that are taken as equal however they are written.
    """
    unlike = table.codes[first] != table.codes[second]
    if alike is not None:
        unlike &= ~alike
    moved = table.piled[first][:, table.piling] != table.piled[second][:, table.piling]
    differing, at_piles = unlike.sum(axis=1), moved.sum(axis=1)
    result = np.full(first.size, np.inf)
    asked = np.flatnonzero(differing == 1)
    for column in table.numbers.T:
        one, other = column[first[asked]], column[second[asked]]
        asked = asked[(one == other) | (np.isnan(one) & np.isnan(other))]
    asked = np.union1d(asked, np.flatnonzero((differing == 0) & (at_piles <= 1)))
    if asked.size == 0:
        return result
    first, second = first[asked], second[asked]
    # In which one of `without`, as a category or by its piles; a pair that differs in none may differ in a number.
    place = np.concatenate([unlike[asked], moved[asked]], axis=1).argmax(axis=1)
    same = (differing[asked] == 0) & (at_piles[asked] == 0)
    numbers = table.apart
    sample = _learnt_from(table)
    usual = nearness(numbers, *sample)
    nats = usual.nats(numbers, first, second)
    total = nats.sum(axis=1)
    tails, number = usual.tails(numbers, first, second)
    categories = table.codes.shape[1]
    alternatives = categories + np.union1d(usual.kept, table.piling).size + 1
    told = np.empty(asked.size)
    but_one_number = chance_but_one(usual, numbers, sample, first, second)
    allowed = chances(table.full)
    every = np.maximum(allowed[first[same]], allowed[second[same]])
    told[same] = every * usual.chance(total[same], tails, number[same])
    for column in range(usual.kept.size):
        left = usual.chance(total[same] - nats[same, column], tails, number[same], without=column)
        told[same] = np.minimum(told[same], alternatives * every * left)
    told[same] = np.minimum(told[same], alternatives * every * but_one_number[same])
    for one in np.unique(place[~same]).tolist():
        but_one = ~same & (place == one)
        every = chances(table.without[one])[first[but_one]]
        column = np.flatnonzero(usual.kept == table.piling[one - categories]) if one >= categories else np.empty(0)
        left_out = int(column[0]) if column.size else -1
        left = usual.chance(total[but_one], tails, number[but_one], without=left_out)
        told[but_one] = alternatives * every * np.minimum(left, but_one_number[but_one])
    result[asked] = told
    return result


def beyond_chance(expected: Floats, false_share: float) -> NDArray[np.bool_]:
    """The pairs of which at most `false_share` are expected to be chance's.

    Source: Y. Benjamini, Y. Hochberg, Controlling the False Discovery Rate, JRSS B 57, 1995.
    """
    order = np.sort(expected)
    enough = np.flatnonzero(order <= false_share * np.arange(1, order.size + 1))
    return np.asarray(expected <= (order[enough[-1]] if enough.size else -1.0))


def chances(key: Keys) -> Floats:
    """(rows,) for a pair that holds the row, how many pairs of the same `key` share the allowance for chance.

    Their number, but that each row and not each pair gets the same share: a copy is of any row, and most pairs are of
    rows of the commonest keys (weights as in C. Genovese et al., Biometrika 93, 2006).
    """
    _, place, sizes = np.unique(key, return_inverse=True, return_counts=True)
    return np.asarray(sizes[sizes > 1].sum() / 2 * (sizes[place] - 1.0), dtype=np.float64)


def _learnt_from(table: Mixed) -> tuple[Ints, Ints]:
    """Pairs of rows to learn from, of cells with enough pairs; and where numbers are missing together some that know these.

    Rows that lack most columns agree in more categories than others, and would else be nearly all of the pairs.
    """
    first, second = _sampled(_cells(table, np.arange(table.full.size)))
    known = ~np.isnan(table.apart)
    for column in np.flatnonzero(~known.all(axis=0)).tolist():
        rows = np.flatnonzero(known[:, column])
        if rows.size * (rows.size - 1) / 2 < LEAST_PAIRS:
            continue
        if (known[first, column] & known[second, column]).sum() < min(LEAST_PAIRS, first.size):
            one, other = _sampled(_cells(table, rows))
            first = np.append(first, rows[one[:LEAST_PAIRS]])
            second = np.append(second, rows[other[:LEAST_PAIRS]])
    return first, second


def _cells(table: Mixed, rows: Ints) -> Keys:
    """Cells of `rows` with enough pairs to learn from."""
    cells = table.full[rows]
    if equal_pairs(cells) >= LEAST_PAIRS:
        return cells
    levels = np.array([column.max(initial=0) for column in (*table.codes[rows].T, *table.piled[rows].T[table.piling])])
    for number in np.lexsort((-levels, table.telling)).tolist():
        cells = cells - (table.full - table.without[number])[rows]
        if equal_pairs(cells) >= LEAST_PAIRS:
            break
    return cells


def _sampled(key: Keys) -> tuple[Ints, Ints]:
    """At most SAMPLE pairs of rows that have the same `key`, each pair as likely as any other."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    begin = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    size = np.diff(np.append(begin, key.size))
    upto = np.cumsum(size.astype(np.float64) * (size - 1) / 2)
    rng = np.random.default_rng(0)
    drawn = int(min(SAMPLE, upto[-1]))
    cell = np.searchsorted(upto, rng.random(drawn) * upto[-1], side="right")
    cell = np.minimum(cell, int(np.flatnonzero(size > 1)[-1]))
    one = np.floor(rng.random(drawn) * size[cell]).astype(np.int64)
    other = np.floor(rng.random(drawn) * (size[cell] - 1)).astype(np.int64)
    other += other >= one
    return order[begin[cell] + one], order[begin[cell] + other]
