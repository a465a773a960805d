"""Adds one entry to a list in a YAML file that people edit, so that every other byte of the file stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from governance.errors import ConfigError

_INDENT = 2
"""Columns that a first entry stands in; later ones stand where the others do."""


def with_list_entry(text: str, key: str, entry: Mapping[str, Any], shown: str) -> str:
    """`text` with one entry more at the end of its list `key`.

    Raises ConfigError when the file, called `shown`, is written in a way that this needs a person.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    by_hand = ConfigError([f"{shown} is written in a way that an entry cannot be added to safely; add it by hand"])
    yaml = YAML(typ="safe", pure=True)
    try:
        root, before = yaml.compose(text), yaml.load(text)
    except YAMLError:
        raise ConfigError([f"{shown} is not valid YAML; put that right first"]) from None
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    if root is None:
        lines += [f"{key}:\n", *_lines(entry, _INDENT)]
    elif not isinstance(before, dict) or key not in before:
        raise by_hand
    else:
        name, value = next(pair for pair in root.value if pair[0].value == key)
        if not before[key]:
            line = lines[name.start_mark.line]
            _, mark, comment = line.partition("#")
            lines[name.start_mark.line] = f"{key}:" + (f"  #{comment}" if mark else "\n")
            at, indent = name.start_mark.line + 1, _INDENT
        elif not isinstance(before[key], list) or value.flow_style:
            raise by_hand
        else:
            indent = value.start_mark.column
            at = max(_last_line(item) for item in value.value) + 1
            while not lines[at - 1].strip():  # blank lines after a block belong to what follows
                at -= 1
        lines[at:at] = _lines(entry, indent)
    after = "".join(lines)
    wanted = {**(before or {}), key: [*((before or {}).get(key) or []), dict(entry)]}
    try:
        same = yaml.load(after) == wanted
    except YAMLError:
        same = False
    if not same:
        raise by_hand
    return after


def _last_line(node: Any) -> int:
    """The last line on which something of `node` stands; a block's own end is where the next thing begins."""
    content = node.value
    if isinstance(content, str):
        end = node.end_mark
        return int(end.line - 1 if end.column == 0 and end.line > node.start_mark.line else end.line)
    if getattr(node, "flow_style", False) or not content:
        return int(node.end_mark.line)
    return max(_last_line(child) for item in content for child in (item if isinstance(item, tuple) else (item,)))


def _lines(entry: Mapping[str, Any], indent: int) -> list[str]:
    """Strings as JSON, which YAML reads alike: digits stay text, and nothing a person types can end its line."""
    space = " " * indent
    pairs = [f"{key}: {_scalar(value)}\n" for key, value in entry.items()]
    return [f"{space}- {pairs[0]}", *(f"{space}  {pair}" for pair in pairs[1:])]


def _scalar(value: Any) -> str:
    plain = isinstance(value, str) and value.isprintable()
    return json.dumps(value, ensure_ascii=not plain)
