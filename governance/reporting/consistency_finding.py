"""What to say of a group, source or annotator whose labels differ from those of others."""

from __future__ import annotations

from governance.evidence import Confidence, Finding, Level
from governance.reporting.consistency_report import (
    FAULTS,
    TITLES,
    Asked,
    more,
    ranked,
    shares_alike,
    standing_out,
    strongest,
)
from governance.reporting.level_numbers import what_it_stands_for

LOOK = (
    "Look at a few of {} rows before anybody labels anew: labels may be wrong here, or models need more rows like them."
)
REMEDIES = {
    "labels": "Have others label a sample of these rows again, blind, and compare.",
    "label_issues": "Look at the likely errors of these rows first, and at how they were labelled.",
    "others_issues": "Look at the likely errors of the other rows first, and at how these were labelled.",
    "missing_labels": "Find out why labels are missing here, and label a sample.",
    "annotations": "Show the guidelines again to who differs, and have a sample annotated anew.",
}


def finding(asked: Asked, columns: tuple[str, ...], alpha: float, dataset: str) -> Finding | None:
    """What to say of the factor: nothing unless the difference is beyond chance; a warning beyond the tolerance."""
    order = ranked(asked)
    if not order or asked.p_value > alpha:
        return None
    every = standing_out(asked, alpha)
    sure = [one for one in every if one not in asked.unsure]
    unsure, standing = bool(every) and not sure, sure or every
    level = (standing or order)[0]
    differing = [
        one for one in order if asked.comparison.adjusted[one] <= alpha and (unsure or one not in asked.unsure)
    ]
    large = any(abs(strongest(asked, one)[1]) >= asked.tolerance for one in differing)
    fewer = asked.question == "label_issues" and not more(asked, standing)
    remedy = (
        LOOK.format("the other" if fewer else "these")
        if unsure
        else REMEDIES["others_issues" if fewer else asked.question]
    )
    return Finding(
        rule=f"label_consistency/{asked.question}_differ",
        level=Level.WARNING if large and asked.alike and not unsure else Level.NOTE,
        confidence=(Confidence.HIGH if asked.p_value <= alpha / 5 else Confidence.MEDIUM)
        if asked.alike and not unsure
        else Confidence.LOW,
        message=f"{TITLES[asked.question].capitalize()} differ by {asked.factor.column} beyond chance; {_called(asked, level)} differs most: "
        f"{_what(asked, level)}; {_how_many(asked, standing, order)}."
        + " No feature is shown to tell the labels, so that the rows themselves may differ." * (not asked.alike)
        + _both(fewer) * unsure,
        remedy=f"{remedy} {what_it_stands_for(dataset)}" if level in asked.factor.numbered else remedy,
        columns=columns,
        subject=asked.question,
        count=int(asked.comparison.rows[standing].sum()) if standing else None,
        of=int(asked.comparison.rows.sum()),
    )


def _both(fewer: bool) -> str:
    """That models may be the reason as well, which know less of the rows that have more likely errors."""
    less = "the other rows than of these" if fewer else "these rows than of others"
    return f" Models may as well know less of {less}, and contradict labels that are right; what they say does not tell which."


def _called(asked: Asked, level: int) -> str:
    """The level in a sentence: a number needs to be told what it numbers."""
    name = asked.factor.names[level]
    return f"{asked.factor.column} {name}" if level in asked.factor.numbered else name


def _how_many(asked: Asked, standing: list[int], order: list[int]) -> str:
    """How many levels the finding is about."""
    judged = f"{len(standing)} of {len(order)} that could be judged"
    if asked.question not in FAULTS:
        return f"{judged} {'stands' if len(standing) == 1 else 'stand'} out"
    return f"{judged} {'has' if len(standing) == 1 else 'have'} {'more' if more(asked, standing) else 'fewer'} than chance allows"


def _what(asked: Asked, level: int) -> str:
    """What sets the level apart, against whom."""
    outcome, difference, error = strongest(asked, level)
    against = (
        "others"
        if asked.question == "missing_labels" or not asked.alike
        else "others on the same items"
        if asked.question == "annotations"
        else "rows with alike features"
    )
    if shares_alike(asked, level):
        return (
            f"not in the share of any class, but in which rows carry which label: more labels than usual are ones that "
            f"{against} hardly ever have, as when labels are turned both ways"
        )
    side = "below" if difference < 0 else "above"
    if asked.unit != "share":
        return f"its labels are {abs(difference):.2f} typical errors {side} {against} on average (standard error {error:.3f})"
    named = f"“{asked.outcomes[outcome]}”" if asked.outcomes[outcome] else TITLES[asked.question]
    return (
        f"its share of {named} is {100 * abs(difference):.1f} percentage points {side} that of {against} "
        f"(standard error {100 * error:.1f})"
    )
