"""What stands in the first minute of reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from governance.documents.first_screen import MOST_SERIOUS, first_findings, needs, reasons
from governance.documents.replies import Reply
from governance.documents.views import FindingView
from governance.verdict import Decision, Verdict

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


def blocked(faults: int, questions: int) -> Verdict:
    """A verdict whose open questions stand before what is wrong with the data."""
    asked = [Decision(rule=f"answer/uses.q{n}", effect="block", exit_code=3, message=f"q{n}") for n in range(questions)]
    wrong = [
        Decision(rule="a/b", effect="block", exit_code=3, message=f"m{n}", fingerprint=f"{n:016x}", audit="a") for n in range(faults)
    ]  # fmt: skip
    return Verdict(
        subject="s", kind="dataset", result="blocked", tier="internal", snapshot_digest="d", policy_digest="p",
        decisions=(*asked, *wrong),
    )  # fmt: skip


def test_what_is_wrong_with_the_data_stands_before_open_questions_which_are_links_to_them() -> None:
    said = "Not answered: who maintains it. (For the data team: govern ask s)"
    assert reasons(blocked(1, 2), (), {"uses.q0": "who maintains it"}) == (("m0", ""), (said, "uses.q0"), ("q1", ""))


@pytest.mark.parametrize(("faults", "questions", "texts"), [
    (4, 3, ("4 of the 7 reasons under the verdict: put each right, or accept",
            "the other 3 reasons are questions, and the policy lets nothing pass without their answers")),
    (1, 1, ("1 of the 2 reasons under the verdict: put it right, or accept",
            "the other reason is a question, and the policy lets nothing pass without its answer")),
    (2, 0, ("2 reasons block, named under the verdict: put each right, or accept",)),
    (0, 2, ("2 questions before all others, as the policy lets nothing pass without them",)),
])  # fmt: skip
def test_the_numbers_of_what_is_wanted_are_those_under_the_verdict(
    faults: int, questions: int, texts: tuple[str, ...]
) -> None:
    said = [Reply(id=f"uses.q{n}", question="?", short="q", state="open", label="Open") for n in range(questions)]
    needed = needs(blocked(faults, questions), (), said, ())
    assert [need.text[: len(text)] for need, text in zip(needed, texts, strict=True)] == list(texts)
    assert [need.count for need in needed] == [count for count in (faults, questions) if count]
