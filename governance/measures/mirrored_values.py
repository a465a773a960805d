"""Negative values that are like the positive ones but for their sign, where nothing is near zero: many slipped signs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEW, MOST = 0.03, 0.1
"""Share of negative numbers from which `number_damage.sign_slips` takes them for the column's own, and up to which they are
looked at here."""
OFF_ZERO = 0.25
"""Share of the median above which all values lie: amounts, which may be taken back, reach nearer to zero."""
END = 0.01
"""Quantile of the others that has to lie clear of zero: one other mistake may lie below."""
OUTSIDE = 0.1
"""How far beyond the ends of the others a value may lie without its sign, as a share of the end."""
ALIKE = 1.63
"""Kolmogorov's statistic of two samples, by its scale, that chance exceeds in 1 %."""
LEAST = 30
"""Positive values; with fewer, what is usual cannot be told."""


def mirrored_values(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which `values` (n,), NaN for missing, are negative ones that are distributed as the others are, but for their sign.

    All others have to lie clear of zero, on one side of it, as voltages, heights and blood pressures do. What honestly lies on
    both sides of zero passes through it, or is distributed otherwise on either side.

    Source: N. Smirnov. Table for Estimating the Goodness of Fit of Empirical Distributions. Annals of Mathematical
    Statistics 19, 1948.
    """
    nothing = np.zeros(values.shape, dtype=bool)
    known = np.isfinite(values)
    negative, others = known & (values < 0), np.sort(values[known & (values >= 0)])
    count = int(negative.sum())
    if others.size < LEAST or not FEW * known.sum() < count <= MOST * known.sum():
        return nothing
    mirrored = np.sort(-values[negative])
    if np.quantile(others, END) < OFF_ZERO * np.median(others):
        return nothing
    if mirrored[0] < (1 - OUTSIDE) * others[0] or mirrored[-1] > (1 + OUTSIDE) * others[-1]:
        return nothing
    at = np.concatenate([others, mirrored])
    shares = [np.searchsorted(side, at, side="right") / side.size for side in (others, mirrored)]
    apart = float(np.abs(shares[0] - shares[1]).max())
    scale = float(np.sqrt((others.size + count) / (others.size * count)))
    return negative if apart <= ALIKE * scale else nothing
