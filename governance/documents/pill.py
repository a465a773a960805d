"""The coloured word beside an audit's title: its colour, and words that say the same without colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from governance.documents.wording import outcome_word, plural
from governance.evidence import Outcome

if TYPE_CHECKING:
    from governance.documents.views import FindingView


def tone(outcome: Outcome, findings: Sequence[FindingView]) -> str:
    """`bad`, `attention`, `calm` or `unknown`."""
    if outcome is Outcome.FAILED or any(f.effect == "blocks" or f.level == "error" for f in findings):
        return "bad"
    if outcome is not Outcome.ASSESSED:
        return "unknown"
    return "attention" if any(f.level == "warning" for f in findings) else "calm"


def words(outcome: Outcome, findings: Sequence[FindingView]) -> str:
    """What gives it its colour: `1 error`, `2 warnings, 1 blocks`, `3 notes`; the outcome where there is no finding."""
    if outcome is not Outcome.ASSESSED or not findings:
        return outcome_word(outcome)
    worst = next(level for level in ("error", "warning", "note") if any(f.level == level for f in findings))
    count = sum(f.level == worst for f in findings)
    blocking = sum(f.effect == "blocks" for f in findings)
    # An error that blocks is what everybody expects of an error.
    return plural(count, worst) + (
        f", {blocking} {'blocks' if blocking == 1 else 'block'}" if blocking and worst != "error" else ""
    )
