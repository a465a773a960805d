"""Bootstrap of statistics that are functions of totals: means, ratios of sums, all that a confusion matrix tells.

Only the totals are drawn, never the rows, so that a thousand draws cost little at any number of rows.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

EXACT_UNITS = 20_000
"""Up to here units are drawn with replacement. Beyond, totals are drawn from the normal distribution with their mean
and covariance, which the bootstrap of so many units follows anyway."""


def totals_by_unit(contributions: NDArray[np.float64], units: NDArray[np.int64] | None) -> NDArray[np.float64]:
    """Sums of `contributions` (rows, statistics) per independent unit; `units` (rows,) numbers them from 0."""
    if units is None:
        return contributions
    count = int(units.max()) + 1 if units.size else 0
    columns = [np.bincount(units, weights=column, minlength=count) for column in contributions.T]
    return np.stack(columns, axis=1) if columns else np.zeros((count, 0))


def resampled_totals(contributions: NDArray[np.float64], draws: int, seed: int) -> NDArray[np.float64]:
    """Totals (draws, statistics) of bootstrap samples of the units that have `contributions` (units, statistics).

    Deterministic for a given order of units. Source: B. Efron, Annals of Statistics 7, 1979.
    """
    generator = np.random.default_rng(seed)
    count = contributions.shape[0]
    if count > EXACT_UNITS:
        covariance = np.atleast_2d(np.cov(contributions, rowvar=False)) * count
        mean = contributions.sum(axis=0)
        # A singular covariance is expected: some totals are constant, or sums of others.
        return generator.multivariate_normal(mean, covariance, size=draws, method="eigh", check_valid="ignore")
    drawn = np.empty((draws, contributions.shape[1]))
    for draw in range(draws):
        times = np.bincount(generator.integers(0, count, count), minlength=count)
        drawn[draw] = times @ contributions
    return drawn


def percentile_interval(values: NDArray[np.float64], units: int, level: float = 0.95) -> tuple[float, float] | None:
    """The middle of the drawn `values`, a little more than `level` of them because `units` are few.

    None when more than a tenth are not finite, all are the same, or there are fewer than two units.
    Source: expanded percentile interval, T. Hesterberg, The American Statistician 69, 2015.
    """
    finite = values[np.isfinite(values)]
    if finite.size < 0.9 * values.size or finite.size == 0 or units < 2:
        return None
    outside = NormalDist().cdf(-math.sqrt(units / (units - 1)) * student_quantile(units - 1, level))
    low, high = np.quantile(finite, [outside, 1 - outside])
    return None if np.isclose(low, high, rtol=1e-9, atol=1e-12) else (float(low), float(high))


def normal_quantile(level: float = 0.95) -> float:
    """Half width of a two-sided normal interval in standard errors: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


def student_quantile(freedom: int, level: float = 0.95) -> float:
    """Half width of a two-sided interval of Student's t in standard errors: 2.05 for 28 degrees of freedom and 0.95.

    By a normal approximation, within 1 % for 4 degrees of freedom or more; the exact one needs a library that takes
    longer to import than an evaluation may. Source: D. L. Wallace, Annals of Mathematical Statistics 30, 1959.
    """
    z = normal_quantile(level) * (8 * freedom + 3) / (8 * freedom + 1)
    return math.sqrt(freedom * math.expm1(z * z / freedom))
