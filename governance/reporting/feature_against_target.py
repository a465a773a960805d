"""One feature held against the target: how well it tells it alone, and what it is suspected of."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from governance.dataset import ColumnType
from governance.manifest import SnapshotColumn

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.single_feature import Skill
    from governance.reporting.labelled_sample import Agreement, LabelledSample

PLAUSIBLE = 0.8
"""Skill that a single honest feature may well have: the lower bound of a suspicious one lies above."""
WEAK = 0.5
"""Below this skill, its bounds are not asked for."""
Kind = Literal["repeats", "finer", "cut", "far_above", "strong"]


@dataclass(frozen=True)
class Suspect:
    """A feature that says nearly everything about the target."""

    column: str
    kind: Kind
    skill: Skill
    agreeing: int | None
    """Rows in which it says what the target says; None unless it repeats the target's coding, or divides it further."""
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
    beside: tuple[str, ...] = ()
    """Features that leak as it does, and that the rest is without as well: they hide each other."""
    one_class: bool = False
    """Whether it tells one class from all others, and not the classes from each other."""
    coded: bool = False
    """Whether its levels tell the classes, or the heaps that a number falls into: its errors lie at no border of them."""
    within: Agreement | None = None
    """In how many groups it does so, where groups are so few that this was asked within them alone."""


def near_certain(near_deterministic: float) -> float:
    """The skill from which a number that is far above the others counts as leaking: half as far from 1. Of an honest one
    the errors lie where classes meet; those of a code lie anywhere, as wrong labels do, and it needs no more."""
    return 1 - (1 - near_deterministic) / 2


def judge(
    judged: LabelledSample, column: SnapshotColumn, near_deterministic: float, level: float
) -> tuple[Skill, Suspect | None]:
    """The feature's skill, with bounds of one-sided confidence `level` unless it is weak, and what it is suspected of."""
    import numpy as np

    from governance.measures import feature_codes
    from governance.measures import single_feature as single
    from governance.measures.encoding import value_codes
    from governance.measures.smooth_feature import classes_by_mean, values_by_curve
    from governance.reporting.repeated_target import repeats_target

    series, known = judged.frame[column.name], judged.known
    rows = known.label.size
    encodings = encodings_of(series, column, rows)
    numeric = numbers_of(series, column)
    coded = False
    if (repeated := repeats_target(judged, series, encodings, numeric, near_deterministic, level)) is not None:
        return repeated.skill, repeated
    if known.classes:
        labels = known.label.astype(np.int64)
        heaped = heaps_of(series, column)
        given = [*encodings, *heaped]
        rights = [
            single.predicted_classes(codes, labels, judged.folds, len(known.classes)) == labels for codes in given
        ]
        levels_of = rights[len(encodings) :] if counted(column) else rights
        coded = any(single.class_skill(right, labels) >= near_deterministic for right in levels_of)
        if numeric is not None:
            rights.append(classes_by_mean(numeric, labels, judged.folds, len(known.classes)) == labels)
        right = max(rights, key=lambda r: single.class_skill(r, labels), default=np.zeros(rows, dtype=bool))
        value = single.class_skill(right, labels) if rights else 0.0
        if value < WEAK:
            return single.Skill(value, 0.0, 1.0), None
        skill = judged.class_interval(right, level)
        if min(value, skill.value) < near_deterministic:
            return skill, None
        if skill.low >= PLAUSIBLE and numeric is not None and _cut(judged, numeric, judged.labels):
            return skill, Suspect(column.name, "cut", skill, None, rows)
    else:
        target = known.label.astype(np.float64)
        guesses = [single.predicted_values(codes, target, judged.folds) for codes in encodings]
        guesses += [] if numeric is None else [values_by_curve(numeric, target, judged.folds)]
        value = max((single.value_skill(guess, target) for guess in guesses), default=0.0)
        skill = single.value_interval(value, judged.units, level)
        levels = feature_codes.level_codes(value_codes(series) + 1, rows)
        if (
            levels is not None
            and max(value, _of_ranks(judged, levels)) >= WEAK
            and _cut(judged, _of_frequent(levels, target), levels)
        ):
            return skill, Suspect(column.name, "cut", skill, None, rows)
        if value < near_certain(near_deterministic):
            return skill, None
    if skill.low < PLAUSIBLE:
        return skill, None
    within = judged.agreement(right, PLAUSIBLE) if known.classes else None
    return skill, Suspect(column.name, "strong", skill, None, rows, coded=coded, within=within)


def divides_classes(
    judged: LabelledSample, column: SnapshotColumn, suspect: Suspect, near_deterministic: float
) -> Suspect | None:
    """`suspect`, a feature that levels tell the target by, as one whose levels are classes divided further; None when not."""
    import numpy as np

    from governance.measures.encoding import to_numbers, value_codes
    from governance.measures.finer_coding import coded_order, finer_coding

    if not suspect.coded or not judged.known.classes:
        return None
    series, labels = judged.frame[column.name], judged.labels
    values = value_codes(series) + 1
    units = values
    if judged.groups is not None and not judged.within:  # rows of one independent unit say the same, and count once
        once = np.unique(np.stack([values, labels, judged.groups]), axis=1)
        units, labels = once[0], once[1]
    if finer_coding(units, labels, near_deterministic) is None:
        return None
    if counted(column) and not coded_order(values, to_numbers(series), judged.labels):
        return None
    same = finer_coding(values, judged.labels, near_deterministic)
    return None if same is None else replace(suspect, kind="finer", agreeing=int(same.sum()))


def _of_ranks(judged: LabelledSample, levels: NDArray[np.int64]) -> float:
    """How much of the order of a target of numbers its `levels` tell, of which its highest values rule no squares."""
    import numpy as np

    from governance.measures import single_feature as single

    ranks = np.argsort(np.argsort(judged.known.label, kind="stable"), kind="stable").astype(np.float64)
    return single.value_skill(single.predicted_values(levels, ranks, judged.folds), ranks)


def _of_frequent(levels: NDArray[np.int64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """`target` (rows,), NaN where the level is missing or has too few rows to show where it ends, as the highest bands."""
    import numpy as np

    from governance.measures.single_feature import MIN_CLASS_ROWS

    return np.where((levels > 0) & (np.bincount(levels) >= MIN_CLASS_ROWS)[levels], target, np.nan)


def encodings_of(
    series: pl.Series, column: SnapshotColumn, rows: int, *, coarse: bool = False
) -> list[NDArray[np.int64]]:
    """The feature's values as level numbers, each row one: its levels when they repeat, of words the rare ones as
    one where most do not, and then parts of codes; and bins of numbers, of these only the few large ones if `coarse`."""
    from governance.measures.encoding import to_numbers, value_codes
    from governance.measures.feature_codes import COARSE, FINEST, binned_each, fine_bins, level_codes, pooled
    from governance.reporting.parts_of_codes import parts_of
    from governance.reporting.telling_identifiers import NEARLY_ALL

    found = []
    values = value_codes(series) + 1
    is_counted = counted(column)
    codes = level_codes(values if is_counted else pooled(values), rows)
    if codes is not None:
        found.append(codes)
    names_rows = not column.nulls and series.n_unique() >= NEARLY_ALL * rows  # asked by telling_identifiers
    if not is_counted and not names_rows and level_codes(values, rows) is None:
        found += parts_of(series)
    if is_counted:
        numbers = to_numbers(series)
        sizes = {COARSE} if coarse else {COARSE, fine_bins(rows), fine_bins(rows, FINEST)}
        found += binned_each(numbers, sorted(sizes))
    return found


def counted(column: SnapshotColumn) -> bool:
    """Whether its values are numbers or dates, which lie nearer to and farther from each other."""
    return column.type.numeric or column.type in {ColumnType.DATE, ColumnType.DATETIME}


def heaps_of(series: pl.Series, column: SnapshotColumn) -> list[NDArray[np.int64]]:
    """The heaps (rows,) that numbers or dates fall into, as level numbers; nothing where they fall into none."""
    from governance.measures.encoding import to_numbers
    from governance.measures.heaps import heaps

    found = heaps(to_numbers(series)) if counted(column) else None
    return [] if found is None else [found]


def numbers_of(series: pl.Series, column: SnapshotColumn) -> NDArray[np.float64] | None:
    """Numbers and dates, NaN for missing; the number within strings such as `12.50 EUR`; None for other values."""
    from governance.measures.encoding import to_numbers, written_numbers

    if column.type.numeric or series.dtype.is_temporal():
        return to_numbers(series)
    return written_numbers(series) if column.type is ColumnType.STRING else None


def _cut(judged: LabelledSample, numbers: NDArray[np.float64], classes: NDArray[np.int64]) -> bool:
    """Whether `classes` (rows,) were cut from `numbers` (rows,), NaN for missing: sharper than overlapping ones could be."""
    import numpy as np

    from governance.measures.sharp_cut import CHANCE, chance_of_cut

    known = np.isfinite(numbers)
    # Rows of one independent unit lie where they do together.
    weight = judged.units / classes.size
    return weight * chance_of_cut(numbers[known], classes[known]) <= math.log(CHANCE)
