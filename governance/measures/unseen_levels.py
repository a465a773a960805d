"""Levels that a first sample does not have at all: how surprising is it that a second one has so many rows of them?

A test that takes both margins as given (R. A. Fisher's) gives away most of what is known when the first sample has no
rare level: the vocabulary looks closed. Without that condition the chance of what was seen is at most the largest over
all shares that the unseen levels could have (G. A. Barnard, Significance Tests for 2 x 2 Tables, Biometrika 34, 1947).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHARES = 400
"""Shares that are tried; between two of them the chance hardly changes."""
FEWEST = 5
"""Rows of unseen levels below which nothing is said."""


def unseen_levels_p_value(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """The largest chance, over all shares, of no row of the unseen levels in `first` and so many in `second`.

    Counts (levels,) of independent rows. 1 when `first` has some level in fewer rows than `second` has of unseen ones: then
    rare levels are to be expected, and nothing follows from another one.
    """
    from governance.measures.special_functions import bdtrc, xlog1py

    n, m = int(first.sum()), int(second.sum())
    unseen = int(second[first == 0].sum())
    if unseen < FEWEST or n == 0 or float(first[first > 0].min()) < unseen:
        return 1.0
    shares = np.linspace(0, min(1.0, 3 * unseen / m), SHARES + 2)[1:-1]
    return float(min(1.0, (np.exp(xlog1py(n, -shares)) * bdtrc(unseen - 1, m, shares)).max()))
