"""`govern init` and `govern upgrade`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from governance.cli.standing import from_here


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("init")(init)
    app.command("upgrade")(upgrade)


def init(
    directory: Annotated[
        str | None, typer.Option("--dir", help="Folder of the workspace; `govern` beside a pipeline of your own.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Add the lines to existing files without asking.")] = False,
) -> None:
    """Set up a workspace in this git repository: everything that `dvc repro` needs.

    In an empty repository it is the repository itself. Beside a dvc.yaml or params.yaml of your own, and in a
    subfolder, everything lives in one folder with its own dvc.yaml and params.yaml. No existing file is changed except
    by lines that are shown first.
    """
    from governance.errors import UsageError
    from governance.onboarding.scaffold import carry_out, plan

    intended = plan(Path.cwd(), directory)
    if intended.added:
        print("\n".join(["Existing files change by these lines only:", *intended.shown]))
        if not yes:
            try:
                agreed = typer.confirm("Add them?")
            except typer.Abort:
                agreed = False
            if not agreed:
                raise UsageError("nothing was changed; run it with --yes, or add the lines yourself first")
    written = carry_out(intended)
    print("\n".join(["Written:", *(f"  {path}" for path in written)]))
    folder = (
        intended.root.relative_to(Path.cwd().resolve()) if intended.root.is_relative_to(Path.cwd().resolve()) else None
    )
    if folder is not None and folder != Path():
        print(f"The workspace is {folder.as_posix()}/: run `dvc repro` there.")
    print("Next:\n  govern add PATH --name NAME --target COLUMN\n  git add -A && git commit")


def upgrade(
    dvc_yaml: Annotated[bool, typer.Option("--dvc-yaml", help="Replace dvc.yaml by the one of this release.")] = False,
) -> None:
    """Write govern.lock from the code and libraries that are installed; the next `dvc repro` measures again."""
    from governance.config import Workspace
    from governance.onboarding.scaffold import upgrade as upgrade_workspace

    workspace = Workspace.find()
    done = upgrade_workspace(workspace, replace_pipeline=dvc_yaml)
    said = []
    if done.pipeline_replaced:
        said.append("dvc.yaml was replaced by the one of this release; see: git diff dvc.yaml")
    elif done.pipeline_differs:
        said.append("dvc.yaml is not the one of this release; govern upgrade --dvc-yaml replaces it: do that first")
    said.append("govern.lock was written; run: dvc repro" if done.lock_changed else "govern.lock is up to date")
    print(from_here("\n".join(said), workspace.root))
