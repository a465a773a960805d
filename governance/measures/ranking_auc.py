"""Area under the curve with an interval, for rows or for groups of rows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from governance.measures.intervals import normal_quantile
from governance.measures.ranks import mid_ranks

Array = NDArray[np.float64]


def auc_influence(score: Array, positive: NDArray[np.bool_]) -> tuple[float, Array]:
    """The area under the curve of `score` (n,), ties counted half, and what each row contributes to its error (n,).

    NaN and zeros when either class is empty.
    Source: E. DeLong, D. DeLong, D. Clarke-Pearson, Biometrics 44, 1988, whose components these are.
    """
    m, n = int(positive.sum()), int((~positive).sum())
    if m == 0 or n == 0:
        return math.nan, np.zeros(score.size)
    ranks = mid_ranks(score)
    above, below = mid_ranks(score[positive]), mid_ranks(score[~positive])
    influence = np.zeros(score.size)
    won = (ranks[positive] - above) / n  # share of negatives that each positive beats
    lost = 1 - (ranks[~positive] - below) / m
    area = float(won.mean())
    influence[positive] = (won - area) / m
    influence[~positive] = (lost - area) / n
    return area, influence


def macro_auc(
    scores: Array, label: NDArray[np.int64], groups: NDArray[np.int64] | None = None, level: float = 0.95
) -> tuple[float, float, float]:
    """Mean over classes of the area under each one's curve, with its interval; `scores` (n, classes).

    For two classes it is the usual area. With `groups` (n,) whole groups are the units. The interval is on the logit
    scale, so that it stays between 0 and 1; `(nan, nan, nan)` with fewer than two classes.
    """
    classes = [number for number in range(scores.shape[1]) if (label == number).any()]
    if len(classes) < 2:
        return math.nan, math.nan, math.nan
    found = [auc_influence(scores[:, number], label == number) for number in classes]
    area = float(np.mean([one for one, _ in found]))
    influence = np.mean([own for _, own in found], axis=0)
    if groups is not None:
        _, code = np.unique(groups, return_inverse=True)
        influence = np.bincount(code, weights=influence)
    count = influence.size
    error = math.sqrt(count / max(count - 1, 1) * float((influence**2).sum()))
    if area in {0.0, 1.0} or error == 0:
        # No spread to measure: by the rule of three, no more than 3 in so many rows are ranked otherwise.
        reach = min(1.0, 3 / min(int((label == number).sum()) for number in classes))
        return area, max(0.0, area - reach), min(1.0, area + reach)
    reach = normal_quantile(level) * error / (area * (1 - area))
    centre = math.log(area / (1 - area))
    return area, 1 / (1 + math.exp(min(reach - centre, 700))), 1 / (1 + math.exp(max(-centre - reach, -700)))


def binned_scores(bins: NDArray[np.int64], label: NDArray[np.int64], folds: NDArray[np.int64], classes: int) -> Array:
    """Share of each class among rows of the same bin in the other folds, (n, classes); bins from 0."""
    width, parts = int(bins.max(initial=0)) + 1, int(folds.max(initial=0)) + 1
    cell = (folds * width + bins) * classes + label
    counts = np.bincount(cell, minlength=parts * width * classes).reshape(parts, width, classes).astype(np.float64)
    others = counts.sum(axis=0)[None] - counts
    base = others.sum(axis=1, keepdims=True) / np.maximum(others.sum(axis=(1, 2), keepdims=True), 1)
    shares = (others + base) / (others.sum(axis=2, keepdims=True) + 1)
    return np.asarray(shares[folds, bins], dtype=np.float64)
