from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from governance.documents.answered import unknown_questions
from governance.documents.questions import questionnaire
from governance.errors import EvidenceError
from governance.evidence import Level
from governance.policy import TIERS, ApprovalDemand, Decision, FindingRule, Policy, Verdict, parse_waivers, read_verdict

WAIVER = {"fingerprint": "0123456789abcdef", "owner": "Ada", "reason": "known and harmless", "expires": "2026-08-01"}


def test_good_waivers_are_read() -> None:
    waivers, problems = parse_waivers({"waivers": [WAIVER]})
    assert problems == ()
    assert waivers[0].expires == datetime.date(2026, 8, 1)
    assert parse_waivers(None) == ((), ())
    assert parse_waivers({"waivers": []}) == ((), ())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fingerprint": "0123*"}, "wildcards are refused"),
        ({"fingerprint": "short"}, "fingerprint"),
        ({"fingerprint": 1234567890123456}, "put it in quotes"),
        ({"reason": ""}, "reason"),
        ({"reason": "short"}, "reason"),
        ({"owner": " "}, "owner"),
        ({"expires": "never"}, "expires"),
        ({"max_count": -1}, "max_count"),
        ({"until": "2027-01-01"}, "until"),
    ],
)
def test_bad_waivers_are_refused_with_their_number(change: dict[str, object], words: str) -> None:
    waivers, problems = parse_waivers({"waivers": [WAIVER, WAIVER | {"fingerprint": "f" * 16} | change]})
    assert len(waivers) == 1
    assert len(problems) == 1
    assert "waiver 2" in problems[0]
    assert words in problems[0]


def test_all_problems_are_told_at_once() -> None:
    _, problems = parse_waivers({"waivers": [{}, WAIVER, WAIVER]})
    assert len(problems) == 5
    assert any("waived twice" in problem for problem in problems)
    assert parse_waivers({"waivers": "x"})[1] == ("waivers.yaml: `waivers:` must be a list",)


def test_tiers_get_stricter() -> None:
    asked = {tier: {name for group in preset.required for name in group} for tier, preset in TIERS.items()}
    assert asked["prototype"] < asked["internal"] < asked["regulated"]
    assert len(TIERS["regulated"].required) > len(TIERS["internal"].required)


def test_a_policy_adds_to_its_tier_and_may_replace_its_requirements() -> None:
    rule = FindingRule(rule="outliers/*", effect="note")
    resolved = Policy(
        findings=(rule,), accept={"label_issues": ("below_baseline",)}, required=(("summary",),)
    ).resolved()
    assert resolved.findings[0] == rule
    assert len(resolved.findings) == len(TIERS["internal"].findings) + 1
    assert resolved.accept["label_issues"] == ("no_target", "task_not_audited", "below_baseline")
    assert resolved.required == (("summary",),)
    assert resolved.digest != Policy().resolved().digest
    assert Policy(required_evaluations=("x",)).resolved().required_evaluations == ("x",)


def test_finding_rules_match_by_every_field() -> None:
    at = {"rule": "schema/null", "level": Level.WARNING, "dataset": "toy", "columns": ("a",)}
    assert FindingRule().matches(**at)
    for field, hit, miss in (
        ("rule", "schema/null", "schema/type"), ("rule", "schema/*", "sche/*"), ("level", Level.NOTE, Level.ERROR),
        ("dataset", "toy", "other"), ("column", "a", "b"),
    ):  # fmt: skip
        assert FindingRule.model_validate({field: hit}).matches(**at)
        assert not FindingRule.model_validate({field: miss}).matches(**at)


def test_exit_code_four_outranks_three() -> None:
    def verdict(*codes: int) -> Verdict:
        decisions = tuple(Decision(rule="r", effect="block", exit_code=code, message="m") for code in codes)  # type: ignore[arg-type]
        return Verdict(
            subject="s",
            kind="dataset",
            result="blocked",
            tier="internal",
            snapshot_digest="",
            policy_digest="",
            decisions=decisions,
        )

    assert verdict(3, 4, 3).exit_code == 4
    assert verdict(3).exit_code == 3
    assert verdict().exit_code == 0
    assert len(verdict(3, 4).blocking) == len(verdict(3, 4).with_effect("block")) == 2


def test_edited_verdicts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    verdict = Verdict(
        subject="s", kind="dataset", result="blocked", tier="internal", snapshot_digest="", policy_digest=""
    ).sealed()
    path.write_text(verdict.to_json(), encoding="utf-8")
    assert read_verdict(path) == verdict
    path.write_text(verdict.to_json().replace("blocked", "passed"), encoding="utf-8")
    with pytest.raises(EvidenceError, match="changed after"):
        read_verdict(path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(EvidenceError, match="not a verdict"):
        read_verdict(path)
    with pytest.raises(EvidenceError, match="missing"):
        read_verdict(tmp_path / "absent.json")


def test_a_tier_can_be_extended_without_writing_it_out() -> None:
    resolved = Policy(
        also_required=(("an_own_one",), ("summary",)), also_required_answers=("uses.other_tasks", "motivation.purpose")
    ).resolved()
    assert resolved.required == (*TIERS["internal"].required, ("an_own_one",))
    assert resolved.required_answers == (*TIERS["internal"].required_answers, "uses.other_tasks")
    assert Policy(required_answers=()).resolved().required_answers == ()
    nobody = ApprovalDemand()
    assert Policy(tier="regulated", approvals=nobody).resolved().approvals == nobody
    assert nobody.nobody
    assert not ApprovalDemand(people=1).nobody
    assert not ApprovalDemand(roles=("owner",)).nobody


def test_tiers_ask_people_for_more_and_more() -> None:
    asked = [set(TIERS[tier].required_answers) for tier in ("prototype", "internal", "regulated")]
    assert asked[0] < asked[1] < asked[2]
    assert [TIERS[tier].approvals.people for tier in TIERS] == [0, 0, 2]
    assert not TIERS["regulated"].approvals.author_may_approve
    assert unknown_questions(tuple(asked[2])) == ()
    people_answer = {question.id for question in questionnaire().questions if question.answerable == "human"}
    left_out = {"collection.people_and_pay", "uses.other_tasks"}
    optional = {question.id for question in questionnaire().questions if question.optional}
    assert people_answer - asked[2] == left_out | optional


def test_minimum_units_of_one_audit_come_before_those_of_all() -> None:
    resolved = Policy(minimum_units=10, minimum_units_by_audit={"label_issues": 3}).resolved()
    assert (resolved.units_for("label_issues"), resolved.units_for("summary")) == (3, 10)
    for wrong in ({"minimum_units_by_audit": {"a": 0}}, {"approvals": {"roles": ["Data Owner"]}},
                  {"approvals": {"people": -1}}):  # fmt: skip
        with pytest.raises(ValidationError):
            Policy.model_validate(wrong)
