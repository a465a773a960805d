"""Compares what git holds of a dataset at two revisions: manifest, evidence, verdict, answers, datasheet. No data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.alike import spread
from governance.config import Workspace
from governance.differences.difference import Clause, FindingLine, MetricChange, Named, Obstacle, Version
from governance.errors import EvidenceError
from governance.evidence import Evidence, Finding, Metric, Outcome
from governance.manifest import Manifest, read_manifest
from governance.verdict import read_verdict
from governance.yaml_files import read_yaml


def line(finding: Finding) -> FindingLine:
    """The finding in one line."""
    return FindingLine(rule=finding.rule, level=finding.level, message=finding.message, fingerprint=finding.fingerprint)


@dataclass(frozen=True)
class Snapshot:
    """What a revision says of the snapshot of a dataset."""

    manifest: Manifest | None
    """None when there is none that can be read, or no data that could be."""
    obstacle: Obstacle | None = None
    """Why there is none."""
    clause: Clause | None = None
    """The same for a person; None where there is one."""
    unchecked: bool = False
    """Whether the manifest was taken without its seal."""


def snapshot_of(workspace: Workspace | None, name: str, place: str, later: Manifest | None = None) -> Snapshot:
    """The snapshot of dataset `name`; `later` is the one of now, when `workspace` is the past.

    A seal that fails in the past is let pass when another release wrote it: fields came or went since.
    """
    if workspace is None:
        return Snapshot(None, "no_snapshot", Clause(form="there is no such dataset {place}", place=place))
    path, unchecked = workspace.report(name) / "manifest.json", False
    try:
        manifest = read_manifest(path)
    except EvidenceError as error:
        old = _unsealed(path) if later is not None else None
        if old is None or later is None or old.code == later.code:
            why = str(error).replace(f"{workspace.root}/", "")
            clause = Clause(form="the snapshot {place} is not known ({reason})", place=place, reason=why)
            return Snapshot(None, "unreadable", clause)
        manifest, unchecked = old, True
    if manifest.outcome is not Outcome.ASSESSED or not manifest.digest:
        clause = Clause(form="there is no snapshot {place}: {reason}", place=place, reason=manifest.reason)
        return Snapshot(None, "no_snapshot", clause)
    return Snapshot(manifest, unchecked=unchecked)


def _unsealed(path: Path) -> Manifest | None:
    try:
        return Manifest.model_validate(spread(json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError):
        return None  # the caller says that it cannot be read, and why


def version_of(workspace: Workspace | None, name: str, snapshot: Snapshot) -> Version | None:
    """One side of the comparison, None when there is no such dataset there."""
    if workspace is None or name not in workspace.config.datasets:
        return None
    path = workspace.report(name) / "verdict.json"
    try:
        result: str = read_verdict(path).result
    except EvidenceError:
        result = "unreadable" if path.exists() else ""
    manifest = snapshot.manifest
    if manifest is None:
        return Version(digest="", rows=0, splits={}, result=result)
    dropped = manifest.quarantined.dropped if manifest.quarantined is not None else 0
    return Version(digest=manifest.digest, rows=manifest.rows, splits=manifest.splits, dropped=dropped, result=result)


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
    """Answers to the datasheet's questions that came, went or are worded otherwise. Raises ConfigError."""
    yield from _named(_answers(before, name), _answers(after, name))


def _answers(workspace: Workspace | None, name: str) -> dict[str, Any]:
    if workspace is None or not (path := workspace.answers(name)).is_file():
        return {}
    content = read_yaml(path, f"answers/{path.name}")
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
