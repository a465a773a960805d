"""What one feature alone says about the target: how well it predicts it out of fold, and whether it repeats its coding.

Skill is the share of what is possible above chance: 0 for a guess, 1 for a feature that gives the target away. For
classes it is the mean recall over classes, rescaled so that chance is 0 (Youden's J for two classes), so that a common
class does not hide what is told of a rare one. Rare ones can hide what is told of the common ones in turn, as five
spellings of two answers do: `frequent_classes` are those to be asked by themselves too. For numbers it is R squared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.feature_codes import numbered
from governance.measures.intervals import wilson, wilson_of_groups

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
MIN_CLASS_ROWS = 10
"""Smaller classes are not counted: their recall could be anything."""
FREQUENT = 0.25
"""Classes are frequent from this share of the rows of the second largest on, so that there always are two."""
LINE_TOLERANCE = 0.005
"""A value lies on the line when it misses it by no more than this share of the target's interquartile range."""
RANK_TOLERANCE = 0.01
"""Ranks agree when they differ by no more than this share of the rows."""


@dataclass(frozen=True)
class Skill:
    """Skill with a one-sided lower and a one-sided upper bound of the same level."""

    value: float
    low: float
    high: float


def predicted_classes(codes: Codes, labels: Codes, folds: Codes, classes: int) -> Codes:
    """The class that each row's level tells, learnt from the other folds; -1 for a level that they do not hold.

    Of a level's classes the one that is most over-represented is told, so that mean recall is what is aimed at.
    """
    level, levels = numbered(codes)
    count = int(folds.max(initial=0)) + 1
    cells = np.bincount((level * count + folds) * classes + labels, minlength=levels * count * classes)
    held = cells.reshape(levels, count, classes)
    learnt = held.sum(axis=1, keepdims=True) - held
    sizes = np.maximum(learnt.sum(axis=0, keepdims=True), 1)
    best = np.where(learnt.sum(axis=2) > 0, (learnt / sizes).argmax(axis=2), -1)
    return np.asarray(best[level, folds], dtype=np.int64)


def told_classes(codes: Codes, labels: Codes, classes: int) -> Floats:
    """(classes,) the most that a rule on `codes` (level numbers) can reach in telling each class from all others, as
    recall of the class and of the others less 1 (Youden's J), in the same rows; 0 for a class without rows, or alone."""
    level, levels = numbered(codes)
    table = np.bincount(level * classes + labels, minlength=levels * classes).reshape(levels, classes)
    sizes = table.sum(axis=0)
    own = table / np.maximum(sizes, 1)
    others = (table.sum(axis=1, keepdims=True) - table) / np.maximum(labels.size - sizes, 1)
    found = np.maximum(own - others, 0.0).sum(axis=0)
    return np.asarray(np.where((sizes > 0) & (sizes < labels.size), found, 0.0), dtype=np.float64)


def predicted_values(codes: Codes, target: Floats, folds: Codes) -> Floats:
    """The mean target of each row's level in the other folds; the mean of all of them for a level they do not hold."""
    level, levels = numbered(codes)
    count = int(folds.max(initial=0)) + 1
    cell = level * count + folds
    sums = np.bincount(cell, weights=target, minlength=levels * count).reshape(levels, count)
    sizes = np.bincount(cell, minlength=levels * count).reshape(levels, count)
    rest, rest_size = sums.sum(axis=1, keepdims=True) - sums, sizes.sum(axis=1, keepdims=True) - sizes
    overall = rest.sum(axis=0) / np.maximum(rest_size.sum(axis=0), 1)
    mean = np.where(rest_size > 0, rest / np.maximum(rest_size, 1), overall)
    return np.asarray(mean[level, folds], dtype=np.float64)


def ridge_values(matrix: Floats, target: Floats, folds: Codes) -> Floats:
    """Each row's target by ridge regression on `matrix` (rows, features), fitted on the other folds."""
    found = np.empty(target.size)
    for fold in np.unique(folds).tolist():
        learn, held = folds != fold, folds == fold
        middle, level = matrix[learn].mean(axis=0), target[learn].mean()
        x = matrix[learn] - middle
        weights = np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ (target[learn] - level))
        found[held] = (matrix[held] - middle) @ weights + level
    return found


def counted_classes(labels: Codes) -> Codes:
    """Classes of at least MIN_CLASS_ROWS rows."""
    return np.flatnonzero(np.bincount(labels) >= MIN_CLASS_ROWS)


def frequent_classes(labels: Codes) -> Codes:
    """Classes of at least FREQUENT times the rows of the second largest; all of them with fewer than two."""
    sizes = np.bincount(labels)
    second = int(np.sort(sizes)[-2]) if sizes.size > 1 else 0
    return np.flatnonzero(sizes >= max(FREQUENT * second, 1))


def class_skill(right: NDArray[np.bool_], labels: Codes) -> float:
    """Mean recall over the counted classes, rescaled so that a guess is 0; 0 with fewer than two of them."""
    kept = counted_classes(labels)
    if kept.size < 2:
        return 0.0
    recall = np.bincount(labels, weights=right)[kept] / np.bincount(labels)[kept]
    return float((recall.mean() - 1 / kept.size) / (1 - 1 / kept.size))


def class_interval(right: NDArray[np.bool_], labels: Codes, groups: Codes | None, level: float) -> Skill:
    """Class skill with bounds of one-sided confidence `level`; `groups` (rows,) when rows are not independent.

    Wilson's interval of each class's recall, joined by the method of variance estimates recovery
    (G. Y. Zou, A. Donner, Statistics in Medicine 27, 2008).
    """
    kept = counted_classes(labels)
    if kept.size < 2:
        return Skill(0.0, 0.0, 1.0)
    below, above = 0.0, 0.0
    for label in kept.tolist():
        rows = labels == label
        share = float(right[rows].mean())
        two_sided = 2 * level - 1
        if groups is None:
            low, high = wilson(int(right[rows].sum()), int(rows.sum()), two_sided)
        else:
            low, high = wilson_of_groups(right[rows], groups[rows], two_sided)
        below += (share - low) ** 2
        above += (high - share) ** 2
    scale = 1 / (kept.size * (1 - 1 / kept.size))
    value = class_skill(right, labels)
    return Skill(value, value - scale * math.sqrt(below), min(value + scale * math.sqrt(above), 1.0))


def value_skill(predicted: Floats, target: Floats) -> float:
    """R squared of a prediction; 0 when the target does not vary."""
    total = float(((target - target.mean()) ** 2).sum())
    return 1 - float(((target - predicted) ** 2).sum()) / total if total > 0 else 0.0


def value_interval(skill: float, units: int, level: float) -> Skill:
    """R squared with bounds from Fisher's transformation of its root, for `units` independent units."""
    from statistics import NormalDist

    root = math.sqrt(min(max(skill, 0.0), 1 - 1e-12))
    if units < 5:
        return Skill(skill, 0.0, 1.0)
    reach = NormalDist().inv_cdf(level) / math.sqrt(units - 3)
    middle = math.atanh(root)
    return Skill(skill, math.tanh(max(middle - reach, 0.0)) ** 2, math.tanh(middle + reach) ** 2)


def recoding(codes: Codes, labels: Codes, classes: int) -> NDArray[np.bool_] | None:
    """In which rows the feature says what the target says, in another coding; None when it has no such coding.

    There is one when each counted class has a level of its own that most of its rows have, and most rows of that
    level are of that class. Levels beside these agree with nothing.
    """
    _, level = np.unique(codes, return_inverse=True)
    levels = int(level.max(initial=-1)) + 1
    kept = counted_classes(labels)
    if kept.size < 2 or levels < kept.size:
        return None
    table = np.bincount(level * classes + labels, minlength=levels * classes).reshape(levels, classes)
    own = table.argmax(axis=0)
    shares = table / np.maximum(table.sum(axis=0), 1)
    if np.unique(own[kept]).size < kept.size or not (shares[own[kept]].argmax(axis=1) == kept).all():
        return None
    return np.asarray(np.isin(labels, kept) & (level == own[labels]), dtype=bool)


def on_a_line(numbers: Floats, target: Floats) -> NDArray[np.bool_] | None:
    """In which rows the target is the same straight function of the feature; None when there is no such line.

    Tukey's resistant line through the outer thirds, then least squares of the values near it, so that a few other
    values do not turn it.
    """
    known = np.isfinite(numbers)
    if known.sum() < 30:
        return None
    x, y = numbers[known], target[known]
    low, high = np.quantile(x, [1 / 3, 2 / 3])
    left, right = x <= low, x >= high
    run = float(np.median(x[right]) - np.median(x[left]))
    spread = float(np.subtract(*np.quantile(y, [0.75, 0.25])))
    if run <= 0 or spread <= 0 or left.all() or right.all():
        return None
    slope = float(np.median(y[right]) - np.median(y[left])) / run
    if slope == 0:
        return None
    rest = y - slope * x
    missed = np.abs(rest - np.median(rest))
    for tolerance in (0.25, 0.05, 0.01):  # other values still turn the first line a little: fit it to those near it
        near = missed <= tolerance * spread
        if near.sum() < 3 or np.ptp(x[near]) == 0:
            break
        middle_x, middle_y = x[near].mean(), y[near].mean()
        centred = x[near] - middle_x
        slope = float((centred * (y[near] - middle_y)).sum() / (centred**2).sum())
        missed = np.abs(y - middle_y - slope * (x - middle_x))
    agree = np.zeros(numbers.size, dtype=bool)
    agree[known] = missed <= LINE_TOLERANCE * spread
    return agree


def same_order(numbers: Floats, target: Floats) -> NDArray[np.bool_] | None:
    """In which rows feature and target have the same rank, from below or from above; None when few values differ."""
    known = np.isfinite(numbers)
    if known.sum() < 30 or np.unique(target[known]).size * 10 < known.sum():
        return None
    x, y = _ranks(numbers[known]), _ranks(target[known])
    best = np.zeros(numbers.size, dtype=bool)
    for ranks in (x, x.size + 1 - x):
        agree = np.zeros(numbers.size, dtype=bool)
        agree[known] = np.abs(ranks - y) <= max(RANK_TOLERANCE * x.size, 0.5)
        best = agree if agree.sum() > best.sum() else best
    return best


def _ranks(values: Floats) -> Floats:
    """Ranks from 1; equal values share their mean rank."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[place], dtype=np.float64)
