"""`govern add` and `govern draft`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from governance.cli.progress import progress
from governance.cli.standing import folder
from governance.formats.entries import printable

if TYPE_CHECKING:
    from governance.onboarding.adding import AddResult


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("add")(add)
    app.command("draft")(draft)


Path_ = Annotated[Path | None, typer.Argument(metavar="PATH", help="File or folder inside the repository.")]
Target = Annotated[
    str | None, typer.Option(help="Column to be predicted; of image folders the folder's name, unless told otherwise.")
]
Task_ = Annotated[
    str | None,
    typer.Option(
        help="classification, regression, none, multi_label, detection, token_classification or ranking; "
        "follows from the target's values when not given."
    ),
]
Sensitive = Annotated[list[str] | None, typer.Option(help="Protected attribute by which groups are compared; repeat.")]
Identifier = Annotated[list[str] | None, typer.Option("--id", help="Column that names a row or person; repeat.")]
Group = Annotated[
    str | None,
    typer.Option(help="Rows with the same value belong together and stay in one split; given splits stay as they are."),
]
Time = Annotated[
    str | None,
    typer.Option(help="When a row is from: the latest become the test split; given splits stay as they are."),
]
Header = Annotated[bool, typer.Option("--header", help="The first line holds the names, although it looks like data.")]
SplitColumn = Annotated[str | None, typer.Option(help="The column that holds the name of each row's split.")]
Columns = Annotated[str | None, typer.Option(help="a,b,c: names of the columns of a file without a header line.")]
Separator = Annotated[str | None, typer.Option(help="One character; comma for .csv and tab for .tsv when not given.")]
Encoding = Annotated[str | None, typer.Option(help="utf-8 when not given.")]
Na = Annotated[
    list[str] | None,
    typer.Option(
        help="Cell that means missing, beside the empty one; repeat. Looked for when not given: --na '' stops it."
    ),
]
Strip = Annotated[bool | None, typer.Option("--strip/--no-strip", help="Remove spaces around every cell.")]
Decimal = Annotated[str | None, typer.Option(help="Decimal mark: . or ,")]
Thousands = Annotated[
    str | None, typer.Option(help="Mark between thousands: . or , or ' or a space. Looked for when neither is given.")
]
DateFormat = Annotated[
    str | None, typer.Option(help="How dates are written beside 2026-01-31: '%d.%m.%Y'. Looked for when not given.")
]
Format_ = Annotated[
    str | None,
    typer.Option("--format", help="csv, tsv, jsonl, parquet, arrow, text or image_folder; by the file's ending."),
]
TestShare = Annotated[float, typer.Option(help="Share of rows for the test split; 0 leaves the rows undivided.")]


def parsed_task(task: str | None) -> Any:
    """The task named `task`. Raises UsageError with what there is."""
    from governance.dataset import Task
    from governance.errors import UsageError

    if task is not None and task not in set(Task):
        raise UsageError(f"--task {task}: there are: {', '.join(Task)}")
    return Task(task) if task else None


def parsed_columns(columns: str | None) -> tuple[str, ...] | None:
    """`a,b,c` as three names."""
    return tuple(name.strip() for name in columns.split(",")) if columns is not None else None


def parsed_separator(separator: str | None) -> str | None:
    r"""The separator, with `\t` written out meant as a tab."""
    return "\t" if separator == "\\t" else separator


def add(
    path: Path_ = None,
    name: Annotated[str, typer.Option(help="Name of the dataset: small letters, digits and `_`.")] = "",
    target: Target = None,
    task: Task_ = None,
    sensitive: Sensitive = None,
    identifier: Identifier = None,
    group: Group = None,
    time: Time = None,
    split: Annotated[list[str] | None, typer.Option(help="train=FILE, instead of PATH; repeat for each split.")] = None,
    split_column: SplitColumn = None,
    test_share: TestShare = 0.2,
    header: Header = False,
    columns: Columns = None,
    separator: Separator = None,
    encoding: Encoding = None,
    na: Na = None,
    strip: Strip = None,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_format: DateFormat = None,
    format_: Format_ = None,
    schema: Annotated[str | None, typer.Option(help="Your Pandera model: a path, or module:Class.")] = None,
    suite: Annotated[str | None, typer.Option(help="Your Great Expectations suite: a path.")] = None,
) -> None:
    """Add a dataset: its entry in params.yaml, a drafted contract and answers file, and the raw file under DVC.

    The data is read and checked first; then expectations/NAME/ and answers/NAME.yaml are drafted for you to edit, and
    PATH is put under DVC unless git or DVC has it already. Nothing that exists is overwritten. Exit codes: 2 when the
    request cannot be met, 4 when the data cannot be read; nothing has changed then.
    """
    from governance.config import Workspace
    from governance.errors import UsageError
    from governance.onboarding.adding import add_dataset
    from governance.onboarding.adding_request import AddRequest

    if not name:
        raise UsageError("--name is missing: govern add PATH --name NAME [--target COLUMN]")
    if not 0 <= test_share < 1:
        raise UsageError(f"--test-share {test_share}: a share of the rows, from 0 to less than 1")
    request = AddRequest(
        name=name, path=path, splits=_splits(split or []), target=target, task=parsed_task(task),
        sensitive=tuple(sensitive or ()), identifiers=tuple(identifier or ()), group=group, time=time, format=format_,
        columns=parsed_columns(columns), separator=parsed_separator(separator), encoding=encoding, decimal=decimal, thousands=thousands,
        date_format=date_format,
        na=tuple(na) if na is not None else None, strip=strip, test_share=test_share, schema=schema, suite=suite,
        split_column=split_column, header=header,
    )  # fmt: skip
    workspace = Workspace.find()
    with progress(f"adding {printable(name)}"):
        result = add_dataset(workspace, request)
    print("\n".join(described(result, folder(workspace.root))))


def _splits(words: list[str]) -> dict[str, Path]:
    from governance.errors import UsageError

    splits: dict[str, Path] = {}
    for word in words:
        name, equals, path = word.partition("=")
        if not (name and equals and path) or name in splits:
            raise UsageError(f"--split {word}: give NAME=FILE, each name once, such as --split train=data/train.csv")
        splits[name] = Path(path)
    return splits


def described(result: AddResult, below: str = "") -> list[str]:
    """What was done and what to do next, as lines for a person; `below` leads to the workspace."""
    from governance.reporting.privacy_report import CONFIRMED

    enter = f"cd {below.rstrip('/')} && " if below else ""
    splits = ", ".join(f"{split} {rows:,}" for split, rows in result.splits.items())
    lines = [f"{result.name}: {result.rows:,} rows ({splits})"]
    lines += [f"  {sentence}" for sentence in result.said]
    lines += [f"Added to {below}params.yaml:", result.entry.rstrip("\n"), "Written:"]
    lines += [f"  {below}{path}" for path in result.written]
    lines += [f"Source: {result.tracked}"]
    if result.private:
        lines.append("Private, so shown nowhere (`public: true` in columns.yaml says otherwise):")
        lines += [f"  {column.name}: {column.private_because}" for column in result.private]
    if result.undeclared:
        lines += [
            f"Taken for private by that alone, and declared so by nobody: {', '.join(result.undeclared)}.",
            f"  To declare it in columns.yaml: {CONFIRMED}; else the audit of privacy warns of personal data there.",
        ]
    lines += [
        "Next:",
        f"  edit the drafts in {below}expectations/{result.name}/, columns.yaml (types, roles, units, meanings) first",
        f"  edit {below}answers/{result.name}.yaml, and `about:` in {below}params.yaml: what only people know",
        f"  {enter}dvc repro && govern status {result.name}",
        f"To take it back, delete the lines above from {below}params.yaml, then:",
        *(f"  {command}" for command in step_back(result, below)),
    ]
    return [printable(part) for line in lines for part in line.split("\n")]


def step_back(result: AddResult, below: str) -> list[str]:
    """Commands that remove what `govern add` wrote, params.yaml apart; safe as long as they are not edited yet."""
    folders = (f"expectations/{result.name}", f"reports/datasets/{result.name}", f"build/{result.name}")
    made = [shlex.quote(f"{below}{path}") for path in (*folders, f"answers/{result.name}.yaml")]
    commands = [f"rm -rf {' '.join(made)}"]
    if result.pointer:
        enter = f"cd {shlex.quote(below.rstrip('/'))} && " if below else ""
        commands.append(f"{enter}dvc remove {shlex.quote(result.pointer)}")
    return commands


def draft(name: Annotated[str, typer.Argument(help="A dataset that params.yaml names.")]) -> None:
    """Draft those of columns.yaml, schema.py, suite.json and the answers file that NAME does not have yet."""
    from governance.config import Workspace
    from governance.onboarding.adding import draft_missing

    workspace = Workspace.find()
    with progress(f"drafting {printable(name)}"):
        written = draft_missing(workspace, name)
    lines = [f"drafted {folder(workspace.root)}{path}" for path in written]
    print("\n".join(lines) or f"{name} has all of its files; nothing was written")
