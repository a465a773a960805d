"""Loosening of columns.yaml and of the roles, target, split and reading options in params.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from governance.comparing.change import Change
from governance.config import Workspace
from governance.contract import read_columns, with_roles
from governance.dataset import Column, ColumnType, DataConfig, Role
from governance.errors import ConfigError

PROTECTIVE = frozenset(
    {Role.SENSITIVE, Role.SPECIAL_CATEGORY, Role.PRIVATE, Role.QUASI_IDENTIFIER, Role.IDENTIFIER}
)  # fmt: skip
"""Roles that hide values or add comparisons: giving one to a plain feature is stricter."""
_NARROWER = {(ColumnType.NUMBER, ColumnType.INTEGER), (ColumnType.DATETIME, ColumnType.DATE)}


def declared_changes(base: Workspace, head: Workspace, name: str) -> Iterator[Change]:
    """What dataset `name` declares more loosely than the base does."""
    shown = f"expectations/{name}/columns.yaml"
    old, new = _columns(base, name), _columns(head, name)
    if isinstance(old, str) or isinstance(new, str):
        problem = old if isinstance(old, str) else new
        yield Change("columns_unreadable", shown, f"cannot be compared: {problem}", str(old), str(new), unclear=True)
    else:
        yield from _column_changes(shown, old, new)
    yield from _data_changes(f"params.yaml: datasets.{name}.data", base.dataset(name).data, head.dataset(name).data)


def _columns(workspace: Workspace, name: str) -> dict[str, Column] | str:
    try:
        columns = read_columns(workspace.contract(name) / "columns.yaml", f"expectations/{name}/columns.yaml")
        return {column.name: column for column in with_roles(columns, workspace.dataset(name).data, name)}
    except ConfigError as error:
        return "; ".join(error.problems)


def _column_changes(shown: str, old: dict[str, Column], new: dict[str, Column]) -> Iterator[Change]:
    for name, before in old.items():
        where, only = f"{shown}: {name}", (name,)
        after = new.get(name)
        if after is None:
            yield Change("column_removed", where, "the column is no longer declared", before.type, None, only)
            continue
        if before.type is not after.type and (before.type, after.type) not in _NARROWER:
            words = f"its type became {after.type}, it was {before.type}"
            yield Change("type_changed", where, words, before.type, after.type, only, unclear=True)
        roles = before.resolved_role, after.resolved_role
        if roles[0] is not roles[1] and not (roles[0] is Role.FEATURE and roles[1] in PROTECTIVE):
            what = "role_removed" if roles[1] is Role.FEATURE else "role_changed"
            words = f"its role became {roles[1]}, it was {roles[0]}"
            yield Change(what, where, words, roles[0], roles[1], only, unclear=roles[0] not in PROTECTIVE)
        if after.public and not before.public:
            yield Change("made_public", where, "its values may now be shown", before.public, True, only)


def _data_changes(where: str, before: DataConfig, after: DataConfig) -> Iterator[Change]:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    for key in ("task", "target", "split", "read"):
        if old[key] != new[key]:
            words = f"{key} became {_short(new[key])}, it was {_short(old[key])}"
            yield Change(f"{key}_changed", where, words, old[key], new[key], unclear=True)
    if new["signals"] is not None and new["signals"] != old["signals"]:
        words = "label audits now rest on predictions or embeddings that the change brings along"
        yield Change("own_signals", where, words, old["signals"], new["signals"], unclear=True)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {item}" for key, item in value.items() if item not in (None, {}, "")) + "}"
    return str(value)
