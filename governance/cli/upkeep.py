"""`govern doctor` and `govern upgrade`."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("upgrade")(upgrade)


def upgrade() -> None:
    """Write govern.lock from the code and libraries that are installed; the next `dvc repro` measures again."""
    from governance.config import Workspace
    from governance.lock import write_lock

    changed = write_lock(Workspace.find())
    print("govern.lock was written; run: dvc repro" if changed else "govern.lock is up to date")
