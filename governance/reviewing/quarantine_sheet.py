"""The sheet on which people decide about flagged rows: worst first. `filled_sheet.py` reads it back.

A sheet holds rows of the data: it lies in `build/<dataset>/quarantine/`, with the data, and never in git.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.errors import EvidenceError
from governance.files import write_atomic
from governance.reviewing.review_sample import cell, shown_columns
from governance.reviewing.review_sheet import defused

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

OWN = ("data", "row", "decision", "to", "why", "flagged_by", "score", "suggestion")
"""Columns that a sheet begins with; those of the data follow."""
MAPPING = "quarantine.parquet"


@dataclass(frozen=True)
class Flagged:
    """A row that audits point to."""

    row_id: str
    """In the snapshot."""
    input_id: str
    """Before any decision was applied: what decisions name."""
    rules: tuple[str, ...]
    score: float
    suggestion: str


def flagged_rows(
    folder: Path, snapshot: Snapshot, audits: Sequence[str], decided: Mapping[str, object]
) -> list[Flagged]:
    """Rows that the evidence points to and nobody has decided about, highest score first, ties by row id.

    `folder` is `build/<dataset>/rows`; `audits` names those that count. Raises EvidenceError when one is not there.
    """
    import polars as pl

    parts = []
    for audit in audits:
        path = folder / f"{audit}.parquet"
        if not path.is_file():
            raise EvidenceError(f"{path.name} of {snapshot.name} is not here.\n  Run: dvc repro, or dvc checkout")
        parts.append(pl.read_parquet(path).filter(pl.col("flagged")))
    found = pl.concat(parts) if parts else pl.DataFrame()
    if found.is_empty():
        return []
    rows = (
        found.sort("score", "rule", descending=[True, False])
        .group_by("row_id", maintain_order=True)
        .agg(pl.col("rule").unique().sort(), pl.col("score").max(), pl.col("suggestion").drop_nulls().first())
        .sort("score", "row_id", descending=[True, False])
    )
    before = input_ids(snapshot)
    listed = [
        Flagged(
            row["row_id"],
            before.get(row["row_id"], row["row_id"]),
            tuple(row["rule"]),
            row["score"],
            row["suggestion"] or "",
        )
        for row in rows.iter_rows(named=True)
    ]
    return [one for one in listed if one.input_id not in decided]


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
    writer.writerow([*OWN, *(defused(name) for name in columns)])
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
            " ".join(one.rules),
            f"{one.score:.3f}",
            defused(one.suggestion),
        ]
        writer.writerow([*own, *shown])
    write_atomic(path, text.getvalue().encode("utf-8-sig"))


def version(snapshot: Snapshot) -> str:
    """How a sheet names the version of the data that it was written for."""
    return snapshot.manifest.digest.removeprefix("sha256:")[:12]
