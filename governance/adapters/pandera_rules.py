"""Asks a Pandera model its rules one by one, through Pandera's own objects."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from governance.adapters.pandera_model import library
from governance.adapters.pandera_text import assertion_of, logical_type, text_of
from governance.evidence import Level
from governance.rule_results import Assertion, Result, RuleResult, cause

if TYPE_CHECKING:
    import polars as pl

    from governance.adapters.pandera_frames import PandasFrame, PolarsFrame

_STRUCTURAL = {"missing_column", "wrong_type", "not_coercible"}


def wanted_types(schema: Any, frame: pl.DataFrame) -> dict[str, Any]:
    """Column to the type that a pandas model wants of it."""
    return {
        name: schema.dtype or column.dtype
        for column in schema.columns.values()
        for name in matched_names(schema, column, frame.columns)
    }


def matched_names(schema: Any, column: Any, names: Collection[str]) -> list[str]:
    """Which of `names` a column of the model speaks of. A pattern leaves alone what is named outright."""
    if not column.regex:
        return [column.name] if column.name in names else []
    outright = {other.name for other in schema.columns.values() if not other.regex}
    pattern = re.compile(str(column.name))
    # In a Polars model the pattern must fit the whole name, in a pandas model only its beginning.
    fits = pattern.match if ".pandas." in type(column).__module__ else pattern.fullmatch
    return [name for name in names if name not in outright and fits(name)]


def rule_results(schema: Any, view: PolarsFrame | PandasFrame, private: frozenset[str]) -> Iterator[RuleResult]:
    """One result per declared rule and column, in the model's order; rules over several columns come last."""
    structural: list[RuleResult] = []
    blocked = False
    columns = dict(schema.columns)
    if type(schema.dtype).__name__ == "PydanticModel":
        yield RuleResult(
            reason="row_model",
            text="rows fit a pydantic model",
            result=Result.NOT_EVALUATED,
            problem="models of single rows are not evaluated; declare the columns and their checks instead",
        )
        return
    if not columns and schema.dtype is not None:
        columns = {name: library().Column(schema.dtype, name=name) for name in view.names}
    for column in columns.values():
        matched = matched_names(schema, column, view.names)
        for name in matched or [str(column.name)]:
            for result in _column_results(schema, column, name, view, private):
                blocked |= result.reason in _STRUCTURAL and result.result is Result.FAILED
                structural.append(result)
    yield from structural
    if schema.strict is True:
        extra = [name for name in view.names if not any(matched_names(schema, c, [name]) for c in columns.values())]
        yield RuleResult(
            reason="extra_column",
            text="no column beside the declared ones",
            columns=tuple(sorted(extra)),
            result=Result.FAILED if extra else Result.PASSED,
            units="columns",
            evaluated=len(view.names),
            failures=len(extra),
        )
    if schema.ordered:
        yield _order(schema, columns, view)
    for keys in _joint_keys(schema):
        yield _joint_unique(keys, view)
    for check in schema.checks:
        yield _check(check, None, view, blocked, private)
    if getattr(schema, "index", None) is not None:
        yield RuleResult(
            reason="index",
            text="rules for an index",
            result=Result.NOT_EVALUATED,
            problem="a snapshot has no index; declare it as a column",
        )


def _column_results(
    schema: Any, column: Any, name: str, view: PolarsFrame | PandasFrame, private: frozenset[str]
) -> Iterator[RuleResult]:
    dtype = schema.dtype or column.dtype
    here = name in view.names
    absent = Result.ABSENT if not column.required else Result.BLOCKED
    if column.required or not here:
        yield RuleResult(
            reason="missing_column",
            text="column is there" if column.required else "column may be absent",
            columns=(name,),
            result=Result.PASSED if here else Result.FAILED if column.required else Result.ABSENT,
            units="columns",
            evaluated=int(column.required),
            failures=int(not here and column.required),
        )
    typed = here
    if dtype is not None:
        if here:
            result = _type(view, name, dtype, bool(schema.coerce or column.coerce))
            typed = result.result is Result.PASSED
            yield result
        else:
            yield RuleResult(reason="wrong_type", text=f"type {dtype}", columns=(name,), result=absent, units="columns")
    if not column.nullable:
        yield _value_rule("null", "no missing value", name, absent, view.null_rows(name) if here else None, view.rows)
    if column.unique:
        evaluated = view.values(name) if here else 0
        duplicated = view.duplicated_rows(name) if here else None
        yield _value_rule("not_unique", "no value twice", name, absent, duplicated, evaluated)
    for check in column.checks:
        if here:
            yield _check(check, name, view, not typed, private)
        else:
            text = text_of(check, name in private)
            yield RuleResult(
                reason="check_failed", text=text, columns=(name,), result=absent, level=_level(check), units="rows"
            )


def _level(check: Any) -> Level:
    return Level.WARNING if check.raise_warning else Level.ERROR


def _type(view: PolarsFrame | PandasFrame, name: str, dtype: Any, coerce: bool) -> RuleResult:
    kind = logical_type(dtype)
    text = f"can become type {dtype}" if coerce else f"type {dtype}"
    try:
        met, actual, positions = view.coerce(name, dtype) if coerce else (*view.has_type(name, dtype), None)
    except Exception as error:  # a type of the user's own can raise anything
        return RuleResult(
            reason="wrong_type",
            text=text,
            columns=(name,),
            result=Result.NOT_EVALUATED,
            problem=cause(error, view.names),
        )
    return RuleResult(
        reason="not_coercible" if coerce else "wrong_type",
        text=text,
        columns=(name,),
        result=Result.PASSED if met else Result.FAILED,
        units="rows" if coerce else "columns",
        evaluated=view.rows if coerce else 1,
        failures=0 if met else len(positions) if positions is not None else 1,
        problem="" if met else f"the snapshot holds {actual}",
        positions=positions,
        assertion=Assertion("type", name, (kind,)) if kind and not coerce else None,
    )


def _value_rule(reason: str, text: str, name: str, absent: Result, failing: Any, evaluated: int) -> RuleResult:
    if failing is None:
        return RuleResult(reason=reason, text=text, columns=(name,), result=absent)
    return RuleResult(
        reason=reason,
        text=text,
        columns=(name,),
        result=Result.FAILED if len(failing) else Result.PASSED if evaluated else Result.ON_NOTHING,
        evaluated=evaluated,
        failures=len(failing),
        positions=failing,
        assertion=Assertion("not_null" if reason == "null" else "unique", name),
    )


def _check(
    check: Any, name: str | None, view: PolarsFrame | PandasFrame, blocked: bool, private: frozenset[str]
) -> RuleResult:
    text = text_of(check, name in private)
    columns = (name,) if name is not None else ()
    try:
        answer = view.ask(check, name)
    except Exception as error:  # a check is code of the user's
        return RuleResult(
            reason="check_failed",
            text=text,
            columns=columns,
            result=Result.BLOCKED if blocked else Result.NOT_EVALUATED,
            level=_level(check),
            problem=cause(error, view.names),
        )
    return RuleResult(
        reason="check_failed",
        text=text,
        columns=columns,
        result=Result.ON_NOTHING if not answer.evaluated else Result.FAILED if answer.failures else Result.PASSED,
        level=_level(check),
        units=answer.units,
        evaluated=answer.evaluated,
        failures=answer.failures,
        positions=answer.positions,
        assertion=assertion_of(check, name) if name is not None else None,
    )


def _order(schema: Any, columns: dict[str, Any], view: PolarsFrame | PandasFrame) -> RuleResult:
    declared = [name for column in columns.values() for name in matched_names(schema, column, view.names)]
    met = [name for name in view.names if name in declared]
    moved = sum(one != other for one, other in zip(declared, met, strict=True))
    return RuleResult(
        reason="column_order",
        text="columns in the declared order",
        result=Result.FAILED if moved else Result.PASSED,
        units="columns",
        evaluated=len(declared),
        failures=moved,
    )


def _joint_keys(schema: Any) -> list[list[str]]:
    if not schema.unique:
        return []
    flat = all(isinstance(key, str) for key in schema.unique)
    return [list(schema.unique)] if flat else [list(keys) for keys in schema.unique]


def _joint_unique(keys: list[str], view: PolarsFrame | PandasFrame) -> RuleResult:
    # Pandera would quietly leave out a key that is not there, and so judge another rule.
    missing = [key for key in keys if key not in view.names]
    failing = None if missing else view.duplicated_rows(*keys)
    return RuleResult(
        reason="rows_not_unique",
        text=f"no two rows with the same {', '.join(keys)}",
        columns=tuple(sorted(keys)),
        result=Result.NOT_EVALUATED
        if failing is None
        else Result.FAILED
        if len(failing)
        else Result.PASSED
        if view.rows
        else Result.ON_NOTHING,
        evaluated=0 if missing else view.rows,
        failures=0 if failing is None else len(failing),
        positions=failing,
        problem=f"there is no column {', '.join(missing)}" if missing else "",
    )
