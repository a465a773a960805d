"""A suite is compared expectation by expectation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from governance.comparing.suites import suite_changes

RANGE = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "length", "min_value": 0, "max_value": 9}}
NULLS = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "kind"}, "severity": "warning"}
SET = {
    "type": "expect_column_values_to_be_in_set",
    "kwargs": {"column": "kind", "value_set": ["a", "b"], "mostly": 0.9},
}


def entry(one: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    severity = kwargs.pop("severity", one.get("severity"))
    return one | {"kwargs": one["kwargs"] | kwargs} | ({"severity": severity} if severity else {})


def told(tmp_path: Path, new: list[dict[str, Any]], old: list[dict[str, Any]] | None = None) -> list[str]:
    for name, side in (("base", old or [RANGE, NULLS, SET]), ("head", new)):
        (tmp_path / name).write_text(json.dumps({"expectations": side}), encoding="utf-8")
    found = suite_changes(tmp_path / "base", tmp_path / "head", "suite.json")
    return [one.what + ("?" if one.unclear else "") for one in found]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ([SET, NULLS, RANGE], []),
        ([RANGE, NULLS], ["expectation_removed"]),
        ([entry(RANGE, min_value=-1), NULLS, SET], ["bound_widened"]),
        ([entry(RANGE, min_value=None), NULLS, SET], ["bound_widened"]),
        ([entry(RANGE, min_value=1, max_value=8), NULLS, SET], []),
        ([RANGE, entry(NULLS, severity="info"), SET], ["severity_lowered"]),
        ([RANGE, entry(NULLS, severity="critical"), SET], []),
        ([RANGE, NULLS, entry(SET, value_set=["a", "b", "c"])], ["expectation_changed"]),
        ([RANGE, NULLS, entry(SET, value_set=["a"])], []),
        ([RANGE, NULLS, entry(SET, mostly=0.5)], ["expectation_changed"]),
        ([RANGE, entry(NULLS, row_condition="x > 1"), SET], ["expectation_changed?"]),
        ([RANGE, NULLS, SET, entry(RANGE, min_value=-9)], []),
        ([RANGE, entry(NULLS, column="other"), SET], ["expectation_removed"]),
        ([RANGE, entry(NULLS, severity="fatal"), SET], ["severity_lowered?"]),
    ],
)  # fmt: skip
def test_changes(tmp_path: Path, new: list[dict[str, Any]], expected: list[str]) -> None:
    assert told(tmp_path, new) == expected


def test_two_of_a_kind_are_paired_by_what_they_demand(tmp_path: Path) -> None:
    old = [RANGE, entry(RANGE, min_value=2)]
    assert told(tmp_path, [entry(RANGE, min_value=3), RANGE], old) == []
    assert told(tmp_path, [RANGE], old) == ["expectation_removed"]


def test_a_suite_that_is_gone_or_no_suite(tmp_path: Path) -> None:
    (tmp_path / "base").write_text(json.dumps({"expectations": [RANGE]}), encoding="utf-8")
    assert [c.what for c in suite_changes(tmp_path / "base", tmp_path / "no", "s")] == ["suite_removed"]
    (tmp_path / "head").write_text("[", encoding="utf-8")
    assert [c.unclear for c in suite_changes(tmp_path / "base", tmp_path / "head", "s")] == [True]
