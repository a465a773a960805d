"""Writes one waiver into waivers.yaml, and none that the gate would refuse."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from governance.config import WAIVERS, Workspace
from governance.documents.placeholders import placeholder
from governance.errors import EvidenceError, UsageError
from governance.files import write_atomic
from governance.report_files import linked
from governance.verdict import parse_waivers
from governance.yaml_entries import with_list_entry

if TYPE_CHECKING:
    from governance.evidence import Finding
    from governance.judging import Judged
    from governance.verdict import Decision


@dataclass(frozen=True)
class Wanted:
    """A waiver that somebody asks for."""

    fingerprint: str
    reason: str
    until: datetime.date
    owner: str
    ticket: str = ""
    max_count: int | None = None
    """None: as many as there are now, where the finding counts something. What grows is looked at again."""

    def entry(self) -> dict[str, Any]:
        """The entry for waivers.yaml, as plain values."""
        entry: dict[str, Any] = {
            "fingerprint": self.fingerprint, "owner": self.owner, "reason": self.reason,
            "expires": self.until.isoformat(),
        }  # fmt: skip
        entry |= {"ticket": self.ticket} if self.ticket else {}
        return entry | ({"max_count": self.max_count} if self.max_count is not None else {})


def waive(
    workspace: Workspace, judged: Judged, wanted: Wanted, today: datetime.date, longest: int
) -> tuple[Decision, Wanted]:
    """Write the waiver; the decision that it is for, and what was written. Raises UsageError with all that speaks against it.

    `longest` is how many days ahead the policy allows.
    """
    decision, finding = _found(judged, wanted.fingerprint)
    if wanted.max_count is None and finding is not None:
        wanted = replace(wanted, max_count=finding.count)
    problems = list(_problems(workspace, wanted, decision, finding, today, longest))
    if problems:
        raise UsageError("\n  - ".join(["the gate would refuse this waiver:", *problems]))
    path = workspace.root / WAIVERS
    if linked(path, workspace):
        raise EvidenceError(f"{WAIVERS} is a symbolic link, and git does not hold what lies behind it")
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    write_atomic(path, with_list_entry(text, "waivers", wanted.entry(), WAIVERS))
    return decision, wanted


def _found(judged: Judged, fingerprint: str) -> tuple[Decision, Finding | None]:
    known: dict[str, Decision] = {}
    findings: Mapping[str, Finding] = {
        finding.fingerprint: finding
        for one in judged.judgements
        for item in one.collected.evidence.values()
        if not isinstance(item, str)
        for finding in item.findings
    }
    for one in judged.judgements:
        for decision in one.verdict.decisions:
            if decision.fingerprint and not decision.rule.startswith("waiver/"):
                known.setdefault(decision.fingerprint, decision)
    if fingerprint in known:
        return known[fingerprint], findings.get(fingerprint)
    near = difflib.get_close_matches(fingerprint, known, n=3, cutoff=0.5)
    advice = f"; near ones: {', '.join(f'{one} ({known[one].rule})' for one in near)}" if near else ""
    raise UsageError(
        f"no finding has the fingerprint {fingerprint!r}{advice}.\n  A waiver names one finding; govern gate lists them"
    )


def _problems(
    workspace: Workspace,
    wanted: Wanted,
    decision: Decision,
    finding: Finding | None,
    today: datetime.date,
    longest: int,
) -> list[str]:
    problems = []
    if decision.effect != "block":
        problems.append(f"{decision.rule} does not block (it is {decision.effect}), so there is nothing to waive")
    if any(one.fingerprint == wanted.fingerprint for one in workspace.waivers):
        problems.append(
            f"{wanted.fingerprint} is waived already; edit its entry in {WAIVERS}, a review sees the change"
        )
    if wanted.until < today:
        problems.append(f"--until {wanted.until} is in the past")
    elif (wanted.until - today).days > longest:
        last = today + datetime.timedelta(days=longest)
        problems.append(
            f"--until {wanted.until} reaches further than the {longest} days of the policy; {last} is the last day"
        )
    for option, value in (("--reason", wanted.reason), ("--owner", wanted.owner)):
        if value.strip() and (placeholder(value) or value.strip(" .").lower() == "none"):
            problems.append(f"{option} {value!r} says nothing")
    if wanted.max_count is not None:
        count = finding.count if finding is not None else None
        if count is None:
            problems.append("--max-count needs a finding that counts something; this one does not")
        elif count > wanted.max_count:
            problems.append(f"--max-count {wanted.max_count} is below the {count} that there are now")
    _, refused = parse_waivers({"waivers": [wanted.entry()]})
    return [*problems, *(one.removeprefix(f"{WAIVERS}: waiver 1: ") for one in refused)]
