"""Values as canonical JSON, the same content in the same bytes, and their digests. All that stands in git is written so."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from governance.alike import KEY as ALIKE
from governance.alike import gathered

DECIMALS = 6
"""Floats are rounded to this many decimals before they are written, so that bytes do not hang on the last bits."""

_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def canonical_json(value: object) -> str:
    """`value` as JSON with sorted keys, floats rounded, a final newline. Raises ValueError on NaN and infinity."""
    return spelt_out(json.dumps(_rounded(value), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)) + "\n"


def spelt_out(text: str) -> str:
    """JSON `text` with an escape for each character that nobody sees or that turns others round: it means the same."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSEEN.sub(lambda found: json.dumps(found.group())[1:-1], text)


def _rounded(value: object) -> object:
    if value is None or isinstance(value, str):  # most are, and whether something is a Mapping is slow to tell
        return value
    if isinstance(value, float):
        rounded = round(value, DECIMALS)
        return 0.0 if rounded == 0 else rounded  # no negative zero
    if isinstance(value, Mapping):
        return {str(key): _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value


def digest_of(value: object) -> str:
    """sha256 of the canonical JSON of `value`, as `sha256:<hex>`."""
    return digest_of_bytes(canonical_json(value).encode())


def digest_of_bytes(content: bytes) -> str:
    """sha256 of `content`, as `sha256:<hex>`."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Frozen(BaseModel):
    """A value: immutable, and it refuses fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Sealed(Frozen):
    """What stands in git with a digest of itself, in the field `digest`, which each kind declares."""

    def content_digest(self) -> str:
        """sha256 of everything but the digest itself."""
        return digest_of(self.model_dump(mode="json", exclude={"digest"}))

    def sealed(self) -> Self:
        """The same with its digest set."""
        return self.model_copy(update={"digest": self.content_digest()})

    def to_json(self) -> str:
        """Canonical JSON, an item of a list of values a line: what stands in git."""
        return lines_json(self)


def lines_json(value: BaseModel) -> str:
    """Canonical JSON with one line for each item of a list of models, without the fields that are empty by default.

    Many items that differ in little are written as `alike.py` says.
    """
    content = value.model_dump(mode="json")
    shapes: dict[str, list[str]] = {}
    lines: dict[str, list[str]] = {}
    for key in type(value).model_fields:
        items = getattr(value, key)
        if isinstance(items, tuple) and items and all(isinstance(item, BaseModel) for item in items):
            content[key] = []
            found, written = gathered([told(item) for item in items])
            lines[key] = [line(item) for item in written]
            if found:
                shapes[key] = [line(shape) for shape in found]
    text = canonical_json({ALIKE: {name: [] for name in shapes}, **content} if shapes else content)
    for key, shape_lines in shapes.items():
        text = filled(text, key, shape_lines, depth=2)
    for key, item_lines in lines.items():
        text = filled(text, key, item_lines)
    return text


def told(item: BaseModel) -> dict[str, Any]:
    """The fields of `item` that say something: not those that are empty by default."""
    content: dict[str, Any] = _rounded(item.model_dump(mode="json"))  # type: ignore[assignment]
    other = item.model_dump(mode="json", exclude_defaults=True)
    return {key: value for key, value in content.items() if key in other or value not in (None, "", [], {})}


def line(value: object) -> str:
    """`value` as canonical JSON on one line."""
    return spelt_out(
        json.dumps(_rounded(value), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ": "))
    )


def filled(text: str, key: str, items: list[str], depth: int = 1) -> str:
    """`text` with `items` in its empty list `key`, `depth` spaces in. No JSON string holds a line break."""
    pad = "\n" + " " * depth
    inside = "".join(f"{pad} {line}" for line in ",\n".join(item.rstrip("\n") for item in items).split("\n"))
    return text.replace(f'{pad}"{key}": []', f'{pad}"{key}": [{inside}{pad}]') if items else text
