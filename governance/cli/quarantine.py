"""`govern quarantine`: decide about flagged rows, and prove that nothing was lost."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from governance.cli.person import name_of
from governance.cli.review import open_here
from governance.cli.standing import from_here
from governance.clock import today
from governance.config import Workspace

if TYPE_CHECKING:
    from governance.ingestion.found_rows import Found
    from governance.snapshot import Snapshot


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("quarantine")(quarantine)


def quarantine(
    dataset: Annotated[str, typer.Argument(help="The dataset whose flagged rows are decided about.")],
    audit: Annotated[
        list[str] | None, typer.Option(help="Only rows that this audit points to; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many flagged rows at most, highest score first.")] = 100,
    to: Annotated[str, typer.Option(help="Name of the CSV file in build/DATASET/quarantine/.")] = "",
    from_: Annotated[str, typer.Option("--from", help="Read decisions from this filled CSV file.")] = "",
    by: Annotated[str, typer.Option(help="Who decides; git's user.name when not given.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="With --from: decisions of the sheet replace those they contradict.")
    ] = False,
    new_label: Annotated[
        list[str] | None, typer.Option(help="With --from: a label in `to` that no row has yet; may be repeated.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Prove that what is left and what went is the input.")] = False,
) -> None:
    """Write the rows that audits point to into a sheet, and record what a person decides: drop, relabel or keep.

    Decisions go to a file of their own in decisions/DATASET/, by row id, with who and why, and belong into git. They
    count together with decisions/DATASET.yaml, which people may write. The next `dvc repro`
    applies them, on this version of the data and on every later one that holds the same rows. A decision that
    contradicts one in force is refused, unless --replace is given. A row that is kept stays as it is: no later sheet asks
    about it, and findings still point to it, until they are waived.
    """
    from governance.errors import UsageError
    from governance.reviewing.earlier_decisions import standing_words
    from governance.reviewing.flagged_rows import first_flagged, flagged_rows
    from governance.reviewing.quarantine_sheet import write_sheet

    if sum((bool(to), bool(from_), check)) > 1:
        raise UsageError("--to writes a sheet, --from reads one, --check proves; give one of them")
    if replace and not from_:
        raise UsageError("--replace belongs to --from, which reads the sheet whose decisions replace earlier ones")
    if new_label and not from_:
        raise UsageError("--new-label belongs to --from, which reads the sheet that gives the label to rows")
    workspace = Workspace.find()
    workspace.dataset(dataset)
    snapshot = open_here(workspace, dataset)
    folder = workspace.build(dataset) / "quarantine"
    if check:
        _prove(workspace, snapshot)
        if waiting := _waiting(workspace, dataset):
            print(from_here(waiting, workspace.root))
        return
    if from_:
        said = _taken(workspace, snapshot, from_, name_of(by, "who decides?"), replace, new_label or ())
        print(from_here(said, workspace.root))
        return
    unknown = [name for name in audit or () if name not in workspace.config.audits]
    if unknown:
        raise UsageError(f"no audit {unknown[0]!r} is configured; there are: {', '.join(workspace.config.audits)}")
    decided = standing_words(_found(workspace, snapshot).sittings)
    found = flagged_rows(workspace.build(dataset) / "rows", snapshot, audit or list(workspace.config.audits), decided)
    if not found:
        print("No audit points to a row that nobody has decided about.")
        return
    place = folder / (to or f"{snapshot.manifest.digest.removeprefix('sha256:')[:12]}.csv")
    if place.parent != folder:
        raise UsageError(f"{to} lies outside build/{dataset}/quarantine/; a sheet holds rows of the data")
    shown = place.relative_to(workspace.root).as_posix()
    if place.exists():
        raise UsageError(f"{shown} exists, perhaps with decisions in it; read it with --from, or give another --to")
    taken = first_flagged(found, limit)
    write_sheet(place, snapshot, taken)
    flagged = sum(bool(one.rules) for one in found)
    beside = len(taken) - min(limit, flagged)
    also = f", and {beside} that they resemble," if beside else ""
    print(
        f"{min(limit, flagged)} of {flagged} flagged rows{also} are in {shown}. It holds data, private columns included."
    )
    if any(one.of_set for one in taken):
        print("Rows that resemble each other stand together, with one number under `set`.")
    print(
        "`source_row_from_0` counts the rows of a file from 0, without its header: in a spreadsheet, 0 is the second line."
    )
    print(
        "Fill `decision` with drop, relabel or keep, `to` with the right label for relabel, and `why` with the reason. "
        "A row that is kept stays as it is, and no sheet asks about it again; findings still count it, until waived."
    )
    print(f"Then run: govern quarantine {dataset} --from {shown}")


def _taken(
    workspace: Workspace, snapshot: Snapshot, sheet: str, by: str, replace: bool, new_labels: Sequence[str]
) -> str:
    """Record what a filled sheet decides, and say so. Nothing is recorded when a line of it makes no sense.

    Raises EvidenceError when rows of it are gone from the data, after the others were recorded.
    """
    from governance.decision_files import named, record
    from governance.decisions import Sitting
    from governance.errors import EvidenceError
    from governance.ingestion.found_rows import with_keys
    from governance.reviewing.earlier_decisions import ADVICE, weigh
    from governance.reviewing.filled_sheet import read_sheet
    from governance.reviewing.quarantine_sheet import input_rows
    from governance.reviewing.sheet_problems import listed, numbered, refusal

    name = named(workspace.root, snapshot.name)
    folder = workspace.build(snapshot.name) / "quarantine"
    file = next((place for place in (folder / sheet, workspace.root / sheet) if place.is_file()), Path(sheet))
    rows = input_rows(snapshot)
    filled = read_sheet(file, sheet, snapshot, rows, new_labels)
    weighed = weigh(_found(workspace, snapshot, settled=not replace).sittings, filled.rows, by)
    contradictions = () if replace else weighed.contradictions
    if filled.edited:
        print("\n".join([f"{sheet}: cells of the data differ from the data:", *listed(filled.edited)]), file=sys.stderr)
    if problems := sorted([*filled.problems, *contradictions]):
        raise refusal(sheet, problems, ADVICE if contradictions else "")
    if weighed.new:
        sitting = Sitting(by=by, on=today().isoformat(), over=weighed.over, rows=weighed.new)
        name = record(workspace.root, snapshot.name, with_keys(sitting, rows, snapshot.columns))
    said = _added(name, len(weighed.new), weighed.known, len(weighed.contradictions))
    if filled.gone:
        raise EvidenceError(
            f"{sheet}: not taken, as this version of {snapshot.name} does not hold the rows: {numbered(filled.gone)}."
            f"\n  {said}\n  For a sheet of the rows that are there, run: govern quarantine {snapshot.name}"
        )
    return said


def _added(file: str, new: int, known: int, replaced: int) -> str:
    already = f"{known} stood there already, with the same name and reason. " if known else ""
    if not new:
        return f"{already}Nothing was added to {file}."
    instead = f", {replaced} of them in place of earlier ones" if replaced else ""
    return f"{new} decision{'' if new == 1 else 's'} {'was' if new == 1 else 'were'} added to {file}{instead}. {already}Commit it, and run: dvc repro"


def _waiting(workspace: Workspace, name: str) -> str:
    """How many decisions the snapshot was made without; empty when it was made with what stands there now.

    A relabel to what the label was already is applied without a trace, and counts as waiting while others wait.
    """
    from governance.decision_files import decisions_digest, named, read_decisions
    from governance.decisions import in_force
    from governance.manifest import read_manifest

    manifest = read_manifest(workspace.report(name) / "manifest.json")
    if manifest.decisions == decisions_digest(workspace.root, name):
        return ""
    file = named(workspace.root, name)
    known, counted = len(in_force(read_decisions(workspace.root, name))), manifest.quarantined
    applied = counted.dropped + counted.relabelled + counted.kept + counted.unmatched if counted else 0
    if known <= applied:
        return f"{file} was edited since, and what it says now is not applied yet. Run: dvc repro"
    waiting = known - applied
    are = "decision of it waits" if waiting == 1 else "decisions of it wait"
    return f"{file} was edited since: {waiting} {are} to be applied. Run: dvc repro"


def _prove(workspace: Workspace, snapshot: Snapshot) -> None:
    from governance.documents.wording import plural
    from governance.errors import EvidenceError
    from governance.ingestion.quarantine import FILE, check
    from governance.manifest import read_manifest
    from governance.reviewing.earlier_decisions import without_rows
    from governance.reviewing.quarantine_sheet import input_labels

    counted = read_manifest(workspace.report(snapshot.name) / "manifest.json").quarantined
    if not (snapshot.folder / FILE).is_file() or counted is None:
        print(f"No decision changed this snapshot of {snapshot.name}: its {snapshot.rows} rows are all that was read.")
        return
    rows, digest = check(snapshot.folder, snapshot.columns)
    if (rows, digest) != (counted.input_rows, counted.input_digest):
        raise EvidenceError(
            f"{snapshot.name}: the snapshot and {FILE} do not make up the {counted.input_rows} rows that were read.\n"
            f"  Run: dvc repro snapshot@{snapshot.name}"
        )
    found = _found(workspace, snapshot)
    retyped = ""
    if found.retyped:
        retyped = f" {len(found.retyped)} were found by what is written in the row, as the type of a column changed."
    print(
        f"{snapshot.name}: {snapshot.rows} rows left and {counted.dropped} dropped are the {rows} that were read; "
        f"{counted.relabelled} were relabelled. {plural(counted.unmatched, 'decision')} matched no row.{retyped} "
        f"Digest of the input: {digest}"
    )
    for line in without_rows(found, input_labels(snapshot)):
        print(line)


def _found(workspace: Workspace, snapshot: Snapshot, *, settled: bool = True) -> Found:
    """People's decisions beside the rows as they came in, before any decision."""
    from governance.decision_files import read_decisions
    from governance.ingestion.found_rows import find_rows
    from governance.reviewing.quarantine_sheet import input_rows

    sittings = read_decisions(workspace.root, snapshot.name, settled=settled)
    return find_rows(input_rows(snapshot), snapshot.columns, sittings)
