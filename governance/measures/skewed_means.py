"""The interval of a mean of numbers that may be skewed.

Student's interval leaves out the mean of skewed numbers too often on the side of the long tail. Hall's cubic transformation
takes the skewness out of Student's t; as the skewness that few numbers show is too small, Hazen's factor enlarges it. The
interval reaches as far as the farther of both on either side, so it is never shorter than Student's.

Sources: P. Hall, On the Removal of Skewness by Transformation, JRSS B 54, 1992; X.-H. Zhou, P. Dinh, Nonparametric Confidence
Intervals for the One- and Two-Sample Problems, Biostatistics 6, 2005; for the factor 1 + 8.5 / n A. Hazen, Flood Flows, 1930,
and B. Bobee, R. Robitaille, Correction of Bias in the Estimation of the Coefficient of Skewness, Water Resources Res. 11, 1975.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from governance.measures.intervals import Interval, mean_interval


def skewed_mean_interval(
    values: NDArray[np.float64], units: NDArray[np.int64] | None = None, level: float = 0.95
) -> Interval:
    """Interval of the mean of `values` (rows,), in their unit; with `units` (rows,) cluster-robust, skewness between units.

    `(nan, nan)` below two units. Raises ValueError on NaN.
    """
    low, high = mean_interval(values, groups=units, level=level)
    if not low < high:
        return low, high
    mean = float(values.mean())
    residuals = values - mean
    if units is not None:
        codes = np.unique(units, return_inverse=True)[1]
        residuals = np.bincount(codes, weights=residuals).astype(np.float64)
    reach = (high - low) / 2
    below, above = _stretches(residuals / np.abs(residuals).max(), reach, level)
    return mean - max(reach, below), mean + max(reach, above)


def _stretches(residuals: NDArray[np.float64], reach: float, level: float) -> tuple[float, float]:
    """How far Hall's interval lies below and above the mean; `residuals` (units,), `reach` that of Student's interval."""
    from governance.measures.special_functions import stdtrit

    count = residuals.size
    quantile = float(stdtrit(count - 1, 0.5 + level / 2))
    skewness = float((residuals**3).mean()) / float((residuals**2).mean()) ** 1.5 * (1 + 8.5 / count)
    if abs(skewness) < 1e-6:
        return reach, reach
    bend = skewness / math.sqrt(count)
    lower, upper = (3 / bend * (math.cbrt(1 + bend * (t - bend / 6)) - 1) for t in (quantile, -quantile))
    return lower / quantile * reach, -upper / quantile * reach
