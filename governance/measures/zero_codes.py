"""Zero as a code for a number that was not measured: a blood pressure of 0 among such of 50 to 100.

An honest zero is frequent where things are counted or paid, where a column may stop at zero, and where most have none of
something. So a column counts only if its other numbers are a measure's: on both sides alike, narrow beside their
distance from zero, and no counts of events, whose variance is their mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import gammaincc

LEAST, FEWEST, DISTINCT = 30, 2, 20
"""Other numbers, zeros, and different other numbers: with fewer of these it is a scale."""
MAX_SHARE = 0.1
"""Share of zeros up to which they are a code: with more, having none is usual."""
NARROW = 1 / 3
"""Standard deviation beside the mean, up to which zero is far from the other numbers."""
EVEN = 0.55
"""How far the lower hundredth begins from the median, beside the upper one: amounts are nearer below."""
BEYOND = 0.8
"""Zero is so far from the median, beside the largest number, or farther."""
EVENTS = (0.75, 1.25)
"""Variance of whole numbers beside their mean, between which they may be counts of events (R. A. Fisher, 1925)."""
BY_CHANCE = 1e-4
"""That an exponential tail reaches so far (see `sign_slips`)."""


def zero_codes(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which `values` (n,), NaN for missing, are zero as a code: in a column of a measure, far below all its other numbers.

    The lower tail is taken for an exponential one, fitted to the lower half between its quantiles 0.7 and 0.9; beyond
    the smallest of the others, the excesses of the zeros then add up to a gamma variable.
    """
    zero = values == 0
    others = values[np.isfinite(values) & ~zero]
    count = int(zero.sum())
    if count < FEWEST or others.size < LEAST or count > MAX_SHARE * (count + others.size) or (others < 0).any():
        return np.zeros(values.shape, dtype=bool)
    low, median, high = np.quantile(others, [0.01, 0.5, 0.99])
    whole = bool((others % 1 == 0).all())
    measure = (
        np.unique(others).size >= DISTINCT
        and others.std() <= NARROW * others.mean()
        and median - low >= EVEN * (high - median)
        and median >= BEYOND * (others.max() - median)
        and not (whole and EVENTS[0] <= others.var() / others.mean() <= EVENTS[1])
    )
    below = median - others[others <= median]
    excess = max(float(np.diff(np.quantile(below, [0.7, 0.9]))[0]) / np.log(3), 1e-3 * float(median))
    far = measure and gammaincc(count, count * others.min() / excess) < BY_CHANCE
    return np.asarray(zero & far)
