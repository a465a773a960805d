"""The sheet on which people decide about flagged rows: worst first, those that resemble each other together. `filled_sheet.py` reads it back.

A sheet holds rows of the data: it lies in `build/<dataset>/quarantine/`, with the data, and never in git.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.files import write_atomic
from governance.reviewing.review_sample import cell, heading, shown_columns
from governance.reviewing.review_sheet import defused

if TYPE_CHECKING:
    import polars as pl

    from governance.reviewing.flagged_rows import Flagged
    from governance.snapshot import Snapshot

OWN = ("data", "row", "decision", "to", "why")
"""Columns that are read back."""
TOLD = ("set", "flagged_by", "score", "suggestion")
"""Columns that say why a row is there; those of the data follow."""
MAPPING = "quarantine.parquet"


def column_heading(name: str) -> str:
    """What a sheet calls a column of the data."""
    return heading(name, (*OWN, *TOLD))


def input_ids(snapshot: Snapshot) -> dict[str, str]:
    """Row id in the snapshot to row id of the input, for rows where decisions made them differ."""
    import polars as pl

    path = snapshot.folder / MAPPING
    if not path.is_file():
        return {}
    moved = pl.read_parquet(path, columns=["snapshot_id", "row_id"]).drop_nulls()
    return dict(moved.select("snapshot_id", "row_id").iter_rows())


def input_labels(snapshot: Snapshot) -> dict[str, str]:
    """Row id of the input to the label with which the row came in; rows that were dropped are among them.

    Where there is no target, labels are empty.
    """
    import polars as pl

    label = pl.col(snapshot.target).cast(pl.String).fill_null("") if snapshot.target else pl.lit("")
    wanted = (snapshot.target,) if snapshot.target else ("row_id",)
    held = dict(snapshot.frame(*wanted).select("row_id", label.alias("label")).collect().iter_rows())
    path = snapshot.folder / MAPPING
    if not path.is_file():
        return held
    changes = pl.read_parquet(path).select("snapshot_id", "row_id", label.alias("label"))
    moved = set(changes["snapshot_id"].drop_nulls())
    as_it_came = {row: text for row, text in held.items() if row not in moved}
    return as_it_came | dict(changes.select("row_id", "label").iter_rows())


def current_labels(snapshot: Snapshot) -> dict[str, str]:
    """Row id of the input to the label that the row has now, for rows where decisions made their ids differ."""
    import polars as pl

    moved = input_ids(snapshot)
    if not moved or snapshot.target is None:
        return {}
    now = snapshot.frame(snapshot.target).filter(pl.col("row_id").is_in(list(moved)))
    label = pl.col(snapshot.target).cast(pl.String).fill_null("")
    return {moved[row]: text for row, text in now.select("row_id", label).collect().iter_rows()}


def input_rows(snapshot: Snapshot) -> pl.DataFrame:
    """All rows as they came in, before any decision, with their keys; of an image its sha256."""
    import polars as pl

    from governance.image_files import sha256_of

    held = snapshot.frame(sha256=True).collect()
    path = snapshot.folder / MAPPING
    if not path.is_file():
        return held
    changes = pl.read_parquet(path)
    images = [column.name for column in snapshot.columns if column.type is ColumnType.IMAGE]
    changes = changes.with_columns(sha256_of(changes[name]).alias(name) for name in images)
    moved = changes["snapshot_id"].drop_nulls().to_list()
    return pl.concat([held.filter(~pl.col("row_id").is_in(moved)), changes.select(held.columns)])


def write_sheet(path: Path, snapshot: Snapshot, rows: Sequence[Flagged]) -> None:
    """`rows` as a CSV file with empty columns `decision`, `to` and `why`."""
    import polars as pl

    columns = shown_columns(snapshot)
    wanted = [one.row_id for one in rows]
    frame = snapshot.frame().filter(pl.col("row_id").is_in(wanted)).collect()
    held = {row["row_id"]: row for row in frame.iter_rows(named=True)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*OWN, *TOLD, *(defused(column_heading(name)) for name in columns)])
    for one in rows:
        row = held[one.row_id]
        cells = [cell(snapshot, name, row, path.parent) for name in columns]
        shown = [
            defused(value) if isinstance(row[name], str) else value for name, value in zip(columns, cells, strict=True)
        ]
        own = [
            version(snapshot),
            one.input_id,
            "",
            "",
            "",
            one.of_set or "",
            " ".join(one.rules),
            "" if one.score is None else f"{one.score:.3f}",
            defused(one.suggestion),
        ]
        writer.writerow([*own, *shown])
    write_atomic(path, text.getvalue().encode("utf-8-sig"))


def version(snapshot: Snapshot) -> str:
    """How a sheet names the version of the data that it was written for."""
    return snapshot.manifest.digest.removeprefix("sha256:")[:12]
