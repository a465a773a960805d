"""The labelled rows that features are held against the target on, and their folds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from governance.dataset import Role
from governance.reporting.row_evidence import group_codes
from governance.signals import Absent

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.single_feature import Skill
    from governance.signals.out_of_fold import Labelled
    from governance.snapshot import Snapshot

SAMPLE_ROWS = 50_000
"""Features are judged on no more rows, evenly spaced: rows stand in order of their hashes, so that is a sample."""
MIN_ROWS = 50
FOLDS = 5


@dataclass(frozen=True)
class Agreement:
    """In how many groups something holds that is asked within them."""

    agreeing: int
    mixed: int
    """Groups in which the target varies, so that it can be asked."""
    groups: int


@dataclass(frozen=True)
class LabelledSample:
    """The sample of labelled rows that features are judged on."""

    frame: pl.DataFrame
    """All columns but the images."""
    known: Labelled
    folds: NDArray[np.int64]
    groups: NDArray[np.int64] | None
    """(rows,) the independent unit of each row; None when rows are independent."""
    within: bool = False
    """Whether it is asked what holds within these groups, whatever it does in others (reporting/few_groups)."""

    @property
    def labels(self) -> NDArray[np.int64]:
        """(rows,) class numbers; only when the target has classes."""
        return self.known.label.astype("int64")

    @property
    def units(self) -> int:
        """Independent units."""
        return self.known.label.size if self.groups is None else len(set(self.groups.tolist()))

    def class_interval(self, right: NDArray[np.bool_], level: float, rows: NDArray[np.bool_] | None = None) -> Skill:
        """Skill of a prediction that is `right` in some rows, of all or of `rows` alone; one-sided bounds of `level`."""
        from governance.measures.single_feature import class_interval
        from governance.measures.within_groups import class_interval_within

        labels = self.labels if rows is None else self.labels[rows]
        groups = self.groups if rows is None or self.groups is None else self.groups[rows]
        if self.within and groups is not None:
            return class_interval_within(right, labels, groups, level)
        return class_interval(right, labels, groups, level)

    def agreement(
        self, right: NDArray[np.bool_], least: float, rows: NDArray[np.bool_] | None = None
    ) -> Agreement | None:
        """In how many groups the skill of such a prediction of classes is `least`; None unless asked within groups."""
        from governance.measures.within_groups import agreeing_groups, mixed_groups

        if not self.within or self.groups is None:
            return None
        labels, groups = (of if rows is None else of[rows] for of in (self.labels, self.groups))
        agreeing = agreeing_groups(right, labels, groups, least)
        return Agreement(agreeing, mixed_groups(labels, groups).size, self.units)

    def skill_of(self, codes: NDArray[np.int64], level: float) -> Skill:
        """How well `codes` (level numbers, one per row) tell the target out of fold; one-sided bounds of `level`."""
        from governance.measures import single_feature as single

        if self.known.classes:
            told = single.predicted_classes(codes, self.labels, self.folds, len(self.known.classes))
            return self.class_interval(told == self.labels, level)
        target = self.known.label.astype("float64")
        value = single.value_skill(single.predicted_values(codes, target, self.folds), target)
        return single.value_interval(value, self.units, level)

    def frequent(self) -> LabelledSample | None:
        """Its rows of the frequent classes, and these alone as classes; None when there are no others."""
        import numpy as np

        from governance.measures.single_feature import MIN_CLASS_ROWS, frequent_classes

        if not self.known.classes:
            return None
        kept = frequent_classes(self.labels)
        sizes = np.bincount(self.labels)
        if kept.size == np.count_nonzero(sizes) or sizes[kept].min() < MIN_CLASS_ROWS:
            return None
        return self.of_classes(kept)

    def of_classes(self, kept: NDArray[np.int64]) -> LabelledSample:
        """Its rows of the classes of numbers `kept` (ascending), and these alone as classes."""
        import numpy as np

        there = self._at(np.flatnonzero(np.isin(self.labels, kept)))
        names = tuple(self.known.classes[number] for number in kept.tolist())
        return replace(there, known=replace(there.known, label=np.searchsorted(kept, there.labels), classes=names))

    def against_others(self, number: int) -> LabelledSample:
        """Its rows with class `number` and all others as the two classes."""
        names = ("others", self.known.classes[number])
        return replace(self, known=replace(self.known, label=(self.labels == number).astype("int64"), classes=names))

    def part(self, most: int) -> LabelledSample:
        """At most so many of its rows, evenly spaced."""
        from governance.measures.evenly_spaced import evenly_spaced

        if self.frame.height <= most:
            return self
        return self._at(evenly_spaced(self.frame.height, most))

    def _at(self, picked: NDArray[np.int64]) -> LabelledSample:
        known = replace(self.known, rows=self.known.rows[picked], label=self.known.label[picked])
        groups = None if self.groups is None else self.groups[picked]
        return replace(self, frame=self.frame[picked.tolist()], known=known, folds=self.folds[picked], groups=groups)


def labelled_sample(snapshot: Snapshot) -> LabelledSample | Absent:
    """The sample, or why there is none. Folds are by group where rows belong together (Snapshot.grouping)."""
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.folds import group_folds, random_folds, stratified_folds
    from governance.measures.single_feature import counted_classes
    from governance.signals.out_of_fold import groups_of, labelled_rows

    if snapshot.target is None:
        return Absent(outcome="not_applicable", code="no_target", reason="no target is declared")
    frame = snapshot.frame_without_images().collect().sort("row_id")
    known = labelled_rows(snapshot, frame, MIN_ROWS)
    if isinstance(known, Absent):
        return known
    if known.rows.size > SAMPLE_ROWS:
        picked = evenly_spaced(known.rows.size, SAMPLE_ROWS)
        known = replace(known, rows=known.rows[picked], label=known.label[picked])
    if known.classes and counted_classes(known.label.astype(np.int64)).size < 2:
        reason = "fewer than two classes have ten rows"
        return Absent(outcome="inconclusive", code="too_few_rows", reason=reason)
    here = frame[known.rows.tolist()]
    row_ids = here["row_id"].to_list()
    groups = group_codes(snapshot, row_ids)
    labels = known.label.astype(np.int64) if known.classes else None
    if groups is not None and len(set(groups.tolist())) >= FOLDS:
        folds = group_folds(groups_of(snapshot, here) or row_ids, FOLDS, labels)
    elif labels is not None:
        folds = stratified_folds(row_ids, labels, FOLDS)
    else:
        folds = random_folds(row_ids, FOLDS)
    return LabelledSample(here, known, folds, groups)


def without(snapshot: Snapshot, columns: Iterable[str]) -> Snapshot:
    """The same snapshot with `columns` ignored."""
    ignored = set(columns)
    changed = tuple(
        column.model_copy(update={"role": Role.IGNORED}) if column.name in ignored else column
        for column in snapshot.columns
    )
    return replace(snapshot, manifest=snapshot.manifest.model_copy(update={"columns": changed}))
