from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from governance.documents.answered import unknown_questions
from governance.documents.questions import questionnaire
from governance.errors import EvidenceError
from governance.evidence import Level
from governance.policy import TIERS, ApprovalDemand, FindingRule, MetricRule, Policy, ResolvedPolicy
from governance.verdict import Decision, Verdict, Waiver, parse_waivers, read_verdict

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


def test_only_what_blocks_is_blocking() -> None:
    effects = ("pass", "note", "warn", "baselined", "waived", "block")
    decisions = tuple(Decision(rule="r", effect=effect, message="m") for effect in effects)  # type: ignore[arg-type]
    verdict = Verdict(
        subject="s", kind="dataset", result="blocked", tier="internal", snapshot_digest="", policy_digest="",
        decisions=decisions,
    )  # fmt: skip
    assert verdict.blocking == decisions[-1:]
    for decision in decisions:
        assert verdict.with_effect(decision.effect) == (decision,)


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


def test_what_is_wrong_with_waivers_is_said_in_whole_sentences() -> None:
    def told(**change: object) -> str:
        (problem,) = parse_waivers({"waivers": [WAIVER | change]})[1]
        return problem

    place = "waivers.yaml: waiver 1: "
    number = (
        f"{place}fingerprint: must be a valid string (it is 12); put it in quotes, YAML reads digits alone as a number"
    )
    assert told(fingerprint=12) == number
    assert told(fingerprint=1.5) == number.replace("12", "1.5")
    assert told(fingerprint="0*") == (
        f"{place}fingerprint: must be 16 hex digits (it is '0*'); a waiver names one finding, wildcards are refused"
    )
    assert told(fingerprint="0?").endswith("wildcards are refused")
    assert told(fingerprint="0") == (
        f"{place}fingerprint: must be 16 hex digits (it is '0'); `govern gate` shows it in brackets"
    )
    assert told(fingerprint=[]) == f"{place}fingerprint: must be a valid string; `govern gate` shows it in brackets"
    assert told(owner="A*") == f"{place}owner: must have at least 3 characters (it is 'A*')"
    keys = ", ".join(Waiver.model_fields)
    assert told(until="2027-01-01") == f"{place}until: there is no such key; its keys are: {keys}"
    assert parse_waivers({"waiver": [WAIVER]}) == (
        (), ("waivers.yaml: waiver: there is no such key; did you mean 'waivers'? Its keys are: waivers",)
    )  # fmt: skip
    assert parse_waivers({"waivers": [WAIVER, WAIVER]})[1] == ("waivers.yaml: 0123456789abcdef is waived twice",)


def test_a_file_of_waivers_may_be_the_list_alone_and_nothing_else() -> None:
    assert parse_waivers([WAIVER]) == parse_waivers({"waivers": [WAIVER]})
    assert parse_waivers("x") == ((), ("waivers.yaml: `waivers:` must be a list",))
    known, problems = parse_waivers({"waivers": [WAIVER], "other": 1})
    assert (len(known), len(problems)) == (1, 1)
    assert len(parse_waivers({"other": 1, "waivers": 3})[1]) == 2


def test_a_verdict_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    for content, words in (
        (None, f"{path} is missing"),
        ("{}", f"{path} is not a verdict that this release reads: 6 validation errors for Verdict"),
        ("{", f"{path} is not a verdict that this release reads: Expecting property name enclosed in double quotes"),
    ):
        if content is not None:
            path.write_text(content, encoding="utf-8")
        with pytest.raises(EvidenceError) as caught:
            read_verdict(path)
        assert str(caught.value).startswith(words)
    path.write_bytes(b'{"subject": "\xff"}')
    with pytest.raises(EvidenceError, match="can't decode byte 0xff"):
        read_verdict(path)


def test_a_policy_that_says_everything_is_resolved_to_what_it_says() -> None:
    said = {
        "tier": "prototype", "required": (("a",),), "also_required": (("b",), ("a",)), "required_evaluations": ("m",),
        "minimum_units": 7, "minimum_units_by_audit": {"a": 3}, "required_answers": ("q",),
        "also_required_answers": ("r", "q"), "approvals": {"people": 1}, "waiver_days": 9,
        "accept": {"own": ("x", "x"), "drift": ("nothing_to_compare", "y")},
        "findings": ({"rule": "a/*"},), "metrics": ({"metric": "a.b", "op": "<", "threshold": 1},),
    }  # fmt: skip
    preset = TIERS["prototype"]
    policy = Policy.model_validate(said)
    assert policy.resolved() == ResolvedPolicy(
        tier="prototype", required=(("a",), ("b",)), required_evaluations=("m",),
        accept=preset.accept | {"own": ("x",), "drift": ("nothing_to_compare", "y")}, minimum_units=7,
        minimum_units_by_audit={"a": 3}, required_answers=("q", "r"), approvals=ApprovalDemand(people=1),
        findings=(*policy.findings, *preset.findings), metrics=policy.metrics, waiver_days=9,
    )  # fmt: skip


@pytest.mark.parametrize("tier", TIERS)
def test_a_policy_that_says_nothing_is_its_tier(tier: Any) -> None:
    preset = TIERS[tier]
    assert Policy(tier=tier).resolved() == ResolvedPolicy(
        tier=tier, required=preset.required, required_evaluations=preset.required_evaluations, accept=preset.accept,
        minimum_units=1, minimum_units_by_audit={}, required_answers=preset.required_answers,
        approvals=preset.approvals, findings=preset.findings, metrics=(), waiver_days=180,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("model", "good", "field", "least"),
    [
        (Policy, {}, "minimum_units", 1), (Policy, {}, "waiver_days", 1), (ApprovalDemand, {}, "people", 0),
        (Waiver, WAIVER, "max_count", 0),
    ],
)  # fmt: skip
def test_numbers_have_a_least_value(model: Any, good: dict[str, Any], field: str, least: int) -> None:
    assert getattr(model.model_validate(good | {field: least}), field) == least
    with pytest.raises(ValidationError, match=f"greater than or equal to {least}"):
        model.model_validate(good | {field: least - 1})


def test_words_have_a_least_length_and_bounds_are_numbers() -> None:
    assert Policy(minimum_units_by_audit={"a": 1}).minimum_units_by_audit == {"a": 1}
    assert Waiver.model_validate(WAIVER | {"owner": " Ada ", "reason": " ten letter "}).reason == "ten letter"
    for change in ({"owner": " Ad "}, {"reason": " nine lett "}):
        with pytest.raises(ValidationError, match="at least"):
            Waiver.model_validate(WAIVER | change)
    for threshold in (float("inf"), float("nan")):
        with pytest.raises(ValidationError, match="finite number"):
            MetricRule(metric="a.b", op="<", threshold=threshold)


def test_defaults_are_the_strict_ones() -> None:
    assert (FindingRule().effect, MetricRule(metric="a.b", op="<", threshold=1).effect) == ("block", "block")
    assert Decision(rule="a/b", effect="pass", message="m").exit_code == 0
    assert (ApprovalDemand().people, ApprovalDemand().author_may_approve) == (0, False)
    with pytest.raises(ValidationError):
        Decision(rule="a/b", effect="block", exit_code=1, message="m")  # type: ignore[arg-type]
