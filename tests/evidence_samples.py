"""Small pieces of evidence for tests of whatever reads evidence."""

from __future__ import annotations

from typing import Any

from governance.evidence import Evidence, Finding, Level, Metric, Outcome, Reach, Units

REACH = Reach(looked_for="repeated rows", would_notice="every exact copy", cannot_see="paraphrases")


def finding(rule: str = "duplicates/exact", level: Level = Level.WARNING, **rest: Any) -> Finding:
    return Finding(rule=rule, level=level, message="3 of 100 rows are copies", remedy="Remove the copies.", **rest)


def evidence(audit: str = "duplicates", subject: str = "toy", **rest: Any) -> Evidence:
    values: dict[str, Any] = {
        "subject": subject,
        "audit": audit,
        "title": audit.title(),
        "question": "Are there copies?",
        "section": "composition",
        "settings": {},
        "inputs": {"snapshot": "sha256:a"},
        "outcome": Outcome.ASSESSED,
        "units": Units(name="rows", declared=100, evaluated=100),
        "reach": REACH,
    }
    return Evidence(**(values | rest)).sealed()


def unanswered(
    audit: str = "duplicates", outcome: Outcome = Outcome.FAILED, code: str = "crashed", **rest: Any
) -> Evidence:
    return evidence(audit, outcome=outcome, code=code, reason="it could not", units=None, **rest)


def metric(name: str = "rate", value: float | None = 0.1, **rest: Any) -> Metric:
    return Metric(name=name, value=value, **rest)
