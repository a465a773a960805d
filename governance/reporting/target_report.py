"""What suspected features become in evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role, Task
from governance.evidence import Confidence, Finding, Level, Metric, Table
from governance.reporting.leakage_report import Check, Part
from governance.reporting.other_rows_report import other_rows_part
from governance.reporting.split_overlap import may_name_entities

if TYPE_CHECKING:
    from governance.measures.single_feature import Skill
    from governance.reporting.feature_against_target import Suspect
    from governance.reporting.few_groups import FewGroups
    from governance.reporting.standing_alone import Alone
    from governance.reporting.target_leakage import TargetLeakage
    from governance.signals import Absent
    from governance.snapshot import Snapshot

SHOWN = 20
"""Features in the table."""
ASKED = "features that give the target away"


def target_not_asked(absent: Absent) -> Part:
    """Why features were not held against the target."""
    return Part((Check(ASKED, False, absent.reason),))


def target_part(snapshot: Snapshot, found: TargetLeakage) -> Part:
    """Suspected features and identifiers."""
    suspects = [suspect for suspect in found.suspects if suspect.kind != "strong"]
    findings = [_suspicion(snapshot, suspect, _among(found) if suspect.frequent else "") for suspect in suspects]
    warned = {suspect.column for suspect in suspects}
    if found.alone is not None:
        findings.append(_alone(snapshot, found.alone, _among(found)))
        warned |= {name for name, _ in found.alone.features}
    strong = [s for s in found.suspects if s.kind == "strong" and s.column not in warned]
    findings += [_of_one_class(suspect) for suspect in strong if suspect.one_class]
    if several := [suspect for suspect in strong if not suspect.one_class]:
        findings.append(_strong(several))
    of_other_rows = other_rows_part(snapshot, found.other_rows)
    findings += of_other_rows.findings
    for name, skill, by in found.identifiers:
        learnt = any(column.name == name for column in snapshot.features)
        findings.append(
            Finding(
                rule="leakage/identifier_predicts",
                level=Level.WARNING if learnt else Level.NOTE,
                message=f"{'The order' if by == 'order' else 'A part of the values'} of '{name}', which names rows, tells "
                f"the target: {skill:.0%} of what is possible above chance.",
                remedy=("Give the column the role identifier, and find" if learnt else "Find")
                + (" out why rows come in this order." if by == "order" else " out how these names were made."),
                columns=(name,),
            )
        )
    independent = "" if found.independent_units is not None else "; rows were assumed independent"
    sampled = f", a sample of {found.of:,} rows" if found.rows < found.of else ""
    table = Table(
        name="single_features",
        caption=f"How well single features predict the target out of fold, best first ({found.rows:,} rows{sampled}; "
        f"0 is chance, 1 is all{independent}{_among(found) and '; the larger of that for all classes and that ' + _among(found)})",
        columns=("feature", "skill"),
        rows=tuple((name, value) for name, value in found.best[:SHOWN]),
    )
    best = found.best[0][1] if found.best else None
    metric = Metric(
        name="best_single_feature",
        value=best,
        unit="share of what is possible above chance",
        n=found.rows,
        independent_units=found.independent_units,
        meaning="skill of the feature that predicts the target best alone",
        note=_told_of_others(found.few) if found.best else "no feature could be judged alone",
    )
    metrics = [metric]
    metrics += [_others(suspect, suspect.rest, found) for suspect in found.suspects if suspect.rest is not None]
    counted = f"{len(suspects)} of {len(found.best)} features"
    check = Check(ASKED, True, counted)
    if found.few is not None:
        check = (
            Check(ASKED, True, f"{counted}; {found.few.said}")
            if found.few.told
            else Check(ASKED, False, found.few.said)
        )
    return Part((check, *of_other_rows.checks), tuple(findings), tuple(metrics), (table,) if found.best else ())


def _told_of_others(few: FewGroups | None) -> str:
    return "" if few is None else f"{few.groups:,} groups are too few to tell whether features do so in others"


def _within(suspect: Suspect) -> str:
    """In how many groups it does so, as a sentence to add; nothing where there are enough groups."""
    if (found := suspect.within) is None:
        return ""
    return (
        f" It does so within {found.agreeing:,} of {found.mixed:,} groups in which the target varies; {found.groups:,} groups "
        "are too few to tell whether it would in others."
    )


def _others(suspect: Suspect, rest: Skill, found: TargetLeakage) -> Metric:
    return Metric(
        name="other_features",
        group=f"{suspect.column}: {suspect.mark}" if suspect.mark else suspect.column,
        value=rest.value,
        low=min(rest.low, rest.value),
        high=max(rest.high, rest.value),
        interval="90 % Wilson by class, joined, or Fisher",
        unit="share of what is possible above chance",
        n=found.rows,
        independent_units=found.independent_units,
        meaning="skill of all features together but this one (of a text or an image: with what is left of it), copies "
        "of the target and, where it leaks beside others, those, out of fold, by the first model that is not far below, linear before others",
    )


def _among(found: TargetLeakage) -> str:
    """Which classes are the frequent ones, in words; nothing when all are."""
    return "" if found.classes is None else f"among the {found.classes[0]} frequent ones of {found.classes[1]} classes"


def _suspicion(snapshot: Snapshot, suspect: Suspect, among: str) -> Finding:
    within = f" ({among})" if among else ""
    if suspect.kind == "repeats":
        assert suspect.agreeing is not None
        every = suspect.agreeing == suspect.rows
        where = f"all {suspect.rows:,} rows" if every else f"{suspect.agreeing:,} of {suspect.rows:,} rows"
        return Finding(
            rule="leakage/repeats_target",
            level=Level.ERROR if every and suspect.within is None else Level.WARNING,
            confidence=Confidence.HIGH if every and suspect.within is None else Confidence.MEDIUM,
            message=f"Feature '{suspect.column}' says what the target '{snapshot.target}' says, under another name or "
            f"coding, in {where}{', and has no value in others' if suspect.gaps else ''}.{_within(suspect)}",
            remedy="Give the column the role ignored, unless its value is known before the label is.",
            columns=(suspect.column,),
            count=suspect.agreeing,
            of=suspect.rows,
        )
    if suspect.kind == "cut" and snapshot.task is Task.REGRESSION:
        return Finding(
            rule="leakage/predicts_target",
            level=Level.WARNING,
            confidence=Confidence.MEDIUM,
            message=f"Values of feature '{suspect.column}' divide those of the target '{snapshot.target}' into stretches that "
            "do not overlap: as if it was cut from it.",
            remedy="Ask whether it was made from the label; if so, give the column the role ignored.",
            columns=(suspect.column,),
        )
    if suspect.kind == "cut":
        return Finding(
            rule="leakage/predicts_target",
            level=Level.WARNING,
            confidence=Confidence.MEDIUM,
            message=f"Values of feature '{suspect.column}' divide the classes of the target '{snapshot.target}'{within} without "
            "an error and lie as densely beside the borders as elsewhere: as if the classes were cut from it.",
            remedy="Ask whether the label was made from it; if so, give the column the role ignored.",
            columns=(suspect.column,),
        )
    entity = ""
    if may_name_entities(snapshot, snapshot.column(suspect.column)):
        entity = "If it names whom or what a row is about, give it the role group and divide the data by it. Else "
    if suspect.kind == "finer":
        return Finding(
            rule="leakage/predicts_target",
            level=Level.WARNING,
            confidence=Confidence.MEDIUM,
            message=f"Each value of feature '{suspect.column}' is of one class of the target '{snapshot.target}'{within}, and there "
            f"are more of them than classes, in {suspect.agreeing:,} of {suspect.rows:,} rows: the target under finer "
            f"names, to be looked up by it.{_within(suspect)}",
            remedy=f"{entity}{'ask' if entity else 'Ask'} when its value is known; if that is after the label, or the target is made "
            "from it as a country is from its cities, give the column the role ignored.",
            columns=(suspect.column,),
        )
    rest = max(suspect.rest.value, 0.0) if suspect.rest is not None else 0.0  # below 0 they tell nothing
    what = "tells one class from all others" if suspect.one_class else "predicts the target"
    if suspect.mark:
        return Finding(
            rule="leakage/predicts_target",
            level=Level.WARNING,
            confidence=Confidence.MEDIUM,
            message=f"In '{suspect.column}', {suspect.mark} alone {what} nearly without error: "
            f"{suspect.skill.value:.1%} of what is possible above chance (at least {suspect.skill.low:.1%}){within}"
            + ("." if suspect.rest is None else f", what is left of it and all other features together {rest:.1%}."),
            remedy="Look at a few of each class; if it was written or made after the label, take it out of the data.",
            columns=(suspect.column,),
        )
    others = "all other features"
    if suspect.beside:
        others = f"all features but it and {' and '.join(suspect.beside)}, which {'do' if len(suspect.beside) > 1 else 'does'} so too,"
    return Finding(
        rule="leakage/predicts_target",
        level=Level.WARNING,
        confidence=Confidence.MEDIUM,
        message=f"Feature '{suspect.column}' alone {what} nearly without error: {suspect.skill.value:.1%} "
        f"of what is possible above chance (at least {suspect.skill.low:.1%}){within}, {others} together {rest:.1%}.{_within(suspect)}",
        remedy=f"{entity}{'ask' if entity else 'Ask'} when its value is known; if that is after the label, give the column the role ignored.",
        columns=(suspect.column,),
    )


def _alone(snapshot: Snapshot, alone: Alone, among: str) -> Finding:
    names = [name for name, _ in alone.features]
    said = [f"'{name}' alone explains {_share(skill)}" for name, skill in alone.features]
    first = said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]
    other, skill = alone.next_best
    types = {column.name: column for column in snapshot.features}
    mark = types[other].type in {ColumnType.TEXT, ColumnType.IMAGE} or types[other].resolved_role is Role.TEXT
    best = f"the best single mark in '{other}'" if mark else f"the next best feature, '{other}',"
    told = f"of what can be told about '{snapshot.target}' above chance"
    what = told if snapshot.task is Task.CLASSIFICATION else f"of the variation of '{snapshot.target}'"
    known = "Is it known when the model is used?" if len(names) == 1 else "Are they known when the model is used?"
    return Finding(
        rule="leakage/strong_feature",
        level=Level.NOTE,
        confidence=Confidence.LOW,
        message=f"{first} {what}{f' ({among})' if among else ''}, {best} {_share(skill)}. {known}",
        remedy="A value that is known only after the label is, as how a case ended, must not be learnt from: give such a "
        "column the role ignored. If it is known before, nothing is wrong.",
        columns=tuple(sorted(names)),
    )


def _share(skill: float) -> str:
    """In whole per cent, and to a tenth where nothing or everything would be read: 99.7 % is not all."""
    return f"{min(skill, 0.999):.1%}" if 0.99 <= skill < 1 else f"{skill:.0%}"


def _of_one_class(suspect: Suspect) -> Finding:
    rest = max(suspect.rest.value, 0.0) if suspect.rest is not None else 0.0
    told = f"nearly without error: {_share(suspect.skill.value)} of what is possible above chance"
    if suspect.mark:
        left = "" if suspect.rest is None else f", what is left of it and all other features together {_share(rest)}"
        return Finding(
            rule="leakage/strong_feature",
            level=Level.NOTE,
            confidence=Confidence.LOW,
            message=f"In '{suspect.column}', {suspect.mark} alone tells one class from all others {told}{left}.",
            remedy="Look at a few of each class. If it was written or made after the label, take it out of the data; if it is "
            "what such texts are about, nothing is wrong.",
            columns=(suspect.column,),
        )
    return Finding(
        rule="leakage/strong_feature",
        level=Level.NOTE,
        confidence=Confidence.LOW,
        message=f"'{suspect.column}' alone tells one class from all others {told}, all other features together {_share(rest)}. "
        "Is it known when the model is used?",
        remedy="A value that is known only after the label is must not be learnt from: give such a column the role ignored. If it "
        "is known before, nothing is wrong: one kind of many is often larger or smaller than all others.",
        columns=(suspect.column,),
    )


def _strong(strong: list[Suspect]) -> Finding:
    names = list(dict.fromkeys(s.column for s in sorted(strong, key=lambda s: (-s.skill.value, s.column))))
    shown = names[:3]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return Finding(
        rule="leakage/strong_feature",
        level=Level.NOTE,
        confidence=Confidence.LOW,
        message=f"Features that predict the target nearly alone: {', '.join(shown)}{more}.",
        remedy="Ask when their values are known; nothing is wrong when that is before the label.",
        columns=tuple(sorted(names)),
    )
