"""What a person asks for when they add a dataset, and everything that is wrong with it, all at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from governance.config import PARAMS, Workspace
from governance.dataset import NAME_PATTERN, DataConfig, Role, Task
from governance.documents.wording import plural
from governance.onboarding.adding_place import place_of, place_of_splits
from governance.validation import hint, worded_item


@dataclass(frozen=True, kw_only=True)
class AddRequest:
    """What a person asked for. Paths are absolute or relative to the current folder."""

    name: str
    path: Path | None = None
    splits: Mapping[str, Path] = field(default_factory=dict)
    """Split to file, instead of `path`."""
    target: str | None = None
    task: Task | None = None
    sensitive: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    group: str | None = None
    time: str | None = None
    format: str | None = None
    columns: tuple[str, ...] | None = None
    separator: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    """None: it is looked for, unless `decimal` is given. Empty: there is none."""
    date_format: str | None = None
    na: tuple[str, ...] | None = None
    """None: markers are looked for. The empty cell is always missing."""
    strip: bool | None = None
    """None: spaces after separators are looked for."""
    test_share: float = 0.2
    """0 leaves the rows undivided."""
    split_column: str | None = None
    """The column that holds the name of each row's split."""
    header: bool = False
    """Whether a person said that the first line holds names, although it looks like data."""
    schema: str | None = None
    suite: str | None = None


def listed(problems: Iterable[str], notes: Iterable[str] = ()) -> str:
    """One sentence, or all of several below each other: how many problems there are, they, and what else was found."""
    lines = list(problems)
    beside = [f"note: {sentence}" for sentence in notes]
    if len(lines) == 1 and not beside:
        return lines[0]
    return "\n".join([f"{plural(len(lines), 'problem')}:", *(f"  - {line}" for line in [*lines, *beside])])


def name_problems(workspace: Workspace, name: str) -> list[str]:
    """What is wrong with the dataset's name."""
    if not re.match(NAME_PATTERN, name) or name == "models":
        return [f"--name {name!r}: small letters, digits and `_`, starting with a letter, 63 at most, and not `models`"]
    if name in workspace.config.datasets:
        return [f"{PARAMS} has a dataset {name!r} already; choose another --name, or run: govern draft {name}"]
    return []


def existing(workspace: Workspace, request: AddRequest) -> list[str]:
    """Files that would have to be overwritten. Those of a dataset that params.yaml has are part of that mistake."""
    if request.name in workspace.config.datasets:
        return []
    contract = workspace.contract(request.name)
    wanted = [
        contract / "columns.yaml",
        contract / "schema.py",
        contract / "suite.json",
        workspace.answers(request.name),
    ]
    there = [path.relative_to(workspace.root).as_posix() for path in wanted if path.exists()]
    return [f"{path} exists already and is not overwritten; move it away, or choose another --name" for path in there]


def requested(workspace: Workspace, request: AddRequest) -> tuple[dict[str, Any], list[str]]:
    """`data:` as far as the request alone decides it, and what is wrong with the request."""
    problems: list[str] = []
    config: dict[str, Any] = {}
    if request.splits and request.split_column:
        problems.append("--split names files and --split-column a column; the rows are divided by one of them")
    if (request.path is None) == (not request.splits):
        problems.append("give either PATH, or --split train=FILE --split test=FILE")
    elif request.path is not None:
        problems.extend(place_of(workspace, request.path, config))
    else:
        problems.extend(place_of_splits(workspace, request.splits, config))
    config |= settings(request)
    for option, value in (("--schema", request.schema), ("--suite", request.suite)):
        if (
            value
            and not (":" in value and not value.endswith((".py", ".json")))
            and not (workspace.root / value).is_file()
        ):
            problems.append(f"{option} {value}: there is no such file in {workspace.root.name}/, the workspace")
    try:
        DataConfig.model_validate({"path": "not known yet"} | config)
    except ValidationError as error:
        problems.extend(in_option(item) for item in error.errors())
    return config, problems


_OPTIONS = {
    "format": "--format", "task": "--task", "target": "--target", "path": "PATH", "schema": "--schema",
    "suite": "--suite", "read.separator": "--separator", "read.encoding": "--encoding", "read.decimal": "--decimal", "read.thousands": "--thousands", "read.date_format": "--date-format",
    "read.columns": "--columns", "read.na_values": "--na", "split.test": "--test-share", "split.column": "--split-column",
}  # fmt: skip


def in_option(item: Any) -> str:
    """One problem of a request as pydantic tells it, in the options of the command line."""
    place = ".".join(str(part) for part in item["loc"][:2])
    option = _OPTIONS.get(place) or _OPTIONS.get(place.partition(".")[0])
    told = worded_item({**item, "loc": ()}, DataConfig) if option else worded_item(item, DataConfig)
    told = told.replace("needs `target`:", "needs --target:")
    return f"{option}: {told}" if option else told


def settings(request: AddRequest) -> dict[str, Any]:
    """All of `data:` but path and file patterns, as far as the request alone decides it."""
    config: dict[str, Any] = {}
    if request.format:
        config["format"] = request.format
    read = {
        "separator": request.separator, "encoding": request.encoding, "decimal": request.decimal,
        "thousands": request.thousands or None,
        "date_format": request.date_format,
        "columns": list(request.columns) if request.columns is not None else None,
        "na_values": ["", *(marker for marker in request.na if marker)] if request.na is not None else None,
        "strip": request.strip,
    }  # fmt: skip
    if given := {key: value for key, value in read.items() if value is not None and value is not False}:
        config["read"] = given
    if not request.splits:
        config["split"] = _split(request)
    if request.task is not None:
        config["task"] = request.task.value
    if request.target:
        config["target"] = request.target
    roles: dict[Role, list[str]] = {
        Role.IDENTIFIER: list(request.identifiers),
        Role.SENSITIVE: list(request.sensitive),
        Role.GROUP: [request.group] if request.group else [],
        Role.TIMESTAMP: [request.time] if request.time else [],
    }
    if named := {role.value: names for role, names in roles.items() if names}:
        config["roles"] = named
    return config | {key: value for key, value in (("schema", request.schema), ("suite", request.suite)) if value}


def _split(request: AddRequest) -> dict[str, Any]:
    if request.split_column:
        return {"method": "column", "column": request.split_column}
    if request.test_share == 0:
        return {"method": "none"}
    share = {"test": request.test_share}
    if request.group:
        return {"method": "group", "column": request.group, **share, "seed": 0}
    if request.time:
        return {"method": "time", "column": request.time, **share}
    return {"method": "ratio", **share, "seed": 0}


def column_problems(columns: Iterable[str], request: AddRequest) -> list[str]:
    """Columns that were named and are not there, or named twice."""
    present = [name for name in columns if name not in {"source_file", "source_row"}]
    asked = {
        "--target": [request.target], "--sensitive": request.sensitive, "--id": request.identifiers,
        "--group": [request.group], "--time": [request.time], "--split-column": [request.split_column],
    }  # fmt: skip
    problems = [
        f"{option} {name}: there is no such column; there are: {', '.join(present[:30])}{hint(name, present)}"
        for option, names in asked.items()
        for name in names
        if name and name not in present
    ]
    roles: dict[str, str] = {}
    for option, names in asked.items():
        for name in names:
            if name and name in roles:
                problems.append(f"{name} is given both as {roles[name]} and as {option}; a column has one role")
            elif name:
                roles[name] = option
    return problems
