"""Fences: how far a number may lie from the middle half of its column before it stands out.

Source: J. Tukey, Exploratory Data Analysis, 1977: outer fences lie three interquartile ranges beyond the quartiles.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

OUTER = 3.0
FAR = 1.5
"""Ranges of the middle nine tenths beyond it, from where on a number counts as one that lies there."""


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


def drawn_in(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """`values` (n,), finite, those farther from the middle nine tenths than FAR times their range put there.

    So a value in other units or with a digit too many, which would rule every square, counts as a large one, and long
    tails nearly stay as they are: of a lognormal variable with a spread of 1 six values in 1,000 are drawn in. As they
    are where nine tenths are one value.
    Source: W. Dixon, J. Tukey, Approximate Behavior of the Distribution of Winsorized t, Technometrics 10, 1968.
    """
    low, high = np.quantile(values, [0.05, 0.95]) if values.size else (0.0, 0.0)
    reach = FAR * (high - low)
    return np.clip(values, low - reach, high + reach) if 0 < reach < np.inf else values
