"""Runs a Great Expectations suite as it is, and proves that every expectation in it was evaluated.

The library calls a suite without expectations, a table without rows and a column without values a success, drops
expectations that it cannot build with a line in a log, and can end the process when it is imported. So each
expectation is built and numbered here, and only an answer that is read back, for that number, over all rows, counts.
"""

from __future__ import annotations

import difflib
import logging
import os
import re
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

from governance.adapters.great_expectations_results import Built, probe_key, read_result
from governance.adapters.great_expectations_suite import Suite, kind_of, why_of
from governance.adapters.great_expectations_text import columns_of, says_nothing
from governance.adapters.pandas import to_pandas
from governance.errors import DataError, MissingExtra
from governance.evidence import Level
from governance.lean_imports import deferred
from governance.rule_results import Result, RuleResult, cause, numbered

if TYPE_CHECKING:
    import polars as pl

_LEVELS = {"critical": Level.ERROR, "warning": Level.WARNING, "info": Level.NOTE}
_OURS = {"batch_id", "result_format", "catch_exceptions", "include_config"}
"""Arguments that say how to run and report, not what to expect: the adapter decides them."""
_NUMBER = "governance_number"
_SELDOM_USED = ("altair", "jsonschema", "scipy.stats")
"""What the library imports for charts and for single expectations; it takes half as long to load as all the rest."""


def validate(suite: Suite, frame: pl.DataFrame, private: Collection[str] = ()) -> tuple[RuleResult, ...]:
    """One result per expectation of `suite`, in its order, evaluated on all rows of `frame`.

    Neither values that were met nor declared values of `private` columns are in it. Raises DataError when the library
    does not run here.
    """
    gx = _library()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations in the library's own code and in forms that suites still use
        built = [_build(gx, suite, entry, frame) for entry in suite.entries]
        answers = _run(gx, built, suite, frame)
    results = []
    for number, item in enumerate(built):
        probe = answers.get(probe_key(item.kwargs))
        found = read_result(item, answers.get(f"e{number}"), probe, frame, private)
        results.append(replace(found, why=why_of(suite.entries[number])))
    return tuple(numbered(results))


def _library() -> ModuleType:
    """The library, silent and offline. Its settings are read when it is imported, so they are set before."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    for name in _SELDOM_USED:
        deferred(name)
    try:
        import great_expectations as gx
    except ImportError:
        raise MissingExtra("great-expectations") from None
    except SystemExit:
        # Started with `python -c`, pyspark without grpcio takes this for a doctest run and leaves with status 0.
        raise DataError("importing Great Expectations ends the process; is pyspark installed without grpcio?") from None
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    return gx  # type: ignore[no-any-return]


def _build(gx: ModuleType, suite: Suite, entry: Mapping[str, Any], frame: pl.DataFrame) -> Built:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.registry import list_registered_expectation_implementations

    assert gx.expectations  # its import registers the expectations
    kind, severity = kind_of(entry), str(entry.get("severity") or "critical").lower()
    kwargs = {key: value for key, value in (entry.get("kwargs") or {}).items() if key not in _OURS}
    level = _LEVELS.get(severity, Level.ERROR)
    known = sorted(list_registered_expectation_implementations())
    if kind not in known:
        close = difflib.get_close_matches(kind, known, n=1)
        hint = f"did you mean {close[0]}?" if close else "expectations of your own cannot be used here"
        return Built(kind, kwargs, level, problem=f"there is no such expectation; {hint}", known=False)
    if severity not in _LEVELS:
        return Built(kind, kwargs, level, problem=f"severity {severity!r} is none of critical, warning, info")
    missing = [name for name in columns_of(kwargs) if name not in frame.columns]
    if missing and kind != "expect_column_to_exist":
        return Built(kind, kwargs, level, None, Result.FAILED, f"there is no column {', '.join(missing)}")
    column = frame[kwargs["column"]] if kwargs.get("column") in frame.columns else None
    given = {key: _understood(key, value, column) for key, value in kwargs.items()}
    try:
        expectation = ExpectationConfiguration(type=kind, kwargs=given, severity=severity).to_domain_obj()
        unset = sorted(set(expectation.suite_parameter_options) - set(suite.parameters))
        config = expectation.configuration.kwargs
    except Exception as error:  # pydantic's, and the library's own
        return Built(kind, kwargs, level, problem=f"cannot be built: {_first_error(error)}")
    if unset:
        return Built(kind, kwargs, level, problem=f"the suite gives no value for parameter {', '.join(unset)}")
    if idle := says_nothing(kind, kwargs):
        return Built(kind, kwargs, level, problem=idle)
    altered = [key for key, value in given.items() if _is_number(value) and config.get(key, value) != value]
    if altered:
        problem = f"Great Expectations cannot hold {', '.join(altered)} exactly (beyond 2**53)"
        return Built(kind, kwargs, level, problem=problem)
    return Built(kind, kwargs, level, expectation)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _first_error(error: Exception) -> str:
    errors = getattr(error, "errors", None)
    if callable(errors):
        first = errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return cause(error)


def _understood(key: str, value: Any, column: pl.Series | None) -> Any:
    """An argument in the form that the library needs to mean the same on the snapshot's types."""
    if column is None:
        return value
    dtype = str(column.dtype)
    if dtype.startswith("Datetime") and isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return f"{value}T00:00:00"  # the library compares no date with a time
    if key == "type_list" and isinstance(value, list) and column.null_count():
        # pandas holds whole numbers and truth values with gaps in types of their own.
        own = {"Int64": ({"int", "int64"}, "Int64Dtype"), "Boolean": ({"bool"}, "BooleanDtype")}.get(dtype)
        return [*value, own[1]] if own and own[0] & set(map(str, value)) else value
    return value


def _probes(gx: ModuleType, built: Sequence[Built]) -> dict[str, Any]:
    """Expectations of our own that count the values which a statement about a whole column rests on."""
    probes: dict[str, Any] = {}
    for item in built:
        if item.expectation is None or "column" not in item.kwargs or item.kind == "expect_column_to_exist":
            continue
        if "row_condition" not in item.kwargs and item.kind.startswith("expect_column_values_"):
            continue  # these count for themselves
        key = probe_key(item.kwargs)
        if key not in probes:
            given = {k: item.kwargs[k] for k in ("column", "row_condition", "condition_parser") if k in item.kwargs}
            probes[key] = gx.expectations.ExpectColumnValuesToNotBeNull(**given)
    return probes


def _run(gx: ModuleType, built: Sequence[Built], suite: Suite, frame: pl.DataFrame) -> dict[str, Any]:
    """Key of each expectation (and probe) to the library's result for it."""
    numbered_ones = {f"e{number}": item.expectation for number, item in enumerate(built) if item.expectation}
    numbered_ones |= _probes(gx, built)
    if not numbered_ones:
        return {}
    for key, expectation in numbered_ones.items():
        expectation.meta = {_NUMBER: key}
    batch = _batch(gx, to_pandas(frame, _as_object(built, frame)))
    try:
        results = _validated(gx, batch, list(numbered_ones.values()), suite)
    except Exception:  # one expectation can bring down the whole run; then each is asked by itself
        results = []
        for expectation in numbered_ones.values():
            try:
                results += _validated(gx, batch, [expectation], suite)
            except Exception as error:
                results.append({_NUMBER: expectation.meta[_NUMBER], "raised": cause(error, frame.columns)})
    found: dict[str, Any] = {}
    for result in results:
        key = result[_NUMBER] if isinstance(result, dict) else result.expectation_config.meta[_NUMBER]
        found[key] = result
    return found


def _batch(gx: ModuleType, data: Any) -> Any:
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("snapshot").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": data})


def _validated(gx: ModuleType, batch: Any, expectations: list[Any], suite: Suite) -> list[Any]:
    run = gx.ExpectationSuite(name="run", expectations=expectations)
    form = {
        "result_format": "COMPLETE",
        "exclude_unexpected_values": True,
        "return_unexpected_index_query": False,
    }
    return list(batch.validate(run, result_format=form, expectation_parameters=dict(suite.parameters)).results)


def _as_object(built: Sequence[Built], frame: pl.DataFrame) -> dict[str, str]:
    """Text columns that the suite calls `object`, as pandas did before version 3, or gives a list of types."""
    return {
        str(item.kwargs["column"]): "object"
        for item in built
        if item.kwargs.get("column") in frame.columns
        and str(frame.schema[item.kwargs["column"]]) == "String"
        and (item.kwargs.get("type_") == "object" or "type_list" in item.kwargs)
    }
