"""Whether groups do worse than all rows together: exact and approximate tests, and control over many of them."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from governance.measures.resampling import student_quantile

Array = NDArray[np.float64]


def binomial_tail(failures: int, n: int, rate: float) -> float:
    """Probability of `failures` or more among `n` independent units that each fail with probability `rate`."""
    if failures <= 0 or rate >= 1:
        return 1.0
    if rate <= 0:
        return 0.0
    counts = np.arange(failures, n + 1)
    # Terms from the first one by their ratios, in logarithms: exact enough at any n.
    first = (
        math.lgamma(n + 1) - math.lgamma(failures + 1) - math.lgamma(n - failures + 1)
        + failures * math.log(rate) + (n - failures) * math.log1p(-rate)
    )  # fmt: skip
    ratios = np.log(n - counts[:-1]) - np.log(counts[:-1] + 1) + math.log(rate) - math.log1p(-rate)
    terms = first + np.concatenate([[0.0], np.cumsum(ratios)])
    top = float(terms.max())
    return min(1.0, math.exp(top) * float(np.exp(terms - top).sum()))


def mean_above(values: Array, bound: float, units: NDArray[np.int64] | None = None) -> float:
    """One-sided p-value that the mean of `values` is no larger than `bound`; cluster-robust with `units`.

    Student's t through Wallace's normal approximation, which is within 0.001 for 10 or more units. 1 when the values
    do not vary. Source: D. L. Wallace, Annals of Mathematical Statistics 30, 1959.
    """
    mean = float(values.mean())
    residuals = values - mean
    by_unit = residuals if units is None else np.bincount(units, weights=residuals)
    count = by_unit.size
    spread = float((by_unit**2).sum())
    if count < 2 or spread == 0:
        return 1.0
    t = (mean - bound) * values.size / math.sqrt(count / (count - 1) * spread)
    freedom = count - 1
    z = math.sqrt(freedom * math.log1p(t * t / freedom)) * (8 * freedom + 1) / (8 * freedom + 3)
    return NormalDist().cdf(-math.copysign(z, t))


def mean_interval(values: Array, units: NDArray[np.int64] | None) -> tuple[float, float] | None:
    """95 % interval of the mean of `values`; cluster-robust with `units`; None when they do not vary."""
    mean = float(values.mean())
    residuals = values - mean
    by_unit = residuals if units is None else np.bincount(units, weights=residuals)
    count, spread = by_unit.size, float((by_unit**2).sum())
    if count < 2 or spread == 0:
        return None
    reach = student_quantile(count - 1) * math.sqrt(count / (count - 1) * spread) / values.size
    return mean - reach, mean + reach


def gap_by_chance(sizes: list[float], spread: float, draws: int, seed: int) -> Array:
    """Largest differences (draws,) between group means when no group differs: `sizes` are independent units, `spread`
    the standard deviation of one. Normal, which holds for the group sizes that are compared at all."""
    generator = np.random.default_rng(seed)
    means = generator.standard_normal((draws, len(sizes))) * (spread / np.sqrt(np.array(sizes)))
    largest: Array = means.max(axis=1) - means.min(axis=1)
    return largest
