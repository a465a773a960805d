"""Record linkage: which rows of a table describe the same thing in spite of typing errors.

Agreement in a rare value says more than agreement in a common one, so each value weighs as many bits as its rarity.
Two rows are linked when the bits they agree in, less what they disagree in, exceed what the best of all pairs would
reach by chance, and are most of what the rows say; or when they differ in one field alone, and agree in so much. Where no field disagrees outright, a value that
hardly any two rows share, as a phone, counts for more than its rarity.

Sources: I. Fellegi, A. Sunter, A Theory for Record Linkage, JASA 64, 1969; W. Winkler, Frequency-Based Matching in
Fellegi-Sunter Model of Record Linkage, 1989; P. Christen, Data Matching, Springer 2012 (blocking).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from governance.measures.edit_distance import likeness

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
_WORD = re.compile(r"[^\W_]+")
MARGIN_BITS = 7.0
"""Beyond the number of pairs: about one table in 128 would hold one such pair by chance."""
DISAGREEMENT_BITS = 3.3
"""What a disagreement takes away: one value in ten of the same thing is taken to be entered otherwise."""
AGREEING_SHARE = 0.6
"""Of the bits that both rows know, so many must agree: members of a household share less."""
MOST_BITS = 16.0
"""No single agreement weighs more."""
LIKE = 0.75
"""Likeness from which two values may be one that was mistyped; below, they are two."""
LEAST_FIELDS = 4
"""From so many fields on, rows that are equal in all but one are looked at for what they agree in alone."""
LARGEST_BLOCK = 30
"""Rows that share a value (or two) with at most so many others are compared."""
PAIRS_PER_ROW = 40
"""Blocks are used, most selective first, until there are so many pairs."""
BLOCKING_COLUMNS = 10
LEAST_REPEATED, REPEATED_SHARE, FOLLOWS = 4, 0.3, 0.85
"""A column follows from another one when so large a share of rows is as that one tells; only values that at least so
many rows have are looked at, and they must be at least so large a share of the rows."""


@dataclass(frozen=True)
class Field:
    """One column: for each row the number of its value (-1 for missing), and the plain values by that number."""

    code: NDArray[np.int64]
    values: tuple[str, ...]
    typed: bool
    """Whether a typing error is a partial agreement; numbers agree or do not."""

    @cached_property
    def count(self) -> NDArray[np.int64]:
        """How many rows have each value; a last 0 for missing."""
        return np.append(np.bincount(self.code[self.code >= 0], minlength=len(self.values)), 0)


def field(values: Sequence[str | None], *, typed: bool) -> Field:
    """A column, case, punctuation and spaces left out when `typed`."""
    numbers: dict[str, int] = {}
    code = np.full(len(values), -1, dtype=np.int64)
    for row, value in enumerate(values):
        if value is not None:
            clean = "".join(_WORD.findall(value.lower())) if typed else value
            if clean:
                code[row] = numbers.setdefault(clean, len(numbers))
    return Field(code, tuple(numbers), typed)


def linked(fields: Sequence[Field]) -> Pairs | None:
    """Pairs of rows (first < second) that describe the same thing, and the share of their bits that agree.

    None when the columns together say too little to tell the same thing from a likeness.
    """
    rows = fields[0].code.size if fields else 0
    if rows < 2:
        return None
    needed = math.log2(rows * (rows - 1) / 2) + MARGIN_BITS
    fields = _telling(fields)
    bits = [_bits(field) for field in fields]
    rare = [_rare_bits(field) for field in fields]
    if sum(_mean_bits(field, weight) for field, weight in zip(fields, bits, strict=True)) + max(rare) < needed:
        return None
    first, second = _candidates(fields, bits)
    agree, against, possible, more = (np.zeros(first.size) for _ in range(4))
    apart = np.zeros(first.size, dtype=bool)  # whether a field disagrees outright
    equals = np.zeros(first.size, dtype=np.int64)
    open_pairs: list[tuple[int, NDArray[np.int64]]] = []
    for number, (column, weight) in enumerate(zip(fields, bits, strict=True)):
        one, other = column.code[first], column.code[second]
        both = (one >= 0) & (other >= 0)
        worth = np.where(both, np.minimum(weight[one], weight[other]), 0.0)
        equal = both & (one == other)
        agree += np.where(equal, worth, 0.0)
        possible += worth
        equals += equal
        more = np.maximum(more, np.where(equal & (column.count[one] == 2), rare[number], 0.0))
        apart |= both & ~equal & (not column.typed)
        against += np.where(both & ~equal, DISAGREEMENT_BITS, 0.0)
        if column.typed:
            open_pairs.append((number, both & ~equal))
    # Rows that differ in one field, whatever stands there: as any field may be that one, there are so many times more pairs.
    but_one = (
        (len(fields) >= LEAST_FIELDS) & (equals == len(fields) - 1) & (against > 0)
        & (agree >= needed + math.log2(max(len(fields), 1))) & (agree >= AGREEING_SHARE * possible)
    )  # fmt: skip
    # A typing error gives back at most what the disagreement took: most pairs cannot reach the bound any more.
    best = agree.copy()
    relief = np.zeros(first.size)
    for number, unequal in open_pairs:
        one, other = fields[number].code[first], fields[number].code[second]
        best += np.where(unequal, np.minimum(bits[number][one], bits[number][other]), 0.0)
        relief += np.where(unequal, DISAGREEMENT_BITS, 0.0)
    hopeful = np.flatnonzero(
        (best + more - (against - relief) >= needed) & (best >= AGREEING_SHARE * possible) & (possible > 0)
    )
    for number, unequal in open_pairs:
        at = hopeful[unequal[hopeful]]
        one, other = fields[number].code[first[at]], fields[number].code[second[at]]
        alike = likeness(fields[number].values, one, other)
        agree[at] += alike * np.minimum(bits[number][one], bits[number][other])
        against[at] -= alike * DISAGREEMENT_BITS
        apart[at] |= alike < LIKE
    # Members of a household share a number that hardly anyone shares, and differ outright in a name.
    surplus = agree[hopeful] + np.where(apart[hopeful], 0.0, more[hopeful]) - against[hopeful]
    enough = (surplus >= needed) & (agree[hopeful] >= AGREEING_SHARE * possible[hopeful])
    kept = np.union1d(hopeful[enough], np.flatnonzero(but_one))
    first, second, share = first[kept], second[kept], agree[kept] / possible[kept]
    order = np.lexsort((second, first))
    return first[order], second[order], share[order]


def _telling(fields: Sequence[Field]) -> list[Field]:
    """The fields but those that follow from another one, as a town follows from its postcode: they say it twice."""
    kept: list[Field] = []
    for column in sorted(fields, key=lambda f: (-len(f.values), f.values[:1])):
        if not any(_follows(column, other) for other in kept):
            kept.append(column)
    return kept


def _follows(column: Field, other: Field) -> bool:
    """Whether nearly all rows have the commonest value of `column` among those that share their value of `other`."""
    both = (column.code >= 0) & (other.code >= 0)
    width = len(column.values) + 1
    cells, counts = np.unique(other.code[both] * width + column.code[both], return_counts=True)
    group = cells // width
    size, most = np.bincount(group, weights=counts), np.zeros(int(group.max(initial=0)) + 1)
    np.maximum.at(most, group, counts)
    told = size >= LEAST_REPEATED
    enough = size[told].sum() >= REPEATED_SHARE * max(int(both.sum()), 1)
    return bool(enough and most[told].sum() >= FOLLOWS * size[told].sum())


def _bits(column: Field) -> NDArray[np.float64]:
    """What agreement in each value is worth: minus the logarithm of its share; a last 0 for missing."""
    counts = np.bincount(column.code[column.code >= 0], minlength=len(column.values))
    # A value is held by at least one other row when two agree, so singletons weigh like pairs.
    share = np.maximum(counts, 2) / max(counts.sum(), 2)
    return np.append(np.minimum(-np.log2(share), MOST_BITS), 0.0)


def _rare_bits(column: Field) -> float:
    """How many bits more an agreement says in a value that no third row has, than its rarity among the rows does.

    Where pairs of rows hardly ever share such a value, as a phone, there are far more values than rows (so many that
    chance makes about the pairs that do). At most one field counts so, as copies and households share several.
    """
    rows, twice = int(column.count.sum()), int((column.count == 2).sum())
    if twice == 0:
        return 0.0
    return max(min(math.log2(rows * (rows - 1) / 2 / twice), MOST_BITS) - math.log2(rows / 2), 0.0)


def _mean_bits(column: Field, weight: NDArray[np.float64]) -> float:
    return float(weight[column.code].mean())


def _candidates(fields: Sequence[Field], bits: Sequence[NDArray[np.float64]]) -> tuple[NDArray[np.int64], ...]:
    """Pairs that share a rare value, or two values that are rare together."""
    rows = fields[0].code.size
    by_worth = sorted(range(len(fields)), key=lambda n: (-round(_mean_bits(fields[n], bits[n]), 9), n))
    chosen = [fields[number].code for number in by_worth[:BLOCKING_COLUMNS]]
    keys = list(chosen)
    keys += [
        np.where((one >= 0) & (other >= 0), one * (other.max(initial=0) + 1) + other, -1)
        for later, one in enumerate(chosen)
        for other in chosen[:later]
    ]
    blocks = sorted(((pair_count(key), place) for place, key in enumerate(keys)), key=lambda item: item)
    # Rows are ordered by their hashes, so what is left out for want of room hangs on no order of the file.
    found = np.empty(0, dtype=np.int64)
    total = 0
    for count, place in blocks:
        if total + count > PAIRS_PER_ROW * rows and total:
            break
        total += count
        found = np.union1d(found, block_pairs(keys[place], rows))
    return found // rows, found % rows


def _sizes(key: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows in the order of their keys, and where the block of each key begins and how many rows it has, from two on."""
    ordered = np.sort(key)  # many times faster than to find the order, which only rows need that share their key
    repeated = np.unique(ordered[1:][(ordered[1:] == ordered[:-1]) & (ordered[1:] >= 0)])
    at = np.searchsorted(repeated, key)
    shared = np.flatnonzero(np.append(repeated, -1)[at] == np.where(key >= 0, key, -2))
    order = shared[np.argsort(key[shared], kind="stable")]
    ordered = key[order]
    edges = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])) if order.size else order
    return order, edges[:-1], np.diff(edges)


def pair_count(key: NDArray[np.int64]) -> int:
    """Pairs of rows that share a `key` (rows,) which at most LARGEST_BLOCK rows have; -1 is no key."""
    sizes = _sizes(key)[2]
    sizes = sizes[sizes <= LARGEST_BLOCK]
    return int((sizes * (sizes - 1) // 2).sum())


def block_pairs(key: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """Those pairs as first * rows + second, first < second."""
    order, begin, sizes = _sizes(key)
    found = [np.empty(0, dtype=np.int64)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= LARGEST_BLOCK)]).tolist():
        block = np.sort(order[begin[sizes == size][:, None] + np.arange(size)], axis=1)
        one, other = np.triu_indices(size, 1)
        found.append((block[:, one] * rows + block[:, other]).ravel())
    return np.concatenate(found)
