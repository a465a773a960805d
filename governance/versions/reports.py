"""Compares what git holds of a dataset at two revisions: manifest, evidence, verdict, answers, datasheet. No data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from governance.config import Workspace
from governance.differences.difference import FindingLine, MetricChange, Named, Version
from governance.errors import EvidenceError, GovernanceError
from governance.evidence import Evidence, Finding, Metric, read_evidence
from governance.manifest import Manifest, read_manifest
from governance.policy import read_verdict
from governance.yaml_files import read_yaml


def line(finding: Finding) -> FindingLine:
    """The finding in one line."""
    return FindingLine(rule=finding.rule, level=finding.level, message=finding.message, fingerprint=finding.fingerprint)


def manifest_of(workspace: Workspace | None, name: str) -> Manifest | None:
    """The manifest of dataset `name`, None when there is none that can be read."""
    if workspace is None:
        return None
    try:
        return read_manifest(workspace.report(name) / "manifest.json")
    except EvidenceError:
        return None


def version_of(workspace: Workspace | None, name: str) -> Version | None:
    """One side of the comparison, None when there is no such dataset there."""
    if workspace is None or name not in workspace.config.datasets:
        return None
    manifest = manifest_of(workspace, name)
    try:
        result: str = read_verdict(workspace.report(name) / "verdict.json").result
    except EvidenceError:
        result = ""
    if manifest is None:
        return Version(digest="", rows=0, splits={}, result=result)
    return Version(digest=manifest.digest, rows=manifest.rows, splits=manifest.splits, result=result)


def evidence_of(workspace: Workspace | None, name: str) -> dict[str, Evidence]:
    """Audit to evidence, of the audits that are configured and whose evidence can be read."""
    found: dict[str, Evidence] = {}
    if workspace is None:
        return found
    for audit in workspace.config.audits:
        try:
            found[audit] = read_evidence(workspace.report(name) / "evidence" / f"{audit}.json")
        except EvidenceError:
            continue
    return found


def findings_of(evidence: Mapping[str, Evidence]) -> dict[str, Finding]:
    """Fingerprint to finding."""
    return {finding.fingerprint: finding for item in evidence.values() for finding in item.findings}


def by_gravity(findings: Iterable[Finding]) -> tuple[FindingLine, ...]:
    """Findings in one line each, the gravest first."""
    ordered = sorted(findings, key=lambda f: (-f.level.rank, f.rule, f.columns, f.fingerprint))
    return tuple(map(line, ordered))


def metric_changes(before: Mapping[str, Evidence], after: Mapping[str, Evidence]) -> Iterator[MetricChange]:
    """Numbers of audits on both sides that are other ones, those beyond the old interval first, then the furthest."""
    changed = []
    for audit in sorted(before.keys() & after.keys()):
        old = {(metric.name, metric.group): metric for metric in before[audit].metrics}
        new = {(metric.name, metric.group): metric for metric in after[audit].metrics}
        for key in old.keys() & new.keys():
            was, now = old[key], new[key]
            if was.value != now.value:
                change = MetricChange(
                    audit=audit, name=key[0], group=key[1], unit=now.unit, before=was.value, after=now.value,
                    beyond=_beyond(was, now),
                )  # fmt: skip
                changed.append((not change.beyond, -_relative(was, now), audit, key, change))
    return (item[-1] for item in sorted(changed, key=lambda item: item[:-1]))


def _beyond(was: Metric, now: Metric) -> bool:
    if now.value is None or was.low is None or was.high is None:
        return True
    return not was.low <= now.value <= was.high


def _relative(was: Metric, now: Metric) -> float:
    if was.value is None or now.value is None:
        return float("inf")
    return abs(now.value - was.value) / max(abs(was.value), abs(now.value), 1e-12)


def answer_changes(before: Workspace | None, after: Workspace | None, name: str) -> Iterator[Named]:
    """Answers to the datasheet's questions that came, went or are worded otherwise."""
    yield from _named(_answers(before, name), _answers(after, name))


def _answers(workspace: Workspace | None, name: str) -> dict[str, Any]:
    if workspace is None or not (path := workspace.answers(name)).is_file():
        return {}
    try:
        content = read_yaml(path, path.name)
    except GovernanceError:
        return {}
    answers = content.get("answers") if isinstance(content, dict) else None
    return {str(key): value for key, value in answers.items() if value} if isinstance(answers, dict) else {}


def section_changes(before: Workspace | None, after: Workspace | None, name: str) -> Iterator[Named]:
    """Sections of datasheet.md that came, went or read otherwise."""
    yield from _named(_sections(before, name), _sections(after, name))


def _sections(workspace: Workspace | None, name: str) -> dict[str, str]:
    path: Path | None = workspace.report(name) / "datasheet.md" if workspace is not None else None
    if path is None or not path.is_file():
        return {}
    parts = re.split(r"(?m)^## (.+)$", path.read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _named(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Named]:
    for key in [*new, *(key for key in old if key not in new)]:
        if key not in old:
            yield Named(name=key, what="added")
        elif key not in new:
            yield Named(name=key, what="removed")
        elif old[key] != new[key]:
            yield Named(name=key, what="changed")
