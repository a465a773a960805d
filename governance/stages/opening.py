"""The snapshot as stages after the first open it, and what they write beside it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from governance.config import Workspace
from governance.contract import link_elsewhere
from governance.files import write_atomic
from governance.ingestion.view import open_view
from governance.references import approved_sketch

STALE = "stale"
"""Written into the snapshot's folder when images that it names by path are not those that it was made from."""


def open_snapshot(workspace: Workspace, name: str, build: Path | None = None) -> Any:
    """The Snapshot of dataset `name`, with its signals, from its build folder or from another one."""
    from governance.snapshot import Snapshot

    config = workspace.dataset(name).data
    build = build or workspace.build(name)
    folder = build / "snapshot"
    manifest = open_view(folder)
    return Snapshot(
        manifest=manifest,
        folder=folder,
        contract_folder=workspace.contract(name),
        signals_folder=build / "signals",
        schema_reference=config.schema_,
        suite_reference=config.suite,
        reviews_file=workspace.root / "reviews" / f"{name}.yaml",
        reference_file=approved_sketch(workspace.root, name, manifest.digest),
        workspace=workspace.root,
        read=config.read,
    )


def snapshot_again(workspace: Workspace, name: str) -> None:
    """Marks the snapshot's folder, so that the next `dvc repro` makes it anew, and what was measured beside the mark.

    Without the mark, evidence that failed because an image was another one for a while would be up to date for DVC
    once the image is back.
    """
    write_atomic(workspace.build(name) / "snapshot" / STALE, "images are not those that this snapshot names\n")


def link_contract(workspace: Workspace, name: str) -> None:
    """Called by the stages that run when params.yaml names another model or suite: DVC hashes dependencies afterwards."""
    for problem in link_elsewhere(workspace.root, workspace.contract(name), workspace.dataset(name).data):
        print(f"{name}: {problem}", file=sys.stderr)  # noqa: T201
