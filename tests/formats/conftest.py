"""A workspace on disk and judgements made by the real gate, without running a pipeline."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from evidence_samples import evidence, finding

from governance.collect import Collected
from governance.config import Workspace
from governance.evidence import Confidence, Evidence, Finding, Level
from governance.gate import decide
from governance.judging import Judged, Judgement
from governance.policy import TIERS, Policy
from governance.verdict import Waiver

TODAY = datetime.date(2026, 5, 1)
HOSTILE = "a%\r\n::error::x,b:c</system-out>\x00\x1b[31m[x](http://e.org){0}`|@all<script>\u202e\ufffe]]>"
"""A column name that tries to break out of every format."""
PARAMS = """\
datasets:
  toy:
    data:
      path: data/toy.csv
  other:
    data: {path: data/other.csv}
audits:
  schema: {}
  duplicates: {}
policy:
  tier: internal
  metrics:
    - {metric: duplicates.rate, op: "<", threshold: 0.5}
"""
COLUMNS = """\
columns:
  - {name: length, type: number}
  - name: kind
    type: category
"""
AUDITS = tuple(group[0] for group in TIERS["internal"].required)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace in the folder `govern/` of a git repository."""
    (tmp_path / ".git").mkdir()
    root = tmp_path / "govern"
    files = {
        "params.yaml": PARAMS,
        "govern.lock": "{}",
        "waivers.yaml": "waivers: []\n",
        "expectations/toy/columns.yaml": COLUMNS,
        "reports/datasets/toy/evidence/duplicates.json": "{}",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Workspace(root)


def judgement(
    findings: Sequence[Finding] = (),
    *,
    name: str = "toy",
    waive: Sequence[int] = (),
    policy: Policy | None = None,
    **changed: Evidence | str,
) -> Judgement:
    """What the gate says about a dataset whose audits found `findings`; those at `waive` are waived."""
    by_audit: dict[str, list[Finding]] = {audit: [] for audit in AUDITS}
    for item in findings:
        by_audit[item.rule.split("/")[0]].append(item)
    items: dict[str, Evidence | str] = {
        audit: evidence(audit, name, findings=tuple(found)) for audit, found in by_audit.items()
    }
    items |= changed
    waivers = [
        Waiver(
            fingerprint=findings[i].identified(name).fingerprint,
            owner="Ada",
            reason=f"known and harmless: {HOSTILE}",
            expires=datetime.date(2026, 7, 30),
        )
        for i in waive
    ]
    resolved = (policy or Policy()).resolved()
    verdict = decide(
        resolved,
        answered=resolved.required_answers,
        subject=name,
        kind="dataset",
        snapshot_digest="sha256:a",
        evidence=items,
        waivers=waivers,
        today=TODAY,
    )
    return Judgement(name, "dataset", Collected(name, "dataset", None, items), verdict)


def _all_sorts() -> Judged:
    """One of everything: blocks of both kinds, warnings, waived, notes, passes, hostile text, a note on waivers."""
    findings = [
        finding("schema/check", Level.ERROR, columns=("kind",), subject="isin", count=3, of=100),
        finding("duplicates/exact", Level.ERROR, columns=(HOSTILE,)),
        finding("duplicates/near", Level.ERROR, confidence=Confidence.MEDIUM),
        finding("outliers/far", Level.WARNING, columns=("length",)),
        finding("summary/rare_class", Level.NOTE, subject=HOSTILE),
    ]
    hostile = [f.model_copy(update={"message": f"{f.message} in {HOSTILE}"}) for f in findings]
    first = judgement(hostile, waive=[2], label_issues="reports/label_issues.json is missing")
    return Judged((first, judgement(name="other")), ("waiver 0123456789abcdef (Ada) matches no finding",))


@pytest.fixture
def judged() -> Judged:
    """One of everything."""
    return _all_sorts()


@pytest.fixture
def passed() -> Judged:
    """Two datasets that pass with nothing to say."""
    return Judged((judgement(), judgement(name="other")))


@pytest.fixture
def nothing() -> Judged:
    """A workspace that declares no dataset."""
    return Judged(())


@pytest.fixture
def many() -> Callable[..., Judged]:
    """Makes a dataset with `count` blocking findings, or `subjects` datasets without any."""

    def make(count: int = 0, subjects: int = 1, **changed: Any) -> Judged:
        findings = [
            finding("schema/check", Level.ERROR, subject=f"{i}").model_copy(update=changed) for i in range(count)
        ]
        return Judged(tuple(judgement(findings, name=f"d{i}" if i else "toy") for i in range(subjects)))

    return make
