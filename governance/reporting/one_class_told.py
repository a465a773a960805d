"""Features that give one class of three or more away, as one does that is missing for it alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.reporting.feature_against_target import PLAUSIBLE, Suspect, judge, near_certain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.reporting.labelled_sample import LabelledSample
    from governance.snapshot import Snapshot

MOST_TOLD = 3
"""With more features than that which tell a class nearly without error, the class is easy and none stands out."""


def one_class_told(
    snapshot: Snapshot,
    judged: LabelledSample,
    columns: list[SnapshotColumn],
    near_deterministic: float,
    left_out: set[str],
    level: float,
) -> tuple[Suspect, ...]:
    """Those of `columns` that tell one class from all others nearly without error, far above what all features but
    `left_out` do that do not repeat a class; nothing where there are two classes.

    `level`: one-sided confidence of the bounds, before it is divided among the classes.
    """
    from governance.measures.single_feature import counted_classes
    from governance.reporting.other_features import far_above, other_features

    counted = counted_classes(judged.labels) if judged.known.classes else ()
    if len(counted) < 3:
        return ()
    level = 1 - (1 - level) / len(counted)
    asked = [column for column in columns if column.name not in left_out]
    worth = {column.name: _told(judged, column) for column in asked}
    told: list[tuple[LabelledSample, list[Suspect]]] = []
    repeating: set[str] = set()
    for number in map(int, counted):
        against = judged.against_others(number)
        found = [
            suspect
            for column in asked
            if worth[column.name][number] >= PLAUSIBLE
            and (suspect := judge(against, column, near_deterministic, level)[1]) is not None
            and (suspect.kind != "strong" or _named(column, suspect, near_deterministic))
        ]
        repeating |= {suspect.column for suspect in found if suspect.kind == "repeats"}
        told.append((against, found))
    best: dict[str, Suspect] = {}
    for against, found in told:
        if len([suspect for suspect in found if suspect.kind != "repeats"]) > MOST_TOLD:
            continue
        for suspect in found:
            if suspect.column in best and best[suspect.column].skill.value >= suspect.skill.value:
                continue
            rest = other_features(snapshot, against, left_out | repeating | {suspect.column}, suspect.skill)
            if far_above(suspect.skill, rest):
                best[suspect.column] = replace(suspect, kind="far_above", agreeing=None, rest=rest, one_class=True)
    return tuple(best[name] for name in sorted(best))


def _named(column: SnapshotColumn, suspect: Suspect, near_deterministic: float) -> bool:
    """Whether levels nearly always tell the class. A number may well: one kind of many is often larger than all others."""
    number = column.type.numeric or column.type in {ColumnType.DATE, ColumnType.DATETIME}
    return not number and suspect.skill.value >= near_certain(near_deterministic)


def _told(judged: LabelledSample, column: SnapshotColumn) -> NDArray[np.float64]:
    """(classes,) roughly how well the feature's levels, its gaps or few bins of it tell each class from the others."""
    import numpy as np

    from governance.measures.single_feature import told_classes
    from governance.reporting.feature_against_target import encodings_of

    series, classes = judged.frame[column.name], len(judged.known.classes)
    missing = series.is_null().to_numpy().astype(np.int64)
    few = encodings_of(series, column, judged.labels.size, coarse=True)
    told = [told_classes(codes, judged.labels, classes) for codes in (missing, *few)]
    return np.asarray(np.max(told, axis=0), dtype=np.float64)
