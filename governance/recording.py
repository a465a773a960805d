"""Writes baseline.yaml: records what blocks today, and takes out what is repaired."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from governance.collect import Collected
from governance.config import Workspace
from governance.errors import EvidenceError
from governance.evidence import Evidence
from governance.files import write_atomic
from governance.ratchet import BASELINE, Baseline, Known, Recorded, baseline_text, coverage_of, tightened
from governance.report_files import linked
from governance.verdict import Decision


def prune(workspace: Workspace, subjects: Iterable[Collected]) -> tuple[str, ...]:
    """Take out of baseline.yaml what is repaired; fingerprints that left or were lowered. Adds nothing, ever."""
    before = baseline = workspace.baseline
    for collected in subjects:
        known = baseline.of(collected.kind, collected.name)
        if known is not None:
            baseline = baseline.with_known(collected.kind, collected.name, tightened(known, collected.evidence))
    if baseline != before:
        write_baseline(workspace, baseline)
    return changed(before, baseline)


def changed(before: Baseline, after: Baseline) -> tuple[str, ...]:
    """Fingerprints whose entry is not what it was."""
    old, new = _entries(before), _entries(after)
    return tuple(sorted({key[1] for key in old.keys() | new.keys() if old.get(key) != new.get(key)}))


def _entries(baseline: Baseline) -> dict[tuple[str, str], Recorded]:
    groups = (*baseline.datasets.items(), *baseline.models.items())
    return {(name, one.fingerprint): one for name, known in groups for one in known.findings}


def write_baseline(workspace: Workspace, baseline: Baseline) -> None:
    """Write baseline.yaml, and read it anew from now on. Raises EvidenceError when it is a link."""
    path = workspace.root / BASELINE
    if linked(path, workspace):
        raise EvidenceError(f"{BASELINE} is a symbolic link, and git does not hold what lies behind it")
    write_atomic(path, baseline_text(baseline))
    workspace.__dict__.pop("baseline", None)


def recorded(collected: Collected, blocking: Iterable[Decision], known: Known | None, today: datetime.date) -> Known:
    """The entry of one subject after recording what blocks it: earlier entries that still hold keep their date."""
    earlier = tightened(known, collected.evidence) if known is not None else Known()
    wanted = {decision.fingerprint for decision in blocking if decision.fingerprint}
    new = [
        Recorded(
            fingerprint=finding.fingerprint, audit=audit, rule=finding.rule, level=finding.level,
            count=finding.count, on=today,
        )
        for audit, item in collected.evidence.items()
        if isinstance(item, Evidence)
        for finding in item.findings
        if finding.fingerprint in wanted
    ]  # fmt: skip
    kept = [one for one in earlier.findings if one.fingerprint not in wanted]
    return Known(findings=(*kept, *new), coverage=coverage_of(collected.evidence))
