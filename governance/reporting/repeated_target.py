"""Whether a feature says what the target says, in another coding or on another scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.reporting.feature_against_target import PLAUSIBLE, Suspect

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.reporting.labelled_sample import LabelledSample

SAME = 0.95
"""Share of the rows with a value in which a number says what the target says."""
LEAST_VALUES = 50
"""A number with gaps is compared from so many values on."""


def repeats_target(
    judged: LabelledSample,
    series: pl.Series,
    encodings: list[NDArray[np.int64]],
    numbers: NDArray[np.float64] | None,
    near_deterministic: float,
    level: float,
) -> Suspect | None:
    """The feature `series` as one that repeats the target, or None.

    `encodings`: its values as level numbers (rows,), levels first; `numbers` (rows,) its values, NaN for missing; the
    skill has bounds of one-sided confidence `level`.
    """
    if judged.known.classes:
        return _classes(judged, series, encodings, near_deterministic, level)
    return None if numbers is None else _numbers(judged, series.name, numbers, level)


def _classes(
    judged: LabelledSample,
    series: pl.Series,
    encodings: list[NDArray[np.int64]],
    near_deterministic: float,
    level: float,
) -> Suspect | None:
    import numpy as np

    from governance.measures import single_feature as single

    labels = judged.labels
    missing = series.is_null().to_numpy().astype(np.int64)
    known = missing == 0
    every = np.ones(labels.size, dtype=bool)
    asked = [(codes, every) for codes in (*encodings[:1], missing)]  # that a value is missing may say it all
    if encodings and not known.all():
        asked.append((encodings[0], known))  # a copy with gaps says nothing there, and all of it elsewhere
    for codes, rows in asked:
        there = labels[rows]
        if not _same_classes(there, labels):
            continue
        same = single.recoding(codes[rows], there, len(judged.known.classes))
        if same is None or single.class_skill(same, there) < near_deterministic:
            continue
        groups = None if judged.groups is None else judged.groups[rows]
        skill = single.class_interval(same, there, groups, level)
        # Of a rare class there are too few rows to bound its recall; where no row of thousands differs, none is needed.
        if skill.low >= PLAUSIBLE or (bool(same.all()) and _enough_units(there, groups)):
            return Suspect(series.name, "repeats", skill, int(same.sum()), labels.size, gaps=rows is known)
    return None


def _enough_units(labels: NDArray[np.int64], groups: NDArray[np.int64] | None) -> bool:
    """Whether each class has enough independent units to be counted."""
    import numpy as np

    from governance.measures.single_feature import MIN_CLASS_ROWS

    if groups is None:
        return True
    return all(np.unique(groups[labels == label]).size >= MIN_CLASS_ROWS for label in np.unique(labels).tolist())


def _numbers(judged: LabelledSample, name: str, numbers: NDArray[np.float64], level: float) -> Suspect | None:
    import numpy as np

    from governance.measures import single_feature as single

    target = judged.known.label.astype(np.float64)
    known = np.isfinite(numbers)
    if int(known.sum()) < min(LEAST_VALUES, target.size):
        return None
    groups = None if judged.groups is None else judged.groups[known]
    for same in (single.on_a_line(numbers, target), single.same_order(numbers, target)):
        if same is None or same[known].mean() < SAME:
            continue
        skill = single.Skill(float(same[known].mean()), *_bounds(same[known], groups, level))
        if skill.low >= PLAUSIBLE:
            return Suspect(name, "repeats", skill, int(same.sum()), target.size, gaps=not known.all())
    return None


def _same_classes(some: NDArray[np.int64], labels: NDArray[np.int64]) -> bool:
    """Whether the classes that are counted in all rows are in `some` of them."""
    from governance.measures.single_feature import counted_classes

    return set(counted_classes(labels).tolist()) <= set(counted_classes(some).tolist())


def _bounds(same: NDArray[np.bool_], groups: NDArray[np.int64] | None, level: float) -> tuple[float, float]:
    """Bounds of one-sided confidence `level` for a share of rows."""
    from governance.measures.intervals import wilson, wilson_of_groups

    if groups is None:
        return wilson(int(same.sum()), same.size, 2 * level - 1)
    return wilson_of_groups(same, groups, 2 * level - 1)
