"""The tail of a weighted sum of chi-squared variables: what quadratic forms of normal differences are under the null."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def weighted_chi_squared_tail(value: float, weights: NDArray[np.float64]) -> float:
    """P(sum of weights x chi-squared with one degree of freedom >= value), by the saddlepoint approximation.

    Source: D. Kuonen, Saddlepoint approximations for distributions of quadratic forms in normal variables,
    Biometrika 86, 1999. Within a few per cent in the tail.
    """
    weights = weights[weights > weights.max(initial=0.0) * 1e-9]
    if weights.size == 0 or value <= 0:
        return 1.0
    if np.allclose(weights, weights[0], rtol=1e-9):
        from governance.measures.special_functions import chdtrc

        return float(chdtrc(weights.size, value / weights[0]))
    mean = float(weights.sum())
    if abs(value - mean) < 1e-5 * mean:  # the formula is 0 / 0 at the mean
        value = mean * (1 + 1e-5)
    top = float(weights.max())
    low, high = -weights.size / (2 * value) - 1.0 / top, 0.5 / top * (1 - 1e-13)
    for _ in range(200):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if float((weights / (1 - 2 * middle * weights)).sum()) < value:
            low = middle
        else:
            high = middle
    point = (low + high) / 2
    rest = 1 - 2 * point * weights
    w = math.copysign(math.sqrt(max(2 * (point * value + 0.5 * float(np.log(rest).sum())), 1e-300)), point)
    v = point * math.sqrt(2 * float(((weights / rest) ** 2).sum()))
    from governance.measures.special_functions import ndtr

    return float(min(1.0, max(0.0, ndtr(-(w + math.log(v / w) / w)))))
