"""Writes many items that differ in little as one shape and a row each, and reads them back as they were.

A table of two hundred columns that breaks a rule in each has two hundred findings, and the same number of decisions on
them: what they say alike would be most of what git tracks. Nothing is left out and nothing else changes: whoever reads
the file gets every item back, in its order.

    "alike": {"findings": [{"rule": "schema/null", "columns": {"each": [[0]]}, "count": {"is": 1},
                            "message": {"text": [0, ": no missing value: ", 1, " rows break it."]}}]},
    "findings": [
      [0, "age", 12],
      [0, "height", 7],
      ...

The first entry of a row is the number of its shape, the others fill the shape's places, which count from 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

KEY = "alike"
LEAST = 33
"""So many items of one shape are written as rows. Fewer stand as they are: a screenful can be read without the shape."""
LARGE, LEAST_OF_LARGE = 20_000, 6
"""Characters of a list as plain JSON from which fewer are enough: of such a list nobody reads a screenful."""
_NUMBER = r"\d+(?:[.,]\d+)*"
_DIGITS = re.compile(r"0|[1-9][0-9]{0,14}")
_WHOLE = {"fingerprint", "name"}
"""Fields whose text is one place: what differs in them is no number."""


def gathered(items: Sequence[Mapping[str, Any]], least: int | None = None) -> tuple[list[Any], list[Any]]:
    """Shapes, and `items` with a row in place of each where `least` or more have one shape.

    `items` hold what JSON holds. What `spread` makes of the result is equal to `items`. When None, `least` is LEAST, or
    LEAST_OF_LARGE in a large list.
    """
    if least is None:
        least = LEAST_OF_LARGE if sum(len(json.dumps(item)) for item in items) > LARGE else LEAST
    parts = [_parts(item) for item in items]
    by_shape: dict[str, list[int]] = {}
    for place, (shape, _) in enumerate(parts):
        by_shape.setdefault(json.dumps(shape, sort_keys=True), []).append(place)
    shapes: list[Any] = []
    written: list[Any] = list(items)
    for places in by_shape.values():
        if len(places) < least:
            continue
        shape = parts[places[0]][0]
        rows = [parts[place][1] for place in places]
        kept, stands = _settled(rows, set(_worded(shape.values())))
        for place, row in zip(places, rows, strict=True):
            written[place] = [len(shapes), *(row[one] for one in kept)]
        shapes.append({key: _told(value, stands) for key, value in shape.items()})
    return shapes, written


def spread(content: Any) -> Any:
    """What JSON of a file holds, with the items that were written as rows.

    Raises ValueError when a row does not fit its shape, or a shape is used by none: nothing may hide in such a file.
    """
    if not isinstance(content, dict) or KEY not in content:
        return content
    alike = content[KEY]
    rest = {key: value for key, value in content.items() if key != KEY}
    try:
        for key, shapes in alike.items():
            used = {entry[0] for entry in rest[key] if isinstance(entry, list)}
            rest[key] = [_item(shapes, entry) if isinstance(entry, list) else entry for entry in rest[key]]
            if used != set(range(len(shapes))) or not shapes:
                raise IndexError("a shape without rows")
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"its rows do not fit its shapes ({type(error).__name__})") from None
    return rest


def _item(shapes: list[Any], entry: list[Any]) -> dict[str, Any]:
    number, *row = entry
    if type(number) is not int or number < 0:
        raise IndexError(number)
    used: set[int] = set()
    item = {key: _filled(value, row, used) for key, value in shapes[number].items()}
    if used != set(range(len(row))):
        raise IndexError("an entry of the row has no place")
    return item


def _filled(shape: Any, row: list[Any], used: set[int]) -> Any:
    """`shape` with the values of `row` in its places, which are added to `used`."""
    if not isinstance(shape, dict):
        return shape
    ((kind, inner),) = shape.items()
    if kind == "is":
        return _entry(row, inner, used)
    if kind == "text":
        return "".join(part if isinstance(part, str) else str(_entry(row, part, used)) for part in inner)
    if kind == "each":
        return [_filled({"text": one}, row, used) for one in inner]
    if kind == "of":
        return {key: _filled(value, row, used) for key, value in inner.items()}
    raise KeyError(kind)


def _entry(row: list[Any], place: Any, used: set[int]) -> Any:
    if type(place) is not int or place < 0:
        raise IndexError(place)
    used.add(place)
    return row[place]


def _parts(item: Mapping[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """The shape of one item, with a place for all that may differ, and what stands in those places."""
    row: list[Any] = []
    names = sorted((name for name in item.get("columns", ()) if name), key=len, reverse=True)
    words = re.compile("|".join([*(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), _NUMBER]))
    return {key: _shape(key, value, row, words) for key, value in item.items()}, row


def _shape(key: str, value: Any, row: list[Any], words: re.Pattern[str]) -> dict[str, Any]:
    if key == "columns":
        return {"each": [[_placed(row, one)] for one in value]}
    if isinstance(value, str) and key not in _WHOLE:
        return {"text": list(_text(value, row, words))}
    if isinstance(value, Mapping):
        # In order of names, as the file has them: who reads it and writes it again must number the places alike.
        return {"of": {inner: _shape(inner, one, row, words) for inner, one in sorted(value.items())}}
    return {"is": _placed(row, value)}  # never a mapping, which could be taken for a shape


def _text(value: str, row: list[Any], words: re.Pattern[str]) -> Iterator[str | int]:
    """`value` cut at numbers and names of columns, which become places."""
    end = 0
    for found in words.finditer(value):
        if found.start() > end:
            yield value[end : found.start()]
        text = found.group()
        # Digits are written as a number where that spells them out again: without quotes, and one with the count.
        yield _placed(row, int(text) if _DIGITS.fullmatch(text) else text)
        end = found.end()
    if end < len(value):
        yield value[end:]


def _placed(row: list[Any], value: Any) -> int:
    row.append(value)
    return len(row) - 1


def _worded(shapes: Iterable[Any]) -> Iterator[int]:
    """The places that stand in a text, whose values are spelt out there."""
    for shape in shapes:
        ((kind, inner),) = shape.items()
        if kind == "of":
            yield from _worded(inner.values())
        elif kind != "is":
            for part in inner:
                yield from [one for one in (part if kind == "each" else [part]) if isinstance(one, int)]


def _settled(rows: list[list[Any]], worded: set[int]) -> tuple[list[int], list[tuple[bool, Any]]]:
    """The places that rows keep; and for each place whether it holds one value in all of them, and that value or what
    stands in its place: the position in a kept row.

    A number and its digits in a sentence are one thing: a place in a text takes what is spelt alike elsewhere.
    """
    kept: list[int] = []
    stands: list[tuple[bool, Any]] = [(True, None)] * len(rows[0])
    spelt: dict[str, int] = {}
    for place in sorted(range(len(rows[0])), key=worded.__contains__):
        values = [row[place] for row in rows]
        # As JSON: 0.0 equals -0.0 and 1 equals True elsewhere, inside of lists too.
        if len({json.dumps(value) for value in values}) == 1:
            stands[place] = (True, values[0])
            continue
        spelling = json.dumps([str(value) for value in values])
        if place in worded and spelling in spelt:
            stands[place] = (False, spelt[spelling])
            continue
        stands[place] = (False, len(kept))
        if all(type(value) in (str, int) for value in values):
            spelt.setdefault(spelling, len(kept))
        kept.append(place)
    return kept, stands


def _told(shape: Any, stands: list[tuple[bool, Any]]) -> Any:
    """`shape` as it is written: what is the same in all rows in place, positions in a row elsewhere."""
    ((kind, inner),) = shape.items()
    if kind == "is":
        same, value = stands[inner]
        return value if same else {"is": value}
    if kind == "text":
        return _joined(inner, stands)
    if kind == "each":
        texts = [_joined(one, stands) for one in inner]
        return texts if all(isinstance(one, str) for one in texts) else {"each": [_listed(one) for one in texts]}
    return {"of": {key: _told(value, stands) for key, value in inner.items()}}


def _joined(parts: list[str | int], stands: list[tuple[bool, Any]]) -> Any:
    """Text when all of it is the same in all rows, else its parts."""
    told: list[str | int] = []
    for part in parts:
        same, value = (True, part) if isinstance(part, str) else stands[part]
        if same and told and isinstance(told[-1], str):
            told[-1] += str(value)
        else:
            told.append(str(value) if same else value)
    return "".join(map(str, told)) if all(isinstance(part, str) for part in told) else {"text": told}


def _listed(text: Any) -> list[str | int]:
    return [text] if isinstance(text, str) else text["text"]
