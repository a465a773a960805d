"""The card of one model as a view, in the nine sections of Model Cards (Mitchell et al. 2019, FAT* pages 220-229)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.consequence import FLATTERY, flattering, voids_the_score
from governance.documents.caps import Caps
from governance.documents.datasheet import section_of
from governance.documents.facts import ModelFacts, in_order_of_use
from governance.documents.first_screen import (
    NOTHING,
    Need,
    accepted,
    decide,
    first_findings,
    in_short,
    reasons,
)
from governance.documents.metric_table import MetricTable, metric_table
from governance.documents.model_statements import Statement, dataset_words, statements_of, type_words
from governance.documents.since_approved import approval_lines
from governance.documents.views import EvidenceView, FindingView, findings_of, plain_finding, slug, view
from governance.documents.wording import checked, listed, most_serious, plural, short_digest, tally
from governance.evidence import Evidence, Finding, Level
from governance.render import number
from governance.verdict import Decision

SECTIONS = (
    ("model_details", "Model details"),
    ("intended_use", "Intended use"),
    ("factors", "Factors"),
    ("metrics", "Metrics"),
    ("evaluation_data", "Evaluation data"),
    ("training_data", "Training data"),
    ("quantitative_analyses", "Quantitative analyses"),
    ("ethical_considerations", "Ethical considerations"),
    ("caveats_and_recommendations", "Caveats and recommendations"),
)
_ABOUT = {
    "model_details": "who made the model, and what it is",
    "intended_use": "what the model is for, and what it must not be used for",
    "factors": "across which groups, instruments and environments it may behave differently",
    "metrics": "what the measures in this card mean",
    "evaluation_data": "what the model was judged by",
    "training_data": "what the model learnt from, and what is known about that data",
    "quantitative_analyses": "how well it does, as a whole and per group",
    "ethical_considerations": "whom mistakes or use of the model may harm",
    "caveats_and_recommendations": "what else should be known before it is used",
}
_MOST_DATA_FINDINGS = 12
_MOST_METRICS = 6


@dataclass(frozen=True)
class CardSection:
    """One of the nine sections."""

    id: str
    title: str
    statements: tuple[Statement, ...]
    findings: tuple[FindingView, ...]
    """Open findings of the data, where the section speaks of them."""
    findings_left_out: int
    findings_file: str
    """The datasheet that holds them all, from the card."""
    evidence: tuple[EvidenceView, ...]
    tally: str = ""
    """Of the findings of `evidence`."""

    @property
    def open(self) -> int:
        """How many statements a person still owes."""
        return sum(statement.open for statement in self.statements)

    @property
    def sentence(self) -> str:
        """What the section is about and what stands in it, in one sentence."""
        about = _ABOUT[self.id]
        said = []
        if self.statements:
            total = len(self.statements)
            said.append(f"{total - self.open} of {plural(total, 'statement')} given")
        if self.evidence:
            said.append(f"{plural(len(self.evidence), 'evaluation')} shown here, with {self.tally}")
        return f"{about[0].upper()}{about[1:]}: {', '.join(said) or 'nothing is declared, and no evaluation is filed'}."


@dataclass(frozen=True)
class ModelCardView:
    """All of a model card."""

    name: str
    title: str
    description: str
    passed: bool
    doubt: str
    """Why the score may be too good, by the data's findings; empty when none says so."""
    tier: str
    reasons: tuple[tuple[str, str], ...]
    """What blocks, and the anchor of its evidence."""
    accepted: tuple[tuple[str, str], ...]
    """What would block and was let through: words, and the anchor of the evidence."""
    missing: tuple[str, ...]
    overview: tuple[tuple[str, str], ...]
    intended_use: Statement
    out_of_scope: Statement
    first: EvidenceView | None
    """The first evaluation that is configured and assessed: its metrics stand on the first screen."""
    first_metrics: MetricTable | None
    serious: tuple[FindingView, ...]
    findings_total: int
    tally: str
    approvals: tuple[str, ...]
    """Who approved, in which role, when; one sentence each."""
    needs: tuple[Need, ...]
    wanted: str
    """`needs` in half a line."""
    sections: tuple[CardSection, ...]
    decisions: tuple[Decision, ...]
    decisions_left_out: int
    decisions_passed: int
    citation: str
    provenance: tuple[tuple[str, str], ...]


def model_card_view(facts: ModelFacts, caps: Caps) -> ModelCardView:
    """What templates print of `facts`, at most as much as `caps` allows."""
    about: Mapping[str, Any] = facts.model.get("about") or {}
    verdict = facts.verdict
    statements = statements_of(facts, about)
    sections = _sections(facts, statements, caps)
    findings = findings_of(facts.evidence, verdict)
    told = tuple(decision for decision in verdict.decisions if decision.effect != "pass")
    shown = [item for section in sections for item in section.evidence if item.assessed and item.metrics.rows]
    order = [item.audit for item in facts.evidence]
    first = min(shown, key=lambda item: order.index(item.audit), default=None)
    intended_use, out_of_scope = statements["intended_use"]
    needed = _needs(facts, sections)
    return ModelCardView(
        name=facts.name,
        title=facts.title,
        description=str(about.get("description") or ""),
        passed=verdict.result == "passed",
        doubt=_doubt(facts.data.findings),
        tier=verdict.tier,
        accepted=accepted(verdict),
        reasons=reasons(verdict, facts.evidence),
        missing=facts.missing_evaluations,
        overview=_overview(facts, about),
        intended_use=intended_use,
        out_of_scope=out_of_scope,
        first=first,
        first_metrics=_foremost(facts, first) if first else None,
        serious=first_findings(findings),
        findings_total=len(findings),
        tally=tally([finding for item in facts.evidence for finding in item.findings]),
        approvals=approval_lines(facts.approvals),
        needs=needed,
        wanted=in_short(needed),
        sections=sections,
        decisions=told[: caps.decisions],
        decisions_left_out=max(0, len(told) - caps.decisions),
        decisions_passed=len(verdict.decisions) - len(told),
        citation=str(about.get("citation") or ""),
        provenance=(
            ("Training data digest", facts.data.digest or "none"),
            ("Verdict digest", verdict.digest or "none"),
            ("Policy digest", verdict.policy_digest),
            *((f"Evidence {item.audit}", item.digest) for item in facts.evidence),
        ),
    )


def _foremost(facts: ModelFacts, first: EvidenceView) -> MetricTable:
    """The first measures of an evaluation, with notes on these alone."""
    metrics = next(item.metrics for item in facts.evidence if item.audit == first.audit)
    names = list(dict.fromkeys(metric.name for metric in metrics))[:_MOST_METRICS]
    shown = [metric for metric in metrics if metric.name in names]
    return metric_table(shown, slug(first.audit), len(shown))


def _doubt(findings: Sequence[Finding]) -> str:
    """What says so, counted; empty when nothing does."""
    found = flattering(findings)
    counts = [(level, sum(one.level is level for one in found)) for level in (Level.ERROR, Level.WARNING)]
    return f"{listed(plural(count, level) for level, count in counts if count)} {FLATTERY}" if found else ""


def _overview(facts: ModelFacts, about: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    data = facts.data
    rows = [
        ("Type", type_words(facts.model)),
        ("Target", data.target or "none"),
        ("Trained on", dataset_words(facts)),
        ("Verdict on that data", data.result.upper() or "none"),
        ("Rows", listed(f"{split} {number(count)}" for split, count in in_order_of_use(data.splits).items()) or "none"),
        ("Licence", str(about.get("licence") or "not declared")),
        ("Version", str(about.get("version") or "")),
        ("Contact", str(about.get("contact") or "")),
        ("Checked", checked(facts.evidence, facts.missing_evaluations, "evaluation")),
        ("Digest of the data", short_digest(data.digest) or "none: there is no snapshot"),
    ]
    return tuple((label, value) for label, value in rows if value)


def _sections(facts: ModelFacts, said: Mapping[str, tuple[Statement, ...]], caps: Caps) -> tuple[CardSection, ...]:
    shown = caps.shown(facts.evidence)
    known = [identifier for identifier, _ in SECTIONS]
    worst_first = most_serious((finding, "") for finding in facts.data.findings)
    worst_first.sort(key=lambda pair: not voids_the_score(pair[0]))  # a score that means nothing is the first to know
    data_findings = tuple(plain_finding(finding) for finding, _ in worst_first[:_MOST_DATA_FINDINGS])

    def filed(section: str) -> list[Evidence]:
        return [item for item in facts.evidence if section_of(item, known, "quantitative_analyses") == section]

    return tuple(
        CardSection(
            id=identifier,
            title=title,
            statements=said[identifier],
            findings=data_findings if identifier == "training_data" else (),
            findings_left_out=len(worst_first) - len(data_findings) if identifier == "training_data" else 0,
            findings_file=f"../../datasets/{facts.data.name}/datasheet",
            evidence=tuple(view(item, facts.verdict, shown) for item in filed(identifier)),
            tally=tally([finding for item in filed(identifier) for finding in item.findings]),
        )
        for identifier, title in SECTIONS
    )


def _needs(facts: ModelFacts, sections: Sequence[CardSection]) -> tuple[Need, ...]:
    found = list(decide(facts.verdict, facts.missing_evaluations))
    owed = [(statement.label, section.id) for section in sections for statement in section.statements if statement.open]
    if owed:
        text = f"{plural(len(owed), 'statement')} not declared, wanted from the developers"
        found.append(Need("Answer", text, tuple(owed), count=len(owed)))
    return tuple(found) or (NOTHING,)
