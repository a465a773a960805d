"""Pandera's checks in plain words, and in the normal form by which engines are compared."""

from __future__ import annotations

from typing import Any

from governance.rule_results import Assertion, plain

_BOUNDS = {
    "greater_than": (">", "min_value"),
    "greater_than_or_equal_to": (">=", "min_value"),
    "less_than": ("<", "max_value"),
    "less_than_or_equal_to": ("<=", "max_value"),
}
_LOGICAL = {
    "int": "integer",
    "uint": "integer",
    "float": "number",
    "bool": "boolean",
    "str": "string",
    "object": "",
    "date": "date",
    "datetime": "datetime",
}


def _builtin(check: Any) -> str:
    """Name of the built-in check that `check` is, empty for one of the user's own."""
    name = getattr(check._check_fn, "__name__", "") or ""
    return name if check.is_builtin_check(name) else ""


def text_of(check: Any, private: bool) -> str:
    """The check in words. Sets are counted, not listed; of a private column no declared value is shown."""
    kind, given = _builtin(check), check.statistics or {}
    if kind in _BOUNDS:
        sign, key = _BOUNDS[kind]
        return f"{sign} {_bound(given.get(key), private)}"
    if kind == "in_range":
        low = "from" if given.get("include_min", True) else "above"
        high = "to" if given.get("include_max", True) else "to below"
        return f"{low} {_bound(given['min_value'], private)} {high} {_bound(given['max_value'], private)}"
    if kind in {"isin", "notin", "unique_values_eq"}:
        words = {
            "isin": "one of {} values",
            "notin": "none of {} values",
            "unique_values_eq": "exactly {} values occur",
        }
        sets = {"isin": "allowed_values", "notin": "forbidden_values", "unique_values_eq": "values"}
        return words[kind].format(len(given[sets[kind]]))
    if kind == "str_length":
        return f"length {given.get('exact_value') or _length(given)}"
    if kind in {"str_matches", "str_contains", "str_startswith", "str_endswith"}:
        words = {
            "str_matches": "starts with pattern",
            "str_contains": "contains pattern",
            "str_startswith": "starts with",
            "str_endswith": "ends with",
        }
        what = given.get("pattern", given.get("string", ""))
        return f"{words[kind]} {'(not shown)' if private else getattr(what, 'pattern', what)}"
    if kind in {"equal_to", "not_equal_to"}:
        word = "equal to" if kind == "equal_to" else "not equal to"
        return f"{word} {_bound(given.get('value'), private)}"
    return str(check.error or check.name or "check without a name")


def _bound(value: object, private: bool) -> str:
    """Numbers are limits and may be shown; anything else of a private column could be somebody's value."""
    if isinstance(value, int | float) or not private:
        return str(value)
    return "(not shown)"


def _length(given: dict[str, Any]) -> str:
    low, high = given.get("min_value"), given.get("max_value")
    return " and ".join(f"{sign} {bound}" for sign, bound in ((">=", low), ("<=", high)) if bound is not None)


def assertion_of(check: Any, column: str) -> Assertion | None:
    """The check in normal form, None when Great Expectations has no word for it."""
    kind, given = _builtin(check), check.statistics or {}
    if kind in _BOUNDS:
        sign, key = _BOUNDS[kind]
        bound = f"{sign} {plain(given.get(key))}"
        return Assertion("range", column, (bound, "") if key == "min_value" else ("", bound))
    if kind == "in_range":
        low = ">=" if given.get("include_min", True) else ">"
        high = "<=" if given.get("include_max", True) else "<"
        bounds = (f"{low} {plain(given['min_value'])}", f"{high} {plain(given['max_value'])}")
        return Assertion("range", column, bounds)
    if kind in {"isin", "notin"}:
        values = given["allowed_values" if kind == "isin" else "forbidden_values"]
        name = "in_set" if kind == "isin" else "not_in_set"
        return Assertion(name, column, tuple(sorted({plain(value) for value in values})))
    if kind in {"str_matches", "str_contains"}:
        pattern = getattr(given["pattern"], "pattern", given["pattern"])
        if kind == "str_matches" and not pattern.startswith("^"):
            pattern = f"^{pattern}"  # as Pandera does
        return Assertion("regex", column, (pattern,))
    return None


def logical_type(dtype: Any) -> str:
    """`integer`, `number`, `string` ... for what Pandera calls a type; empty when it is none of these."""
    name = str(dtype).lower().split("(")[0].split("[")[0]
    name = name.removesuffix("dtype").rstrip("0123456789")
    return {"string": "string", "boolean": "boolean", **_LOGICAL}.get(name, "")
