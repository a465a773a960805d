"""What stands in the first minute of reading."""

from __future__ import annotations

from dataclasses import replace

from governance.documents.first_screen import MOST_SERIOUS, first_findings
from governance.documents.views import FindingView

FOUND = FindingView(
    level="warning", confidence="high", message="m", remedy="Look.", rule="a/b", fingerprint="", audit="a", columns=(),
    split="", affected="", effect="", waiver="",
)  # fmt: skip


def test_the_first_of_a_rule_says_how_many_more_there_are() -> None:
    rules = ["a/spaces", "a/emails", "a/spaces", "a/spaces", "a/keys", "a/spaces", "a/spaces", "a/emails"]
    findings = [replace(FOUND, rule=rule, fingerprint=str(at)) for at, rule in enumerate(rules)]
    shown = first_findings(findings)
    assert len(shown) == MOST_SERIOUS
    assert [(one.rule, one.further) for one in shown] == [
        ("a/spaces", 2), ("a/emails", 1), ("a/spaces", 0), ("a/spaces", 0), ("a/keys", 0),
    ]  # fmt: skip


def test_few_findings_stand_as_they_are() -> None:
    assert first_findings([FOUND]) == (FOUND,)
    assert first_findings([]) == ()
