"""Brings a dataset under governance: its entry in params.yaml, a drafted contract, an answers file, the file under DVC.

Everything is checked and drafted before the first byte is written, nothing that exists is overwritten, and a failure
midway takes back what was written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.config import PARAMS, Workspace, parse_config
from governance.errors import DataError, UsageError
from governance.onboarding.adding_place import check_tracking, seen
from governance.onboarding.adding_request import (
    AddRequest,
    existing,
    listed,
    name_problems,
    requested,
)
from governance.onboarding.drafting import draft_answers, draft_contract, missing_drafts, observe
from governance.onboarding.drafting_roles import with_proposed_roles
from governance.onboarding.params_entry import entry_text, with_entry
from governance.onboarding.preparing import prepare
from governance.onboarding.undo import before, write_or_undo
from governance.reporting.privacy_report import declared
from governance.repository import Repository

if TYPE_CHECKING:
    from governance.manifest import SnapshotColumn


@dataclass(frozen=True)
class AddResult:
    """What was done."""

    name: str
    entry: str
    """The lines that were added to params.yaml."""
    written: tuple[str, ...]
    """Files that were written, relative to the workspace."""
    said: tuple[str, ...]
    tracked: str
    """How git or DVC knows the source."""
    pointer: str
    """The `.dvc` file that was made for the source, relative to the workspace; empty when it was known before."""
    private: tuple[SnapshotColumn, ...]
    """Columns whose values will be shown nowhere, with the reasons and the roles that the draft gives them."""
    undeclared: tuple[str, ...]
    """Those among them that neither a role nor the draft of one declares private."""
    rows: int
    splits: Mapping[str, int]


def add_dataset(workspace: Workspace, request: AddRequest) -> AddResult:
    """Add a dataset. Raises UsageError, ConfigError or DataError, and has then changed nothing."""
    text = (workspace.root / PARAMS).read_text(encoding="utf-8")
    problems = [*name_problems(workspace, request.name), *existing(workspace, request)]
    config, path_problems = requested(workspace, request)
    if problems or path_problems:
        unread = [] if path_problems else _problems_of_data(workspace, request, config)
        raise UsageError(listed([*problems, *path_problems, *unread]))
    repository = Repository(workspace.root)
    check_tracking(workspace, config["path"], repository)
    here = seen(workspace, config["path"])
    try:
        prepared = prepare(request, config, workspace.root, workspace.contract(request.name))
    except (DataError, UsageError) as error:
        raise type(error)(str(error).replace(config["path"], here)) from None
    entry = entry_text(request.name, prepared.entry)
    files = {workspace.root / PARAMS: with_entry(text, request.name, prepared.entry)}
    parse_config(_yaml(files[workspace.root / PARAMS]))
    contract = draft_contract(prepared.observed, prepared.dataset)
    files |= {workspace.contract(request.name) / name: content for name, content in contract.items()}
    files[workspace.answers(request.name)] = draft_answers(request.name)
    tracked = _write_all(workspace, files, config["path"], repository)
    manifest = prepared.observed.manifest
    columns = with_proposed_roles(manifest.columns, prepared.observed.frame)
    return AddResult(
        name=request.name,
        entry=entry,
        written=tuple(sorted(path.relative_to(workspace.root).as_posix() for path in files)),
        said=prepared.said,
        tracked=tracked.replace(config["path"], here),
        pointer=f"{config['path']}.dvc" if tracked.endswith(".dvc") and "is now under DVC" in tracked else "",
        private=tuple(column for column in columns if column.private),
        undeclared=tuple(column.name for column in columns if declared(column) == "guessed"),
        rows=manifest.rows,
        splits=manifest.splits,
    )


def _problems_of_data(workspace: Workspace, request: AddRequest, config: dict[str, Any]) -> list[str]:
    """What is wrong with the request that only the data can tell, for a request that is refused anyway."""
    nothing = workspace.contract(request.name) / "not-declared"  # the contract there may be another dataset's
    try:
        prepare(request, config, workspace.root, nothing)
    except (DataError, UsageError) as error:
        lines = str(error).replace(config["path"], seen(workspace, config["path"])).split("\n")
        told = (
            [line.removeprefix("  - ") for line in lines[1:]]
            if lines[0].endswith(("problem:", "problems:"))
            else [" ".join(lines)]
        )
        return [line for line in told if not line.startswith("note: ")]
    return []


def draft_missing(workspace: Workspace, name: str) -> tuple[str, ...]:
    """Draft those of columns.yaml, schema.py, suite.json and the answers file that dataset `name` has not yet."""
    dataset = workspace.dataset(name)
    contract = workspace.contract(name)
    texts = draft_contract(observe(name, dataset, workspace.root, contract), dataset)
    files = {contract / file: content for file, content in missing_drafts(texts, contract).items()}
    if not workspace.answers(name).exists():
        files[workspace.answers(name)] = draft_answers(name)
    write_or_undo(files)
    return tuple(sorted(path.relative_to(workspace.root).as_posix() for path in files))


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(text)


def _write_all(workspace: Workspace, files: Mapping[Path, str], path: str, repository: Repository) -> str:
    """Write the files and put the source under version control; both or nothing. Returns how it is known."""
    earlier = write_or_undo(files)
    try:
        known = repository.known(path)
        if known is not None:
            return f"{path} is known already: {known.by}"
        _dvc_add(workspace, path)
    except BaseException:
        earlier.restore()
        raise
    return f"{path} is now under DVC: {path}.dvc"


def _dvc_add(workspace: Workspace, path: str) -> None:
    absolute = workspace.root / path
    kept = before([absolute.parent / ".gitignore", absolute.with_name(absolute.name + ".dvc")])
    done = subprocess.run(
        [sys.executable, "-m", "dvc", "add", "--", path],  # `--quiet` would keep its reason as well
        cwd=workspace.root,
        env={**os.environ, "DVC_NO_ANALYTICS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        kept.restore()
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr]
        cause = " ".join(" ".join(told).split()) or f"exit code {done.returncode}"
        raise UsageError(f"dvc add {path} failed, so nothing was changed: {cause}")
