"""Numbers that fall into heaps with hardly a value between, as a code does that is written as a number with some noise.

Two heaps are apart where a stretch between them is as wide as the middle half of the rows of either (interquartile range,
which tails and stray values do not widen) and holds next to none of them. Normal heaps are from about five standard
deviations on. Tails are no heaps: they thin out towards their end, and the stretch before it is the denser one.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.single_feature import MIN_CLASS_ROWS

WIDE = 0.75
"""The stretch between two heaps is this many times as wide as the wider of their interquartile ranges, or more."""
HELD = 0.03
"""It holds no more than this share of the rows of the smaller heap, ..."""
LEAST_HELD = 3
"""... or so many rows."""
STEPS = 3
"""It is so many times as wide as values of the heaps lie apart: neighbours on a scale of few steps are no heaps."""
LEAST_NEAREST = 100
"""A part of a side is looked at when it has so many rows: among fewer, chance makes stretches that look wide."""
MOST_ROWS = 3000
"""Heaps are looked for in no more rows, evenly spaced in order."""
MOST = 64
"""Heaps: with more of them, numbers are a scale with steps."""


def heaps(numbers: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """(rows,) the heap of each of `numbers` (rows,), from 1 on upwards, 0 for missing (NaN); None with fewer than two."""
    known = np.isfinite(numbers)
    ordered = np.sort(numbers[known])
    ordered = ordered[evenly_spaced(ordered.size, MOST_ROWS)]
    borders: list[float] = []
    open_parts = [(0, ordered.size)]
    while open_parts and len(borders) < MOST:
        first, last = open_parts.pop()
        place = _border(ordered[first:last])
        if place is not None:
            borders.append(float(ordered[first + place]))
            open_parts += [(first, first + place), (first + place, last)]
    if not borders or len(borders) >= MOST:
        return None
    codes = np.zeros(numbers.size, dtype=np.int64)
    codes[known] = 1 + np.searchsorted(np.sort(borders), numbers[known], side="right")
    return codes


def _border(x: NDArray[np.float64]) -> int | None:
    """How many of `x` (ordered) are below the clearest stretch that parts two heaps; None when there is none.

    Beside the stretch may lie several heaps, so each side is looked at as a whole and as its nearest half, quarter and eighth.
    """
    if x.size < 2 * MIN_CLASS_ROWS:
        return None
    step = np.diff(x)
    if not (step > 0).any():
        return None
    least = STEPS * float(np.median(step[step > 0]))
    below = np.arange(MIN_CLASS_ROWS, x.size - MIN_CLASS_ROWS + 1)
    best, found = 0.0, None
    for left, right in product(_nearest(below), _nearest(x.size - below)):
        held = np.maximum(HELD * np.minimum(left, right), LEAST_HELD).astype(np.int64)
        begin = below - 1 - held // 2
        end = np.minimum(begin + held + 1, x.size - 1)
        width = x[end] - x[begin]
        spread = np.maximum(
            x[below - left + 3 * left // 4] - x[below - left + left // 4],
            x[below + 3 * right // 4] - x[below + right // 4],
        )
        apart = (width >= WIDE * spread) & (width >= least)
        clear = np.divide(width, width + spread, out=np.zeros(width.size), where=apart)
        place = int(clear.argmax())
        if clear[place] > best:
            # What the stretch holds lies with the heap that it is nearer to: the border is the widest gap.
            best = float(clear[place])
            found = int(begin[place] + step[begin[place] : end[place]].argmax() + 1)
    return found


def _nearest(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """All of `rows`, and half, a quarter and an eighth of them, where that leaves LEAST_NEAREST."""
    halved = [rows]
    for _ in range(3):
        halved.append(np.where(halved[-1] >= 2 * LEAST_NEAREST, halved[-1] // 2, halved[-1]))
    return halved
