"""What holds within groups of rows: evidence that few groups still give, where each holds more than one class.

A property of whole groups, as a device's place of use, tells nothing within them. What tells the classes apart within a
group is no such property, and the group's rows are evidence for it; whether it holds in further groups is another
question, which only groups answer.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from governance.measures.intervals import wilson_share
from governance.measures.ranks import mid_ranks
from governance.measures.single_feature import Skill, counted_classes, on_a_line

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
LEAST_RANKED = 3
"""Rows of a group from which on their order says anything."""
RANK_TOLERANCE = 0.01
"""Ranks within a group agree when they differ by no more than this share of its rows."""


def other_classes(labels: Codes, groups: Codes) -> Floats:
    """(rows,) the share of each row's group that is of other classes than it: 0 in groups of one class.

    With two classes, recalls weighted by it give the risk difference of N. Mantel and W. Haenszel (Journal of the National
    Cancer Institute 22, 1959; S. Greenland, J. Robins, Biometrics 41, 1985): 0 for whatever is constant within groups.
    """
    _, group = np.unique(groups, return_inverse=True)
    classes = int(labels.max(initial=0)) + 1
    cell = group * classes + labels
    return np.asarray(1 - np.bincount(cell)[cell] / np.bincount(group)[group], dtype=np.float64)


def class_interval_within(right: NDArray[np.bool_], labels: Codes, groups: Codes, level: float) -> Skill:
    """Class skill within `groups` (rows,) with bounds of one-sided confidence `level`, for these groups alone.

    As `single_feature.class_interval`, with rows weighted by `other_classes` and as many of them as L. Kish's effective
    sample size (Survey Sampling, 1965). Bounds are 0 and 1 where a class has no row in a group with others.
    """
    kept = counted_classes(labels)
    weights = other_classes(labels, groups)
    recalls, below, above = [], 0.0, 0.0
    for label in kept.tolist():
        weight = weights * (labels == label)
        total = float(weight.sum())
        if total == 0:
            return Skill(0.0, 0.0, 1.0)
        share = float(weight @ right) / total
        low, high = wilson_share(share, total**2 / float(weight @ weight), 2 * level - 1)
        recalls.append(share)
        below += (share - low) ** 2
        above += (high - share) ** 2
    if kept.size < 2:
        return Skill(0.0, 0.0, 1.0)
    scale = 1 / (kept.size * (1 - 1 / kept.size))
    value = (float(np.mean(recalls)) - 1 / kept.size) / (1 - 1 / kept.size)
    return Skill(value, value - scale * math.sqrt(below), min(value + scale * math.sqrt(above), 1.0))


def mixed_groups(labels: Codes, groups: Codes) -> Codes:
    """The groups (numbers in `groups`) that hold rows of more than one class."""
    return np.unique(groups[other_classes(labels, groups) > 0])


def agreeing_groups(right: NDArray[np.bool_], labels: Codes, groups: Codes, least: float) -> int:
    """In how many groups of more than one class the mean recall of their classes, rescaled so that a guess among these is
    0, is `least` or more."""
    count = 0
    for group in mixed_groups(labels, groups).tolist():
        here = groups == group
        there = np.unique(labels[here])
        recall = np.mean([right[here & (labels == label)].mean() for label in there.tolist()])
        count += float((recall - 1 / there.size) / (1 - 1 / there.size)) >= least
    return count


def same_within(numbers: Floats, target: Floats, groups: Codes) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """In which rows a number says within its group what the target says there, and which rows can be asked, both (rows,).

    Asked are groups of LEAST_RANKED known values or more in which the target varies. It says the same where distances
    from the group's medians lie on one line for all groups, or ranks within the groups agree, in one direction for all.
    """
    asked = np.zeros(numbers.size, dtype=bool)
    ascending, descending = asked.copy(), asked.copy()
    x, y = np.full(numbers.size, np.nan), np.zeros(numbers.size)
    known = np.isfinite(numbers)
    for group in np.unique(groups).tolist():
        rows = np.flatnonzero((groups == group) & known)
        if rows.size < LEAST_RANKED or np.ptp(target[rows]) == 0:
            continue
        asked[rows] = True
        x[rows] = numbers[rows] - np.median(numbers[rows])
        y[rows] = target[rows] - np.median(target[rows])
        reach = max(RANK_TOLERANCE * rows.size, 0.5)
        of_target = mid_ranks(target[rows])
        ascending[rows] = np.abs(mid_ranks(numbers[rows]) - of_target) <= reach
        descending[rows] = np.abs(mid_ranks(-numbers[rows]) - of_target) <= reach
    found = [ascending, descending]
    if asked.any() and (line := on_a_line(x[asked], y[asked])) is not None:
        straight = np.zeros(numbers.size, dtype=bool)
        straight[asked] = line
        found.append(straight)
    return max(found, key=lambda same: int(same.sum())), asked
