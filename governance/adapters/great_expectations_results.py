"""Reads back what Great Expectations says of one expectation; anything but a full answer counts as none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from governance.adapters.great_expectations_text import assertion_of, columns_of, short_name, text_of
from governance.evidence import Level
from governance.rule_results import Result, RuleResult, cause

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Built:
    """An expectation ready to run, or the reason why it is not."""

    kind: str
    kwargs: Mapping[str, Any]
    level: Level
    expectation: Any = field(default=None, repr=False)
    result: Result = Result.NOT_EVALUATED
    problem: str = ""
    known: bool = True
    """Whether the library has such an expectation."""


def probe_key(kwargs: Mapping[str, Any]) -> str:
    """Names the rows and the column that an expectation speaks of."""
    return f"p{kwargs.get('column')}|{kwargs.get('row_condition')}"


def _raised(answer: Any) -> Iterator[str]:
    """Messages of what an expectation raised; the library nests them by metric."""
    info = answer.exception_info or {}
    for part in [info] if "raised_exception" in info else info.values():
        if isinstance(part, dict) and part.get("raised_exception"):
            yield str(part.get("exception_message") or "an exception without a message")


def read_result(item: Built, answer: Any, probe: Any, frame: pl.DataFrame, private: Collection[str]) -> RuleResult:
    """What the library's `answer` (None when it gave none) says of `item`; `probe` counts the values it rests on."""
    shared: dict[str, Any] = {
        "reason": short_name(item.kind) if item.known else "unknown_expectation",
        "text": text_of(item.kind, item.kwargs, private),
        "columns": columns_of(item.kwargs),
        "level": item.level,
    }
    if item.expectation is None:
        missing = item.result is Result.FAILED
        return RuleResult(**shared, result=item.result, problem=item.problem, units="columns" if missing else "rows",
                          evaluated=int(missing), failures=int(missing))  # fmt: skip
    if answer is None:
        return RuleResult(**shared, result=Result.NOT_EVALUATED, problem="Great Expectations returned no answer for it")
    raised = [answer["raised"]] if isinstance(answer, dict) else [cause(m, frame.columns) for m in _raised(answer)]
    if raised:
        return RuleResult(**shared, result=Result.NOT_EVALUATED, problem=raised[0])
    if answer.success not in (True, False):  # quantile expectations answer with numpy's own True
        return RuleResult(**shared, result=Result.NOT_EVALUATED, problem="Great Expectations gave neither yes nor no")
    measured = _measured(item, answer, probe, frame)
    return RuleResult(**shared, **measured, assertion=assertion_of(item.kind, item.kwargs))


def _measured(item: Built, answer: Any, probe: Any, frame: pl.DataFrame) -> dict[str, Any]:
    import numpy as np

    rows, found = frame.height, answer.result or {}
    if "element_count" not in found:
        return _measured_as_a_whole(item, answer, probe, rows)
    elements, failures = int(found["element_count"]), int(found["unexpected_count"])
    evaluated = elements - int(found.get("missing_count") or 0)
    if "row_condition" not in item.kwargs and elements != rows:
        problem = f"Great Expectations looked at {elements} of {rows} rows"
        return {"result": Result.NOT_EVALUATED, "problem": problem, "evaluated": evaluated, "failures": failures}
    column = item.kwargs.get("column")
    if "row_condition" not in item.kwargs and column in frame.columns and "missing_count" in found:
        missing = frame[column].null_count()
        if missing != found["missing_count"]:
            problem = f"Great Expectations counts {found['missing_count']} missing values of {missing}"
            return {"result": Result.NOT_EVALUATED, "problem": problem, "evaluated": evaluated, "failures": failures}
    if answer.success and failures and item.kwargs.get("mostly", 1) == 1:
        problem = f"Great Expectations calls it met with {failures} unexpected rows"
        return {"result": Result.NOT_EVALUATED, "problem": problem, "evaluated": evaluated, "failures": failures}
    listed = found.get("unexpected_index_list")
    positions = np.array(sorted(int(label) for label in listed), dtype=np.int64) if listed is not None else None
    result = Result.ON_NOTHING if not evaluated else Result.PASSED if answer.success else Result.FAILED
    return {"result": result, "evaluated": evaluated, "failures": failures, "positions": positions}


def _measured_as_a_whole(item: Built, answer: Any, probe: Any, rows: int) -> dict[str, Any]:
    result = Result.PASSED if answer.success else Result.FAILED
    about_column = "column" in item.kwargs
    structural = item.kind.endswith(("_of_type", "_in_type_list", "_to_exist", "_type_to_be")) or not about_column
    if structural:
        units = "columns" if about_column else "tables"
        return {"result": result, "units": units, "evaluated": 1, "failures": int(not answer.success)}
    if "observed_value" not in (answer.result or {}):
        problem = "Great Expectations returned no observed value"
        return {"result": Result.NOT_EVALUATED, "problem": problem}
    counted = getattr(probe, "result", None) or {}
    if "element_count" not in counted:
        return {"result": Result.NOT_EVALUATED, "problem": "the values that it rests on could not be counted"}
    values = int(counted["element_count"]) - int(counted["unexpected_count"])
    if "row_condition" not in item.kwargs and int(counted["element_count"]) != rows:
        problem = f"Great Expectations looked at {counted['element_count']} of {rows} rows"
        return {"result": Result.NOT_EVALUATED, "problem": problem}
    if "non_null" in item.kind:
        values = int(counted["element_count"])
    if not values:
        result = Result.ON_NOTHING
    return {"result": result, "units": "values", "evaluated": values, "failures": int(not answer.success)}
