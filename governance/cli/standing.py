"""Commands and paths in messages as they hold where the user stands, who may not stand in the workspace."""

from __future__ import annotations

import os
import re
from pathlib import Path

from governance.config import Workspace
from governance.errors import GovernanceError

_COMMAND = re.compile(
    r"(^\s*|[Rr]un: |Next: |, then |, or |\(or )(dvc (?:repro|add|pull|checkout|commit|remove|status)\b)", re.M
)
"""A command of DVC where a person is told to run it; in prose about it, nothing changes."""
_FILE = re.compile(
    r"(?<![\w./@-])((?:params\.yaml|waivers\.yaml|govern\.lock|dvc\.yaml|dvc\.lock|"
    r"(?:expectations|answers|reports|reviews|decisions|references|approvals|signals|templates|build)/)[\w./*@-]*)"
)
"""A file of the workspace, as messages name it."""


def folder(root: Path) -> str:
    """The workspace as seen from here, with a final `/`; empty when it is here."""
    shown = Path(os.path.relpath(root)).as_posix()
    return "" if shown == "." else f"{shown}/"


def from_here(text: str, root: Path | None, *, files: bool = True) -> str:
    """`text` about the workspace `root`, with commands that run, and files that are found, where the user stands.

    DVC looks for its pipeline in the current folder, so its commands get a `cd`; `govern` finds the workspace itself.
    `files` false leaves files as they are named, where they are relative to here already.
    """
    if root is None or not (here := folder(root)):
        return text
    if files:
        text = _FILE.sub(lambda found: f"{here}{found[1]}", text)
    return _COMMAND.sub(lambda found: f"{found[1]}cd {here.rstrip('/')} && {found[2]}", text)


def workspace_root() -> Path | None:
    """The root of the workspace around the user; None where there is none."""
    try:
        return Workspace.find().root
    except (GovernanceError, OSError):
        return None
