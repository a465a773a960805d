"""Numbers that pile up at one value, as a sensor that reads 0 at night or stands at its ceiling.

Such a column is two: whether a row is at the pile, which is a level like any other, and how much it is elsewhere (two-part
or hurdle models: J. Cragg, Some Statistical Models for Limited Dependent Variables, Econometrica 39, 1971). Columns pile up
together, at night or while a pump is idle, so that what several piles say is counted as one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST_SHARE = 0.05
"""A value that so large a share of the known cells of its column have may be a pile."""
OUTSTANDING = 5
"""And one, when it has so many times as many rows as the values before and after it have on average."""


def piled_values(numbers: Floats) -> Ints:
    """(rows, columns) for each of `numbers`, NaN for missing, at which pile of its column it is, from 1 on; 0 at none."""
    result = np.zeros(numbers.shape, dtype=np.int64)
    for place, column in enumerate(numbers.T):
        values, counts = np.unique(column[~np.isnan(column)], return_counts=True)
        if values.size < 2:
            continue
        beside = np.pad(counts, 1)
        sides = np.full(values.size, 2.0)
        sides[[0, -1]] = 1.0
        usual = (beside[:-2] + beside[2:]) / sides
        piles = values[(counts >= LEAST_SHARE * counts.sum()) & (counts >= OUTSTANDING * usual)]
        for number, pile in enumerate(piles.tolist(), 1):
            result[column == pile, place] = number
    return result
