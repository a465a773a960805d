"""Views: evidence as plain, capped, worded values that templates of every format print. No audit is named here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from governance.documents import pill
from governance.documents.caps import Shown, fitting
from governance.documents.metric_table import MetricTable, metric_table
from governance.documents.table_rounding import rounded_rows
from governance.documents.terms import Term, explained
from governance.documents.wording import (
    cut_at_word,
    headline,
    most_serious,
    percent,
    spoken,
)
from governance.evidence import Evidence, Figure, Finding, Level, Outcome, Scalar, Table
from governance.render import number, shorten
from governance.verdict import Verdict

_ROWS_ARE = frozenset(
    {"annotator", "attribute", "bin", "cell", "check", "class", "column", "feature", "group", "label", "level", "pair"}
    | {"pattern", "property", "rule", "segment", "slice", "split", "value", "word"}
)
"""Headings of first columns that name what a row is."""
_SENTENCE = 5
_TEXT = 600
"""Longest message or reason that a document shows."""


@dataclass(frozen=True)
class FindingView:
    """A finding with what the policy made of it."""

    level: str
    confidence: str
    message: str
    remedy: str
    rule: str
    fingerprint: str
    audit: str
    columns: tuple[str, ...]
    split: str
    affected: str
    """`14 of 569 (2.5 %)`; `2.5 %` where `message` names both numbers; empty where it names the share too."""
    effect: str
    """`blocks`, `warns`, `waived`, `known` (in the baseline), `noted`; empty before a verdict, and for a note that is noted."""
    waiver: str
    terms: tuple[Term, ...] = ()
    """Statistical terms in the message, and what they mean."""
    further: int = 0
    """On the first screen: findings of the same rule that are not shown there."""


@dataclass(frozen=True)
class TableView:
    """A table, cut to what the document shows."""

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    numeric: tuple[bool, ...]
    """Whether a column holds numbers only, and is set to the right."""
    left_out: int
    elsewhere: int = 0
    """Of those left out, how many the evidence file leaves out too."""

    @property
    def empty(self) -> str:
        """What stands in place of a table without rows: `No such column.`"""
        if self.left_out:
            return "Its rows are left out here."
        return f"No such {self.columns[0]}." if self.columns[0] in _ROWS_ARE else "Nothing of the kind."

    @property
    def total(self) -> int:
        """Rows that the audit gave."""
        return len(self.rows) + self.left_out


@dataclass(frozen=True)
class FigureView:
    """A figure and the name of its file."""

    anchor: str
    caption: str
    alt: str
    figure: Figure
    table: Table


@dataclass(frozen=True)
class EvidenceView:
    """One audit's or evaluation's answer."""

    audit: str
    title: str
    question: str
    assessed: bool
    tone: str
    """`bad`, `attention`, `calm` or `unknown`: for the eye only, words say the same."""
    pill: str
    """These words: `1 error`, or the outcome where there is no finding."""
    headline: str
    looked_for: str
    would_notice: str
    measured: str
    cannot_see: str
    findings: tuple[FindingView, ...]
    findings_left_out: int
    metrics: MetricTable
    tables: tuple[TableView, ...]
    figures: tuple[FigureView, ...]
    terms: tuple[Term, ...]
    """Statistical terms that stand here, and what they mean."""
    settings: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str], ...]
    references: tuple[str, ...]
    file: str
    """Where it lies, from the document."""
    digest: str


def slug(name: str) -> str:
    """`name` as part of a file name or an anchor."""
    return re.sub(r"[^a-z0-9_]+", "_", name.lower())[:80]


def effects_of(verdict: Verdict) -> Mapping[tuple[str, str], tuple[str, str]]:
    """(audit, fingerprint) to the policy's effect and waiver."""
    return {(d.audit, d.fingerprint): (d.effect, d.waiver) for d in verdict.decisions if d.fingerprint}


def findings_of(evidence: Iterable[Evidence], verdict: Verdict) -> tuple[FindingView, ...]:
    """All findings, worst first."""
    effects = effects_of(verdict)
    audits = {finding.fingerprint: item.audit for item in evidence for finding in item.findings}
    pairs = [
        (finding, effects.get((item.audit, finding.fingerprint), ("", ""))[0])
        for item in evidence
        for finding in item.findings
    ]
    return tuple(_finding(finding, audits[finding.fingerprint], effects) for finding, _ in most_serious(pairs))


def view(evidence: Evidence, verdict: Verdict, shown: Shown) -> EvidenceView:
    """One evidence as a template prints it."""
    findings = findings_of([evidence], verdict)
    tables = {table.name: table for table in evidence.tables}
    metrics = metric_table(evidence.metrics, slug(evidence.audit), shown.metrics)
    return EvidenceView(
        audit=evidence.audit,
        title=evidence.title,
        question=evidence.question,
        assessed=evidence.outcome is Outcome.ASSESSED,
        tone=pill.tone(evidence.outcome, findings),
        pill=pill.words(evidence.outcome, findings),
        headline=cut_at_word(headline(evidence), _TEXT),
        looked_for=_clause(evidence.reach.looked_for),
        would_notice=_clause(evidence.reach.would_notice),
        measured=_clause(evidence.reach.measured),
        cannot_see=_clause(evidence.reach.cannot_see),
        findings=findings[: shown.findings],
        findings_left_out=max(0, len(findings) - shown.findings),
        metrics=metrics,
        tables=tuple(table_view(table, shown.table_rows, _rows_of(evidence)) for table in evidence.tables),
        figures=tuple(
            FigureView(f"{slug(evidence.audit)}-{slug(f.name)}", f.caption, f.alt, f, tables[f.table])
            for f in evidence.figures
        ),
        terms=explained(
            [
                *(text for row in metrics.rows for text in (row.name, row.meaning)),
                *metrics.notes,
                *(spoken(text) for table in evidence.tables for text in (table.caption, *table.columns)),
                *(sentence for table in evidence.tables for sentence in _sentences(table)),
                *(figure.caption for figure in evidence.figures),
                *(evidence.reach.looked_for, evidence.reach.would_notice),
                *(evidence.reach.measured, evidence.reach.cannot_see),
            ],
            besides=[row.name for row in metrics.rows if row.meaning],
        ),
        settings=tuple((key, _setting(value)) for key, value in sorted(evidence.settings.items())),
        inputs=tuple(sorted(evidence.inputs.items())),
        references=evidence.references,
        # What is made from other evidence, and so depends on no code of an audit, lies beside the verdict.
        file=f"evidence/{evidence.audit}.json" if "evidence" not in evidence.inputs else f"{evidence.audit}.json",
        digest=evidence.digest,
    )


def table_view(table: Table, limit: int, evaluated: int | None = None) -> TableView:
    """The first `limit` rows of `table`, or all if a few more are all; the table rests on `evaluated` rows of the data where that is known."""
    rows = rounded_rows(table, evaluated, fitting(len(table.rows), limit))
    numeric = tuple(
        bool(table.rows)
        and all(isinstance(row[index], int | float | None) and not isinstance(row[index], bool) for row in table.rows)
        for index in range(len(table.columns))
    )
    columns = tuple(spoken(column) for column in table.columns)
    left_out = len(table.rows) - len(rows) + table.left_out
    return TableView(table.name, table.caption.rstrip(". "), columns, rows, numeric, left_out, table.left_out)


def _sentences(table: Table) -> Iterable[str]:
    """Cells of `table` that are sentences of ours and no names or values: long ones, of several words."""
    return (cell for row in table.rows for cell in row if isinstance(cell, str) and cell.count(" ") >= _SENTENCE)


def _rows_of(evidence: Evidence) -> int | None:
    return evidence.units.evaluated if evidence.units is not None and evidence.units.name == "rows" else None


def _finding(finding: Finding, audit: str, effects: Mapping[tuple[str, str], tuple[str, str]]) -> FindingView:
    effect, waiver = effects.get((audit, finding.fingerprint), ("", ""))
    words = {
        "block": "blocks",
        "warn": "warns",
        "waived": "waived",
        "baselined": "known",
        "note": "noted",
        "pass": "noted",
    }
    message = cut_at_word(finding.message, _TEXT)
    quiet = finding.level is Level.NOTE and effect in {"note", "pass"}
    return FindingView(
        level=finding.level.value,
        confidence=finding.confidence.value,
        message=message,
        remedy=cut_at_word(finding.remedy, _TEXT),
        rule=finding.rule,
        fingerprint=finding.fingerprint,
        audit=audit,
        columns=finding.columns,
        split=finding.split or "",
        affected=_affected(finding),
        effect="" if quiet else words.get(effect, ""),
        waiver=cut_at_word(waiver, _TEXT),
        terms=explained([message]),
    )


def _affected(finding: Finding) -> str:
    """How many are affected, without what the sentence of the finding says already: at most the share is left then."""
    if finding.count is None:
        return ""
    if not finding.of:
        return "" if _holds(finding.message, finding.count) else number(finding.count)
    share = percent(finding.count, finding.of)
    if _holds(finding.message, finding.count) and _holds(finding.message, finding.of):
        return "" if "%" in finding.message else share
    return f"{number(finding.count)} of {number(finding.of)} ({share})"


def _holds(message: str, count: float) -> bool:
    return re.search(rf"(?<![\d.,]){count}(?![\d]|[.,]\d)", message.replace(",", "")) is not None


def plain_finding(finding: Finding) -> FindingView:
    """A finding without any policy's word on it, such as one of another subject."""
    return _finding(finding, finding.rule.partition("/")[0], {})


def _clause(text: str) -> str:
    """A reach as the end of a sentence."""
    return cut_at_word(text.strip().rstrip("."), _TEXT)


def _setting(value: object) -> str:
    return shorten(value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False), 200)
