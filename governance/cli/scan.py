"""`govern scan`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from governance.cli.add import (
    Columns,
    DateFormat,
    Decimal,
    Encoding,
    Format_,
    Group,
    Header,
    Identifier,
    Na,
    Sensitive,
    Separator,
    SplitColumn,
    Strip,
    Target,
    Task_,
    Thousands,
    Time,
    parsed_columns,
    parsed_separator,
    parsed_task,
)
from governance.cli.progress import progress
from governance.formats.entries import printable

if TYPE_CHECKING:
    from governance.onboarding.scan import Scanned


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("scan")(scan)


def scan(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file, or a folder of images with one folder per class.")
    ],
    target: Target = None,
    task: Task_ = None,
    sensitive: Sensitive = None,
    identifier: Identifier = None,
    group: Group = None,
    time: Time = None,
    split_column: SplitColumn = None,
    columns: Columns = None,
    header: Header = False,
    separator: Separator = None,
    encoding: Encoding = None,
    na: Na = None,
    strip: Strip = None,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_format: DateFormat = None,
    format_: Format_ = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the reports; FILE's name and `-scan` when not given.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Audit one file with neither git nor DVC set up, and write a datasheet into a folder.

    Exit codes as of the gate: 0 passed, 3 blocked by the default policy, 4 when the data or an audit could not be
    evaluated; 2 when the request cannot be met.
    """
    from governance.onboarding.adding_request import AddRequest
    from governance.onboarding.scan import dataset_name
    from governance.onboarding.scan import scan as scan_file

    request = AddRequest(
        name=dataset_name(file), path=file, target=target, task=parsed_task(task), sensitive=tuple(sensitive or ()),
        identifiers=tuple(identifier or ()), group=group, time=time, format=format_, columns=parsed_columns(columns),
        separator=parsed_separator(separator), encoding=encoding, decimal=decimal, thousands=thousands,
        date_format=date_format,
        na=tuple(na) if na is not None else None, strip=strip, test_share=0, header=header,
        split_column=split_column,
    )  # fmt: skip
    with progress(f"scanning {printable(file.name)}") as tell:
        result = scan_file(request, out or Path(f"{dataset_name(file)}-scan"), tell)
    if json_:
        print(json.dumps(result.as_dict(), indent=1, sort_keys=True))
    else:
        print_scan(result)
    sys.exit(result.verdict.exit_code)


def print_scan(result: Scanned) -> None:
    """One table of audits, the five worst findings, and where the datasheet lies."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from governance.evidence import Evidence
    from governance.onboarding.scan import DRAFTED, STAYS

    console = Console(soft_wrap=True, highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("audit", "outcome", "units", "errors", "warnings", "notes"):
        table.add_column(heading, justify="left" if heading in {"audit", "outcome"} else "right")
    for name, item in result.evidence.items():
        if not isinstance(item, Evidence):
            table.add_row(name, "unusable", "-", "-", "-", "-")
            continue
        levels = [finding.level.value for finding in item.findings]
        outcome = item.outcome.value if item.units else f"{item.outcome.value} ({item.code})"
        units = f"{item.units.evaluated:,} {item.units.name}" if item.units else "-"
        table.add_row(name, outcome, units, *(str(levels.count(level)) for level in ("error", "warning", "note")))
    columns = len(result.manifest.columns)
    console.print(escape(f"{result.name}: {result.manifest.rows:,} rows, {columns} columns, {result.verdict.result}"))
    for sentence in result.said:
        console.print(escape(f"  {printable(sentence)}"))
    console.print(table)
    if result.private:
        console.print("Private, so shown nowhere (`public: true` in columns.yaml says otherwise):")
    for column in result.private:
        console.print(escape(f"  {printable(column.name)}: {printable(column.private_because)}"))
    if result.worst:
        console.print("Worst findings:")
    for finding in result.worst:
        console.print(escape(f"  {finding.level.value:<7} {finding.rule}: {printable(finding.message)}"))
    if result.blocked_by:
        console.print("Blocked by the default policy for:")
    for reason in result.blocked_by:
        console.print(escape(f"  {printable(reason)}"))
    console.print(escape(f"{DRAFTED}\nDatasheet: {result.out / 'datasheet.html'}\nBeside it {STAYS}."))
