"""Reads the YAML files that people edit, as DVC reads params.yaml: YAML 1.2, nothing but plain data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from governance.errors import ConfigError


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
    """The content of YAML `text`, called `name` in errors. Raises ConfigError with line and column."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ConfigError([f"{name}: {where}{error.problem or 'not valid YAML'}"]) from None
    except YAMLError as error:
        raise ConfigError([f"{name} is not valid YAML: {' '.join(str(error).split())[:200]}"]) from None


def write_yaml(path: Path, content: Any) -> None:
    """Write plain data as block-style YAML in the order given."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 110
    with path.open("w", encoding="utf-8") as handle:
        yaml.dump(content, handle)
