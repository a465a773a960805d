"""What all features but some say about the target together, out of fold: what a single feature is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.reporting.labelled_sample import FOLDS, without
from governance.signals import Absent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from governance.adapters.scikit_learn import Features
    from governance.measures.single_feature import Skill
    from governance.measures.telling_words import Held
    from governance.reporting.labelled_sample import LabelledSample
    from governance.snapshot import Snapshot

REST_ROWS = 20_000
"""The model of all other features learns from no more rows."""
CONFIDENCE = 0.95
"""One-sided."""
TIMES = 3
"""A feature is far above all others together when they miss this many times as much of what is possible."""
LEAST_MISS = 0.01


def far_above(skill: Skill, rest: Skill) -> bool:
    """Whether the others are sure to miss many times as much of what is possible."""
    return rest.high <= 1 - TIMES * max(1 - skill.value, LEAST_MISS)


def other_features(snapshot: Snapshot, sample: LabelledSample, left_out: set[str], skill: Skill) -> Skill:
    """Skill of all features but `left_out`, to be held against `skill`; 0 when there are none."""
    from governance.measures.single_feature import Skill as Result
    from governance.signals.features import make_features

    part = sample.part(REST_ROWS)
    others = without(snapshot, left_out)
    made = make_features(others, part.frame)
    if isinstance(made, Absent):
        return Result(0.0, 0.0, 0.0)
    return model_skill(others, part, made.features, skill)


def rest_of_texts(snapshot: Snapshot, part: LabelledSample, name: str, left: Sequence[str], skill: Skill) -> Skill:
    """Skill of all features, the texts of column `name` cut down to what is `left` of them; 0 when nothing is."""
    import polars as pl

    from governance.measures.single_feature import Skill as Result
    from governance.signals.features import make_features

    made = make_features(snapshot, part.frame.with_columns(pl.Series(name, left)))
    if isinstance(made, Absent):
        return Result(0.0, 0.0, 0.0)
    return model_skill(snapshot, part, made.features, skill)


def model_skill(snapshot: Snapshot, part: LabelledSample, features: Features, skill: Skill) -> Skill:
    """Skill of models of `features`, of the rows of `part`: linear discriminants or ridge regression, and only where
    these leave `skill` far above, the default models, which take a hundred times as long."""
    from governance.measures.smooth_feature import classes_by_cut
    from governance.signals.out_of_fold import Folds, predict

    if features.sparse is None:
        linear = _linear(part, features.dense)
        if not far_above(skill, linear):
            return linear
    values = predict(snapshot, features, part.known, Folds(part.folds, FOLDS, "", False, ())).values
    found = _skill(part, values)
    if features.sparse is None or len(part.known.classes) != 2:
        return found
    # Bayes' models of word counts take all classes for equally frequent, and in their average a rare one is told too often.
    told = classes_by_cut(values[:, 1], part.labels, part.folds)
    cut = part.class_interval(told == part.labels, CONFIDENCE)
    return max(found, cut, key=lambda one: one.value)


def words_skill(part: LabelledSample, held: Held, without: NDArray[np.int64]) -> Skill:
    """Skill of the words `held` by texts, those of numbers `without` left out, by naive Bayes; the target has classes."""
    import numpy as np

    from governance.measures.rest_of_row import word_evidence

    rows = np.arange(part.labels.size)
    model = word_evidence(held.row, held.token, len(held.names), part.labels, len(part.known.classes), part.folds)
    told = model.evidence(rows, without).argmax(axis=1)
    return part.class_interval(told == part.labels, CONFIDENCE)


def _skill(part: LabelledSample, values: NDArray[np.float64]) -> Skill:
    import numpy as np

    from governance.measures import single_feature as single

    if not part.known.classes:
        found = single.value_skill(values, part.known.label.astype(np.float64))
        return single.value_interval(found, part.units, CONFIDENCE)
    # Divided by the classes' sizes, the likeliest class is the one that serves mean recall best.
    sizes = np.maximum(np.bincount(part.labels, minlength=len(part.known.classes)), 1)
    return part.class_interval((values / sizes).argmax(axis=1) == part.labels, CONFIDENCE)


def _linear(part: LabelledSample, matrix: NDArray[np.float64]) -> Skill:
    import numpy as np

    from governance.measures import single_feature as single
    from governance.measures.rest_of_row import discriminant

    if part.known.classes:
        fitted = discriminant(matrix, part.labels, len(part.known.classes), part.folds)
        told = fitted.evidence(np.arange(part.labels.size)).argmax(axis=1)
        return part.class_interval(told == part.labels, CONFIDENCE)
    return _skill(part, single.ridge_values(matrix, part.known.label.astype(np.float64), part.folds))
