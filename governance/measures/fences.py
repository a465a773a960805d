"""Fences: how far a number may lie from the middle half of its column before it stands out.

Source: J. Tukey, Exploratory Data Analysis, 1977: outer fences lie three interquartile ranges beyond the quartiles.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

OUTER = 3.0


def beyond_fences(values: NDArray[np.float64], width: float = OUTER) -> NDArray[np.bool_] | None:
    """Which of `values` (n,), NaN allowed, lie beyond the fences; None when half of them are one value or missing.

    With no spread in the middle half every other value would stand out, so nothing can be said.
    """
    known = values[np.isfinite(values)]
    if known.size == 0:
        return None
    low, high = np.quantile(known, [0.25, 0.75])
    reach = width * (high - low)
    if reach <= 0:
        return None
    with np.errstate(invalid="ignore"):
        beyond = (values < low - reach) | (values > high + reach)
    return np.asarray(beyond, dtype=np.bool_)
