"""What suspected features become in evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Confidence, Finding, Level, Metric, Table
from governance.reporting.leakage_report import Check, Part

if TYPE_CHECKING:
    from governance.measures.single_feature import Skill
    from governance.reporting.target_leakage import Suspect, TargetLeakage
    from governance.signals import Absent
    from governance.snapshot import Snapshot

SHOWN = 20
"""Features in the table."""


def target_not_asked(absent: Absent) -> Part:
    """Why features were not held against the target."""
    return Part((Check("features that give the target away", False, absent.reason),))


def target_part(snapshot: Snapshot, found: TargetLeakage) -> Part:
    """Suspected features and identifiers."""
    suspects = [suspect for suspect in found.suspects if suspect.kind != "strong"]
    findings = [_suspicion(snapshot, suspect) for suspect in suspects]
    warned = {suspect.column for suspect in suspects}
    if strong := [s for s in found.suspects if s.kind == "strong" and s.column not in warned]:
        findings.append(_strong(strong))
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
    sampled = f", a sample of {found.of} rows" if found.rows < found.of else ""
    table = Table(
        name="single_features",
        caption=f"How well single features predict the target out of fold, best first ({found.rows} rows{sampled}; "
        f"0 is chance, 1 is all{independent})",
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
        note="" if found.best else "no feature could be judged alone",
    )
    metrics = [metric]
    metrics += [_others(suspect, suspect.rest, found) for suspect in found.suspects if suspect.rest is not None]
    check = Check("features that give the target away", True, f"{len(suspects)} of {len(found.best)} features")
    return Part((check,), tuple(findings), tuple(metrics), (table,) if found.best else ())


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
        meaning="skill of all features together but this one (of a text or an image: with what is left of it) and copies "
        "of the target, out of fold, by the first model that is not far below, linear before others",
    )


def _suspicion(snapshot: Snapshot, suspect: Suspect) -> Finding:
    if suspect.kind == "repeats":
        assert suspect.agreeing is not None
        every = suspect.agreeing == suspect.rows
        where = f"all {suspect.rows} rows" if every else f"{suspect.agreeing} of {suspect.rows} rows"
        return Finding(
            rule="leakage/repeats_target",
            level=Level.ERROR if every else Level.WARNING,
            confidence=Confidence.HIGH if every else Confidence.MEDIUM,
            message=f"Feature '{suspect.column}' says what the target '{snapshot.target}' says, under another name or "
            f"coding, in {where}.",
            remedy="Give the column the role ignored, unless its value is known before the label is.",
            columns=(suspect.column,),
            count=suspect.agreeing,
            of=suspect.rows,
        )
    if suspect.kind == "cut":
        return Finding(
            rule="leakage/predicts_target",
            level=Level.WARNING,
            confidence=Confidence.MEDIUM,
            message=f"Values of feature '{suspect.column}' divide the classes of the target '{snapshot.target}' without an "
            "error and lie as densely beside the borders as elsewhere: as if the classes were cut from it.",
            remedy="Ask whether the label was made from it; if so, give the column the role ignored.",
            columns=(suspect.column,),
        )
    rest = suspect.rest.value if suspect.rest is not None else 0.0
    if suspect.mark:
        return Finding(
            rule="leakage/predicts_target",
            level=Level.WARNING,
            confidence=Confidence.MEDIUM,
            message=f"In '{suspect.column}', {suspect.mark} alone predicts the target nearly without error: "
            f"{suspect.skill.value:.1%} of what is possible above chance (at least {suspect.skill.low:.1%})"
            + ("." if suspect.rest is None else f", what is left of it and all other features together {rest:.1%}."),
            remedy="Look at a few of each class; if it was written or made after the label, take it out of the data.",
            columns=(suspect.column,),
        )
    return Finding(
        rule="leakage/predicts_target",
        level=Level.WARNING,
        confidence=Confidence.MEDIUM,
        message=f"Feature '{suspect.column}' alone predicts the target nearly without error: {suspect.skill.value:.1%} "
        f"of what is possible above chance (at least {suspect.skill.low:.1%}), all other features together {rest:.1%}.",
        remedy="Ask when its value is known; if that is after the label, give the column the role ignored.",
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
