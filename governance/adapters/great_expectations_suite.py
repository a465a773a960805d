"""A suite of Great Expectations as it stands in its file, read without the library."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.errors import ConfigError
from governance.rule_results import repository

_LONGEST_WHY = 300
"""Characters of a person's sentence that a report shows."""


@dataclass(frozen=True)
class Suite:
    """A suite as it stands in its file."""

    name: str
    entries: tuple[Mapping[str, Any], ...]
    """One per expectation."""
    parameters: Mapping[str, Any]
    """Values of the suite's `$PARAMETER`s."""


def read_suite(reference: str | Path, workspace: Path) -> Suite:
    """The suite in the file `reference`, relative to `workspace`. Raises ConfigError with the file and the cause."""
    path = (workspace.resolve() / reference).resolve()
    shown = Path(os.path.relpath(path, workspace.resolve())).as_posix()
    if not path.is_relative_to(repository(workspace)):
        raise ConfigError([f"the suite {reference} lies outside the repository; give a path inside it"])
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError([f"{shown} does not exist; correct the path in params.yaml"]) from None
    except (OSError, ValueError) as error:
        raise ConfigError([f"{shown} cannot be read as JSON: {error}"]) from None
    entries = content.get("expectations") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError([f"{shown} is no suite of Great Expectations: it needs a list `expectations` of objects"])
    parameters = content.get("suite_parameters") or {}
    return Suite(str(content.get("name") or path.stem), tuple(entries), parameters)


def needed_columns(suite: Suite, names: Sequence[str]) -> tuple[str, ...]:
    """Which of `names` the suite could read: those it mentions, all when it speaks of the table or of some rows."""
    mentioned: set[str] = set()
    for entry in suite.entries:
        kwargs = entry.get("kwargs") or {}
        if not str(kind_of(entry)).startswith("expect_column_") or "row_condition" in kwargs:
            return tuple(names)
        mentioned |= _strings(kwargs)
    return tuple(name for name in names if name in mentioned)


def mentioned_columns(suite: Suite, names: Sequence[str]) -> tuple[str, ...]:
    """Which of `names` the suite mentions anywhere."""
    mentioned = {text for entry in suite.entries for text in _strings(entry.get("kwargs") or {})}
    return tuple(name for name in names if name in mentioned)


def named_values(suite: Suite) -> dict[str, int]:
    """Column to how many of its values the suite lists, as allowed or as a distribution; columns without any are left out."""
    named: dict[str, set[str]] = {}
    for entry in suite.entries:
        kwargs = entry.get("kwargs") or {}
        partition = kwargs.get("partition_object")
        listed = [kwargs.get("value_set"), partition.get("values") if isinstance(partition, Mapping) else None]
        values = {str(value) for one in listed if isinstance(one, list) for value in one}
        if values and isinstance(column := kwargs.get("column"), str):
            named.setdefault(column, set()).update(values)
    return {column: len(values) for column, values in named.items()}


def _strings(value: object) -> set[str]:
    if isinstance(value, str):
        return {value, *re.findall(r"""["']([^"']+)["']""", value), *re.findall(r"\w+", value)}
    if isinstance(value, Mapping):
        return {text for item in value.values() for text in _strings(item)}
    if isinstance(value, list | tuple):
        return {text for item in value for text in _strings(item)}
    return set()


def why_of(entry: Mapping[str, Any]) -> str:
    """Why an expectation was declared: `meta.why`, or its notes, on one line; empty where neither is there."""
    meta = entry.get("meta")
    meta = meta if isinstance(meta, Mapping) else {}
    for said in (meta.get("why"), entry.get("notes"), meta.get("notes")):
        content = said.get("content") if isinstance(said, Mapping) else said
        lines = content if isinstance(content, list | tuple) else [content]
        if text := " ".join(" ".join(line.split()) for line in lines if isinstance(line, str)).strip():
            return text[:_LONGEST_WHY]
    return ""


def kind_of(entry: Mapping[str, Any]) -> str:
    """The type of an expectation; suites written before version 1 say `expectation_type`."""
    return str(entry.get("type") or entry.get("expectation_type") or "")
