"""`govern guard`: runs a trainer on data that passed, and on nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    settings = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command("guard", context_settings=settings)(guard)


def guard(
    context: typer.Context,
    dataset: Annotated[str, typer.Argument(help="The dataset that the command trains on.")],
) -> None:
    """Run the command after `--` when DATASET may be used; its exit code is passed on.

    The command finds the checked Parquet files in GOVERN_DATASET_<SPLIT>, the digest in GOVERN_DATASET_DIGEST.
    Refusals exit 3 (blocked by policy) or 4 (evidence or data do not match) and the command does not run.
    """
    from governance.access import require
    from governance.errors import UsageError

    command = list(context.args)
    if not command:
        raise UsageError(f"govern guard needs a command: govern guard {dataset} -- python train.py")
    checked = require(dataset)
    variables = {f"GOVERN_DATASET_{split.upper()}": str(path) for split, path in checked.paths.items()}
    environment = {**os.environ, **variables, "GOVERN_DATASET_DIGEST": checked.digest}
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        if os.name == "posix":
            # In place of this process: signals reach the command itself, and none is left behind when this one is ended.
            for ignored_here in (signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(ignored_here, signal.SIG_DFL)
            os.execvpe(command[0], command, environment)  # noqa: S606
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    except FileNotFoundError:
        raise UsageError(f"there is no command {command[0]!r}") from None
    except PermissionError:
        raise UsageError(f"{command[0]!r} cannot be run; make it executable, or name its interpreter first") from None
