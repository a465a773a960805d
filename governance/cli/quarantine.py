"""`govern quarantine`: decide about flagged rows, and prove that nothing was lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from governance.cli.person import name_of, today
from governance.cli.review import open_here
from governance.cli.standing import from_here
from governance.config import Workspace

if TYPE_CHECKING:
    from governance.snapshot import Snapshot


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("quarantine")(quarantine)


def quarantine(
    dataset: Annotated[str, typer.Argument(help="The dataset whose flagged rows are decided about.")],
    audit: Annotated[
        list[str] | None, typer.Option(help="Only rows that this audit points to; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many rows at most, highest score first.")] = 100,
    to: Annotated[str, typer.Option(help="Name of the CSV file in build/DATASET/quarantine/.")] = "",
    from_: Annotated[str, typer.Option("--from", help="Read decisions from this filled CSV file.")] = "",
    by: Annotated[str, typer.Option(help="Who decides; git's user.name when not given.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Prove that what is left and what went is the input.")] = False,
) -> None:
    """Write the rows that audits point to into a sheet, and record what a person decides: drop, relabel or keep.

    Decisions go to decisions/DATASET.yaml by row id, with who and why, and belong into git. The next `dvc repro`
    applies them, on this version of the data and on every later one that holds the same rows.
    """
    from governance.decisions import FOLDER, Sitting, in_force, read_decisions, record
    from governance.errors import UsageError
    from governance.reviewing.quarantine_sheet import flagged_rows, read_sheet, write_sheet

    if sum((bool(to), bool(from_), check)) > 1:
        raise UsageError("--to writes a sheet, --from reads one, --check proves; give one of them")
    workspace = Workspace.find()
    workspace.dataset(dataset)
    snapshot = open_here(workspace, dataset)
    path = workspace.root / FOLDER / f"{dataset}.yaml"
    folder = workspace.build(dataset) / "quarantine"
    if check:
        _prove(workspace, snapshot)
        return
    if from_:
        file = next((place for place in (folder / from_, workspace.root / from_) if place.is_file()), Path(from_))
        rows = read_sheet(file, from_, snapshot)
        record(path, Sitting(by=name_of(by, "who decides?"), on=today(), rows=rows))
        said = f"{len(rows)} decisions were added to {FOLDER}/{path.name}. Commit it, and run: dvc repro"
        print(from_here(said, workspace.root))
        return
    unknown = [name for name in audit or () if name not in workspace.config.audits]
    if unknown:
        raise UsageError(f"no audit {unknown[0]!r} is configured; there are: {', '.join(workspace.config.audits)}")
    decided = in_force(read_decisions(path))
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
    write_sheet(place, snapshot, found[:limit])
    print(
        f"{min(limit, len(found))} of {len(found)} flagged rows are in {shown}. It holds data, private columns included."
    )
    print(
        "Fill `decision` with drop, relabel or keep, `to` with the right label for relabel, and `why` with the reason."
    )
    print(f"Then run: govern quarantine {dataset} --from {shown}")


def _prove(workspace: Workspace, snapshot: Snapshot) -> None:
    from governance.errors import EvidenceError
    from governance.ingestion.quarantine import FILE, check
    from governance.manifest import read_manifest

    counted = read_manifest(workspace.report(snapshot.name) / "manifest.json").quarantined
    if not (snapshot.folder / FILE).is_file() or counted is None:
        print(f"No decision changed {snapshot.name}: its {snapshot.rows} rows are all that was read.")
        return
    rows, digest = check(snapshot.folder, snapshot.columns)
    if (rows, digest) != (counted.input_rows, counted.input_digest):
        raise EvidenceError(
            f"{snapshot.name}: the snapshot and {FILE} do not make up the {counted.input_rows} rows that were read.\n"
            f"  Run: dvc repro snapshot@{snapshot.name}"
        )
    print(
        f"{snapshot.name}: {snapshot.rows} rows left and {counted.dropped} dropped are the {rows} that were read; "
        f"{counted.relabelled} were relabelled. Digest of the input: {digest}"
    )
