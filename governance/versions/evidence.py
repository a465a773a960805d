"""What two revisions say on each audit, and where they cannot be compared: silence is neither a finding nor its end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from governance.alike import spread
from governance.config import Workspace
from governance.differences.difference import Clause, NotCompared, Obstacle, Side
from governance.errors import EvidenceError
from governance.evidence import SCHEMA_VERSION, Evidence, Finding, Outcome, read_evidence

_SAID: dict[Outcome, Obstacle] = {
    Outcome.FAILED: "failed", Outcome.INCONCLUSIVE: "inconclusive", Outcome.NOT_APPLICABLE: "not_applicable",
}  # fmt: skip
_WORDS = {"failed": "failed", "inconclusive": "could not tell", "not_applicable": "{was} not applicable"}
_WRITTEN_BY = ("code", "made_by")
"""Inputs of evidence that say which release wrote it."""


@dataclass(frozen=True)
class Told:
    """What one revision says on one audit."""

    findings: Mapping[str, Finding] = field(default_factory=lambda: MappingProxyType({}))
    """Fingerprint to finding."""
    evidence: Evidence | None = None
    """None where it cannot be read, or only its findings can."""
    obstacle: Obstacle | None = None
    """Why it says nothing that could be compared; None when it does."""
    clause: Clause | None = None
    """The same for a person."""
    unchecked: bool = False
    """Whether the findings were taken without their digest."""


@dataclass(frozen=True)
class Compared:
    """Audits that answered on both sides, and what is to be said of all others."""

    before: Mapping[str, Told]
    after: Mapping[str, Told]
    not_compared: tuple[NotCompared, ...]

    def findings(self, side: Mapping[str, Told]) -> dict[str, Finding]:
        """Fingerprint to finding of the audits that are compared."""
        return {key: finding for told in side.values() for key, finding in told.findings.items()}

    def evidence(self, side: Mapping[str, Told]) -> dict[str, Evidence]:
        """Audit to evidence, of the audits that are compared and whose evidence can be read whole."""
        return {audit: told.evidence for audit, told in side.items() if told.evidence is not None}

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Audits whose earlier findings were taken without their digest."""
        return tuple(audit for audit, told in self.before.items() if told.unchecked)


def compared(
    base: Workspace | None, head: Workspace | None, name: str, shown: str, snapshots: tuple[str, str]
) -> Compared:
    """The audits of dataset `name` at both revisions. `shown` is the base as it was asked for.

    `snapshots` are the digests of what either side's evidence must speak of; empty where that is unknown. A dataset
    that is new has only new findings; one that is gone has neither new nor fixed ones.
    """
    if head is None:
        return Compared({}, {}, ())
    before: dict[str, Told] = {}
    after: dict[str, Told] = {}
    missing: list[NotCompared] = []
    audits = [*head.config.audits, *(a for a in (base.config.audits if base else ()) if a not in head.config.audits)]
    for audit in audits:
        now = _told(head, name, audit, "here", snapshots[1])
        was = Told() if base is None else _told(base, name, audit, f"at {shown}", snapshots[0], later=now.evidence)
        if was.obstacle is None and now.obstacle is None:
            before[audit], after[audit] = was, now
        elif now.obstacle != "not_applicable" or (base is not None and was.obstacle != "not_applicable"):
            missing.append(_missing(audit, was, now))
    return Compared(before, after, tuple(missing))


def _missing(audit: str, was: Told, now: Told) -> NotCompared:
    obstacles = [told for told in (was, now) if told.obstacle is not None]
    side: Side = "both" if len(obstacles) == 2 else "before" if was.obstacle is not None else "after"
    first = obstacles[0].obstacle
    assert first is not None
    found = None if side == "both" else len((now if side == "before" else was).findings)
    return NotCompared(
        what=audit,
        side=side,
        because=first,
        findings=found,
        clauses=tuple(told.clause for told in obstacles if told.clause is not None),
    )


def _told(
    workspace: Workspace, name: str, audit: str, place: str, snapshot: str, later: Evidence | None = None
) -> Told:
    """What evidence of `audit` says. `later`: what the other side says, when this one is the past."""
    if audit not in workspace.config.audits:
        return Told(obstacle="not_configured", clause=Clause(form="{what} {is} not configured {place}", place=place))
    path = workspace.report(name) / "evidence" / f"{audit}.json"
    evidence: Evidence | None = None
    try:
        evidence = read_evidence(path)
        said = (evidence.subject, evidence.audit, evidence.outcome, evidence.reason, evidence.inputs)
        findings = {finding.fingerprint: finding for finding in evidence.findings}
    except EvidenceError as error:
        raw = _raw(path) if place != "here" else None
        if raw is None or _same_release(raw, later):
            why = str(error).replace(f"{workspace.root}/", "")
            form = "evidence of {what} {place} cannot be read ({reason})"
            return Told(obstacle="unreadable", clause=Clause(form=form, place=place, reason=why))
        said, findings = raw
    subject, about, outcome, reason, inputs = said
    if (subject, about) != (name, audit):
        form = "evidence of {what} {place} is of {reason}"
        return Told(obstacle="unreadable", clause=Clause(form=form, place=place, reason=f"{about} on {subject}"))
    if outcome is not Outcome.ASSESSED:
        obstacle = _SAID[outcome]
        clause = Clause(form=f"{{what}} {_WORDS[obstacle]} {{place}}: {{reason}}", place=place, reason=reason)
        return Told(evidence=evidence, obstacle=obstacle, clause=clause)
    if snapshot and inputs.get("snapshot", snapshot) != snapshot:
        form = "evidence of {what} {place} is of another snapshot than manifest.json"
        return Told(findings, evidence, "other_snapshot", Clause(form=form, place=place))
    return Told(findings, evidence, unchecked=evidence is None)


_Raw = tuple[tuple[str, str, Outcome, str, dict[str, Any]], dict[str, Finding]]
"""Subject, audit, outcome, reason and inputs of evidence; and fingerprint to finding."""


def _raw(path: Path) -> _Raw | None:
    """What evidence of another release says, as far as it can be understood; None when it cannot.

    Its digest goes over fields that this release does not have, or lacks some that it has: it cannot be checked.
    """
    try:
        content = spread(json.loads(path.read_bytes().decode()))
        if content["schema_version"] != SCHEMA_VERSION:
            return None
        subject = str(content["subject"])
        said = (
            subject, str(content["audit"]), Outcome(content["outcome"]), str(content.get("reason", "")),
            dict(content["inputs"]),
        )  # fmt: skip
        findings = [_finding(entry, subject) for entry in content.get("findings", ())]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # the caller says that the evidence cannot be read, and why
    return said, {finding.fingerprint: finding for finding in findings}


def _finding(entry: Mapping[str, Any], subject: str) -> Finding:
    known = ("rule", "level", "message", "columns", "split", "subject", "fingerprint")
    content = {key: entry[key] for key in known if key in entry}
    finding = Finding.model_validate({**content, "remedy": str(entry.get("remedy", ""))})
    return finding if finding.fingerprint else finding.identified(subject)


def _same_release(raw: _Raw, later: Evidence | None) -> bool:
    """Whether the release that wrote what is here wrote that too: it could check the digest, so the file was edited."""
    inputs = raw[0][-1]
    return later is not None and all(inputs.get(key) == later.inputs.get(key) for key in _WRITTEN_BY)
