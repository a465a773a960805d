"""Reads JSON objects as cells of text, every number digit by digit as it was written; types come later, once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from governance.errors import DataError

if TYPE_CHECKING:
    import polars as pl


def parse_json_lines(lines: Iterable[str], shown: str) -> pl.DataFrame:
    """One row per line that is not blank, columns in order of first appearance, a key that is not there as null.

    Numbers keep their digits, true and false become these words, a list or an object in a cell becomes JSON text.
    Raises DataError that names the line (counted from 1): for what is no JSON object, and for a key that stands twice.
    """
    records = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            records.append(_object(_decoded(line, f"{shown}: line {number}"), f"{shown}: line {number}"))
    return _frame(records, shown)


def parse_json_array(text: str, shown: str) -> pl.DataFrame:
    """The same for one JSON list of objects."""
    content = _decoded(text, shown)
    if not isinstance(content, list):
        raise DataError(f"{shown} is neither JSON lines nor one list of JSON objects")
    return _frame([_object(entry, f"{shown}: entry {n}") for n, entry in enumerate(content, start=1)], shown)


def _decoded(text: str, where: str) -> Any:
    try:
        return json.loads(
            text,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
            object_pairs_hook=lambda pairs: _unique(pairs, where),
        )
    except (ValueError, RecursionError) as error:
        cause = error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise DataError(f"{where} is not valid JSON: {cause}") from None


def _unique(pairs: Sequence[tuple[str, Any]], where: str) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise DataError(f"{where}: keys stand there more than once: {', '.join(map(repr, twice))}")
    return result


def _object(value: Any, where: str) -> dict[str, str | None]:
    if not isinstance(value, dict):
        raise DataError(f'{where} is not a JSON object such as {{"column": "value"}}')
    return {
        name: str(cell) if isinstance(cell, str) else None if cell is None else json_text(cell)
        for name, cell in value.items()
    }


class _Number(str):
    """A number as it was written, told apart from a string."""

    __slots__ = ()


def json_text(value: Any) -> str:
    """`value` as JSON without spaces, keys in the order in which they stand, numbers digit by digit."""
    if isinstance(value, dict):
        return (
            "{"
            + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{json_text(one)}" for name, one in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    if isinstance(value, _Number):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _frame(records: list[dict[str, str | None]], shown: str) -> pl.DataFrame:
    import polars as pl

    if not records:
        raise DataError(f"{shown} has no rows")
    columns = list(dict.fromkeys(name for record in records for name in record))
    if not columns:
        raise DataError(f"{shown} has no columns: its objects are empty")
    try:
        return pl.DataFrame({name: pl.Series([r.get(name) for r in records], dtype=pl.String) for name in columns})
    except UnicodeEncodeError:
        raise DataError(f"{shown} holds half of a surrogate pair (\\ud800 to \\udfff), which is no text") from None
