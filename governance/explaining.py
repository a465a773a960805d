"""All that is known about one finding, gathered from its evidence, the policy, the waivers and the control crosswalk."""

from __future__ import annotations

import datetime
import difflib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.controls import Control, load_crosswalk
from governance.errors import UsageError
from governance.evidence import ANSWERS, Confidence
from governance.formats.entries import findings_of, printable
from governance.formats.places import Place, Places
from governance.render import number
from governance.report_files import evidence_file

if TYPE_CHECKING:
    from pathlib import Path

    from governance.config import Workspace
    from governance.evidence import Evidence, Finding
    from governance.judging import Judged, Judgement
    from governance.verdict import Decision

WAIVER_DAYS = 90
"""What a proposed waiver reaches ahead, or the policy's maximum where that is less."""

_SURE = {
    Confidence.HIGH: "High: it was counted, or it stands far above what chance makes.",
    Confidence.MEDIUM: "Medium: most such findings are real; look at some of the rows before you act.",
    Confidence.LOW: "Low: a lead to follow, not a result.",
}


@dataclass(frozen=True)
class Explanation:
    """One finding with everything around it."""

    subject: str
    kind: str
    finding: Finding
    decision: Decision
    evidence: Evidence
    why: str
    """Why findings of this family matter; empty where the crosswalk has no such family."""
    place: Place
    evidence_file: str
    rows_file: str
    """Which rows are meant, in the data folder; empty for a model. Files are relative to the repository."""
    rows_here: bool
    flagged: int | None
    """So many of them its rule marks, beside rows that were judged and are well; None where the file cannot tell."""
    controls: tuple[Control, ...]
    waiver: str
    """YAML for waivers.yaml. Owner and reason are left empty, and an empty one is refused."""


def explain(fingerprint: str, judged: Judged, workspace: Workspace, today: datetime.date) -> Explanation:
    """The explanation of the finding `fingerprint`. Raises UsageError with near ones when there is none."""
    for judgement in judged.judgements:
        finding = findings_of(judgement).get(fingerprint)
        if finding is not None:
            return _explained(judgement, finding, workspace, today)
    raise UsageError(_unknown(fingerprint, judged))


def _unknown(fingerprint: str, judged: Judged) -> str:
    known = {
        key: f"{key}  {judgement.name}: {finding.rule}"
        for judgement in judged.judgements
        for key, finding in findings_of(judgement).items()
    }
    near = [key for key in known if fingerprint and key.startswith(fingerprint)]
    near += [key for key in difflib.get_close_matches(fingerprint, known, n=5, cutoff=0.5) if key not in near]
    lines = [f"no finding has the fingerprint {printable(fingerprint)!r}; there are {len(known)} findings."]
    if near:
        lines += ["  Near ones:", *(f"    {known[key]}" for key in near[:5])]
    unread = [
        f"{judgement.name}/{name}"
        for judgement in judged.judgements
        for name, item in judgement.collected.evidence.items()
        if isinstance(item, str)
    ]
    if unread:
        more = f" and {len(unread) - 5} more" if len(unread) > 5 else ""
        lines.append(f"  Not searched, because the evidence cannot be used: {', '.join(unread[:5])}{more}")
    lines.append("  Run: govern gate (what only its --base shows is a change of rules, and its line says all there is)")
    return "\n".join(lines)


def _explained(judgement: Judgement, finding: Finding, workspace: Workspace, today: datetime.date) -> Explanation:
    decision = next(
        d for d in judgement.verdict.decisions
        if d.fingerprint == finding.fingerprint and not d.rule.startswith("waiver/")
    )  # fmt: skip
    evidence = judgement.collected.evidence[decision.audit]
    assert not isinstance(evidence, str)
    crosswalk = load_crosswalk()
    family = crosswalk.family_of(finding.rule, decision.audit)
    is_dataset = judgement.kind == "dataset"
    report = workspace.report(judgement.name) if is_dataset else workspace.model_report(judgement.name)
    rows = workspace.build(judgement.name) / "rows" / f"{decision.audit}.parquet"
    return Explanation(
        subject=judgement.name,
        kind=judgement.kind,
        finding=finding,
        decision=decision,
        evidence=evidence,
        why=family.why if family else "",
        place=Places(workspace).of(judgement, decision, finding),
        evidence_file=evidence_file(report, decision.audit).relative_to(workspace.boundary).as_posix(),
        rows_file=rows.relative_to(workspace.boundary).as_posix() if is_dataset and decision.audit != ANSWERS else "",
        rows_here=is_dataset and rows.is_file(),
        flagged=_flagged(rows, finding.rule) if is_dataset else None,
        controls=crosswalk.controls_of(finding.rule, decision.audit),
        waiver=_waiver(finding, today, workspace.config.policy.waiver_days),
    )


def _flagged(file: Path, rule: str) -> int | None:
    import polars as pl

    if not file.is_file():
        return None
    try:
        marked = pl.scan_parquet(file).filter(pl.col("flagged") & (pl.col("rule") == rule))
        return int(marked.select(pl.len()).collect().item()) or None
    except (OSError, pl.exceptions.PolarsError):  # written by halves, or by another release
        return None


def _waiver(finding: Finding, today: datetime.date, longest: int) -> str:
    expires = today + datetime.timedelta(days=min(WAIVER_DAYS, longest))
    lines = [
        f"  - fingerprint: {_quoted(finding.fingerprint)}",
        '    owner: ""  # who answers for it',
        '    reason: ""  # why it is acceptable, in a sentence',
        f"    expires: {expires.isoformat()}",
    ]
    if finding.count is not None:
        lines.append(f"    max_count: {finding.count}  # no longer covered when it grows")
    return "\n".join(lines)


def _quoted(fingerprint: str) -> str:
    """Sixteen hex digits as a YAML string: `1234567890123456` and `12345678901234e5` would be numbers."""
    return f'"{fingerprint}"'


def as_text(item: Explanation, seen: Callable[[str], str] = str) -> str:
    """The explanation for a terminal; `seen` says how a file of the repository is named where the reader stands."""
    return "\n".join(_lines(item, seen)) + "\n"


def _lines(item: Explanation, seen: Callable[[str], str]) -> Iterator[str]:
    finding, decision, reach = item.finding, item.decision, item.evidence.reach
    yield f"{finding.rule} [{finding.fingerprint}] {finding.level}, {item.kind} {item.subject}"
    yield from _part("What", finding.message, f"Asked: {item.evidence.question}")
    yield from _part("Why it matters", item.why, f"Policy: {decision.effect}. {decision.required}".strip())
    of = f" of {finding.of}" if finding.of is not None else ""
    yield from _part(
        "How sure",
        _SURE[finding.confidence],
        f"{finding.count}{of} affected." if finding.count is not None else "",
        f"It would notice: {reach.would_notice}",
        f"How well: {reach.measured}",
        f"It cannot see: {reach.cannot_see}",
    )
    yield from _part("Where", *_where(item, seen))
    sheet = (
        f"Where it is about rows: govern quarantine {item.subject} --audit {decision.audit} writes them into a sheet, to "
        "drop, relabel or keep each of them."
        if item.rows_file
        else ""
    )
    yield from _part("What to do", finding.remedy, sheet)
    touched = [f"{control.framework} {control.shown}: {control.subject}" for control in item.controls]
    yield from _part("Controls it touches", *(touched or ["None that the crosswalk knows."]))
    if item.evidence.references:
        yield from _part("References", *item.evidence.references)
    head = {
        "block": "It blocks. When it must be accepted for a time, run govern waive, or add this to waivers.yaml and fill it in:",
        "waived": f"It is waived: {decision.waiver}",
        "baselined": f"It is {decision.waiver} and let through as long as it gets no worse. If it must be waived:",
    }.get(decision.effect, "It does not block, so there is nothing to waive. If it comes to block:")
    yield from _part("How to waive", head)
    if decision.effect != "waived":
        yield item.waiver
        yield from _part(
            "Then", "run: dvc repro, which writes verdict and documents again and measures nothing; commit."
        )


def _where(item: Explanation, seen: Callable[[str], str]) -> Iterator[str]:
    finding = item.finding
    if finding.columns:
        yield f"Columns: {', '.join(finding.columns)}"
    if finding.split:
        yield f"Split: {finding.split}"
    yield f"Line: {seen(item.place.file)}:{item.place.line}"
    yield f"Evidence: {seen(item.evidence_file)}"
    if item.rows_file:
        absent = "" if item.rows_here else f" (not here; run: dvc repro audit@{item.subject}-{item.decision.audit})"
        marked = "" if item.flagged is None else f" ({number(item.flagged)})"
        where = f"rule {finding.rule}, rows where `flagged` is true{marked}"
        yield f"Rows, where the finding is about some: {seen(item.rows_file)}, {where}{absent}"


def _part(title: str, *sentences: str) -> list[str]:
    shown = [f"  {printable(sentence)}" for sentence in sentences if sentence]
    return ["", title, *shown] if shown else []


def as_json(item: Explanation) -> str:
    """The explanation for a program."""
    content: dict[str, Any] = {
        "subject": item.subject,
        "kind": item.kind,
        "finding": item.finding.model_dump(mode="json"),
        "decision": item.decision.model_dump(mode="json"),
        "question": item.evidence.question,
        "why": item.why,
        "reach": item.evidence.reach.model_dump(mode="json"),
        "references": list(item.evidence.references),
        "file": item.place.file,
        "line": item.place.line,
        "evidence": item.evidence_file,
        "rows": item.rows_file,
        "controls": [
            {"id": c.id, "framework": c.framework, "ref": c.ref, "status": c.status, "subject": c.subject}
            for c in item.controls
        ],
        "waiver": item.waiver,
    }
    return json.dumps(content, indent=1, sort_keys=True) + "\n"
