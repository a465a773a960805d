"""The contract of a dataset: `expectations/<dataset>/` with columns.yaml, schema.py and suite.json."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from governance.canonical import digest_of
from governance.dataset import RESERVED_COLUMNS, Column, DataConfig, Role
from governance.errors import ConfigError
from governance.validation import hint, no_such_key, worded
from governance.yaml_files import read_yaml

LINKS = {"schema": "linked_schema.py", "suite": "linked_suite.json"}
"""Links in the contract's folder to a Pandera model or GX suite that params.yaml names elsewhere."""


def named_elsewhere(root: Path, config: DataConfig, what: str) -> Path | None:
    """The file of the Pandera model (`schema`) or GX suite (`suite`) that `data` names elsewhere than in the contract's
    folder: a path, or the file of `module:Class` below `root`. None when it names none, or an installed module."""
    reference = config.schema_ if what == "schema" else config.suite
    if reference is None:
        return None
    if ":" in reference and not reference.endswith((".py", ".json")):
        path = root / (reference.split(":")[0].replace(".", "/") + ".py")
        return path if path.is_file() else None
    return root / reference


def link_elsewhere(root: Path, contract: Path, config: DataConfig) -> list[str]:
    """Links to what `named_elsewhere` finds, in the folder `contract`, which is a dependency of a stage.

    DVC hashes what a link to a file leads to, so `dvc repro` sees a change there. Links that lead elsewhere by now, or
    nowhere, are replaced or removed; a file of that name that is no link is left as it is. Returns what could not be
    linked, one sentence each.
    """
    problems = []
    for what, name in LINKS.items():
        link, path = contract / name, named_elsewhere(root, config, what)
        wanted = Path(os.path.relpath(path, contract)) if path is not None and path.is_file() else None
        if link.is_symlink() and link.readlink() != wanted:
            link.unlink()
        if wanted is None or link.is_symlink() or link.exists():
            continue
        try:
            link.symlink_to(wanted)
        except OSError as error:  # a file system without links, or a right that is missing
            problems.append(f"{link.relative_to(root)} could not be made ({error.strerror}), so `dvc repro` does not see a "
                            f"change of what `{what}` names; after one, run: dvc repro -f inputs@{contract.name}")  # fmt: skip
    return problems


def read_columns(path: Path, shown: str) -> tuple[Column, ...]:
    """Columns declared in columns.yaml; none when the file is missing. Raises ConfigError with all problems."""
    if not path.is_file():
        return ()
    content = read_yaml(path, shown)
    entries = content.get("columns") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise ConfigError([f"{shown}: needs a list `columns:` of {{name, type, role, unit, description}}"])
    columns: list[Column] = []
    problems = [f"{shown}: {key}: {no_such_key(key, ['columns'])}" for key in content if key != "columns"]
    for number, entry in enumerate(entries, start=1):
        name = entry.get("name", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        try:
            columns.append(Column.model_validate(entry))
        except ValidationError as error:
            problems.extend(worded(error, Column, f"{shown}: column {name!r}"))
    names = [column.name for column in columns]
    problems.extend(
        f"{shown}: column {name!r} stands there twice" for name in sorted({n for n in names if names.count(n) > 1})
    )
    problems.extend(
        f"{shown}: {name!r} is a name that the snapshot uses itself; rename the column in the source"
        for name in names
        if name in RESERVED_COLUMNS - {"split"}
    )
    if problems:
        raise ConfigError(problems)
    return tuple(columns)


def declared_digest(config: DataConfig, columns: tuple[Column, ...]) -> str:
    """Digest of what decides the snapshot's content: `data` in params.yaml, and columns.yaml."""
    content = config.model_dump(mode="json", exclude={"schema_", "suite", "signals"})
    return digest_of([content, [column.model_dump(mode="json") for column in columns]])


def unknown_columns(columns: Sequence[Column], present: Sequence[str], dataset: str) -> list[str]:
    """A sentence for each declared column that is not among those `present` in the data; none when these are unknown."""
    declared = {column.name for column in columns}
    left = [name for name in present if name not in declared]
    return [
        f"expectations/{dataset}/columns.yaml declares {column.name!r}, which the data does not have"
        f"{hint(column.name, left or present)}"
        for column in columns
        if present and column.name not in present
    ]


def with_roles(columns: tuple[Column, ...], config: DataConfig, dataset: str) -> tuple[Column, ...]:
    """Columns with the roles that params.yaml gives them. Raises ConfigError where the two files disagree.

    `feature` is what a draft says of every column that is nothing else, so it gives way to a role in params.yaml.
    """
    wanted: dict[str, Role] = {name: role for role, names in config.roles.items() for name in names}
    if config.target:
        wanted[config.target] = Role.TARGET
    if config.split.column:
        by_method = {"column": Role.SPLIT, "group": Role.GROUP, "time": Role.TIMESTAMP}
        wanted.setdefault(config.split.column, by_method[config.split.method])
    known = {column.name for column in columns}
    problems = [
        f"datasets.{dataset}: there is no column {name!r} to be {role}; there are: {', '.join(sorted(known)[:30])}. "
        f"Correct it in params.yaml or in expectations/{dataset}/columns.yaml, whichever is not as the data has it"
        for name, role in wanted.items()
        if name not in known
    ]
    result = []
    for column in columns:
        role = wanted.get(column.name)
        if role is not None and column.role not in {None, Role.FEATURE, role}:
            problems.append(
                f"datasets.{dataset}: column {column.name!r} is {role} in params.yaml and {column.role} in columns.yaml; "
                "keep one of them"
            )
        result.append(column if role is None else column.model_copy(update={"role": role}))
    if problems:
        raise ConfigError(problems)
    return tuple(result)
