"""Applies people's decisions to rows: drops, relabels, and proves that what is left and what went make up the input."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from governance.decisions import RowDecision
from governance.errors import ConfigError, DataError
from governance.ingestion.new_labels import labels_as, refuse_new_labels
from governance.ingestion.row_identity import row_hashes, with_row_ids
from governance.manifest import Quarantined

if TYPE_CHECKING:
    import polars as pl

    from governance.dataset import Column

FILE = "quarantine.parquet"
"""Beside the splits: each row that was dropped or relabelled as it came in, and each whose id changed thereby."""


@dataclass(frozen=True)
class Cleaned:
    """Rows after all decisions."""

    frame: pl.DataFrame
    """With `row_hash`, `row_id` and `split`, sorted by split and row_id."""
    changes: pl.DataFrame
    """`action`, `snapshot_id` and `snapshot_hash` (both null for a dropped row), and the row as it came in."""
    counted: Quarantined


def apply(
    frame: pl.DataFrame,
    columns: Sequence[Column],
    target: str | None,
    decisions: Mapping[str, RowDecision],
    *,
    classes: bool = False,
) -> Cleaned:
    """`frame` (with `row_hash`, `row_id`, `split`) after `decisions`, by row id. Splits stay as they were.

    `classes` says that labels are classes, of which a decision makes a new one only where it says so. Raises
    ConfigError when a label cannot be what its decision says, DataError when nothing would be left.
    """
    import polars as pl

    drop = [row for row, decision in decisions.items() if decision.action == "drop"]
    relabel = {row: decision.to for row, decision in decisions.items() if decision.action == "relabel"}
    known = set(frame["row_id"].to_list())
    if classes and target is not None:
        there = [decision for row, decision in decisions.items() if row in known]
        refuse_new_labels(frame[target], next(c for c in columns if c.name == target), there)
    dropped = frame.filter(pl.col("row_id").is_in(drop))
    kept = frame.filter(~pl.col("row_id").is_in(drop))
    if kept.is_empty():
        raise DataError("the decisions drop every row")
    relabelled = kept.filter(pl.col("row_id").is_in(list(relabel)))
    clean = kept.rename({"row_id": "input_id", "row_hash": "input_hash"})
    if not relabelled.is_empty():
        clean = _relabelled(clean, columns, target, relabel)
    clean = with_row_ids(clean.with_columns(row_hashes(clean, columns)))
    moved = clean.filter(pl.col("row_id") != pl.col("input_id"))
    joined = frame.join(
        moved.select(pl.col("input_id").alias("row_id"), snapshot_id="row_id", snapshot_hash="row_hash"),
        on="row_id", how="left",
    )  # fmt: skip
    changes = joined.filter(pl.col("snapshot_id").is_not_null() | pl.col("row_id").is_in(drop)).with_columns(
        action=pl.when(pl.col("row_id").is_in(drop)).then(pl.lit("drop"))
        .when(pl.col("row_hash") != pl.col("snapshot_hash")).then(pl.lit("relabel"))
        .otherwise(pl.lit("renumbered"))
    ).sort("row_id")  # fmt: skip
    counted = Quarantined(
        input_rows=frame.height,
        input_digest=digest_of_hashes(frame["row_hash"]),
        dropped=dropped.height,
        relabelled=int((changes["action"] == "relabel").sum()),
        kept=sum(decision.action == "keep" and row in known for row, decision in decisions.items()),
        unmatched=sum(row not in known for row in decisions),
    )
    if proven(clean["row_hash"], changes) != (counted.input_rows, counted.input_digest):
        raise AssertionError("rows were lost: what is left and what was quarantined are not the input")
    return Cleaned(clean.drop("input_id", "input_hash"), changes, counted)


def _relabelled(
    frame: pl.DataFrame, columns: Sequence[Column], target: str | None, labels: Mapping[str, str | None]
) -> pl.DataFrame:
    import polars as pl

    column = next((column for column in columns if column.name == target), None)
    if column is None:
        raise ConfigError(["decisions relabel rows, and the dataset has no target"])
    names = list(labels)
    right = labels_as(column, [labels[name] for name in names])
    given = pl.DataFrame({"input_id": names, "_right": right})
    return (
        frame.join(given, on="input_id", how="left")
        .with_columns(pl.coalesce("_right", column.name).alias(column.name))
        .drop("_right")
    )


def digest_of_hashes(hashes: Iterable[str]) -> str:
    """sha256 over sorted row hashes: the same rows in any order give the same digest."""
    return "sha256:" + hashlib.sha256("".join(sorted(hashes)).encode()).hexdigest()


def proven(snapshot_hashes: Iterable[str], changes: pl.DataFrame) -> tuple[int, str]:
    """Rows and digest of the input, worked out from what the snapshot holds and what was quarantined."""
    from collections import Counter

    found = Counter(snapshot_hashes)
    gone = changes.filter(changes["action"] != "renumbered")
    found.subtract(value for value in gone["snapshot_hash"].to_list() if value is not None)
    found.update(gone["row_hash"].to_list())
    if any(count < 0 for count in found.values()):
        return -1, ""
    return found.total(), digest_of_hashes(found.elements())


def check(folder: Path, columns: Sequence[Column]) -> tuple[int, str]:
    """The same from a snapshot's files: (rows, digest) of the input that they prove."""
    import polars as pl

    parts = [pl.read_parquet(path) for path in sorted(folder.glob("*.parquet")) if path.name != FILE]
    hashes = [value for part in parts for value in row_hashes(part, columns).to_list()]
    return proven(hashes, pl.read_parquet(folder / FILE))
