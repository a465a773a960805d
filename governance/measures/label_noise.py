"""Label noise: how surprising a given label is beside a prediction by a model that did not learn from it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

WINDOW = 100
"""Rows around a prediction from which the local size of errors is measured."""


@dataclass(frozen=True)
class Residuals:
    """Errors of a regression in units of what is usual for such a prediction."""

    standardised: NDArray[np.float64]
    """(rows,) (label - predicted) over the local scale, sign kept."""
    scale: NDArray[np.float64]
    """(rows,) the robust standard deviation of errors at such a prediction, in the target's unit."""
    threshold: float
    """Size of a standardised error beyond which a row is flagged."""
    flagged: NDArray[np.bool_]


def standardised_residuals(
    label: NDArray[np.float64], predicted: NDArray[np.float64], *, false_alarms: float = 0.5
) -> Residuals:
    """Errors over their local robust scale, and which are too large for normal noise.

    The scale is 1.4826 times the median absolute error of the WINDOW rows with the nearest predictions, so that noise
    may grow with the prediction. In clean data with normal noise `false_alarms` rows are expected to be flagged in
    the whole dataset; heavier tails give more. Raises ValueError below two rows.
    """
    rows = label.size
    if rows < 2:
        raise ValueError(f"{rows} rows; a scale needs at least two")
    error = label - predicted
    scale = _local_scale(np.abs(error), predicted)
    floor = 1e-9 * max(float(np.abs(label).max()), 1e-300)
    standardised = error / np.maximum(scale, floor)
    threshold = NormalDist().inv_cdf(1 - min(false_alarms / rows, 0.5) / 2)
    # A median of WINDOW rows is itself uncertain; allowing for that keeps the false alarms where they should be.
    threshold *= 1 + 1.5 / np.sqrt(min(rows, WINDOW))
    return Residuals(standardised, scale, float(threshold), np.abs(standardised) > threshold)


def _local_scale(size: NDArray[np.float64], predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Robust scale per row: the median over the rows around it in order of prediction, equal predictions alike."""
    rows = size.size
    order = np.lexsort((size, predicted))
    width = min(WINDOW, rows)
    windows = np.lib.stride_tricks.sliding_window_view(size[order], width)
    medians = np.median(windows, axis=1)
    start = np.clip(np.arange(rows) - width // 2, 0, rows - width)
    local = np.empty(rows)
    local[order] = medians[start]
    # Where a window has no error at all (predictions that repeat labels), the whole dataset's scale speaks.
    overall = float(np.median(size))
    return 1.4826 * np.where(local > 0, local, overall)


def counts_by_class(given: NDArray[np.int64], suggested: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """(classes, classes) rows by given (first axis) and suggested class."""
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (given, suggested), 1)
    return counts


def only_classes(
    label: NDArray[np.int64], probabilities: NDArray[np.float64], kept: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Rows of the `kept` classes: their positions, their labels renumbered, and probabilities over kept classes.

    A row for which the models gave all probability to other classes gets equal shares: nothing is known of it.
    """
    rows = np.flatnonzero(np.isin(label, kept))
    inside = probabilities[np.ix_(rows, kept)]
    sums = inside.sum(axis=1, keepdims=True)
    shares = np.where(sums > 0, inside / np.where(sums > 0, sums, 1.0), 1 / kept.size)
    return rows, np.searchsorted(kept, label[rows]).astype(np.int64), shares


def likeliest_other(label: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    """The most probable class of each row beside its label; the first of equals."""
    others = probabilities.copy()
    others[np.arange(label.size), label] = -1.0
    return np.asarray(others.argmax(axis=1), dtype=np.int64)
