"""`govern review`: a person judges the labels of a random sample, in the terminal or in a spreadsheet."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from governance.cli.person import name_of
from governance.cli.standing import from_here
from governance.clock import today
from governance.config import Workspace
from governance.formats.entries import printable

if TYPE_CHECKING:
    import polars as pl

    from governance.reviewing.reviews import Entry, Review
    from governance.snapshot import Snapshot


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("review")(review)


def review(
    dataset: Annotated[str, typer.Argument(help="The dataset whose labels are judged.")],
    sample: Annotated[int, typer.Option(min=1, help="How many rows to draw. Decide before you see the first.")] = 100,
    by: Annotated[str, typer.Option(help="Who judges; git's user.name when not given.")] = "",
    to: Annotated[str, typer.Option(help="Write the rows to this CSV file in build/DATASET/review/.")] = "",
    from_: Annotated[str, typer.Option("--from", help="Read judgements from this filled CSV file.")] = "",
    order: Annotated[int, typer.Option(min=0, help="Another random order, for a second person at the same time.")] = 0,
) -> None:
    """Draw labelled rows at random, ask a person whether each label is right, and say how many labels are wrong.

    Only a random sample gives a noise rate with a valid interval. Rows that were judged before are not drawn again.
    Judgements are added to reviews/DATASET.yaml, which belongs into git. Where no terminal is, or with --to, the rows
    go to a CSV file; fill its columns `judgement` (correct, wrong, unsure) and `correct_label`, then use --from.
    """
    from governance.errors import UsageError
    from governance.reviewing.review_sample import draw
    from governance.reviewing.reviews import read_reviews

    if to and from_:
        raise UsageError("--to writes a sheet and --from reads one; give one of them")
    workspace = Workspace.find()
    workspace.dataset(dataset)
    snapshot = open_here(workspace, dataset)
    path = workspace.root / "reviews" / f"{dataset}.yaml"
    if from_:
        _record_sheet(workspace, snapshot, path, from_, name_of(by, "who judges?"))
        return
    rows = draw(snapshot, sample, read_reviews(path), order)
    if rows.is_empty():
        print("Every labelled row has been judged.")
        _print_estimate(path, snapshot)
    elif to or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _write(workspace, snapshot, rows, order, to)
    else:
        _judge_here(workspace, snapshot, rows, path, name_of(by, "who judges?"))


def open_here(workspace: Workspace, name: str) -> Snapshot:
    """The snapshot of dataset `name`. Raises EvidenceError when it is not here or another one, DataError when there is none.

    Another one is left by a branch of git that was here before: reports tell of its own, and git does not move data.
    """
    from governance.errors import DataError, EvidenceError
    from governance.evidence import Outcome
    from governance.manifest import read_manifest
    from governance.report_files import read_report
    from governance.repository import Repository
    from governance.stages import open_snapshot

    try:
        snapshot: Snapshot = open_snapshot(workspace, name)
    except FileNotFoundError:
        fetch = Repository(workspace.root).fetch(f"snapshot@{name}")
        raise EvidenceError(
            f"the snapshot of {name} is not here.\n  Run: {fetch}, or dvc repro snapshot@{name}"
        ) from None
    if snapshot.manifest.outcome is not Outcome.ASSESSED:
        raise DataError(f"there is no snapshot of {name}: {snapshot.manifest.reason}")
    manifest = workspace.report(name) / "manifest.json"
    if manifest.is_file() and read_report(manifest, read_manifest, workspace).digest != snapshot.manifest.digest:
        shown = manifest.relative_to(workspace.root).as_posix()
        raise EvidenceError(
            f"the snapshot of {name} that lies here is not the one that {shown} tells of, perhaps another branch's.\n"
            f"  Run: dvc checkout snapshot@{name}, or dvc repro"
        )
    return snapshot


def _write(workspace: Workspace, snapshot: Snapshot, rows: pl.DataFrame, order: int, to: str) -> None:
    from governance.errors import UsageError
    from governance.reviewing.review_sheet import sample_name, write_sheet

    folder = workspace.build(snapshot.name) / "review"
    inside = folder / (to or f"{sample_name(snapshot, order)}.csv")
    path = inside if not to or Path(to).parent == Path() else workspace.root / to
    if not path.resolve().is_relative_to(folder.resolve()):
        shown = folder.relative_to(workspace.root).as_posix()
        raise UsageError(f"{to} lies outside {shown}/; a sheet holds rows of the data and stays with it")
    shown = path.relative_to(workspace.root).as_posix()
    if path.exists():
        raise UsageError(f"{shown} exists, perhaps with judgements in it; read it with --from, or give another --to")
    write_sheet(path, snapshot, rows, order)
    print(f"{rows.height} rows of {snapshot.name} are in {shown}. It holds data, private columns included.")
    print("Fill `judgement` with correct, wrong or unsure, and for a wrong label `correct_label` if you know it.")
    print(f"Then run: govern review {snapshot.name} --from {shown}")


def _record_sheet(workspace: Workspace, snapshot: Snapshot, path: Path, from_: str, by: str) -> None:
    from governance.reviewing.review_sheet import read_sheet
    from governance.reviewing.reviews import Review, read_reviews, record

    folder = workspace.build(snapshot.name) / "review"
    places = (folder / from_, workspace.root / from_)
    file = next((place for place in places if place.is_file()), Path(from_))
    sheet = read_sheet(file, from_, snapshot, read_reviews(path), by)
    digest = snapshot.manifest.digest
    record(path, Review(digest=digest, by=by, on=today(), drawn=sheet.drawn, entries=sheet.entries))
    _print_recorded(path, len(sheet.entries), snapshot)


def _judge_here(workspace: Workspace, snapshot: Snapshot, rows: pl.DataFrame, path: Path, by: str) -> None:
    from governance.reviewing.reviews import Review, record

    print(f"{rows.height} rows of {snapshot.name}, drawn at random. Rows are shown in full, private columns included:")
    print("this terminal is inside the data's trust boundary. Only your judgements are kept.")
    folder = workspace.build(snapshot.name) / "review"
    entries: list[Entry] = []
    # Polars' own handler lets the terminal's read go on, so that control-C would wait for the next line.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        judge(snapshot, rows, folder, entries, ask=input, show=print)
    except (KeyboardInterrupt, EOFError):
        print()
    finally:  # whatever ends the sitting, what was judged is kept
        if entries:
            given: Review = Review(
                digest=snapshot.manifest.digest, by=by, on=today(), drawn=rows.height, entries=tuple(entries)
            )
            record(path, given)
    if not entries:
        print("Nothing was judged, and nothing recorded.")
        return
    _print_recorded(path, len(entries), snapshot)


def judge(
    snapshot: Snapshot,
    rows: pl.DataFrame,
    folder: Path,
    entries: list[Entry],
    *,
    ask: Callable[[str], str],
    show: Callable[[str], None],
) -> None:
    """Show each of `rows`, ask whether its label is right, and add the answers to `entries` until `q`.

    Images are written into `folder`/images for the person to open.
    """
    from governance.reviewing.review_sample import WORDS, cell, label_check, shown_columns
    from governance.reviewing.reviews import Entry

    assert snapshot.target is not None
    problem_with = label_check(snapshot)
    private = snapshot.column(snapshot.target).private
    for number, row in enumerate(rows.iter_rows(named=True), start=1):
        show(f"\n{number} of {rows.height}")
        for name in shown_columns(snapshot):
            mark = "  <- the label" if name == snapshot.target else ""
            show(f"  {printable(name)}: {printable(cell(snapshot, name, row, folder))}{mark}")
        answer = _one_of(ask, "Is the label [c]orrect, [w]rong, are you [u]nsure, or [q]uit? ", (*WORDS, "q"))
        if answer == "q":
            return
        right = ""
        while answer == "w" and not private:
            right = ask("  The right label, or nothing: ").strip()
            problem = problem_with(right, str(row[snapshot.target])) if right else ""
            if not problem:
                break
            show(f"  {printable(problem)}")
        entries.append(Entry(row_id=row["row_id"], judgement=WORDS[answer], correct_label=right or None))


def _one_of(ask: Callable[[str], str], question: str, answers: Sequence[str]) -> str:
    while True:
        answer = ask(question).strip().lower()[:1]
        if answer in answers:
            return answer


def _print_recorded(path: Path, count: int, snapshot: Snapshot) -> None:
    said = f"{count} judgements were added to reviews/{path.name}. Commit it, and run: dvc repro"
    print(from_here(said, path.parents[1]))
    _print_estimate(path, snapshot)


def _print_estimate(path: Path, snapshot: Snapshot) -> None:
    from governance.reviewing.review_sample import population
    from governance.reviewing.reviews import INTERVAL, estimate

    found = estimate(path, snapshot.manifest.digest, population(snapshot.manifest))
    if found is None or found.rate is None:
        return
    print(
        f"Wrong labels: {found.wrong} of {found.n} judged rows ({found.rate:.1%}); "
        f"of all {found.rows} labelled rows {found.low:.1%} to {found.high:.1%} ({INTERVAL})."
    )
    if found.note:
        print(f"Note: {found.note}.")
