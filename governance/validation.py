"""What is wrong with values that a person wrote, in sentences: one per problem, none of them the library's own."""

from __future__ import annotations

import difflib
import re
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError


def hint(word: object, known: Iterable[object]) -> str:
    """`; did you mean 'x'?` when something near exists, else nothing."""
    near = difflib.get_close_matches(str(word), [str(k) for k in known], n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def no_such_key(key: object, known: Iterable[str]) -> str:
    """What to say of a key that nobody reads."""
    names = list(known)
    near = hint(key, names)
    said = f"{' Its' if near else '; its'} keys are: {', '.join(names)}" if names else "; it has no keys"
    return f"there is no such key{near}{said}"


def worded(error: ValidationError, model: type[BaseModel], where: str) -> list[str]:
    """One sentence per problem of `error`, which `model` raised; each begins with `where`, as in `waivers.yaml: waiver 2`.

    The place inside the value follows `where` after a colon, keys joined by dots.
    """
    return [f"{where}: {sentence}" for item in error.errors() if (sentence := worded_item(item, model))]


def worded_item(item: Mapping[str, Any], model: type[BaseModel], below: Sequence[str] = ()) -> str:
    """One problem as pydantic tells it, as `place: sentence`; `below` are the keys that lead to the value."""
    loc = [*below, *(str(part) for part in item["loc"] if part != "[key]")]  # said of a key, not of what it holds
    place = f"{'.'.join(loc)}: " if loc else ""
    if item["type"] == "extra_forbidden":
        return f"{place}{no_such_key(loc[-1], keys_of(_model_at(model, item['loc'][:-1])))}"
    if item["type"] == "missing":
        return f"{place}is missing"
    value = item.get("input")
    shown = f" (it is {value!r})" if isinstance(value, str | int | float | bool) else ""
    if item["type"] in {"model_type", "model_attributes_type", "dict_type"}:
        known = ", ".join(keys_of(_model_at(model, item["loc"])))
        return f"{place}must be a mapping{f' with the keys {known}' if known else ''}{shown}"
    message = re.sub(r"^(?:Input|String|Value|List|Tuple|Dictionary) should ", "must ", str(item["msg"]))
    message = message.removeprefix("Value error, ").replace("match pattern '^[0-9a-f]{16}$'", "be 16 hex digits")
    words = re.findall(r"'([^']*)'", item["ctx"]["expected"]) if item["type"] in {"enum", "literal_error"} else []
    near = hint(value, words) if isinstance(value, str) else ""
    return f"{place}{message[:1].lower()}{message[1:]}{shown}{near}"


def keys_of(model: type[BaseModel] | None) -> list[str]:
    """The keys that a person may write for `model`."""
    return [] if model is None else [info.alias or name for name, info in model.model_fields.items()]


def _model_at(model: type[BaseModel], loc: Sequence[str | int]) -> type[BaseModel] | None:
    """The model that holds the value at `loc`; None where that is no model."""
    at: Any = model
    for part in loc:
        if isinstance(at, type) and issubclass(at, BaseModel):
            info = at.model_fields.get(str(part)) or next(
                (one for one in at.model_fields.values() if one.alias == part), None
            )
            at = _plain(info.annotation) if info is not None else None
        elif get_origin(at) in {dict, Mapping}:
            at = _plain(get_args(at)[1])
        elif get_origin(at) in {tuple, list}:
            at = _plain(get_args(at)[0])
        else:
            return None
    return at if isinstance(at, type) and issubclass(at, BaseModel) else None


def _plain(annotation: Any) -> Any:
    """`annotation` without `Annotated` and without `None`."""
    while get_origin(annotation) in {typing.Annotated, types.UnionType, typing.Union}:
        inside = get_args(annotation)
        if get_origin(annotation) is typing.Annotated:
            annotation = inside[0]
        else:
            annotation = next((one for one in inside if one is not types.NoneType), None)
    return annotation
