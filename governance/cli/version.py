"""`govern --version`."""

from __future__ import annotations

from typing import Annotated

import typer

from governance import __version__


def register(app: typer.Typer) -> None:
    """Add the option to the command itself."""
    app.callback(help=app.info.help)(versioned)


def _print(wanted: bool) -> None:
    if wanted:
        print(f"govern {__version__}")
        raise typer.Exit


def versioned(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print, help="Print the version and end.")
    ] = False,
) -> None:
    """Hang the option on the command; its subcommands do the work."""
