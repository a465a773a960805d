from __future__ import annotations

import pytest

from governance.measures.agreement import compare
from governance.rule_results import Assertion, Result, RuleResult, plain


def rule(kind: str, *parameters: str, failures: int = 0, result: Result = Result.PASSED) -> RuleResult:
    return RuleResult(
        reason="r", text="t", result=result, failures=failures, assertion=Assertion(kind, "c", parameters)
    )


def test_only_the_same_assertion_is_compared() -> None:
    compared = compare([rule("range", ">= n:0.0", ""), rule("unique")], [rule("range", "> n:0.0", ""), rule("unique")])
    assert [(item.assertion.kind, item.agree) for item in compared] == [("unique", True)]


def test_two_bounds_are_a_range() -> None:
    pandera = [rule("range", ">= n:0.0", "", failures=2), rule("range", "", "<= n:9.0", failures=3)]
    (item,) = compare(pandera, [rule("range", ">= n:0.0", "<= n:9.0", failures=4)])
    assert (item.first, item.second, item.agree) == (5, 4, False)


def test_bounds_that_exclude_each_other_are_no_range() -> None:
    # A value of 5 breaks both, and would count twice.
    pandera = [rule("range", ">= n:9.0", "", failures=1), rule("range", "", "<= n:0.0", failures=1)]
    assert compare(pandera, [rule("range", ">= n:9.0", "<= n:0.0", failures=1)]) == ()


@pytest.mark.parametrize("result", [Result.NOT_EVALUATED, Result.BLOCKED, Result.ABSENT])
def test_what_was_not_evaluated_is_not_compared(result: Result) -> None:
    assert compare([rule("unique", result=result)], [rule("unique")]) == ()


def test_a_type_is_right_or_wrong() -> None:
    (item,) = compare([rule("type", "integer", failures=1)], [rule("type", "integer", failures=40)])
    assert item.agree


def test_the_order_is_stable() -> None:
    rules = [rule("unique"), rule("not_null"), rule("regex", "b"), rule("regex", "a")]
    assert compare(rules, rules) == compare(rules[::-1], rules)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(1, 1.0, True), (True, 1, False), ("1", 1, False), (2**60, 2**60 + 1, False), (0.1 + 0.2, 0.3, False)],
)
def test_values_in_normal_form(one: object, other: object, same: bool) -> None:
    assert (plain(one) == plain(other)) is same
