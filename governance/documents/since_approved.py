"""What changed since the version that people approved before this one, in a few lines for the first screen."""

from __future__ import annotations

from collections.abc import Sequence

from governance.differences.manifests import RARE, class_counts, column_changes, counted
from governance.differences.shifts import LEAST, shifts, told_by_audits
from governance.documents.facts import ApprovalFact, Before, DatasetFacts
from governance.documents.wording import listed, plural, spoken
from governance.evidence import Outcome
from governance.render import number

_MOST = 5
"""Columns or classes named in one line."""


def approval_lines(approvals: Sequence[ApprovalFact]) -> tuple[str, ...]:
    """Each approval in a sentence; those that do not hold any more say what changed since."""
    return tuple(
        f"{one.by} as {one.role.replace('_', ' ')} on {one.on}"
        + (f", of an earlier state: {one.lapsed} changed since" if one.lapsed else f": {one.note}")
        for one in approvals
    )


def since_approved(facts: DatasetFacts) -> tuple[str, ...]:
    """What differs from the version that was approved before; one line when there is none, or nothing differs."""
    before = facts.before
    if before is None:
        return ("No earlier version was approved, so there is nothing to compare with.",)
    if before.manifest.digest == facts.manifest.digest:
        return (f"Nothing: it is the version that was approved on {before.on}.",)
    return (
        *_rows(before, facts),
        *_findings(before, facts),
        *_columns(before, facts),
        *_classes(before, facts),
        *_shifts(before, facts),
    )


def _rows(before: Before, facts: DatasetFacts) -> list[str]:
    was, now = before.manifest, facts.manifest
    lines = [
        f"Compared with the version that was approved on {before.on}: {number(was.rows)} rows became {number(now.rows)}."
    ]
    names = dict.fromkeys([*was.splits, *now.splits])
    moved = [
        f"{name} {number(was.splits.get(name, 0))} → {number(now.splits.get(name, 0))}"
        for name in names
        if was.splits.get(name) != now.splits.get(name)
    ]
    return [*lines, *([f"Rows per split: {listed(moved)}."] if moved else [])]


def _findings(before: Before, facts: DatasetFacts) -> list[str]:
    """Findings of audits that answered on both sides; of all others nobody can tell what is new or fixed."""
    if before.findings is None:
        return ["Findings of that version were not kept, so which are new and which are fixed cannot be told."]
    was, now = before.findings.outcomes, {item.audit: item.outcome for item in facts.evidence}
    answered = {name for name, outcome in now.items() if outcome is Outcome.ASSESSED is was.get(name)}
    old = {one.fingerprint for one in before.findings.findings if one.audit in answered}
    new = {one.fingerprint for item in facts.evidence if item.audit in answered for one in item.findings}
    lines = [f"Findings: {len(new - old)} new, {len(old - new)} fixed, {len(old & new)} unchanged."]
    silent = (*was, *now, *facts.missing_audits)
    apart = [
        f"{name} ({_outcome(was.get(name))} then, {_outcome(now.get(name))} now)"
        for name in dict.fromkeys(silent)
        if name not in answered and {was.get(name), now.get(name)} != {Outcome.NOT_APPLICABLE}
    ]
    return [*lines, *([f"Findings not compared: {listed(apart[:_MOST])}{_more(len(apart))}."] if apart else [])]


def _outcome(outcome: Outcome | None) -> str:
    return "no evidence" if outcome is None else spoken(outcome.value)


def _columns(before: Before, facts: DatasetFacts) -> list[str]:
    changes = list(column_changes(before.manifest, facts.manifest))
    if not changes:
        return []
    said = [f"“{c.column}” ({c.what}: {c.before} → {c.after})" for c in changes[:_MOST]]
    return [f"{plural(len(changes), 'change')} of columns: {listed(said)}{_more(len(changes))}."]


def _classes(before: Before, facts: DatasetFacts) -> list[str]:
    counts = list(class_counts(before.manifest, facts.manifest))
    if not counts:
        return []
    counts.sort(key=lambda count: (-abs((count.after or 0) - (count.before or 0)), count.level))
    names = [c.level if c.level == RARE else f"“{c.level}”" for c in counts]
    said = [f"{name} {counted(c.before)} → {counted(c.after)}" for name, c in zip(names[:_MOST], counts, strict=False)]
    return [f"Rows per class: {listed(said)}{_more(len(counts))}."]


def _shifts(before: Before, facts: DatasetFacts) -> list[str]:
    if before.sketch is None or before.sketch_now is None:
        return ["Distributions were not compared: of one of the two versions there is no sketch that can be read."]
    found = list(shifts(before.sketch, before.sketch_now, told_by_audits(facts.evidence)))
    moved = [shift for shift in found if shift.beyond]
    doubtful = [shift for shift in found if not shift.beyond and not shift.within]
    lines = [f"No distribution of a column moved by {LEAST * 100:.0f} % or more and further than chance may take it."]
    if moved:
        said = [f"“{s.column}” by {s.size:.2f} ({s.measure})" for s in moved[:_MOST]]
        lines = [f"{plural(len(moved), 'distribution')} moved: {listed(said)}{_more(len(moved))}."]
    if doubtful:
        said = [f"“{s.column}” by {s.size:.2f} ({s.measure})" for s in doubtful[:_MOST]]
        more = f"{plural(len(doubtful), 'distribution')} may have moved"
        lines = [*(lines if moved else []), f"{more}: {listed(said)}{_more(len(doubtful))}."]
    if chance := sum(shift.within for shift in found):
        more = (
            f"{plural(chance, 'distribution')} {'differs' if chance == 1 else 'differ'} by {LEAST * 100:.0f} % or more"
        )
        lines.append(f"{more}, and no more than chance may give with so few rows.")
    return lines


def _more(count: int) -> str:
    return f", and {count - _MOST} more" if count > _MOST else ""
