"""Outliers: rows whose nearest neighbours are farther away than in data of this shape they should be.

The measure is the mean distance of a row's k nearest neighbours (F. Angiulli and C. Pizzuti, PKDD 2002). A row is
flagged when that is beyond Tukey's outer fence of all rows, which adapts to the data, and also beyond what jointly
normal data with the same covariance and as many rows would reach, which keeps the tails of ordinary data unflagged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIMULATED_ROWS = 2000
"""Rows of the normal data that is drawn for comparison; its tail is extended to the number of real rows."""
_TAIL = 0.1


@dataclass(frozen=True)
class Outliers:
    """How far each row is from the others."""

    distance: NDArray[np.float64]
    """(rows,) mean distance of the nearest neighbours."""
    threshold: float
    typical: float
    """Median of `distance`."""
    score: NDArray[np.float64]
    """(rows,) distance / (distance + threshold): above 0.5 exactly when flagged."""
    flagged: NDArray[np.bool_]


def neighbour_outliers(
    distance: NDArray[np.float64], vectors: NDArray[np.float32], *, false_alarms: float = 0.5, seed: int = 0
) -> Outliers | None:
    """Outliers by the `distance` (rows, k) of each row's nearest neighbours among `vectors` (rows, d).

    In jointly normal data, `false_alarms` rows are expected to be flagged in the whole dataset. None when more than
    half the rows lie on copies of themselves, so that there is no typical distance.
    """
    mean = distance.mean(axis=1)
    typical = float(np.median(mean))
    if typical <= 0:
        return None
    quarter, three_quarters = np.quantile(mean, [0.25, 0.75])
    fence = three_quarters + 3 * (three_quarters - quarter)
    normal = typical * normal_reach(vectors, distance.shape[1], len(mean), false_alarms=false_alarms, seed=seed)
    threshold = float(max(fence, normal))
    return Outliers(mean, threshold, typical, mean / (mean + threshold), mean > threshold)


def normal_reach(vectors: NDArray[np.float32], k: int, rows: int, *, false_alarms: float = 0.5, seed: int = 0) -> float:
    """How far the farthest of `rows` jointly normal rows would be, as a multiple of the median neighbour distance.

    Normal rows with the covariance of `vectors` are drawn; beyond their upper tenth, the logarithm of the distance is
    continued as an exponential tail.
    """
    deviations = np.sqrt(np.maximum(np.linalg.eigvalsh(_covariance(vectors)), 0))
    count = max(min(rows, SIMULATED_ROWS), 50)
    sample = np.random.default_rng(seed).normal(size=(count, deviations.size)) * deviations
    mean = _mean_distance(sample, min(k, count - 1))
    reach = np.log(mean / np.median(mean))
    start = float(np.quantile(reach, 1 - _TAIL))
    slope = float((reach[reach > start] - start).mean())
    return float(np.exp(start + slope * np.log(max(rows * _TAIL / false_alarms, 1.0))))


def _covariance(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    return np.asarray(centred.T @ centred / len(centred), dtype=np.float64)


def _mean_distance(sample: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    squares = (sample**2).sum(axis=1)
    squared = np.maximum(squares[:, None] + squares[None, :] - 2 * sample @ sample.T, 0)
    np.fill_diagonal(squared, np.inf)
    nearest = np.partition(squared, k - 1, axis=1)[:, :k]
    return np.asarray(np.sqrt(nearest).mean(axis=1), dtype=np.float64)
