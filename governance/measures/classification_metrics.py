"""How well classes are predicted: measures of a confusion matrix, of probabilities, and of a ranking.

A confusion matrix holds rows by true class (second to last axis) and predicted class (last axis); leading axes hold
draws. Compared with scikit-learn in the tests; written here because its import takes longer than an evaluation may.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from governance.measures.intervals import wilson, wilson_of_groups
from governance.measures.resampling import normal_quantile, resampled_totals, totals_by_unit

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Interval = tuple[float, float]

SMALLEST_PROBABILITY = 1e-15
"""Probabilities are moved this far from 0 before their logarithm, so that one certain mistake is not infinite."""


def confusion_matrix(label: Codes, predicted: Codes, classes: int) -> Array:
    """Rows by true and predicted class, (classes, classes)."""
    cells = np.bincount(label * classes + predicted, minlength=classes * classes)
    return cells.reshape(classes, classes).astype(np.float64)


def resampled_confusions(
    label: Codes, predicted: Codes, classes: int, units: Codes | None, draws: int, seed: int
) -> Array:
    """Confusion matrices (draws, classes, classes) of bootstrap samples; whole `units` are drawn where given."""
    cell = label * classes + predicted
    present, position = np.unique(cell, return_inverse=True)
    if units is None:
        counts = np.bincount(position, minlength=present.size)
        drawn = np.random.default_rng(seed).multinomial(label.size, counts / label.size, size=draws).astype(np.float64)
    else:
        one_hot = np.zeros((label.size, present.size))
        one_hot[np.arange(label.size), position] = 1.0
        drawn = resampled_totals(totals_by_unit(one_hot, units), draws, seed)
    result = np.zeros((draws, classes * classes))
    result[:, present] = drawn
    return result.reshape(draws, classes, classes)


def recalls(confusion: Array) -> Array:
    """Share of the rows of each class that is predicted as it, (..., classes); NaN for a class without rows."""
    return _ratio(_diagonal(confusion), confusion.sum(axis=-1))


def precisions(confusion: Array) -> Array:
    """Share of the rows predicted as each class that is of it; NaN for a class that is never predicted."""
    return _ratio(_diagonal(confusion), confusion.sum(axis=-2))


def f1_scores(confusion: Array) -> Array:
    """Harmonic mean of precision and recall per class; NaN for a class that neither occurs nor is predicted."""
    return _ratio(2 * _diagonal(confusion), confusion.sum(axis=-1) + confusion.sum(axis=-2))


def accuracy(confusion: Array) -> Array:
    """Share of rows that are predicted right, (...)."""
    return _ratio(_diagonal(confusion).sum(axis=-1), confusion.sum(axis=(-1, -2)))


def balanced_accuracy(confusion: Array) -> Array:
    """Mean recall over the classes that have rows. Source: K. H. Brodersen et al., ICPR 2010."""
    mean: Array = np.nanmean(recalls(confusion), axis=-1)
    return mean


def macro_f1(confusion: Array) -> Array:
    """Mean F1 over the classes that occur or are predicted."""
    mean: Array = np.nanmean(f1_scores(confusion), axis=-1)
    return mean


def macro_f1_redrawn(matrix: Array, drawn: Array) -> Array:
    """Macro F1 (draws,) of redraws of `matrix`, each over the classes that `matrix` averages over.

    NaN where a redraw has no row of a class that has some: a mean over the others answers another question, and is far
    higher where the class that is missing is the one that is never found.
    """
    rows, counted = matrix.sum(axis=-1), np.isfinite(f1_scores(matrix))
    # What is predicted and never occurs scores nothing in any redraw.
    scores = np.where(rows == 0, 0.0, f1_scores(drawn))
    scores[(drawn.sum(axis=-1) <= 0) & (rows > 0)] = np.nan
    mean: Array = scores[:, counted].mean(axis=-1)
    return mean


def fewest_units(label: Codes, units: Codes | None) -> int:
    """Rows of the rarest class that has some; groups that have rows of it where rows come in `units`."""
    pairs = label if units is None else np.unique(np.stack([label, units]), axis=1)[0]
    return int(np.unique(pairs, return_counts=True)[1].min())


def share_interval(right: NDArray[np.bool_], units: Codes | None) -> Interval:
    """95 % interval of the share of true values in `right`: Wilson's, by `units` where rows are not independent."""
    if units is None:
        return wilson(int(right.sum()), right.size)
    return wilson_of_groups(right, units)


def balanced_accuracy_interval(label: Codes, predicted: Codes, classes: int, units: Codes | None) -> Interval:
    """95 % interval: Wilson's, with the number of rows that would give one share the same variance.

    Recalls are shrunk by one success and one failure for the variance alone, so that it does not vanish when every
    row of a class is right. With `units` it is divided by the measured design effect (Rao and Scott).
    """
    rows = np.bincount(label, minlength=classes)
    right = (label == predicted).astype(np.float64)
    hits = np.bincount(label, weights=right, minlength=classes)
    present = rows > 0
    count, n, hit = int(present.sum()), rows[present], hits[present]
    value, shrunk = float((hit / n).mean()), (hit + 1) / (n + 2)
    middle, variance = float(shrunk.mean()), float((shrunk * (1 - shrunk) / n).sum()) / count**2
    effective = middle * (1 - middle) / variance
    if units is not None:
        effective /= _design_effect((right - (hits / np.maximum(rows, 1))[label]) / rows[label], units)
    return share_of_effective(value, effective)


def share_of_effective(share: float, n: float, level: float = 0.95) -> Interval:
    """Wilson's interval for a share that rests on `n` independent units, which need not be a whole number."""
    z = normal_quantile(level)
    centre, spread = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if share <= 0 else max(0.0, (centre - spread) / scale)
    return low, 1.0 if share >= 1 else min(1.0, (centre + spread) / scale)


def _design_effect(influence: Array, units: Codes) -> float:
    """Variance of a sum of `influence` by units over that by rows, 1 at least. Rows per unit when nothing varies."""
    by_unit = np.bincount(units, weights=influence)
    by_row = float((influence**2).sum())
    if by_row == 0:
        return units.size / by_unit.size
    return max(1.0, by_unit.size / max(by_unit.size - 1, 1) * float((by_unit**2).sum()) / by_row)


def log_losses(label: Codes, probabilities: Array) -> Array:
    """Minus the natural logarithm of the probability given to the true class, per row."""
    given = probabilities[np.arange(label.size), label]
    return -np.log(np.clip(given, SMALLEST_PROBABILITY, 1.0))


def brier_scores(label: Codes, probabilities: Array) -> Array:
    """Squared distance between probabilities and truth per row: 0 to 1 for two classes (that of the positive class
    alone), 0 to 2 for more. Source: G. W. Brier, Monthly Weather Review 78, 1950."""
    truth = np.zeros_like(probabilities)
    truth[np.arange(label.size), label] = 1.0
    squared: Array = ((probabilities - truth) ** 2).sum(axis=1)
    return squared / 2 if probabilities.shape[1] == 2 else squared


def roc_auc(positive: NDArray[np.bool_], score: Array) -> tuple[float, Array]:
    """Probability that a positive row scores above a negative one (ties count half), and each row's influence on it.

    The influences (rows,) sum to 0; the sum of their squares is the variance (DeLong's). NaN without both classes.
    Source: E. R. DeLong et al., Biometrics 44, 1988; ranks as in X. Sun and W. Xu, IEEE Signal Processing Letters 21,
    2014; for units as in N. A. Obuchowski, Biometrics 53, 1997.
    """
    positives, negatives = int(positive.sum()), int((~positive).sum())
    influence = np.zeros(score.size)
    if positives == 0 or negatives == 0:
        return math.nan, influence
    ranks = _midranks(score)
    placement_of_positives = (ranks[positive] - _midranks(score[positive])) / negatives
    placement_of_negatives = 1 - (ranks[~positive] - _midranks(score[~positive])) / positives
    area = float(placement_of_positives.mean())
    # n - 1 where DeLong divides by it; a class of one row has no spread to measure.
    influence[positive] = (placement_of_positives - area) / math.sqrt(positives * max(positives - 1, 1))
    influence[~positive] = (placement_of_negatives - area) / math.sqrt(negatives * max(negatives - 1, 1))
    return area, influence


def roc_auc_interval(area: float, influence: Array, units: Codes | None) -> Interval | None:
    """95 % interval on the logit scale, which stays within 0 and 1; None when `area` is 0, 1 or has no spread."""
    per_unit = influence if units is None else np.bincount(units, weights=influence)
    count = per_unit.size
    variance = float((per_unit**2).sum())
    if units is not None and count > 1:
        variance *= count / (count - 1)
    if not 0 < area < 1 or variance <= 0 or count < 2:
        return None
    reach = normal_quantile() * math.sqrt(variance) / (area * (1 - area))
    logit = math.log(area / (1 - area))
    return 1 / (1 + math.exp(reach - logit)), 1 / (1 + math.exp(-reach - logit))


def _midranks(values: Array) -> Array:
    """Ranks from 1; equal values share the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Array = ((last - counts + 1 + last) / 2)[inverse]
    return ranks


def _diagonal(confusion: Array) -> Array:
    return np.diagonal(confusion, axis1=-2, axis2=-1)


def _ratio(part: Array, whole: Array) -> Array:
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    ratio: Array = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return ratio
