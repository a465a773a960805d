"""Reads the YAML files that people edit, as DVC reads params.yaml: YAML 1.2, nothing but plain data."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from governance.errors import ConfigError

DEEPEST = 2000
"""Brackets, and characters in a line, with which a text is nested in few levels."""


def read_yaml(path: Path, shown: str | None = None) -> Any:
    """The content of `path`; None when it is empty. Raises ConfigError with line and column."""
    name = shown or path.name
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError([f"{name} does not exist"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{name} cannot be read: {error}"]) from None
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> Any:
    """The content of YAML `text`, called `name` in errors. Raises ConfigError with line and column.

    Read by libyaml, as DVC does and some ten times as fast; what it refuses is read once more, for words that are the
    same wherever they are read.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if _is_shallow(text):
        with suppress(YAMLError, ValueError, KeyError):
            return YAML(typ="safe").load(text)
    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ConfigError([f"{name}: {where}{error.problem or 'not valid YAML'}"]) from None
    except YAMLError as error:
        raise ConfigError([f"{name} is not valid YAML: {' '.join(str(error).split())[:200]}"]) from None
    except RecursionError:
        raise ConfigError([f"{name} is nested too deeply to be read"]) from None
    except (ValueError, KeyError) as error:
        raise ConfigError([f"{name}: {_unreadable_value(text)}{error}"]) from None


def _unreadable_value(text: str) -> str:
    """Where in YAML `text` the first value stands that looks like a date or a number and is none: 2026-02-30."""
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import MappingNode, ScalarNode

    yaml = YAML(typ="safe", pure=True)
    left, seen = [yaml.compose(text)], set()
    while left:
        node = left.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            try:
                yaml.constructor.construct_object(node)
            except (ValueError, KeyError):
                return f"line {node.start_mark.line + 1}, column {node.start_mark.column + 1}: {node.value[:40]}: "
            continue
        below = [part for pair in node.value for part in pair] if isinstance(node, MappingNode) else node.value
        left.extend(reversed(below))
    return ""


def _is_shallow(text: str) -> bool:
    """Whether it is surely nested in few levels: libyaml ends the process where they are many thousands."""
    if text.count("[") + text.count("{") > DEEPEST:
        return False
    # Without brackets each level begins to the right of the one above, or is a list within its mapping.
    return max(map(len, text.splitlines()), default=0) <= DEEPEST


def write_yaml(path: Path, content: Any) -> None:
    """Write plain data as block-style YAML in the order given."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 110
    with path.open("w", encoding="utf-8") as handle:
        yaml.dump(content, handle)
