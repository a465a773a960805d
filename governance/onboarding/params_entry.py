"""Adds one dataset to params.yaml by inserting lines, so that every other byte of the file stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from governance.config import PARAMS
from governance.errors import ConfigError
from governance.onboarding.drafting import yaml_text

_WIDTH = 110
_NOTHING: Mapping[str, str] = MappingProxyType({})


def entry_text(name: str, data: Mapping[str, Any], indent: int = 2, about: Mapping[str, str] = _NOTHING) -> str:
    """The lines of one entry under `datasets:`; `about` fills what else is left for a person."""
    space = " " * indent
    lines = [f"{space}{name}:", f"{space}  data:"]
    for key, value in data.items():
        lines += _lines(key, value, indent + 4)
    lines += [
        f"{space}  # Words for the reader; a change here only writes the documents again.",
        f"{space}  about:",
        f"{space}    title: {_flow(about.get('title', ''))}",
        f"{space}    description: {_flow(about.get('description', ''))}",
        f'{space}    licence: ""  # SPDX identifier, or a sentence',
        f'{space}    source: ""',
        f'{space}    url: ""',
        f"{space}    creators: []",
        f"{space}    # people: true  # whether the data is about people; asks the questions that then matter",
    ]
    return "\n".join(lines) + "\n"


def _lines(key: str, value: Any, indent: int) -> list[str]:
    """`key: value` on one line where it fits; else a mapping as a block, a list over several lines."""
    space = " " * indent
    line = f"{space}{key}: {_flow(value)}"
    if len(line) <= _WIDTH or not isinstance(value, Mapping | list | tuple):
        return [line]
    if isinstance(value, Mapping):
        return [f"{space}{key}:", *(line for name, item in value.items() for line in _lines(name, item, indent + 2))]
    lines = [f"{space}{key}: ["]
    for item in value:
        piece = f"{_flow(item)},"
        if len(lines) == 1 or len(lines[-1]) + len(piece) >= _WIDTH:
            lines.append(f"{space}  {piece}")
        else:
            lines[-1] += f" {piece}"
    return [*lines, f"{space}]"]


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return yaml_text(value) if isinstance(value, str) else str(value)


def with_entry(text: str, name: str, data: Mapping[str, Any], about: Mapping[str, str] = _NOTHING) -> str:
    """`text` of params.yaml with one dataset more, after the others. Raises ConfigError when that needs a person."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    root = yaml.compose(text)
    found = [(key, value) for key, value in (root.value if root else []) if key.value == "datasets"]
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    if not found:
        raise ConfigError([f"{PARAMS} has no `datasets:`; write `datasets: {{}}` into it and run the command again"])
    key, value = found[0]
    empty = not value.value
    if empty:
        start = key.start_mark.line
        lines[start] = f"datasets:{_comment(lines[start])}\n"
        lines.insert(start + 1, entry_text(name, data, about=about))
    elif value.flow_style:
        raise ConfigError([f"{PARAMS}: `datasets:` is written in braces; write it as a block, one entry a line"])
    else:
        indent = value.value[0][0].start_mark.column
        end = value.end_mark.line if value.end_mark.line > key.start_mark.line else len(lines)
        lines.insert(_last_line(lines, end, indent), "\n" + entry_text(name, data, indent, about))
    result = "".join(lines)
    _check(text, result, name)
    return result


def _comment(line: str) -> str:
    _, mark, rest = line.partition("#")
    return f"  #{rest.rstrip()}" if mark else ""


def _last_line(lines: list[str], end: int, indent: int) -> int:
    """Where the block ends: blank lines, and comments further left than its entries, belong to what follows."""
    while end > 0:
        line = lines[end - 1]
        bare = line.strip()
        if bare and not (bare.startswith("#") and len(line) - len(line.lstrip()) < indent):
            break
        end -= 1
    return end


def _check(before: str, after: str, name: str) -> None:
    from ruamel.yaml import YAML

    old, new = (YAML(typ="safe", pure=True).load(text) for text in (before, after))
    entry = (new.get("datasets") or {}).pop(name, None)
    if entry is None or (old | {"datasets": old.get("datasets") or {}}) != new:
        raise ConfigError([f"{PARAMS} is written in a way that an entry cannot be added to safely; add {name} by hand"])
