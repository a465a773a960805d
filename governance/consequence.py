"""What a finding means for whoever uses the data or a model of it. The only place that weighs rules by name.

Documents, which name no audit, list findings of one level in this order. A rule that stands nowhere here has the least weight, so that a new
audit needs no line: one is worth adding only where its findings make a result worthless or hurt people.
"""

from __future__ import annotations

from collections.abc import Iterable

from governance.evidence import Finding, Level

_FLATTERS = ("leakage/", "duplicates/exact_across_splits", "duplicates/near_across_splits")
"""The model was told the answer, or is judged by rows that it learnt from: the score is better than the model."""
FLATTERY = "of leakage (the data give the answer away, or the model is judged by rows that it learnt from)"
"""Those, behind their number: `2 warnings of leakage (...)`."""
_TAMPERED = ("poisoning/",)
"""Somebody may have steered the model, and a score does not show it."""
_HARMFUL = (
    "duplicates/conflicting_labels",
    "duplicates/near_conflicting_labels",
    "label_issues/",
    "privacy/secret",
    "privacy/personal_data",
)
"""The model learns what is false, or people are exposed."""
_WEIGHTS = (("leakage/", *_TAMPERED), (*_FLATTERS, *_HARMFUL))
"""Beginnings of rules, of the most weight first."""


def rank(rule: str) -> int:
    """0 for rules of the most weight, and the larger the less they weigh."""
    return next((place for place, starts in enumerate(_WEIGHTS) if rule.startswith(starts)), len(_WEIGHTS))


def voids_the_score(finding: Finding) -> bool:
    """Whether a model's score says little while this stands: warnings and errors only, as a note is but a hint."""
    return finding.level is not Level.NOTE and finding.rule.startswith((*_FLATTERS, *_TAMPERED))


def flattering(findings: Iterable[Finding]) -> list[Finding]:
    """Those warnings and errors by which a model's score is too good."""
    return [one for one in findings if one.level is not Level.NOTE and one.rule.startswith(_FLATTERS)]
