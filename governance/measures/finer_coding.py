"""A feature whose levels divide the classes further: each is of one class, so that a table of its levels is the target.

The feature determines the target (a functional dependency: E. F. Codd, Communications of the ACM 13, 1970), as a ward does
whose numbers begin with the class, a city its country and a product its category.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from governance.measures.feature_codes import FINEST
from governance.measures.single_feature import counted_classes

ERRORS, CHANCE = 0.05, 0.01
"""If this share of the rows were of another class than most of their level, no such row would be seen this seldom."""
MORE_STRETCHES = 2
"""Classes lie in so many stretches more of an ordered feature than there are classes: one more has a class at both ends."""
WIDER = 5
"""Or the steps between stretches are this many times as wide as the widest within one: rounded numbers have even steps."""

ENDS = 0.7
"""... and the first and last level of a stretch hold this many times the rows of a usual one: measures thin out there."""


def finer_coding(values: NDArray[np.int64], labels: NDArray[np.int64], least: float) -> NDArray[np.bool_] | None:
    """In which rows the level (`values` (rows,), 0 for missing) is one of a finer coding of `labels` (rows,); None when
    levels are no such coding.

    Levels of fewer than FINEST rows show nothing. All others are of one class each, hold at least the share `least` of the
    rows of every counted class, are more than the counted classes, and hold so many rows that it is no chance.
    """
    table = _table(values, labels)
    rows = table.sum(axis=1)
    full = rows >= FINEST
    full[0] = False
    kept = counted_classes(labels)
    share = table[full].sum(axis=0)[kept] / table.sum(axis=0)[kept]
    if kept.size < 2 or np.count_nonzero(full) <= kept.size or (share < least).any():
        return None
    if (np.count_nonzero(table[full], axis=1) > 1).any():
        return None
    # The first row of a level says which class it is of, and only further ones could differ.
    if float((rows[full] - 1).sum()) * math.log(1 - ERRORS) > math.log(CHANCE):
        return None
    return np.asarray(full[values], dtype=bool)


def coded_order(values: NDArray[np.int64], numbers: NDArray[np.float64], labels: NDArray[np.int64]) -> bool:
    """Whether the classes of levels that are `numbers` (rows,) take turns, or lie in stretches far from each other: numbers
    of things that differ in size lie side by side, and nothing tells rounded ones from a code."""
    known = values > 0
    _, first = np.unique(values[known], return_index=True)
    table = _table(values[known], labels[known])
    levels = numbers[known][first]
    order = np.argsort(levels)
    table = table[table.sum(axis=1) > 0][order]
    told, rows = table.argmax(axis=1), table.sum(axis=1)
    turns = told[1:] != told[:-1]
    if 1 + np.count_nonzero(turns) >= np.unique(told).size + MORE_STRETCHES:
        return True
    steps = np.diff(levels[order])
    if not turns.any() or turns.all() or steps[turns].min() < WIDER * steps[~turns].max():
        return False
    stretch = np.append(0, np.cumsum(turns))
    usual = (np.bincount(stretch, weights=rows) / np.bincount(stretch))[stretch]
    ends = np.append(True, turns) | np.append(turns, True)
    return bool(rows[ends].sum() >= ENDS * usual[ends].sum())


def _table(values: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """(levels, classes) rows of each."""
    levels, classes = int(values.max(initial=0)) + 1, int(labels.max(initial=0)) + 1
    return np.bincount(values * classes + labels, minlength=levels * classes).reshape(levels, classes)
