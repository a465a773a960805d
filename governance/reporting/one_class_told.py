"""Features that give one class of three or more away, as one does that is missing for it alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from governance.reporting.feature_against_target import PLAUSIBLE, Kind, Suspect, counted, judge, near_certain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.reporting.labelled_sample import LabelledSample
    from governance.snapshot import Snapshot

MOST_TOLD = 3
"""With more features than that which tell a class nearly without error, the class is easy and none stands out."""
ALIKE = 0.2
"""Skill up to which a number tells nothing of the other classes."""


def one_class_told(
    snapshot: Snapshot,
    judged: LabelledSample,
    columns: list[SnapshotColumn],
    near_deterministic: float,
    left_out: set[str],
    level: float,
) -> tuple[Suspect, ...]:
    """Those of `columns` that tell one class from all others nearly without error, far above what all features but
    `left_out` do that do not repeat a class; nothing where there are two classes. A number that may honestly be so is
    of the kind strong, and nothing where the others tell the class well: kinds that are unlike often are so in a number.

    `level`: one-sided confidence of the bounds, before it is divided among the classes.
    """
    from governance.measures.single_feature import counted_classes
    from governance.reporting.other_features import far_above, other_features

    classes = list(map(int, counted_classes(judged.labels))) if judged.known.classes else []
    if len(classes) < 3:
        return ()
    level = 1 - (1 - level) / len(classes)
    asked = [column for column in columns if column.name not in left_out]
    named = {column.name: column for column in asked}
    worth = {column.name: _told(judged, column) for column in asked}
    told: list[tuple[LabelledSample, list[Suspect]]] = []
    repeating: set[str] = set()
    for number in classes:
        against = judged.against_others(number)
        found = [
            suspect
            for column in asked
            if worth[column.name][number] >= PLAUSIBLE
            and (suspect := judge(against, column, near_deterministic, level)[1]) is not None
            and (suspect.kind != "strong" or suspect.coded or suspect.skill.value >= near_certain(near_deterministic))
        ]
        repeating |= {suspect.column for suspect in found if suspect.kind == "repeats"}
        told.append((against, found))
    best: dict[str, Suspect] = {}
    for number, (against, found) in zip(classes, told, strict=True):
        if len([suspect for suspect in found if suspect.kind != "repeats"]) > MOST_TOLD:
            continue
        for suspect in found:
            kind: Kind = (
                "far_above"
                if _gives_away(judged, named[suspect.column], suspect, number, near_deterministic, level)
                else "strong"
            )
            if suspect.column in best and _rank(best[suspect.column]) >= (kind == "far_above", suspect.skill.value):
                continue
            rest = other_features(snapshot, against, left_out | repeating | {suspect.column}, suspect.skill)
            enough = suspect.kind != "strong" or not counted(named[suspect.column]) or rest.high <= PLAUSIBLE
            if enough and far_above(suspect.skill, rest):
                best[suspect.column] = replace(
                    suspect,
                    kind=kind,
                    agreeing=None,
                    rest=rest,
                    one_class=True,
                    coded=suspect.coded or suspect.kind == "repeats",
                )
    return tuple(best[name] for name in sorted(best))


def _rank(suspect: Suspect) -> tuple[bool, float]:
    return suspect.kind == "far_above", suspect.skill.value


def _gives_away(
    judged: LabelledSample,
    column: SnapshotColumn,
    suspect: Suspect,
    number: int,
    near_deterministic: float,
    level: float,
) -> bool:
    """Whether `suspect` leaks class `number`, or may be an honest number: one kind of many is often larger than all others.

    Kinds that differ in a number differ in it among themselves too, and lie beside each other; a number that was made from
    one class falls into heaps, of that class and of all the others alike.
    """
    import numpy as np

    if suspect.kind != "strong" or not counted(column):
        return True
    others = np.setdiff1d(np.unique(judged.labels), [number])
    among = judge(judged.of_classes(others), column, near_deterministic, level)[0]
    return suspect.coded and among.value <= ALIKE


def _told(judged: LabelledSample, column: SnapshotColumn) -> NDArray[np.float64]:
    """(classes,) roughly how well the feature's levels, its gaps or few bins of it tell each class from the others."""
    import numpy as np

    from governance.measures.single_feature import told_classes
    from governance.reporting.feature_against_target import encodings_of, heaps_of

    series, classes = judged.frame[column.name], len(judged.known.classes)
    missing = series.is_null().to_numpy().astype(np.int64)
    few = [*encodings_of(series, column, judged.labels.size, coarse=True), *heaps_of(series, column)]
    told = [told_classes(codes, judged.labels, classes) for codes in (missing, *few)]
    return np.asarray(np.max(told, axis=0), dtype=np.float64)
