"""`govern policy test`: a case fails exactly when the policy says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from accepting.place import Place, built
from ruamel.yaml import YAML

from governance.errors import ConfigError
from governance.policy import TIERS, ApprovalDemand, FindingRule, MetricRule, Policy
from governance.policy_cases import Case, differences, judged, parse_cases

BOUNDED = Policy(metrics=(
    MetricRule(metric="label_issues.noise_rate", op="<", threshold=0.05, on="high"),
    MetricRule(metric="label_issues.noise_rate", op=">=", threshold=0.01),
))  # fmt: skip


def case(**values: Any) -> Case:
    return Case.model_validate({"name": "one case", "expect": {"result": "passed"}} | values)


def code(policy: Policy, **values: Any) -> int:
    return judged(policy.resolved(), case(**values)).exit_code


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("model", [None, "a_model"])
def test_a_case_that_says_nothing_is_of_a_subject_on_which_all_is_well(tier: Any, model: str | None) -> None:
    assert code(Policy(tier=tier, minimum_units=5000), model=model) == 0
    assert code(Policy(tier=tier, minimum_units_by_audit={"summary": 10**7}), model=model) == 0
    assert code(BOUNDED.model_copy(update={"tier": tier}), model=model) == 0


DUPLICATE = {"rule": "duplicates/exact", "level": "error", "count": 3}


@pytest.mark.parametrize(
    ("values", "exit_code"),
    [
        ({"findings": [DUPLICATE]}, 3),
        ({"findings": [DUPLICATE | {"level": "warning"}]}, 0),
        ({"findings": [DUPLICATE | {"waived": {"days": 30}}]}, 0),
        ({"findings": [DUPLICATE | {"waived": {"days": -1}}]}, 3),
        ({"findings": [DUPLICATE | {"waived": {"days": 181}}]}, 3),
        ({"findings": [DUPLICATE | {"waived": {"days": 30, "max_count": 2}}]}, 3),
        ({"findings": [DUPLICATE | {"known": {"count": 3}}]}, 0),
        ({"findings": [DUPLICATE | {"known": {"count": 2}}]}, 3),
        ({"audits": {"duplicates": "missing"}}, 4),
        ({"audits": {"duplicates": {"outcome": "inconclusive"}}}, 4),
        ({"audits": {"label_issues": {"outcome": "not_applicable", "code": "no_target"}}}, 4),  # its bound is not met
        ({"audits": {"summary": {"units": 4}}}, 4),
        ({"audits": {"an_own_one": {"outcome": "failed"}}}, 0),
        ({"open": ["motivation.purpose"]}, 3),
        ({"metrics": [{"metric": "label_issues.noise_rate", "value": 0.03, "low": 0.0, "high": 0.06}]}, 3),
        ({"metrics": [{"metric": "label_issues.noise_rate", "value": 0.03, "low": 0.0, "high": 0.04}]}, 0),
        ({"metrics": [{"metric": "label_issues.noise_rate"}]}, 4),
        ({"approvals": []}, 3),
        ({"approvals": [{"by": "Ada", "role": "owner"}]}, 0),
        ({"approvals": [{"by": "Ada", "role": "owner", "lapsed": True}]}, 3),
        ({"approvals": [{"by": "Ada", "role": "owner"}], "author": "Ada"}, 3),
    ],
)
def test_each_part_of_a_case_reaches_the_gate(values: dict[str, Any], exit_code: int) -> None:
    demand = ApprovalDemand(roles=("owner",))
    policy = BOUNDED.model_copy(update={"minimum_units_by_audit": {"summary": 5}, "approvals": demand})
    assert code(policy, **values) == exit_code


def test_an_accepted_reason_is_enough_where_no_bound_is_set() -> None:
    assert code(Policy(), audits={"label_issues": {"outcome": "not_applicable", "code": "no_target"}}) == 0
    assert code(Policy(), audits={"label_issues": {"outcome": "not_applicable", "code": "dull"}}) == 4


def test_rules_that_name_a_dataset_or_column_are_met() -> None:
    policy = Policy(findings=(FindingRule(rule="duplicates/*", dataset="trees", column="a", effect="note"),))
    finding = DUPLICATE | {"columns": ["a"]}
    assert code(policy, dataset="trees", findings=[finding]) == 0
    assert code(policy, dataset="else", findings=[finding]) == 3
    assert code(policy, dataset="trees", findings=[DUPLICATE]) == 3


def test_bounds_that_no_value_meets_are_not_met_by_a_case_either() -> None:
    rules = (
        MetricRule(metric="summary.rows", op="<", threshold=1),
        MetricRule(metric="summary.rows", op=">", threshold=5),
    )
    assert code(Policy(metrics=rules)) == 4


def test_all_that_is_otherwise_is_told() -> None:
    wrong = case(findings=[DUPLICATE], expect={
        "result": "passed", "exit_code": 0, "effects": {"duplicates/exact": "warn", "duplicates/near": "block"},
    })  # fmt: skip
    found = differences(Policy().resolved(), wrong)
    assert len(found) == 4
    assert found[0].startswith("blocked, expected passed (duplicates/exact: ")
    assert found[2:] == ("duplicates/exact: block, expected warn", "duplicates/near: no such decision, expected block")
    right = case(findings=[DUPLICATE], expect={
        "result": "blocked", "exit_code": 3, "effects": {"duplicates/exact": "block", "answer/uses.do_not_use": "pass"},
    })  # fmt: skip
    assert differences(Policy().resolved(), right) == ()


@pytest.mark.parametrize(
    "content",
    [
        None, {}, [], {"cases": []}, {"cases": [{"name": "abc"}]}, {"cases": "all"},
        {"cases": [{"name": "abc", "expect": {"result": "passed"}, "finding": []}]},
        {"cases": [{"name": "abc", "expect": {"result": "green"}}]},
        {"cases": [{"name": "abc", "expect": {"result": "passed"}}] * 2},
        {"cases": [{"name": "abc", "expect": {"result": "passed"}, "audits": {"x": {"outcome": "fine"}}}]},
    ],
)  # fmt: skip
def test_a_file_that_tests_nothing_is_refused(content: Any) -> None:
    with pytest.raises(ConfigError, match=r"cases\.yaml"):
        parse_cases(content, "cases.yaml")


DOCUMENTED = Path(__file__).parent.parent / "docs" / "gate.md"


def test_the_documented_cases_are_as_the_tier_internal_says() -> None:
    text = DOCUMENTED.read_text(encoding="utf-8").partition("```yaml\ncases:")[2].partition("```")[0]
    cases = parse_cases(YAML(typ="safe", pure=True).load("cases:" + text), "docs/gate.md")
    assert len(cases) > 3
    for one in cases:
        assert differences(Policy().resolved(), one) == (), one.name


def test_the_exit_code_says_whether_all_was_as_expected(tmp_path: Path) -> None:
    place: Place = built(tmp_path / "workspace")
    passes = "{name: all is well, expect: {result: passed}}"
    blocks = "{name: broken contract, findings: [{rule: schema/check, level: error}], expect: {result: passed}}"
    for entries, expected, said in (
        ([passes], 0, "1 cases, all as expected."), ([passes, blocks], 3, "2 cases, 1 not as expected."),
        ([], 2, "cases"),
    ):  # fmt: skip
        place.write("cases.yaml", "cases: [" + ", ".join(entries) + "]\n")
        ended, text = place.govern("policy", "test", "cases.yaml")
        assert ended == expected, text
        assert said in text
    assert place.govern("policy", "test", "absent.yaml")[0] == 2
    ended, text = place.govern("policy", "show")
    assert (ended, '"tier": "prototype"' in text) == (0, True)
