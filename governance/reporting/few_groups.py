"""Groups so few that not even a perfect copy of the target could be told by them: then it is asked within them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from governance.reporting.feature_against_target import PLAUSIBLE
from governance.reporting.labelled_sample import FOLDS
from governance.reporting.repeated_target import LEAST_AGREEING, enough_units

if TYPE_CHECKING:
    from governance.reporting.feature_against_target import Suspect
    from governance.reporting.labelled_sample import LabelledSample


@dataclass(frozen=True)
class FewGroups:
    """How many independent groups there are, and what can be told by them all the same."""

    groups: int
    mixed: int
    """Groups in which the target varies."""
    exact: bool
    """Whether what repeats the target in every row can be told: each class is in enough groups."""

    @property
    def told(self) -> bool:
        """Whether anything can be told."""
        return self.mixed > 0 or self.exact

    @property
    def said(self) -> str:
        """The same in words, after a count of features."""
        if not self.told:
            return f"cannot tell: the target is the same throughout each group, and {self.groups:,} groups are too few"
        ways = ["within groups"] * (self.mixed > 0) + ["in every row"] * self.exact
        return f"{self.groups:,} groups are few, and only what repeats the target {' or '.join(ways)} could be told"


def few_groups(judged: LabelledSample, level: float) -> FewGroups | None:
    """What so few groups can tell; None where rows are independent, or a feature that tells every row right is bounded
    above what is PLAUSIBLE with one-sided confidence `level`."""
    import numpy as np

    from governance.measures.intervals import wilson_of_groups
    from governance.measures.within_groups import mixed_groups

    if judged.groups is None:
        return None
    right = np.ones(judged.known.label.size, dtype=bool)
    if judged.known.classes:
        low = judged.class_interval(right, level).low
        mixed = mixed_groups(judged.labels, judged.groups).size
    else:
        low = wilson_of_groups(right, judged.groups, 2 * level - 1)[0]
        numbers = np.unique(judged.known.label, return_inverse=True)[1].astype(np.int64)
        mixed = mixed_groups(numbers, judged.groups).size
    if low >= PLAUSIBLE:
        return None
    return FewGroups(judged.units, mixed, bool(judged.known.classes) and enough_units(judged, right))


def within_groups(judged: LabelledSample) -> LabelledSample:
    """The same rows, to be asked what holds within groups; each of very few groups is told by the others."""
    import numpy as np

    from governance.measures.within_groups import mixed_groups

    assert judged.groups is not None
    folds = judged.folds
    classes = bool(judged.known.classes)
    if judged.units < FOLDS and classes and mixed_groups(judged.labels, judged.groups).size >= LEAST_AGREEING:
        folds = np.unique(judged.groups, return_inverse=True)[1].astype(np.int64)
    return replace(judged, within=True, folds=folds)


def holds_within(suspect: Suspect) -> bool:
    """Whether what was asked within groups is told: a copy of the target, or levels that tell it in two groups or more.

    The order of numbers is not: what drifts in time, as a battery does, follows a label that changes once in each group.
    """
    if suspect.kind == "repeats":
        return True
    return suspect.coded and suspect.within is not None and suspect.within.agreeing >= LEAST_AGREEING
