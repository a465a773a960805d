"""How far predicted numbers are from the true ones, with intervals, and compared with always answering the mean.

Every measure here is a function of a few totals over rows, so one bootstrap of the totals serves them all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.resampling import resampled_totals, totals_by_unit

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def contributions(label: Array, predicted: Array, baseline: float) -> Array:
    """Per row: 1, error, absolute error, squared error, label, squared label, absolute and squared error of
    `baseline`; (rows, 8). Labels are taken from `baseline` first, so that squares keep their digits."""
    error = predicted - label
    centred = label - baseline
    columns = [np.ones_like(error), error, abs(error), error**2, centred, centred**2, abs(centred), centred**2]
    return np.stack(columns, axis=1)


def resampled(rows: Array, units: Codes | None, draws: int, seed: int) -> Array:
    """Totals (draws, 8) of bootstrap samples of `rows`; whole `units` are drawn where given."""
    return resampled_totals(totals_by_unit(rows, units), draws, seed)


def mean_absolute_error(totals: Array) -> Array:
    """Mean distance between predicted and true, in the target's unit. `totals` (..., 8)."""
    return _ratio(totals[..., 2], totals[..., 0])


def root_mean_squared_error(totals: Array) -> Array:
    """Root of the mean squared error, in the target's unit; large errors weigh more."""
    return np.sqrt(np.clip(_ratio(totals[..., 3], totals[..., 0]), 0, None))


def mean_error(totals: Array) -> Array:
    """Mean of predicted minus true, in the target's unit: above 0 when predictions are too high."""
    return _ratio(totals[..., 1], totals[..., 0])


def r_squared(totals: Array) -> Array:
    """Share of the target's variance within these rows that the predictions explain; below 0 when they do harm.
    NaN when all labels are the same."""
    spread = totals[..., 5] - _ratio(totals[..., 4] ** 2, totals[..., 0])
    return 1 - _ratio(totals[..., 3], np.where(spread > 1e-12 * np.abs(totals[..., 5]), spread, 0.0))


def baseline_mean_absolute_error(totals: Array) -> Array:
    """Mean absolute error of always answering the baseline."""
    return _ratio(totals[..., 6], totals[..., 0])


def baseline_root_mean_squared_error(totals: Array) -> Array:
    """Root mean squared error of always answering the baseline."""
    return np.sqrt(np.clip(_ratio(totals[..., 7], totals[..., 0]), 0, None))


def skill(totals: Array) -> Array:
    """1 minus the ratio of squared errors of model and baseline: 0 is no better than the baseline, 1 is perfect.
    Source: A. H. Murphy, Monthly Weather Review 116, 1988."""
    return 1 - _ratio(totals[..., 3], totals[..., 7])


def _ratio(part: Array, whole: Array) -> Array:
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    ratio: Array = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return ratio
