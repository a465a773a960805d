"""What a number says about the target by a smooth rule, out of fold: beside bins, which lose a row wherever two classes
meet within one, and in few rows are either coarse or noisy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.rest_of_row import discriminant
from governance.measures.single_feature import predicted_classes, predicted_values, ridge_values

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
KNOTS = 7
"""Places, at even shares of the rows, at which the curve of a number may bend."""


def classes_by_mean(numbers: Floats, labels: Codes, folds: Codes, classes: int) -> Codes:
    """The class whose mean in the other folds is nearest to each row's number; what is missing (NaN) is a level."""
    known = np.isfinite(numbers)
    told = predicted_classes(known.astype(np.int64), labels, folds, classes)
    if known.any() and np.ptp(numbers[known]) > 0:
        x = _scaled(numbers[known])
        fitted = discriminant(x[:, None], labels[known], classes, folds[known])
        told[known] = fitted.evidence(np.arange(x.size)).argmax(axis=1)
    return told


def classes_by_cut(score: Floats, labels: Codes, folds: Codes) -> Codes:
    """Which of two classes (0 and 1) each row's score tells: 1 above the cut that serves mean recall best in the other
    folds. A score needs to rank the rows well for it, and no more: of a rare class few models know how likely it is."""
    told = np.zeros(labels.size, dtype=np.int64)
    order = np.argsort(score, kind="stable")
    for fold in np.unique(folds).tolist():
        learnt = order[folds[order] != fold]
        one = labels[learnt] == 1
        below = np.cumsum(~one) / max(int((~one).sum()), 1) - np.cumsum(one) / max(int(one.sum()), 1)
        last = np.append(np.diff(score[learnt]) > 0, True)  # equal scores lie on one side of a cut
        cut = int(np.where(last, below, -1.0).argmax())
        edge = (score[learnt[cut]] + score[learnt[min(cut + 1, learnt.size - 1)]]) / 2
        told[folds == fold] = score[folds == fold] > edge
    return told


def values_by_curve(numbers: Floats, target: Floats, folds: Codes) -> Floats:
    """The target of each row by a line of the number that bends at KNOTS places, fitted on the other folds (ridge
    regression on hinges); the mean of those for what is missing (NaN)."""
    known = np.isfinite(numbers)
    told = predicted_values(known.astype(np.int64), target, folds)
    if known.any() and np.ptp(numbers[known]) > 0:
        x = _scaled(numbers[known])
        knots = np.unique(np.quantile(x, np.linspace(0, 1, KNOTS + 2)[1:-1]))
        hinges = np.column_stack([x, np.maximum(x[:, None] - knots, 0.0)])
        told[known] = ridge_values(hinges, target[known], folds[known])
    return told


def _scaled(numbers: Floats) -> Floats:
    """Numbers (finite, not all equal) of mean 0 and variance 1."""
    return np.asarray((numbers - numbers.mean()) / numbers.std(), dtype=np.float64)
