"""Whether marked rows of a list stand together, as rows that were added at one time do in a file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import gammaln

BY_CHANCE = 1e-4
"""Chance that marks in random places stand in so few runs, below which they stand together."""


def stand_together(marked: NDArray[np.bool_]) -> bool:
    """Whether the marks of a list (rows,) stand in fewer runs than chance would leave.

    Of n rows with m marks, k runs have the chance C(m - 1, k - 1) C(n - m + 1, k) / C(n, m).

    Source: A. Wald, J. Wolfowitz. On a Test Whether Two Samples are from the Same Population. Annals of Mathematical
    Statistics 11, 1940.
    """
    rows, marks = marked.size, int(marked.sum())
    if not 0 < marks < rows:
        return False
    runs = int(marked[0]) + int((marked[1:] & ~marked[:-1]).sum())
    k = np.arange(1, runs + 1)
    k = k[k <= rows - marks + 1]
    chance = np.exp(_choose(marks - 1, k - 1) + _choose(rows - marks + 1, k) - _choose(rows, np.array(marks)))
    return bool(chance.sum() < BY_CHANCE)


def _choose(n: int, k: NDArray[np.int64]) -> NDArray[np.float64]:
    """Logarithm of the number of ways to choose k of n."""
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1), dtype=np.float64)
