"""Features that give the target away: which repeat its coding, which it was cut from, and which predict it better than
features do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from governance.dataset import ColumnType, Role
from governance.reporting.feature_against_target import Kind, Suspect, divides_classes, judge, near_certain
from governance.reporting.few_groups import FewGroups, few_groups, holds_within, within_groups
from governance.reporting.labelled_sample import LabelledSample, labelled_sample
from governance.reporting.standing_alone import Alone, standing_alone
from governance.signals import Absent

if TYPE_CHECKING:
    from governance.manifest import SnapshotColumn
    from governance.measures.single_feature import Skill
    from governance.reporting.target_of_other_rows import OtherRows
    from governance.snapshot import Snapshot

MOST_SUSPECTS = 3
CONFIDENCE = 0.95
"""One-sided, over all features together (Bonferroni), and over all and the frequent classes."""
GRAVEST: tuple[Kind, ...] = ("strong", "far_above", "cut", "finer", "repeats")


@dataclass(frozen=True)
class TargetLeakage:
    """What was found about features and target."""

    suspects: tuple[Suspect, ...]
    alone: Alone | None
    """Features that tell far more of the target than the next best, though not nearly everything."""
    best: tuple[tuple[str, float], ...]
    """Every judged feature with its skill, highest first; where there are rare classes, the larger of its skill for all
    classes and for the frequent ones."""
    identifiers: tuple[tuple[str, float, Literal["order", "part"]], ...]
    """Identifier-like columns that predict the target: skill, and whether their order does it or a part of their values."""
    other_rows: OtherRows
    """Features that repeat the target of an earlier or of a later row: they are not among the suspects."""
    rows: int
    of: int
    independent_units: int | None
    classes: tuple[int, int] | None
    """How many classes are frequent, and how many there are; None when all are, and for numbers."""
    few: FewGroups | None = None
    """What can be told where groups are few; None where there are enough, and where rows are independent."""


@dataclass(frozen=True)
class _Judged:
    """What one sample says."""

    suspects: tuple[Suspect, ...]
    skills: dict[str, Skill]
    best: tuple[tuple[str, float], ...]
    """Texts and images, with the skill of their best mark."""


def find_target_leakage(
    snapshot: Snapshot, *, near_deterministic: float, left_out: frozenset[str] = frozenset()
) -> TargetLeakage | Absent:
    """Features that give the target away, or why that cannot be asked.

    `near_deterministic`: skill from which a feature of classes is suspected. One that does not repeat the target's
    coding, and one of numbers, must be half as far from 1 to be more than a strong one. Columns `left_out` are known to
    leak and take no part, and nor do those that repeat the target of a later row; what one of an earlier row tells was
    known before, and is no suspicion. Where some classes are rare, as other spellings of an answer are, the same is asked of the
    frequent ones by themselves.
    """
    from governance.reporting.target_of_other_rows import target_of_other_rows
    from governance.reporting.telling_identifiers import identifier_columns, numbers_apart, telling_identifiers

    judged = labelled_sample(snapshot)
    if isinstance(judged, Absent):
        return judged
    columns = [
        column
        for column in snapshot.features
        if column.type not in {ColumnType.TEXT, ColumnType.IMAGE}
        and column.resolved_role is not Role.TEXT
        and column.distinct > 0
        and column.name not in left_out
    ]
    other_rows = target_of_other_rows(snapshot, columns, judged.known.classes)
    left_out |= {name for name, _ in other_rows.later}
    columns = [column for column in columns if column.name not in left_out]
    earlier = frozenset(name for name, _ in other_rows.earlier)
    frequent = judged.frequent()
    samples = [judged] if frequent is None else [judged, frequent]
    few = few_groups(judged, 1 - (1 - CONFIDENCE) / (len(samples) * max(len(columns), 1)))
    looks = samples if few is None or not few.mixed else [*samples, *map(within_groups, samples)]
    found = [
        _of_sample(snapshot, one, columns, near_deterministic, left_out, earlier, len(looks if one.within else samples))
        for one in looks
    ]
    gravest: dict[tuple[str, str], Suspect] = {}
    for number, one in enumerate(found):
        for suspect in one.suspects:
            # Whether it says all of the target is a question about all rows that have one.
            seen = replace(suspect, rows=judged.frame.height, frequent=number % len(samples) == 1)
            key = (seen.column, seen.mark)
            if key not in gravest or GRAVEST.index(seen.kind) > GRAVEST.index(gravest[key].kind):
                gravest[key] = seen
    warned = earlier | {suspect.column for suspect in gravest.values() if suspect.kind != "strong"}
    skills, content = _larger(found[: len(samples)])
    best = {name: skill.value for name, skill in skills.items()} | content
    naming = identifier_columns(snapshot)
    return TargetLeakage(
        tuple(gravest[key] for key in sorted(gravest)),
        standing_alone(
            {name: skill for name, skill in skills.items() if name not in warned},
            {name: value for name, value in content.items() if name not in warned},
        ),
        tuple(sorted(best.items(), key=lambda item: (-round(item[1], 6), item[0]))),
        telling_identifiers(samples, naming, numbers_apart(snapshot, naming)),
        other_rows,
        judged.frame.height,
        snapshot.rows,
        None if judged.groups is None else judged.units,
        None if frequent is None else (len(frequent.known.classes), len(judged.known.classes)),
        few,
    )


def _larger(found: list[_Judged]) -> tuple[dict[str, Skill], dict[str, float]]:
    """For each feature, and for each text and image, the skill of the sample in which it is larger."""
    skills: dict[str, Skill] = {}
    content: dict[str, float] = {}
    for one in found:
        for name, skill in one.skills.items():
            skills[name] = skill if name not in skills or skill.value > skills[name].value else skills[name]
        for name, value in one.best:
            content[name] = max(value, content.get(name, value))
    return skills, content


def _of_sample(
    snapshot: Snapshot,
    judged: LabelledSample,
    columns: list[SnapshotColumn],
    near_deterministic: float,
    left_out: frozenset[str],
    earlier: frozenset[str],
    looks: int,
) -> _Judged:
    """What is suspected on the rows of `judged`, one of `looks` samples; nothing of the columns `earlier`."""
    from governance.reporting.one_class_told import one_class_told
    from governance.reporting.telling_content import Content, telling_content

    level = 1 - (1 - CONFIDENCE) / (looks * max(len(columns), 1))
    skills: dict[str, Skill] = {}
    suspects: list[Suspect] = []
    for column in columns:
        skills[column.name], suspect = judge(judged, column, near_deterministic, level)
        if suspect is not None and suspect.kind == "strong":
            suspect = divides_classes(judged, column, suspect, near_deterministic) or suspect
        suspects += [suspect] if suspect is not None and column.name not in earlier else []
    kinds: list[Suspect] = [suspect for suspect in suspects if suspect.kind in {"repeats", "finer"}]
    repeating = {suspect.column for suspect in kinds} | left_out
    certain = near_certain(near_deterministic)
    content = (
        Content((), ())
        if judged.within
        else telling_content(snapshot, judged, frozenset(repeating), near_deterministic, certain, looks)
    )
    kinds += [suspect for suspect in suspects if suspect.kind == "cut"]
    others = [suspect for suspect in suspects if suspect.kind == "strong"]
    # With more of them than that the task is easy, and none stands out.
    asked = (
        []
        if len(others) > MOST_SUSPECTS
        else [suspect for suspect in others if suspect.skill.value >= certain or suspect.coded]
    )
    asked = [suspect for suspect in asked if not judged.within or holds_within(suspect)]
    kinds += [suspect for suspect in others if suspect not in asked]
    kinds += _against_the_rest(
        snapshot, judged, asked, repeating | {suspect.column for suspect in kinds if suspect.kind == "cut"}
    )
    named = repeating | earlier | {suspect.column for suspect in kinds if suspect.kind != "strong"}
    one_class = one_class_told(snapshot, judged, columns, near_deterministic, named, level)
    kinds = [suspect for suspect in kinds if suspect.column not in {found.column for found in one_class}]
    kinds += one_class  # of those that are strong for all classes too, what is said of one class says more
    for mark in content.marks:
        kind: Kind = "far_above" if mark.far_above else "strong"
        suspect = Suspect(mark.column, kind, mark.skill, None, judged.frame.height, mark.rest, mark.what)
        kinds.append(replace(suspect, one_class=mark.one_class))
    if judged.within:
        kinds = [suspect for suspect in kinds if holds_within(suspect)]
    return _Judged(tuple(kinds), skills, content.best)


def _against_the_rest(
    snapshot: Snapshot, judged: LabelledSample, suspects: list[Suspect], left_out: set[str]
) -> list[Suspect]:
    """`suspects`, each held against all features but itself and those `left_out`, and where that settles nothing of two or
    more, all of them together: features that leak hide each other."""
    from governance.reporting.other_features import far_above, other_features

    found: list[Suspect] = []
    for suspect in suspects:
        rest = other_features(snapshot, judged, left_out | {suspect.column}, suspect.skill)
        found.append(replace(suspect, kind="far_above" if far_above(suspect.skill, rest) else "strong", rest=rest))
    hidden = [suspect for suspect in found if suspect.kind == "strong"]
    if len(suspects) < 2 or not hidden:
        return found
    names = {suspect.column for suspect in suspects}
    if not {column.name for column in snapshot.features} - left_out - names:
        return found  # a task of few features is easy, and there is nothing to stand out from
    least = min((suspect.skill for suspect in hidden), key=lambda skill: skill.value)
    rest = other_features(snapshot, judged, left_out | names, least)
    if not far_above(least, rest):
        return found
    return [
        replace(suspect, kind="far_above", rest=rest, beside=tuple(sorted(names - {suspect.column})))
        if suspect.kind == "strong" else suspect
        for suspect in found
    ]  # fmt: skip
