"""`govern doctor`: what is wrong with installation, configuration and data, before anything runs."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("doctor")(doctor)


def doctor(json_: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Say what is wrong with installation, configuration and data, and which audits can run on each dataset.

    Exits 2 when something must be mended before `dvc repro` can work, else 0.
    """
    from governance.cli.standing import from_here, workspace_root
    from governance.diagnosis import diagnose

    diagnosis = diagnose()
    root = workspace_root()
    if json_:
        print(json.dumps(diagnosis.as_dict(), indent=1, sort_keys=True))
    else:
        for check in diagnosis.checks:
            print(from_here(f"{check.mark} {check.what}: {check.message}", root))
            if check.remedy:
                print(from_here(f"      {check.remedy}", root))
    sys.exit(2 if diagnosis.broken else 0)
