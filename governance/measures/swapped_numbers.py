"""Rows in which two columns hold each other's numbers, as both pressures of the blood, or latitude and longitude."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import pdtrc

MOST_SWAPPED = 0.1
"""With a larger share of the rows on the other side, no order is kept."""
CLEAR = 3.0
"""The columns lie apart by so many times what is usual around the middle of their difference."""
MIRRORED = 3.0
"""A swapped row lies as far on the other side, give or take so many times what is usual."""
UNUSUAL = 0.005
"""Share of a column's numbers at either end that are unusual there."""
CHANCE = 0.002
"""So rarely may rows without a slip lie there."""


def swapped_rows(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rows of `first` and `second` (rows,), NaN for missing, that keep the order of all others when both are swapped.

    Numbers above zero are asked by their ratio too, as that of skewed ones varies less.
    """
    known = np.flatnonzero(np.isfinite(first) & np.isfinite(second))
    above, below = int((first[known] > second[known]).sum()), int((first[known] < second[known]).sum())
    if not 0 < min(above, below) <= MOST_SWAPPED * known.size:
        return np.empty(0, dtype=np.int64)
    high, low = (first[known], second[known]) if above > below else (second[known], first[known])
    rows = _mirrored(high, low)
    if (low > 0).all() and (high > 0).all():
        rows |= _mirrored(np.log(high), np.log(low))
    return np.asarray(known[rows], dtype=np.int64)


def _mirrored(high: NDArray[np.float64], low: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(rows,) which lie as far on the other side as others on this one, and oftener than tails do.

    Of a log-concave density, the masses of neighbouring intervals of one width fall ever faster: so what lies twice as far
    from the middle as 0 is bounded by what lies on the way there. Each cell must be usual in the other column.
    """
    apart = high - low
    middle = float(np.median(apart))
    spread = 1.4826 * float(np.median(np.abs(apart - middle)))
    rows = np.abs(apart + middle) <= min(MIRRORED * spread, middle / 2)
    if spread == 0 or middle < CLEAR * spread or not rows.any():
        return np.zeros(apart.size, dtype=bool)
    for own, other in ((high, low), (low, high)):
        ends = np.quantile(own[apart > 0], (UNUSUAL, 1 - UNUSUAL))
        rows &= (other >= ends[0]) & (other <= ends[1])
    near, about, beyond = (
        int(((apart > start * middle) & (apart <= (start + 0.5) * middle)).sum()) for start in (0.5, 0.0, -0.5)
    )
    count = int(rows.sum())
    steady = (about + 1) ** 3 / max(near, 1) ** 2
    falling = (beyond + 1) ** 2 / max(about, 1)
    if count <= 2 * beyond or float(pdtrc(count - 1, 2 * min(steady, falling))) > CHANCE:
        return np.zeros(apart.size, dtype=bool)
    return rows
