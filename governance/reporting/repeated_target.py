"""Whether a feature says what the target says, in another coding or on another scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.reporting.feature_against_target import PLAUSIBLE, Suspect
from governance.reporting.labelled_sample import Agreement

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.reporting.labelled_sample import LabelledSample

SAME = 0.95
"""Share of the rows with a value in which a number says what the target says."""
LEAST_AGREEING = 2
"""Within groups that are few, so many must agree where not every row does: one alone may be an episode of its own."""
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
        skill = judged.class_interval(same, level, rows)
        if skill.value < near_deterministic:
            continue
        # Of a rare class there are too few rows to bound its recall; where no row of thousands differs, none is needed.
        if skill.low >= PLAUSIBLE or (bool(same.all()) and enough_units(judged, rows)):
            agreement = judged.agreement(same, PLAUSIBLE, rows)
            if agreement is not None and agreement.agreeing < LEAST_AGREEING and not same.all():
                continue
            return Suspect(
                series.name, "repeats", skill, int(same.sum()), labels.size, gaps=rows is known, within=agreement
            )
    return None


def enough_units(judged: LabelledSample, rows: NDArray[np.bool_]) -> bool:
    """Whether each class in `rows` has enough independent units to be counted; within groups, rows of those with others."""
    import numpy as np

    from governance.measures.single_feature import MIN_CLASS_ROWS
    from governance.measures.within_groups import other_classes

    if judged.groups is None:
        return True
    labels, units = judged.labels[rows], judged.groups[rows]
    counted = np.ones(labels.size, dtype=bool)
    if judged.within:
        counted, units = other_classes(labels, units) > 0, np.arange(labels.size)
    return all(
        np.unique(units[counted & (labels == label)]).size >= MIN_CLASS_ROWS for label in np.unique(labels).tolist()
    )


def _numbers(judged: LabelledSample, name: str, numbers: NDArray[np.float64], level: float) -> Suspect | None:
    import numpy as np

    from governance.measures import single_feature as single

    target = judged.known.label.astype(np.float64)
    known = np.isfinite(numbers)
    if int(known.sum()) < min(LEAST_VALUES, target.size):
        return None
    groups = None if judged.groups is None else judged.groups[known]
    if judged.within and groups is not None:
        return _numbers_within(name, numbers[known], target[known], groups, target.size, level)
    for same in (single.on_a_line(numbers, target), single.same_order(numbers, target)):
        if same is None or same[known].mean() < SAME:
            continue
        skill = single.Skill(float(same[known].mean()), *_bounds(same[known], groups, level))
        if skill.low >= PLAUSIBLE:
            return Suspect(name, "repeats", skill, int(same.sum()), target.size, gaps=not known.all())
    return None


def _numbers_within(
    name: str,
    numbers: NDArray[np.float64],
    target: NDArray[np.float64],
    groups: NDArray[np.int64],
    rows: int,
    level: float,
) -> Suspect | None:
    """The same of known `numbers` where groups are few: it must hold in all rows together, and within the groups."""
    import numpy as np

    from governance.measures import single_feature as single
    from governance.measures.intervals import wilson
    from governance.measures.within_groups import same_within

    overall = [single.on_a_line(numbers, target), single.same_order(numbers, target)]
    if not any(same is not None and same.mean() >= SAME for same in overall):
        return None
    same, asked = same_within(numbers, target, groups)
    if int(asked.sum()) < LEAST_VALUES or same[asked].mean() < SAME:
        return None
    share = float(same[asked].mean())
    skill = single.Skill(share, *wilson(int(same[asked].sum()), int(asked.sum()), 2 * level - 1))
    there = np.unique(groups[asked])
    agreeing = sum(bool(same[asked & (groups == group)].mean() >= PLAUSIBLE) for group in there.tolist())
    if skill.low < PLAUSIBLE or agreeing < LEAST_AGREEING:
        return None
    agreement = Agreement(agreeing, there.size, np.unique(groups).size)
    at = max((one for one in overall if one is not None), key=lambda one: int(one.sum()))
    return Suspect(name, "repeats", skill, int(at.sum()), rows, gaps=numbers.size < rows, within=agreement)


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
