"""What every format prints: one entry per decision, with the finding behind it and the line it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.config import PARAMS
from governance.formats.places import Place, Places
from governance.verdict import Decision

if TYPE_CHECKING:
    from governance.config import Workspace
    from governance.evidence import Finding
    from governance.judging import Judged, Judgement

NOTHING = "Nothing to judge: params.yaml declares no dataset. Run: govern add PATH --name NAME"


@dataclass(frozen=True)
class Entry:
    """One decision about one subject."""

    subject: str
    kind: str
    """`dataset`, `model`, or `workspace` when there is nothing to judge."""
    decision: Decision
    finding: Finding | None
    place: Place


def entries(judged: Judged, workspace: Workspace) -> tuple[Entry, ...]:
    """All decisions, subject by subject in the order of params.yaml, worst first within each."""
    places = Places(workspace)
    if not judged.judgements:
        decision = Decision(rule="evidence/nothing_to_judge", effect="block", exit_code=4, message=NOTHING)
        nowhere = places.line(PARAMS, "datasets") or places.line(PARAMS) or Place(PARAMS)
        return (Entry("workspace", "workspace", decision, None, nowhere),)
    found = []
    for judgement in judged.judgements:
        findings = findings_of(judgement)
        for decision in judgement.verdict.decisions:
            # `waiver/ends_soon` carries the fingerprint of a finding and speaks of the waiver.
            finding = None if decision.rule.startswith("waiver/") else findings.get(decision.fingerprint)
            place = places.of(judgement, decision, finding)
            found.append(Entry(judgement.name, judgement.kind, decision, finding, place))
    return tuple(found)


def findings_of(judgement: Judgement) -> dict[str, Finding]:
    """Fingerprint to finding, over all evidence on the subject that can be used."""
    return {
        finding.fingerprint: finding
        for item in judgement.collected.evidence.values()
        if not isinstance(item, str)
        for finding in item.findings
    }


def closing(judged: Judged, *, code: bool = True) -> str:
    """One line: how many were judged and what came of it."""
    count = len(judged.judgements)
    blocked = sum(1 for one in judged.judgements if one.exit_code)
    if not count:
        return f"{NOTHING} Exit code 4."
    words = "all passed" if not blocked else f"{blocked} of {count} blocked"
    return f"{count} judged, {words}." + (f" Exit code {judged.exit_code}." if code else "")


def printable(text: str) -> str:
    """Text from datasets on one line, without characters that steer a terminal, a log or a parser."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
