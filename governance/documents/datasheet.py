"""The datasheet of one dataset as a view: everything its templates print, already worded, capped and in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from governance.documents.caps import Caps
from governance.documents.croissant_check import undeclared
from governance.documents.facts import DatasetFacts
from governance.documents.first_screen import (
    Need,
    accepted,
    drafted,
    first_findings,
    in_short,
    needs,
    reasons,
)
from governance.documents.measured import classes_shown
from governance.documents.people import about_people
from governance.documents.questions import questionnaire
from governance.documents.replies import Completeness, Reply, completeness, overall, replies
from governance.documents.since_approved import approval_lines, since_approved
from governance.documents.views import EvidenceView, FindingView, findings_of, view
from governance.documents.wording import checked, listed, percent, plural, short_digest, spoken, tally
from governance.evidence import Evidence, Scalar
from governance.manifest import class_rows
from governance.render import number, shorten
from governance.verdict import Decision

_MOST_CLASSES = 30
_MOST_SOURCES = 20


@dataclass(frozen=True)
class ColumnView:
    """One row of the table of columns."""

    name: str
    type: str
    role: str
    unit: str
    meaning: str
    missing: str
    distinct: str
    private: str
    """Why its values are shown nowhere; empty when they may be."""


@dataclass(frozen=True)
class SectionView:
    """One of the seven sections."""

    id: str
    title: str
    sentence: str
    completeness: Completeness
    replies: tuple[Reply, ...]
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True)
class DatasheetView:
    """All of a datasheet."""

    name: str
    title: str
    digest: str
    """Of the snapshot; empty when there is none."""
    description: str
    passed: bool
    tier: str
    accepted: tuple[tuple[str, str], ...]
    """What would block and was let through: words, and the anchor of the evidence."""
    reasons: tuple[tuple[str, str], ...]
    """What blocks, and the anchor of its evidence."""
    drafted: str
    """What to think of a contract that nobody has edited; empty when somebody has."""
    readable: bool
    failure: str
    """Why there is no snapshot; empty when there is one."""
    purpose: Reply
    not_for: Reply
    overview: tuple[tuple[str, str], ...]
    """Label and value, one fact each."""
    serious: tuple[FindingView, ...]
    findings_total: int
    tally: str
    approvals: tuple[str, ...]
    """Who approved, in which role, when; one sentence each."""
    since: tuple[str, ...]
    """What changed since the version that was approved before."""
    needs: tuple[Need, ...]
    wanted: str
    """`needs` in half a line."""
    missing: tuple[str, ...]
    sections: tuple[SectionView, ...]
    completeness: tuple[Completeness, ...]
    settled: str
    """`completeness` of all sections in one line."""
    columns: tuple[ColumnView, ...]
    columns_left_out: int
    class_splits: tuple[str, ...]
    class_rows: tuple[tuple[Scalar, ...], ...]
    """Class, then rows per split."""
    class_note: str
    citation: str
    decisions: tuple[Decision, ...]
    """What the policy did not simply pass, in the verdict's order."""
    decisions_left_out: int
    decisions_passed: int
    provenance: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str, str], ...]
    """Path, size, sha256."""
    sources_left_out: int


def datasheet_view(facts: DatasetFacts, caps: Caps) -> DatasheetView:
    """What templates print of `facts`, at most as much as `caps` allows."""
    manifest, about, verdict = facts.manifest, facts.dataset.about, facts.verdict
    said = replies(facts)
    by_id = {reply.id: reply for reply in said}
    findings = findings_of(facts.evidence, verdict)
    counted = completeness(said)
    sections = _sections(facts, said, counted, caps)
    class_rows, class_note = _classes(facts)
    needed = needs(verdict, facts.missing_audits, said, undeclared(facts))
    told = tuple(decision for decision in verdict.decisions if decision.effect != "pass")
    return DatasheetView(
        name=facts.name,
        title=facts.title,
        digest=manifest.digest,
        description=about.description,
        passed=verdict.result == "passed",
        tier=verdict.tier,
        accepted=accepted(verdict),
        reasons=reasons(verdict, facts.evidence, {key: reply.short for key, reply in by_id.items()}),
        drafted=drafted(facts.drafted),
        readable=facts.readable,
        failure="" if facts.readable else (manifest.reason or "no snapshot was made"),
        purpose=by_id["motivation.purpose"],
        not_for=by_id["uses.do_not_use"],
        overview=_overview(facts),
        serious=first_findings(findings),
        findings_total=len(findings),
        tally=tally([finding for item in facts.evidence for finding in item.findings]),
        approvals=approval_lines(facts.approvals),
        since=since_approved(facts),
        needs=needed,
        wanted=in_short(needed),
        missing=facts.missing_audits,
        sections=sections,
        completeness=counted,
        settled=overall(counted).summary,
        columns=_columns(facts)[: caps.columns],
        columns_left_out=max(0, len(manifest.columns) - caps.columns),
        class_splits=tuple(facts.splits),
        class_rows=class_rows,
        class_note=class_note,
        citation=about.citation,
        decisions=told[: caps.decisions],
        decisions_left_out=max(0, len(told) - caps.decisions),
        decisions_passed=len(verdict.decisions) - len(told),
        provenance=_provenance(facts),
        sources=tuple((s.path, f"{number(s.size)} bytes", s.sha256) for s in manifest.sources[:_MOST_SOURCES]),
        sources_left_out=max(0, manifest.files - min(len(manifest.sources), _MOST_SOURCES)),
    )


def section_of(evidence: Evidence, known: Sequence[str], otherwise: str) -> str:
    """The section that shows `evidence`. One that names an unknown section is shown all the same."""
    section = evidence.section.partition(".")[0]
    return section if section in known else otherwise


def _sections(
    facts: DatasetFacts, said: Sequence[Reply], counted: Sequence[Completeness], caps: Caps
) -> tuple[SectionView, ...]:
    shown = caps.shown(facts.evidence)
    known = [section.id for section in questionnaire().sections]
    made = []
    for section, complete in zip(questionnaire().sections, counted, strict=True):
        filed = [item for item in facts.evidence if section_of(item, known, "composition") == section.id]
        made.append(
            SectionView(
                id=section.id,
                title=section.title,
                sentence=_sentence(section.about, complete, filed),
                completeness=complete,
                replies=tuple(reply for reply in said if reply.id.partition(".")[0] == section.id),
                evidence=tuple(view(item, facts.verdict, shown) for item in filed),
            )
        )
    return tuple(made)


def _sentence(about: str, complete: Completeness, filed: Sequence[Evidence]) -> str:
    said = [complete.summary]
    if filed:
        found = [finding for item in filed for finding in item.findings]
        said.append(f"{plural(len(filed), 'audit')} shown here, with {tally(found)}")
    return f"{about[0].upper()}{about[1:]}: {'; '.join(said)}."


def _overview(facts: DatasetFacts) -> tuple[tuple[str, str], ...]:
    manifest, about = facts.manifest, facts.dataset.about
    rows: list[tuple[str, str]] = []
    if facts.readable:
        rows.append(("Size", f"{plural(manifest.rows, 'row')}, {plural(len(manifest.columns), 'column')}"))
        total = manifest.rows
        shares = [f"{s} {number(n)} ({percent(n, total)})" for s, n in facts.splits.items()]
        rows.append(("Splits", listed(shares)))
    rows.append(("Licence", about.licence or "not declared"))
    rows.append(("Task", _task(facts)))
    rows.append(("About people", about_people(facts)))
    rows.append(("Checked", checked(facts.evidence, facts.missing_audits, "check")))
    further = (("Version", about.version), ("Contact", about.contact), ("Home", about.url))
    rows += [pair for pair in (*further, ("Licence text", about.licence_url)) if pair[1]]
    rows.append(("Digest of this version", short_digest(manifest.digest) or "none: there is no snapshot"))
    return tuple(rows)


def _task(facts: DatasetFacts) -> str:
    task, target = facts.dataset.data.task, facts.dataset.data.target
    words = spoken(task.value) if task.value != "none" else "none declared"
    if target:
        words += f" of “{target}”"
        count = class_rows(facts.manifest.classes).count
        words += f", {plural(count, 'class', 'classes')}" if count else ""
    return words if task.labels_audited else f"{words}; labels not audited"


def _columns(facts: DatasetFacts) -> tuple[ColumnView, ...]:
    rows = facts.manifest.rows
    return tuple(
        ColumnView(
            name=column.name,
            type=column.type.value,
            role=spoken(column.resolved_role.value),
            unit=column.unit or "–",
            meaning=shorten(_meaning(column.description, column.labels) or "not described", 200),
            missing=f"{number(column.nulls)} ({percent(column.nulls, rows)})" if column.nulls else "0",
            distinct=number(column.distinct),
            private=(column.private_because or "yes") if column.private else "",
        )
        for column in facts.manifest.columns
    )


def _meaning(description: str, labels: Mapping[str, str]) -> str:
    coded = ", ".join(f"{code} = {meaning}" for code, meaning in list(labels.items())[:12])
    return ". ".join(part.rstrip(". ") for part in (description, coded) if part)


def _classes(facts: DatasetFacts) -> tuple[tuple[tuple[Scalar, ...], ...], str]:
    """Rows per class and split, and what is left out of them."""
    shown = classes_shown(facts)
    splits = facts.manifest.classes
    named = shown[:_MOST_CLASSES]
    rows: tuple[tuple[Scalar, ...], ...] = tuple(
        (name, *(splits.get(split, {}).get(name, 0) for split in facts.splits)) for name in named
    )
    hidden = class_rows(facts.manifest.classes).count - len(named)
    if not hidden:
        return rows, ""
    return rows, f"{plural(hidden, 'class', 'classes')} more: too rare to be named, private, or beyond the limit."


def _provenance(facts: DatasetFacts) -> tuple[tuple[str, str], ...]:
    manifest, verdict = facts.manifest, facts.verdict
    rows = [
        ("Snapshot digest", manifest.digest or "none"),
        ("Source path", manifest.source_path),
        ("Source hash (DVC)", manifest.source_md5 or "none"),
        ("Declaration digest", manifest.declared),
        ("Code digest", manifest.code),
        ("Verdict digest", verdict.digest or "none"),
        ("Policy digest", verdict.policy_digest),
    ]
    return tuple(rows)
