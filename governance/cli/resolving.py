"""`govern resolve`."""

from __future__ import annotations

from typing import Annotated

import typer

from governance.cli.standing import from_here
from governance.config import Workspace


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("resolve")(resolve)


def resolve(
    no_run: Annotated[bool, typer.Option("--no-run", help="Settle the files; do not run dvc repro.")] = False,
) -> None:
    """After a merge, settle conflicts in dvc.lock and reports, and re-run only what differs.

    What people write (params.yaml, contracts, answers, waivers) they settle first: exit code 2 names those files.
    Exits 4 when `dvc repro` fails.
    """
    from governance.resolving import resolve as settled

    workspace = Workspace.find()
    done = settled(workspace, run=not no_run)
    for path, side in done.taken.items():
        print(f"{path}: {side}")
    if not done.taken:
        print("no generated file was in conflict")
    said = "Next: govern gate, then git commit" if done.ran else "Next: dvc repro, govern gate, then git commit"
    print(from_here(said, workspace.root))
