"""Cells outside a small scale of whole numbers: 0, 6 and 55 among answers from 1 to 5.

Counts have few levels too, and a tail of rare ones. A scale ends: its last level is about as frequent as the one before,
and what lies beyond it is far rarer than any distribution with one mode and a logarithm that is concave would have it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEVELS = (3, 12)
"""Levels of a scale, at least and at most: 0 to 10, and one more."""
FREQUENT, LEAST = 0.03, 10
"""Share of the cells, and cells, that each level of a scale has at least."""
MAX_SHARE, OF_RAREST = 0.02, 0.25
"""Share of all cells, and of those of the rarest level, that may lie outside."""
NEAR_LEVELS, NOT_FALLING, ABRUPT = 4, 0.25, 0.12
"""Levels from which a step beyond is told; the last level as a share of the one before, and how much faster the fall must
be beyond it."""


class OffScale(NamedTuple):
    """Cells outside a scale."""

    low: int
    high: int
    """The ends of the scale."""
    far: NDArray[np.bool_]
    """(n,) which are as far beyond the scale as it is long."""
    near: NDArray[np.bool_]
    """(n,) which are nearer: another answer, or a count that is rare."""


def off_scale(values: NDArray[np.float64]) -> OffScale | None:
    """The scale of `values` (n,), whole numbers and NaN for missing, and the cells outside; None where there is no scale, or none."""
    known = values[np.isfinite(values)]
    levels, cells = np.unique(known, return_counts=True)
    usual = (cells >= FREQUENT * known.size) & (cells >= LEAST)
    scale, outside = levels[usual], int(cells[~usual].sum())
    if not LEVELS[0] <= scale.size <= LEVELS[1] or not outside or (scale % 1 != 0).any():
        return None
    low, high = int(scale[0]), int(scale[-1])
    length = high - low + 1
    if length != scale.size or outside > min(MAX_SHARE * known.size, OF_RAREST * cells[usual].min()):
        return None
    far, near = np.zeros(values.shape, dtype=bool), np.zeros(values.shape, dtype=bool)
    for beyond, sizes in ((low - values, cells[usual]), (values - high, cells[usual][::-1])):
        last, before = int(sizes[0]), int(sizes[1])
        out = (beyond > 0) & (beyond < length)
        if (beyond >= length).sum() > out.sum():  # else what lies between leads there, as a tail does
            far |= beyond >= length
        ends = last >= NOT_FALLING * before and out.sum() * before <= ABRUPT * last * last
        if scale.size >= NEAR_LEVELS and ends:
            near |= out
    return OffScale(low, high, far, near) if (far | near).any() else None
