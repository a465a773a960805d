"""Expectations in plain words, and in the normal form by which engines are compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from governance.rule_results import Assertion, plain

_COLUMNS = ("column", "column_A", "column_B", "column_list")
_SILENT = {*_COLUMNS, "batch_id", "condition_parser"}
_SUBSTANCE = {
    "column_list",
    "column_set",
    "like_pattern",
    "like_pattern_list",
    "regex",
    "regex_list",
    "type_",
    "type_list",
    "value_pairs_set",
    "value_set",
}
"""Arguments that hold what an expectation asserts."""
_NEEDED = {
    "expect_table_columns_to_match_ordered_list": "column_list",
    "expect_table_columns_to_match_set": "column_set",
    "expect_column_values_to_be_in_type_list": "type_list",
}
"""Arguments that the library lets one leave out, and then calls anything a success."""
_LOGICAL = {
    "integer": {"int", "int8", "int16", "int32", "int64", "integer"},
    "number": {"float", "float32", "float64", "double", "number"},
    "boolean": {"bool", "boolean", "bool_"},
    "string": {"str", "string", "object", "object_", "varchar", "text"},
    "datetime": {"datetime", "datetime64", "datetime64[ns]", "datetime64[us]", "timestamp"},
    "date": {"date"},
}


_SAID: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "expect_column_kl_divergence_to_be_less_than": (
            "shares of the values to be near the expected ones (KL divergence at most {threshold})", ("threshold",),
        ),
    }
)  # fmt: skip
"""Expectations whose library name says little to a reader, with the arguments that their words hold."""
_ONLY_SOME = "of some rows only, by a condition"  # the condition may compare with a value


def short_name(kind: str) -> str:
    """`column_values_to_be_between` for `expect_column_values_to_be_between`: the second half of a finding's rule."""
    return kind.removeprefix("expect_")


def says_nothing(kind: str, kwargs: Mapping[str, Any]) -> str:
    """Why no data could break the expectation, empty when some could. The library calls most of these a success."""
    bounds = ("min_value", "max_value")
    if kind.endswith("_to_be_between") and "quantile" not in kind and all(kwargs.get(key) is None for key in bounds):
        return "it has neither min_value nor max_value, so nothing could break it"
    ranges = kwargs.get("quantile_ranges")
    if isinstance(ranges, Mapping) and not any(
        end is not None for pair in ranges.get("value_ranges", ()) for end in pair
    ):
        return "none of its value_ranges has an end, so nothing could break it"
    if kwargs.get("mostly") == 0:
        return "mostly is 0, so nothing could break it"
    empty = [key for key, value in sorted(kwargs.items()) if key in _SUBSTANCE and not value and value != 0]
    needed = _NEEDED.get(kind)
    if needed and needed not in kwargs:
        empty.append(needed)
    return f"{', '.join(empty)} is empty, so it says nothing" if empty else ""


def columns_of(kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that an expectation names, sorted."""
    named: set[str] = set()
    for key in _COLUMNS:
        value = kwargs.get(key)
        named |= {value} if isinstance(value, str) else set(value) if isinstance(value, list | tuple) else set()
    return tuple(sorted(named))


def text_of(kind: str, kwargs: Mapping[str, Any], private: Collection[str]) -> str:
    """The expectation in words. Sets are counted, not listed; of a private column only numbers are shown."""
    special = _SAID.get(kind)
    if special is not None and not kwargs.get("row_condition") and set(special[1]) <= kwargs.keys():
        return special[0].format(**{key: kwargs[key] for key in special[1]})
    hidden = any(column in private for column in columns_of(kwargs))
    parts = [
        _ONLY_SOME if key == "row_condition" else f"{key.rstrip('_')} {_shown(value, hidden)}"
        for key, value in sorted(kwargs.items(), key=lambda item: (item[0] != "min_value", item[0]))
        if key not in _SILENT and value is not None and not (key.startswith("strict_") and value is False)
    ]
    words = short_name(kind).removeprefix("column_").replace("_", " ")
    return f"{words} ({', '.join(parts)})" if parts else words


def _shown(value: Any, hidden: bool) -> str:
    if isinstance(value, Mapping):
        return f"of {len(value)}"
    if isinstance(value, list | tuple | set):
        return f"of {len(value)}"
    if isinstance(value, str) and hidden:
        return "(not shown)"
    return str(value)


def assertion_of(kind: str, kwargs: Mapping[str, Any]) -> Assertion | None:
    """The expectation in normal form, None when it speaks of some rows only or Pandera has no word for it."""
    column = kwargs.get("column")
    if not isinstance(column, str) or kwargs.get("row_condition"):
        return None
    if kind == "expect_column_values_to_not_be_null":
        return Assertion("not_null", column)
    if kind == "expect_column_values_to_be_unique":
        return Assertion("unique", column)
    if kind == "expect_column_values_to_be_between":
        low, high = kwargs.get("min_value"), kwargs.get("max_value")
        lower = f"{'>' if kwargs.get('strict_min') else '>='} {plain(low)}" if low is not None else ""
        upper = f"{'<' if kwargs.get('strict_max') else '<='} {plain(high)}" if high is not None else ""
        return Assertion("range", column, (lower, upper))
    if kind in {"expect_column_values_to_be_in_set", "expect_column_values_to_not_be_in_set"}:
        values = kwargs.get("value_set")
        if not isinstance(values, list | tuple | set):
            return None
        name = "in_set" if kind.endswith("be_in_set") and "not" not in kind else "not_in_set"
        return Assertion(name, column, tuple(sorted({plain(value) for value in values})))
    if kind == "expect_column_values_to_match_regex" and isinstance(kwargs.get("regex"), str):
        return Assertion("regex", column, (kwargs["regex"],))
    if kind == "expect_column_values_to_be_of_type":
        wanted = str(kwargs.get("type_")).lower()
        logical = next((name for name, words in _LOGICAL.items() if wanted in words), None)
        return Assertion("type", column, (logical,)) if logical else None
    return None
