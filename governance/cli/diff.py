"""`govern diff`: what changed between a revision and now."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from governance.config import Workspace


class DiffFormat(StrEnum):
    """How the comparison is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("diff")(diff)


def diff(
    revision: Annotated[
        str, typer.Argument(help="What to compare with: a branch, tag or commit, such as origin/main.")
    ] = "HEAD",
    dataset: Annotated[list[str] | None, typer.Option(help="Only this dataset; may be repeated.")] = None,
    format: Annotated[DiffFormat, typer.Option(help="markdown is one comment of 60 kB at most.")] = DiffFormat.TEXT,
    rows: Annotated[
        bool, typer.Option(help="Compare rows as well, where both snapshots are here or in DVC's cache.")
    ] = True,
) -> None:
    """Say what changed since a revision: rows, columns, classes, findings, numbers, rules, answers, documents.

    All but the rows comes from git alone. What one side does not say, or says so that it cannot be read, is named as
    not compared, and its findings are neither new nor fixed. Exit codes: 0 whatever changed, 2 no such revision or dataset.
    """
    from governance.canonical import canonical_json
    from governance.versions.compare import differences
    from governance.versions.words import as_markdown, as_text

    workspace = Workspace.find()
    for name in dataset or ():
        workspace.dataset(name)
    found = differences(workspace, revision, dataset or (), rows=rows)
    if format is DiffFormat.JSON:
        text = canonical_json(found.model_dump(mode="json"))
    else:
        text = as_markdown(found) if format is DiffFormat.MARKDOWN else as_text(found)
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
