"""Ranks, without the second of CPU time that importing scipy.stats takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def mid_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1 of `values` (n,), or of each column of (n, d); equal values share the mean of their ranks.

    Values are finite. As scipy.stats.rankdata with method "average".
    """
    if values.ndim == 2:
        return np.column_stack([mid_ranks(column) for column in values.T]) if values.size else np.zeros(values.shape)
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if values.size else order
    last = np.append(first[1:], values.size)
    ranks = np.empty(values.size)
    ranks[order] = np.repeat(0.5 * (first + 1 + last), last - first) if values.size else 0.0
    return ranks
