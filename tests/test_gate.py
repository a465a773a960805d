"""decide, rule by rule: what was not shown to be fine is not fine. test_decide.py has its properties."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from evidence_samples import evidence, finding, metric, unanswered

from governance.evidence import Evidence, Level, Outcome, Units
from governance.gate import decide
from governance.policy import TIERS, FindingRule, MetricRule, Policy
from governance.verdict import Decision, Verdict, Waiver

TODAY = datetime.date(2026, 5, 1)
AUDITS = tuple(group[0] for group in TIERS["internal"].required)


def clean() -> dict[str, Evidence | str]:
    return {name: evidence(name) for name in AUDITS}


def everything() -> dict[str, Evidence | str]:
    """What any tier requires."""
    return {name: evidence(name) for tier in TIERS.values() for group in tier.required for name in group}


def judged(items: dict[str, Evidence | str], policy: Policy | None = None, **rest: Any) -> Verdict:
    resolved = (policy or Policy()).resolved()
    values: dict[str, Any] = {
        "subject": "toy", "kind": "dataset", "snapshot_digest": "sha256:a", "evidence": items,
        "answered": resolved.required_answers,
    }  # fmt: skip
    return decide(resolved, **(values | rest))


def waiver(item: Evidence, **rest: Any) -> Waiver:
    values: dict[str, Any] = {
        "fingerprint": item.findings[0].fingerprint, "owner": "Ada", "reason": "known and harmless here",
        "expires": datetime.date(2026, 8, 1),
    }  # fmt: skip
    return Waiver(**(values | rest))


def test_complete_and_clean_evidence_passes() -> None:
    verdict = judged(clean())
    assert (verdict.result, verdict.exit_code) == ("passed", 0)
    assert all(decision.effect == "pass" for decision in verdict.decisions)


@pytest.mark.parametrize("absent", AUDITS)
def test_each_required_audit_is_missed(absent: str) -> None:
    items = clean()
    del items[absent]
    assert judged(items).exit_code == 4


@pytest.mark.parametrize("broken", AUDITS)
def test_unusable_evidence_blocks(broken: str) -> None:
    assert judged(clean() | {broken: "it was edited"}).exit_code == 4


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE])
@pytest.mark.parametrize("name", AUDITS)
def test_a_required_audit_that_was_not_answered_blocks(name: str, outcome: Outcome) -> None:
    assert judged(clean() | {name: unanswered(name, outcome)}).exit_code == 4


def test_nothing_at_all_blocks() -> None:
    assert judged({}).exit_code == 4
    assert judged({}, Policy(required=())).exit_code == 4
    assert judged(clean(), Policy(required=())).exit_code == 4


def test_unusable_evidence_of_an_unrequired_audit_blocks_too() -> None:
    verdict = judged(clean() | {"extra": "truncated"})
    assert verdict.exit_code == 4
    assert any(d.audit == "extra" for d in verdict.blocking)


def test_either_engine_is_enough_and_a_broken_one_blocks() -> None:
    items = clean() | {"expectations": unanswered("expectations", Outcome.NOT_APPLICABLE, "no_contract")}
    assert judged(items).exit_code == 0
    items["expectations"] = unanswered("expectations", Outcome.FAILED, "contract_unreadable")
    assert judged(items).exit_code == 4
    del items["schema"]
    items["expectations"] = evidence("expectations")
    assert judged(items).exit_code == 0


def test_only_reasons_that_the_policy_names_replace_an_answer() -> None:
    items = clean() | {"label_issues": unanswered("label_issues", Outcome.NOT_APPLICABLE, "no_target")}
    assert judged(items).exit_code == 0
    items["label_issues"] = unanswered("label_issues", Outcome.NOT_APPLICABLE, "anything_else")
    assert judged(items).exit_code == 4
    assert judged(items, Policy(accept={"label_issues": ("anything_else",)})).exit_code == 0
    for outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE):
        items["label_issues"] = unanswered("label_issues", outcome, "no_target")
        assert judged(items).exit_code == 4


def test_too_few_units_are_no_answer() -> None:
    few = evidence("summary", units=Units(name="rows", declared=100, evaluated=9))
    assert judged(clean() | {"summary": few}, Policy(minimum_units=10)).exit_code == 4
    assert judged(clean() | {"summary": few}, Policy(minimum_units=9)).exit_code == 0


def test_unrequired_audits_that_fail_are_told() -> None:
    verdict = judged(clean() | {"extra": unanswered("extra")})
    assert verdict.exit_code == 0
    assert [d.effect for d in verdict.decisions if d.audit == "extra"] == ["warn"]
    verdict = judged(clean() | {"extra": unanswered("extra", Outcome.NOT_APPLICABLE, "no_images")})
    assert [d.effect for d in verdict.decisions if d.audit == "extra"] == ["note"]


@pytest.mark.parametrize(
    ("tier", "level", "code"),
    [
        ("prototype", Level.WARNING, 0), ("prototype", Level.ERROR, 0), ("internal", Level.WARNING, 0),
        ("internal", Level.ERROR, 3), ("regulated", Level.WARNING, 3), ("regulated", Level.NOTE, 0),
    ],
)  # fmt: skip
def test_tiers_differ_in_what_blocks(tier: Any, level: Level, code: int) -> None:
    items = everything() | {"duplicates": evidence(findings=(finding(level=level),))}
    assert judged(items, Policy(tier=tier)).exit_code == code


def test_a_broken_contract_blocks_in_every_tier() -> None:
    broken = evidence("schema", findings=(finding("schema/null", Level.ERROR),))
    for tier in ("prototype", "internal", "regulated"):
        items = everything() | {"schema": broken}
        assert judged(items, Policy(tier=tier)).exit_code == 3


def test_the_first_rule_that_matches_decides() -> None:
    items = clean() | {"duplicates": evidence(findings=(finding(level=Level.ERROR, columns=("a",)),))}
    rules = (FindingRule(rule="duplicates/*", column="a", dataset="toy", effect="note"), FindingRule(effect="block"))
    assert judged(items, Policy(findings=rules)).exit_code == 0
    assert judged(items, Policy(findings=rules[::-1])).exit_code == 3
    assert judged(items, Policy(findings=(rules[0].model_copy(update={"column": "b"}),))).exit_code == 3
    assert judged(items, Policy(findings=(rules[0].model_copy(update={"dataset": "else"}),))).exit_code == 3


def test_a_finding_that_no_rule_speaks_of_blocks() -> None:
    resolved = Policy().resolved().model_copy(update={"findings": ()})
    items = clean() | {"duplicates": evidence(findings=(finding(level=Level.NOTE),))}
    answers = resolved.required_answers
    verdict = decide(resolved, subject="toy", kind="dataset", snapshot_digest="", evidence=items, answered=answers)
    assert verdict.exit_code == 3


def test_a_waiver_covers_one_finding_for_its_time() -> None:
    bad = evidence(findings=(finding(level=Level.ERROR, count=3),))
    items = clean() | {"duplicates": bad}
    assert judged(items, waivers=[waiver(bad)], today=TODAY).exit_code == 0
    assert judged(items, waivers=[waiver(bad)]).exit_code == 0
    for refused in (
        waiver(bad, expires=TODAY - datetime.timedelta(days=1)),
        waiver(bad, expires=TODAY + datetime.timedelta(days=181)),
        waiver(bad, max_count=2),
        waiver(bad, fingerprint="0" * 16),
    ):
        verdict = judged(items, waivers=[refused], today=TODAY)
        assert verdict.exit_code == 3
    assert judged(items, waivers=[waiver(bad, expires=TODAY)], today=TODAY).exit_code == 0
    assert judged(items, waivers=[waiver(bad, max_count=3)], today=TODAY).exit_code == 0


def test_a_count_limit_on_a_finding_without_count_is_no_cover() -> None:
    bad = evidence(findings=(finding(level=Level.ERROR),))
    assert judged(clean() | {"duplicates": bad}, waivers=[waiver(bad, max_count=9)], today=TODAY).exit_code == 3


def test_a_waiver_that_ends_soon_is_announced() -> None:
    bad = evidence(findings=(finding(level=Level.ERROR),))
    items = clean() | {"duplicates": bad}
    for days, announced in ((14, True), (15, False)):
        verdict = judged(items, waivers=[waiver(bad, expires=TODAY + datetime.timedelta(days=days))], today=TODAY)
        assert any(d.rule == "waiver/ends_soon" for d in verdict.decisions) is announced


def test_waivers_do_not_touch_missing_evidence() -> None:
    bad = evidence(findings=(finding(level=Level.ERROR),))
    items = clean() | {"duplicates": bad, "summary": "missing"}
    assert judged(items, waivers=[waiver(bad)], today=TODAY).exit_code == 4


@pytest.mark.parametrize(
    ("op", "threshold", "passes"),
    [
        ("<", 0.0, False),
        ("<", 0.1, False),
        ("<", 0.2, True),
        ("<=", 0.0, False),
        ("<=", 0.1, True),
        ("<=", 0.2, True),
        (">", 0.0, True),
        (">", 0.1, False),
        (">", 0.2, False),
        (">=", 0.0, True),
        (">=", 0.1, True),
        (">=", 0.2, False),
    ],
)
def test_metric_rules_compare(op: Any, threshold: float, passes: bool) -> None:
    items = clean() | {"label_issues": evidence("label_issues", metrics=(metric("noise_rate", 0.1),))}
    rule = MetricRule(metric="label_issues.noise_rate", op=op, threshold=threshold)
    assert judged(items, Policy(metrics=(rule,))).exit_code == (0 if passes else 3)


def test_metric_rules_can_speak_of_the_interval_a_group_or_another_dataset() -> None:
    rate = metric("noise_rate", 0.1, low=0.05, high=0.3)
    items = clean() | {"label_issues": evidence("label_issues", metrics=(rate, metric("noise_rate", 0.9, group="cat")))}

    def code(**rest: Any) -> int:
        values: dict[str, Any] = {"metric": "label_issues.noise_rate", "op": "<", "threshold": 0.2}
        return judged(items, Policy(metrics=(MetricRule(**(values | rest)),))).exit_code

    assert code() == 0
    assert code(on="high") == 3
    assert code(group="cat") == 3
    assert code(group="cat", dataset="else") == 0
    assert code(group="cat", effect="warn") == 0


def test_a_metric_that_cannot_be_told_blocks() -> None:
    rule = Policy(metrics=(MetricRule(metric="label_issues.noise_rate", op="<", threshold=1),))
    assert judged(clean(), rule).exit_code == 4
    unknown = evidence("label_issues", metrics=(metric("noise_rate", None, note="too few rows"),))
    assert judged(clean() | {"label_issues": unknown}, rule).exit_code == 4
    assert judged(clean() | {"label_issues": "gone"}, rule).exit_code == 4
    without = evidence("label_issues", metrics=(metric("noise_rate", 0.1),))
    low = Policy(metrics=(MetricRule(metric="label_issues.noise_rate", op="<", threshold=1, on="low"),))
    assert judged(clean() | {"label_issues": without}, low).exit_code == 4
    elsewhere = Policy(metrics=(MetricRule(metric="performance.accuracy", op=">", threshold=0.5),))
    assert judged(clean(), elsewhere).exit_code == 0


def test_models_need_their_evaluations() -> None:
    items: dict[str, Evidence | str] = {name: evidence(name) for name in ("performance", "calibration", "slices")}
    assert judged(items, kind="model").exit_code == 0
    assert judged({"performance": evidence("performance")}, kind="model").exit_code == 4


def test_decisions_made_elsewhere_count() -> None:
    other = Decision(rule="evidence/other_source", effect="block", exit_code=4, message="another file")
    assert judged(clean(), further=[other]).exit_code == 4
