from __future__ import annotations

import pytest

from governance.rule_results import Result, RuleResult, cause, numbered


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("could not convert string to float: 'John'"), "ValueError: could not convert string to float: '…'"),
        (KeyError("age"), "KeyError: 'age'"),
        (ValueError("found 4711 and -3.5e2 in column 'age'"), "ValueError: found … and … in column 'age'"),
        (ValueError('values: ["a@b.org", "c"]'), "ValueError: values: ['…', '…']"),
        (ValueError("first line\nJohn"), "ValueError: first line"),
        (ValueError(), "ValueError"),
    ],
)
def test_messages_lose_what_may_be_a_value(error: Exception, said: str) -> None:
    assert cause(error, {"age"}) == said


def test_equal_rules_are_told_apart() -> None:
    rules = [RuleResult(reason="r", text="t", columns=(c,), result=Result.PASSED) for c in "aab"]
    assert [(r.columns, r.text) for r in numbered(rules)] == [(("a",), "t"), (("a",), "t (2)"), (("b",), "t")]
