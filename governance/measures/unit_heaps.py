"""A heap of numbers apart from all others that would lie among them in another usual unit: inches among centimetres.

Such units are so near each other that size alone says little, as it does of metres among millimetres. So the heap, brought
to the unit of the others, must have their mean and their spread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

UNITS = (
    ("inches for centimetres", 2.54, 0.0),
    ("centimetres for inches", 1 / 2.54, 0.0),
    ("pounds for kilograms", 0.45359237, 0.0),
    ("kilograms for pounds", 1 / 0.45359237, 0.0),
    ("degrees Fahrenheit for Celsius", 5 / 9, -160 / 9),
    ("degrees Celsius for Fahrenheit", 9 / 5, 32.0),
)
"""In words, and by what factor and shift the heap gets the unit of the others."""
LEAST, LEAST_HEAP, MAX_SHARE = 100, 5, 0.1
"""Numbers in all, numbers in a heap, and the share that a heap may be."""
DISTINCT = 20
"""Different values that the others need: a count of one to five has gaps by nature."""
REACH, GAP = 5.0, 1.0
"""Standard deviations within which the others end, and that lie between them and the heap."""
ERRORS, SPREAD = 2.5, 1.8
"""Standard errors between the means, and the ratio of the spreads, up to which heap and others are alike."""


def unit_heap(values: NDArray[np.float64]) -> tuple[NDArray[np.bool_], str, NDArray[np.float64]] | None:
    """Which of `values` (n,), NaN for missing, are in another unit; which units, in words; all values (n,) brought back."""
    known = np.flatnonzero(np.isfinite(values))
    if known.size < LEAST:
        return None
    order = known[np.argsort(values[known], kind="stable")]
    most = int(MAX_SHARE * known.size)
    steps = np.diff(values[order])
    for upper in (True, False):
        # The heap is what lies beyond the widest gap among the outer values.
        cut = order.size - most + int(steps[-most:].argmax()) if upper else int(steps[:most].argmax()) + 1
        heap, others = (order[cut:], order[:cut]) if upper else (order[:cut], order[cut:])
        if heap.size < LEAST_HEAP or np.unique(values[others]).size < DISTINCT:
            continue
        mean, spread = float(values[others].mean()), float(values[others].std())
        gap = values[heap].min() - values[others].max() if upper else values[others].min() - values[heap].max()
        if spread == 0 or gap < GAP * spread or np.abs(values[others] - mean).max() > REACH * spread:
            continue
        for words, factor, shift in UNITS:
            back = factor * values[heap] + shift
            apart = abs(float(back.mean()) - mean) / (spread / np.sqrt(heap.size))
            ratio = float(back.std()) / spread
            if apart <= ERRORS and 1 / SPREAD <= ratio <= SPREAD:
                found = np.zeros(values.shape, dtype=bool)
                found[heap] = True
                return found, words, factor * values + shift
    return None
