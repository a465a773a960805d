"""`govern gate` and `govern status`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from governance.causes import told
from governance.cli.standing import from_here
from governance.clock import today
from governance.config import Workspace
from governance.documents.first_screen import drafted
from governance.drafts import drafted_files
from governance.evidence import Outcome
from governance.formats import Format, render
from governance.formats.entries import printable
from governance.replaced import replaced

if TYPE_CHECKING:
    from governance.judging import Judged


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("gate")(gate)
    app.command("status")(status)


def gate(
    format: Annotated[
        Format, typer.Option(help="github writes annotations, and the job summary where there is one.")
    ] = Format.TEXT,
    dataset: Annotated[
        list[str] | None, typer.Option(help="Judge only this dataset or model; may be repeated.")
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(help="Revision whose policy and waivers count, such as origin/main; what is looser here blocks."),
    ] = None,
    recheck: Annotated[
        int,
        typer.Option(
            min=0, help="Run this many audits again, drawn at random, where the data is here; runs their code."
        ),
    ] = 0,
    recheck_seed: Annotated[
        str | None, typer.Option(help="Draw with this instead of the system's randomness; must be unknown to authors.")
    ] = None,
) -> None:
    """Judge every dataset and model from git alone, and exit 0 only when all of it may be merged.

    Exit codes: 0 passed, 2 configuration, 3 blocked by policy, 4 evidence missing, stale, edited, or an audit that
    could not be evaluated.
    """
    from governance.errors import GovernanceError

    try:
        workspace = Workspace.find()
        judged = judged_against(base, workspace, chosen(workspace, dataset))
        if recheck:
            from governance.rechecking import recheck as rechecked

            judged = rechecked(judged, workspace, recheck, recheck_seed)
        text = render(judged, workspace, format)
        if format is Format.TEXT:
            text = from_here(text, workspace.root)
    except GovernanceError as error:
        if format is Format.GITHUB:
            from governance.formats.github import command

            print(command("error", str(error), title="govern: no verdict"), flush=True)
        raise
    sys.stdout.buffer.write(text.encode())  # UTF-8 whatever the locale: XML and SARIF promise it
    sys.stdout.flush()
    if format is Format.GITHUB:
        _write_summary(judged, workspace)
    sys.exit(judged.exit_code)


def judged_against(base: str | None, workspace: Workspace, only: tuple[str, ...]) -> Judged:
    """The gate's word today on all, or on those in `only`; by the rules of `base` when one is given."""
    from governance.judging import judge_workspace

    day = today()
    if base is None:
        return judge_workspace(workspace, day, only)
    from governance.comparing.revision import opened

    with opened(workspace, base) as revision:
        return judge_workspace(workspace, day, only, revision)


def _write_summary(judged: Judged, workspace: Workspace) -> None:
    """Append the comment's Markdown to the job summary, where GitHub Actions names a file for it."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if not summary:
        return
    try:
        with Path(summary).open("a", encoding="utf-8") as handle:
            handle.write(render(judged, workspace, Format.MARKDOWN))
    except OSError as error:
        # The verdict stands without its summary, so it keeps its exit code.
        print(f"govern: the job summary cannot be written: {error}", file=sys.stderr)


def status(
    dataset: Annotated[list[str] | None, typer.Argument(help="Only these datasets or models.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print the table of verdicts. Exits 0 whatever they are: `govern gate` is what judges."""
    from governance.formats.text import as_text
    from governance.judging import judge_workspace

    workspace = Workspace.find()
    judged = judge_workspace(workspace, today(), chosen(workspace, dataset))
    if json_:
        print(render(judged, workspace, Format.JSON), end="")
        return
    print_table(judged)
    for line in _below(judged, workspace):
        print(from_here(line, workspace.root))
    if dataset:
        print(from_here(as_text(judged, code=False), workspace.root), end="")
    elif judged.exit_code:
        print("Why: govern status NAME, or govern gate")


def _below(judged: Judged, workspace: Workspace) -> list[str]:
    """What the table cannot say: audits that gave no assessment, and raw files that nobody has measured yet."""
    lines = []
    for one in judged.judgements:
        items = one.collected.evidence
        if all(isinstance(item, str) for item in items.values()):
            continue  # nothing was measured at all, which the verdict says
        for name, item in items.items():
            if not isinstance(item, str) and item.outcome is not Outcome.ASSESSED and item.code != "no_snapshot":
                lines.append(f"{one.name}: {name} is {item.outcome.value.replace('_', ' ')}: {printable(item.reason)}")
        if one.kind == "dataset" and one.collected.manifest is not None:
            sentence = replaced(workspace, one.collected.manifest)
            lines += [f"note: {one.name}: {sentence}; run: dvc repro"] if sentence else []
            draft = drafted(drafted_files(workspace.contract(one.name)))
            lines += [f"note: {one.name}: the contract is a draft: {draft}"] if draft else []
    return lines


def chosen(workspace: Workspace, names: list[str] | None) -> tuple[str, ...]:
    """`names`, when params.yaml has all of them. Raises UsageError."""
    from governance.errors import UsageError

    known = {**workspace.config.datasets, **workspace.config.models}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise UsageError(f"params.yaml has no dataset or model {', '.join(unknown)}; it has: {', '.join(known)}")
    return tuple(names or ())


def print_table(judged: Judged) -> None:
    """One line per dataset and model."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "kind", "verdict", "errors", "warnings", "waived", "assessed", "rows"):
        table.add_column(heading, justify="left" if heading in {"name", "kind", "verdict"} else "right")
    for one in judged.judgements:
        verdict = one.verdict
        colour = "green" if verdict.result == "passed" else "red"
        assessed = sum(
            1 for item in one.collected.evidence.values()
            if not isinstance(item, str) and item.outcome is Outcome.ASSESSED
        )  # fmt: skip
        manifest = one.collected.manifest
        table.add_row(
            one.name, one.kind, f"[{colour}]{verdict.result}[/{colour}]",
            *(str(sum(d.effect == effect for d in told(verdict)[0])) for effect in ("block", "warn", "waived")),
            f"{assessed} of {len(one.collected.evidence)}", f"{manifest.rows:,}" if manifest else "-",
        )  # fmt: skip
    # A pipe has no width of its own: names are worth more than 80 columns.
    Console(width=None if sys.stdout.isatty() else 120, soft_wrap=True, highlight=False).print(table)
