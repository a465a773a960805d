"""Two policies are compared by what they let through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.comparing.policies import policy_changes
from governance.evidence import Level
from governance.policy import TIERS, FindingRule, MetricRule, Policy

REQUIRED = TIERS["internal"].required
BASE: dict[str, Any] = {
    "tier": "internal",
    "minimum_units": 10,
    "waiver_days": 90,
    "findings": [{"rule": "outliers/*", "effect": "note"}, {"rule": "schema/bound", "level": "warning"}],
    "metrics": [{"metric": "label_issues.noise_rate", "op": "<", "threshold": 0.05}],
}


def told(**changed: Any) -> list[str]:
    return [one.what for one in policy_changes(Policy.model_validate(BASE), Policy.model_validate(BASE | changed))]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"tier": "regulated"}, []),
        ({"minimum_units": 9}, ["minimum_lowered"]),
        ({"minimum_units": 11}, []),
        ({"minimum_units_by_audit": {"summary": 9}}, ["minimum_lowered"]),
        ({"minimum_units_by_audit": {"summary": 11}}, []),
        ({"required_answers": ["motivation.purpose"]}, ["answer_not_required"]),
        ({"also_required_answers": ["motivation.creators"]}, []),
        ({"approvals": {"people": 1}}, []),
        ({"waiver_days": 91}, ["waivers_longer"]),
        ({"required": [["schema"], *REQUIRED[1:]]}, []),
        ({"required": REQUIRED[1:]}, ["requirement_removed"]),
        ({"required_evaluations": ["performance"]}, ["requirement_removed"] * 2),
        ({"accept": {"schema": ["no_schema"]}}, ["accepts_more"]),
        ({"metrics": []}, ["threshold_removed"]),
        ({"metrics": [{"metric": "label_issues.noise_rate", "op": "<", "threshold": 0.06}]}, ["threshold_moved"]),
        ({"metrics": [{"metric": "label_issues.noise_rate", "op": "<=", "threshold": 0.05}]}, ["threshold_moved"]),
        ({"metrics": [{"metric": "label_issues.noise_rate", "op": "<=", "threshold": 0.04}]}, []),
        ({"metrics": [BASE["metrics"][0] | {"effect": "warn"}]}, ["threshold_moved"]),
        ({"metrics": [BASE["metrics"][0] | {"on": "low"}]}, ["threshold_removed"]),
        ({"findings": [{"rule": "outliers/*", "effect": "warn"}, BASE["findings"][1]]}, []),
        ({"findings": [*BASE["findings"], {"rule": "duplicates/*", "effect": "note"}]}, ["rules_loosened"]),
        ({"findings": [{"rule": "duplicates/*", "effect": "block"}, *BASE["findings"]]}, []),
        ({"findings": [{"rule": "outliers/*", "effect": "note"}]}, ["rules_loosened"]),
        ({"findings": [{"column": "age", "effect": "note"}, *BASE["findings"]]}, ["rules_loosened"]),
        ({"findings": [{"dataset": "trees", "effect": "note"}, *BASE["findings"]]}, ["rules_loosened"]),
    ],
)  # fmt: skip
def test_changes(changed: dict[str, Any], expected: list[str]) -> None:
    assert told(**changed) == expected


@pytest.mark.parametrize(
    ("approvals", "relaxed"),
    [
        ({"roles": ["owner"], "people": 2}, False),
        ({"roles": ["owner", "reviewer"], "people": 3}, False),
        ({"roles": ["reviewer"], "people": 2}, True),
        ({"roles": ["owner"], "people": 1}, True),
        ({"roles": ["owner"], "people": 2, "author_may_approve": True}, True),
        (None, True),
    ],
)
def test_fewer_people_are_told(approvals: Any, relaxed: bool) -> None:
    base = Policy.model_validate({"approvals": {"roles": ["owner"], "people": 2}})
    found = [one.what for one in policy_changes(base, Policy.model_validate({"approvals": approvals}))]
    assert found == (["approvals_relaxed"] if relaxed else [])


def test_a_lower_tier_is_told() -> None:
    assert "tier_lowered" in told(tier="prototype")


RULES = st.builds(
    FindingRule,
    rule=st.sampled_from([None, "schema/*", "schema/bound", "outliers/far"]),
    level=st.sampled_from([None, *Level]),
    dataset=st.sampled_from([None, "trees"]),
    column=st.sampled_from([None, "age", "sex"]),
    effect=st.sampled_from(["block", "warn", "note"]),
)
LISTS = st.lists(RULES, max_size=4).map(tuple)
EFFECTS = ["note", "warn", "block"]


@given(LISTS, LISTS, st.sampled_from(["schema/bound", "schema/x", "outliers/far", "new/new"]), st.sampled_from(Level),
       st.sampled_from(["trees", "plots"]), st.sets(st.sampled_from(["age", "sex", "length"])))  # fmt: skip
def test_rules_that_are_not_told_pass_no_finding_more_easily(
    old: Any, new: Any, rule: str, level: Level, dataset: str, columns: set[str]
) -> None:
    policies = Policy(findings=old), Policy(findings=new)
    if list(policy_changes(*policies)):
        return
    effects = [
        next(
            one.effect
            for one in policy.resolved().findings
            if one.matches(rule=rule, level=level, dataset=dataset, columns=tuple(columns))
        )
        for policy in policies
    ]
    assert EFFECTS.index(effects[1]) >= EFFECTS.index(effects[0])


def test_metrics_of_two_ops() -> None:
    rules = [MetricRule(metric="a.b", op=op, threshold=1.0) for op in (">", ">=")]
    assert [c.what for c in policy_changes(Policy(metrics=(rules[0],)), Policy(metrics=(rules[1],)))] == [
        "threshold_moved"
    ]
    assert list(policy_changes(Policy(metrics=(rules[1],)), Policy(metrics=(rules[0],)))) == []
