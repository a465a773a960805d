"""One feature held against the target: how well it tells it alone, and what it is suspected of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from governance.dataset import ColumnType
from governance.manifest import SnapshotColumn

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.single_feature import Skill
    from governance.reporting.labelled_sample import LabelledSample

PLAUSIBLE = 0.8
"""Skill that a single honest feature may well have: the lower bound of a suspicious one lies above."""
WEAK = 0.5
"""Below this skill, its bounds are not asked for."""
Kind = Literal["repeats", "cut", "far_above", "strong"]


@dataclass(frozen=True)
class Suspect:
    """A feature that says nearly everything about the target."""

    column: str
    kind: Kind
    skill: Skill
    agreeing: int | None
    """Rows in which it says what the target says; None unless it repeats the target's coding."""
    rows: int
    """Rows that it was judged on."""
    rest: Skill | None = None
    """Skill of all other features together (but those that repeat the target), out of fold; None when not asked."""
    mark: str = ""
    """Of a text or an image, what in it tells the target; the rest is then what is left of it, and all other features."""
    gaps: bool = False
    """Whether it repeats the target where it has a value, and has none in other rows."""
    frequent: bool = False
    """Whether it was judged on rows of the frequent classes alone."""


def near_certain(near_deterministic: float) -> float:
    """The skill from which a feature that is far above the others counts as leaking: half as far from 1."""
    return 1 - (1 - near_deterministic) / 2


def judge(
    judged: LabelledSample, column: SnapshotColumn, near_deterministic: float, level: float
) -> tuple[Skill, Suspect | None]:
    """The feature's skill, with bounds of one-sided confidence `level` unless it is weak, and what it is suspected of."""
    import numpy as np

    from governance.measures import single_feature as single
    from governance.measures.encoding import to_numbers
    from governance.measures.smooth_feature import classes_by_mean, values_by_curve

    series, known = judged.frame[column.name], judged.known
    rows = known.label.size
    encodings = _encodings(series, column, rows)
    numeric = to_numbers(series) if column.type.numeric or series.dtype.is_temporal() else None
    if known.classes:
        labels = known.label.astype(np.int64)
        missing = series.is_null().to_numpy().astype(np.int64)
        for codes in (*encodings[:1], missing):  # that a value is missing may say it all
            same = single.recoding(codes, labels, len(known.classes))
            if same is not None and single.class_skill(same, labels) >= near_deterministic:
                skill = single.class_interval(same, labels, judged.groups, level)
                if skill.low >= PLAUSIBLE:
                    return skill, Suspect(column.name, "repeats", skill, int(same.sum()), rows)
        known_rows = missing == 0
        if encodings and not known_rows.all():
            # A copy of the target with gaps says nothing there, and all of it elsewhere.
            codes, there = encodings[0][known_rows], labels[known_rows]
            same = single.recoding(codes, there, len(known.classes))
            if same is not None and single.class_skill(same, there) >= near_deterministic:
                groups = None if judged.groups is None else judged.groups[known_rows]
                skill = single.class_interval(same, there, groups, level)
                if skill.low >= PLAUSIBLE and _same_classes(there, labels):
                    return skill, Suspect(column.name, "repeats", skill, int(same.sum()), rows, gaps=True)
        rights = [
            single.predicted_classes(codes, labels, judged.folds, len(known.classes)) == labels for codes in encodings
        ]
        if numeric is not None:
            rights.append(classes_by_mean(numeric, labels, judged.folds, len(known.classes)) == labels)
        right = max(rights, key=lambda r: single.class_skill(r, labels), default=np.zeros(rows, dtype=bool))
        value = single.class_skill(right, labels) if rights else 0.0
        if value < WEAK:
            return single.Skill(value, 0.0, 1.0), None
        skill = single.class_interval(right, labels, judged.groups, level)
        if value < near_deterministic:
            return skill, None
        if skill.low >= PLAUSIBLE and numeric is not None and _cut(judged, numeric):
            return skill, Suspect(column.name, "cut", skill, None, rows)
    else:
        target = known.label.astype(np.float64)
        units = rows if judged.groups is None else len(set(judged.groups.tolist()))
        for same in () if numeric is None else (single.on_a_line(numeric, target), single.same_order(numeric, target)):
            if same is not None and same.mean() >= 0.95:
                skill = single.Skill(float(same.mean()), *_bounds(same, judged.groups, level))
                if skill.low >= PLAUSIBLE:
                    return skill, Suspect(column.name, "repeats", skill, int(same.sum()), rows)
        guesses = [single.predicted_values(codes, target, judged.folds) for codes in encodings]
        guesses += [] if numeric is None else [values_by_curve(numeric, target, judged.folds)]
        value = max((single.value_skill(guess, target) for guess in guesses), default=0.0)
        skill = single.value_interval(value, units, level)
        if value < near_certain(near_deterministic):
            return skill, None
    return skill, Suspect(column.name, "strong", skill, None, rows) if skill.low >= PLAUSIBLE else None


def _same_classes(some: NDArray[np.int64], labels: NDArray[np.int64]) -> bool:
    """Whether the classes that are counted in all rows are in `some` of them."""
    from governance.measures.single_feature import counted_classes

    return set(counted_classes(labels).tolist()) <= set(counted_classes(some).tolist())


def _encodings(series: pl.Series, column: SnapshotColumn, rows: int) -> list[NDArray[np.int64]]:
    """The feature's values as level numbers, each row one: its levels when they repeat, and bins of numbers."""
    from governance.measures.encoding import to_numbers, value_codes
    from governance.measures.single_feature import COARSE, FINEST, binned, fine_bins, level_codes

    found = []
    ranks = series.cast(str) if series.dtype.is_temporal() else series
    codes = level_codes(value_codes(ranks) + 1, rows)
    if codes is not None:
        found.append(codes)
    if column.type.numeric or column.type in {ColumnType.DATE, ColumnType.DATETIME}:
        numbers = to_numbers(series)
        found += [binned(numbers, bins) for bins in sorted({COARSE, fine_bins(rows), fine_bins(rows, FINEST)})]
    return found


def _cut(judged: LabelledSample, numbers: NDArray[np.float64]) -> bool:
    """Whether the classes were cut from `numbers` (rows,), NaN for missing: sharper than overlapping classes could be."""
    import numpy as np

    from governance.measures.sharp_cut import CHANCE, chance_of_cut

    known = np.isfinite(numbers)
    # Rows of one independent unit lie where they do together.
    weight = judged.units / judged.labels.size
    return weight * chance_of_cut(numbers[known], judged.labels[known]) <= math.log(CHANCE)


def _bounds(same: NDArray[np.bool_], groups: NDArray[np.int64] | None, level: float) -> tuple[float, float]:
    """Bounds of one-sided confidence `level` for a share of rows."""
    from governance.measures.intervals import wilson, wilson_of_groups

    if groups is None:
        return wilson(int(same.sum()), same.size, 2 * level - 1)
    return wilson_of_groups(same, groups, 2 * level - 1)
