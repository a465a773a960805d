"""Settings of audits and evaluations, read as their own classes say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from governance.audit import load
from governance.config import PARAMS, Workspace
from governance.errors import ConfigError
from governance.validation import worded_item


def resolved(kind: type[BaseModel], name: str, settings: Mapping[str, Any]) -> BaseModel:
    """`settings` of `name`, such as `audits.drift`, with their defaults. Raises ConfigError with all problems."""
    try:
        return kind.model_validate(settings)
    except ValidationError as error:
        raise ConfigError(f"{PARAMS}: {worded_item(item, kind, name.split('.'))}" for item in error.errors()) from None


def check_settings(workspace: Workspace, name: str) -> None:
    """Raises ConfigError with what is wrong with the settings of all audits, not of the first alone."""
    problems: list[str] = []
    for audit in workspace.config.audits:
        try:
            kind = load(audit, workspace=workspace.root)
            resolved(kind, f"audits.{audit}", workspace.audit_settings(audit, name))
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
