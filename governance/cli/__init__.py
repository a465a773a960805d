"""The command `govern`: parse, call, print, exit code. One module per group of commands."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from importlib import import_module
from inspect import signature
from pathlib import Path

from governance.errors import GovernanceError
from governance.process import leave, settle

GROUPS = (
    "gating", "guarding", "repro", "upkeep", "explaining", "accepting", "policy", "init", "add", "scan", "review", "quarantine", "ask",
    "diff", "records", "resolving", "version",
)  # fmt: skip
"""Modules of this package; each has `register(app)`."""


def main(arguments: list[str] | None = None) -> None:
    """Entry point. Ends the process with the documented exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    settle()
    try:
        if words[:1] == ["stage"]:
            _stage(words[1:])  # no argument parser: start-up is the main cost of a stage
            if arguments is None:
                leave()
        else:
            _commands()(args=words, prog_name="govern")
    except GovernanceError as error:
        from governance.cli.standing import from_here, workspace_root

        print(f"govern: {from_here(str(error), workspace_root())}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)


def _stage(words: list[str]) -> None:
    """`govern stage NAME ARGUMENT...`: what dvc.yaml calls."""
    from governance.cli.progress import progress
    from governance.config import Workspace
    from governance.errors import UsageError
    from governance.stages import STAGES, stage

    if not words or words[0] not in STAGES:
        raise UsageError(f"govern stage needs one of: {', '.join(STAGES)}")
    run, workspace = stage(words[0]), Workspace.find()
    takes = signature(run)
    try:
        takes.bind(workspace, *words[1:])
    except TypeError as error:
        asked = ", ".join(list(takes.parameters)[1:]) or "nothing"
        raise UsageError(f"govern stage {words[0]} takes: {asked}; `dvc repro` runs all stages") from error
    with progress(f"govern stage {' '.join(words)}"):
        try:
            run(workspace, *words[1:])
        except FileNotFoundError as error:
            missing = Path(str(error.filename))
            if not missing.is_relative_to(workspace.root / "build"):
                raise
            needed = missing.relative_to(workspace.root).as_posix()
            raise UsageError(
                f"{needed} is not there, as the stage that writes it has not run; run: dvc repro"
            ) from error


@functools.cache
def _commands() -> Callable[..., object]:
    """All commands; to read their options takes longer than most of them."""
    import typer
    from typer.main import get_command

    app = typer.Typer(
        name="govern",
        help="Data governance: evidence on datasets and models, verdicts, documents, and a gate that fails closed.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for group in GROUPS:
        import_module(f"governance.cli.{group}").register(app)
    return get_command(app)
