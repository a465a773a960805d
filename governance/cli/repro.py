"""`govern repro`: `dvc repro`, and evidence also on what DVC cannot start."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

AT_ONCE = 2
"""Audits of a table of a million rows take up to 1.6 GB each."""


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("repro")(repro)


def repro(
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Audits measured at once; two where there are two cores, when not given.")
    ] = None,
) -> None:
    """Run every stage that is not up to date, and put on record which sources are missing.

    The same as `dvc repro --keep-going` while all sources are here, and faster where many audits are due, as several of
    them are measured at once. A dataset whose source neither git nor DVC knows gets evidence that says `failed`, and why;
    all others run. The page over all of them is written also when a stage failed, as training does on blocked data. What
    a killed DVC left, so that no later one would start, is cleared away. Exit codes: 0 all ran, 4 a source is missing,
    143 it was told to end (SIGTERM) and what it had started
    ended first, else DVC's own (255 when a stage failed).
    """
    from governance.absent_sources import absent_source, put_on_record
    from governance.adapters import dvc_locks
    from governance.children import run_together
    from governance.cli.progress import progress
    from governance.cli.standing import from_here
    from governance.config import Workspace
    from governance.parallel_runs import run_ahead
    from governance.repository import Repository
    from governance.stages import stage

    workspace = Workspace.find()
    repository = Repository(workspace.root)
    for name in repository.restore(repository.cut_short()):
        print(f"took {name} from git again, which a killed DVC left cut short", file=sys.stderr)
    looked = (absent_source(workspace, repository, name) for name in workspace.config.datasets)
    absent = [source for source in looked if source]
    with progress("govern repro") as step:
        for source in absent:
            if source.lost:
                step(source.dataset)
                put_on_record(workspace, source.dataset)
    if dvc_locks.mend(workspace.root):
        print("cleared away the list of locks that a killed DVC left cut short", file=sys.stderr)
    run_ahead(workspace, jobs or min(AT_ONCE, os.cpu_count() or 1), without={source.dataset for source in absent})
    (code,) = run_together([("dvc", "repro", "--keep-going")], workspace.root)
    if code or any(source.lost for source in absent):
        stage("index")(workspace)  # DVC leaves it out, as it waits for every dataset and model
    if not absent:
        sys.exit(code)
    for source in absent:
        said = "; its evidence says so" if source.lost else ""
        print(
            from_here(f"{source.dataset}: {source.message}{said}\n  {source.remedy}", workspace.root), file=sys.stderr
        )
    sys.exit(4)
