"""A heap of numbers apart from all others that would lie among them in another usual unit: inches among centimetres.

Such units are so near each other that size alone says little, as it does of metres among millimetres. So the heap, brought
to the unit of the others, must have their mean and their spread. Of values with tails, as the temperatures of some who
have a fever, a mean and a deviation say little: there the heap must look like a sample of the others, tails and all, and
the gap be far wider than all others. Where the others have several modes, as an engine that drives or stands has temperatures, the
heap may have the mean and the spread of one of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.modes import modes

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
DISTINCT, FEW = 20, 10
"""Different values that the others need: a count of one to five has gaps by nature; so few of them beyond a gap FAR as wide."""
REACH, GAP = 5.0, 1.0
"""Standard deviations within which the others end, and that lie between them and the heap."""
ERRORS, SPREAD = 2.5, 1.8
"""Standard errors between the means, and the ratio of the spreads, up to which heap and others are alike."""
LARGE, SHARP = 0.25, 0.6
"""Share of the others that a mode of theirs must be, and the most that its spread may be of that of all."""
MODE_ERRORS = 9.2
"""Squared standard errors of mean and of spread together up to which heap and mode are alike: chi-squared, by chance more in 1 %."""
FAR, WITHIN = 3.0, 1.0
"""So many times as wide as any gap among the others, and among the heap, is one that tails do not make."""
LIKE = 1.36
"""Largest distance of the two distributions, in units of what N. Smirnov's law (1948) gives: by chance more in 5 %."""
OF_HALVES, OF_MEDIANS = 1.17, 0.93
"""Standard errors of the logarithm of an interquartile range of n normal values, and of their median in such ranges, times
the root of n."""
SURE, MOST_SPREAD = 2.0, 2.2
"""So many of them may lie between heap and others; and the most that the ranges of a small heap may differ by."""


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
        different = np.unique(values[others])
        if heap.size < LEAST_HEAP or different.size < FEW:
            continue
        gap = values[heap].min() - values[others].max() if upper else values[others].min() - values[heap].max()
        far = gap >= max(FAR * np.diff(different).max(), WITHIN * np.diff(np.sort(values[heap])).max())
        narrow = _ends(values[others], gap, different.size)
        for words, factor, shift in UNITS:
            back = factor * values[heap] + shift
            if (narrow and _alike(values[others], back)) or (far and _of_one_kind(values[others], back)):
                found = np.zeros(values.shape, dtype=bool)
                found[heap] = True
                return found, words, factor * values + shift
        unit = _of_a_mode(values[others], values[heap]) if narrow else None
        if unit is not None:
            found = np.zeros(values.shape, dtype=bool)
            found[heap] = True
            return found, unit[0], unit[1] * values + unit[2]
    return None


def _ends(others: NDArray[np.float64], gap: float, different: int) -> bool:
    """Whether the `others` (n,), `different` ones, are many values without tails, and the `gap` is wide for their spread."""
    spread = float(others.std())
    return (
        different >= DISTINCT and gap >= GAP * spread and float(np.abs(others - others.mean()).max()) <= REACH * spread
    )


def _of_a_mode(others: NDArray[np.float64], heap: NDArray[np.float64]) -> tuple[str, float, float] | None:
    """The unit that brings the heap (k,) to mean and spread of a mode of the others (n,), best of all; None where none does."""
    spread, best = float(others.std()), (MODE_ERRORS, -1)
    for mode in modes(others):
        if mode.share < LARGE or not 0 < mode.spread <= SHARP * spread:
            continue
        for place, (_, factor, shift) in enumerate(UNITS):
            back = factor * heap + shift
            apart = (float(back.mean()) - mode.mean) / mode.spread
            wider = np.log(max(float(back.std()), 1e-9) / mode.spread)
            best = min(best, (float(heap.size * (apart**2 + 2 * wider**2)), place))
    return UNITS[best[1]] if best[1] >= 0 else None


def _alike(others: NDArray[np.float64], heap: NDArray[np.float64]) -> bool:
    """Whether the two have one mean and one spread."""
    spread = float(others.std())
    apart = abs(float(heap.mean() - others.mean())) / (spread / np.sqrt(heap.size))
    return bool(apart <= ERRORS and 1 / SPREAD <= float(heap.std()) / spread <= SPREAD)


def _of_one_kind(others: NDArray[np.float64], heap: NDArray[np.float64]) -> bool:
    """Whether the heap may be a sample of the others, tails and all: by its middle half, its ends and its distribution.

    Both are brought to the coarser of their steps: what was written with one decimal was so in its own unit.
    """
    step = max(_step(others), _step(heap))
    others, heap = (np.sort(np.round(one / step) * step) for one in (others, heap))
    low, median, high = np.quantile(others, [0.25, 0.5, 0.75])
    below, middle, above = np.quantile(heap, [0.25, 0.5, 0.75])
    half, errors = float(high - low), SURE / np.sqrt(heap.size)
    widest = half * min(np.exp(OF_HALVES * errors), MOST_SPREAD) + step
    narrowest = half / min(np.exp(OF_HALVES * errors), MOST_SPREAD) - step
    shares = [np.searchsorted(one, others + step / 2) / one.size for one in (others, heap)]
    apart = float(np.abs(shares[0] - shares[1]).max()) * np.sqrt(others.size * heap.size / (others.size + heap.size))
    return bool(
        abs(float(middle - median)) <= OF_MEDIANS * half * errors + step
        and narrowest <= above - below <= widest
        and max(others[0] - heap[0], heap[-1] - others[-1]) <= half / 2 + step
        and apart <= LIKE
    )


def _step(values: NDArray[np.float64]) -> float:
    """The least difference between values (n,) that are not the same but for the last digits of a float."""
    steps = np.diff(np.sort(values))
    return float(np.min(steps, where=steps > 1e-9 * np.abs(values).max(), initial=np.ptp(values) or 1.0))
