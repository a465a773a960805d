"""Private columns that tell rows apart: names and addresses say whether two rows are about the same, and are not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from governance.dataset import ColumnType, Modality, Role

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn
    from governance.snapshot import Snapshot

STRINGS = 2
"""From so many columns of strings on, rows are compared as records that people typed in."""
LEAST_ROWS = 20
SPREAD = 20
"""Numbers of a counter lie among so many times as many as there are rows."""
_WRITTEN = {ColumnType.STRING, ColumnType.CATEGORY}


class PrivateColumns(NamedTuple):
    """The private columns of a snapshot, by whether rows are compared by them."""

    compared: tuple[SnapshotColumn, ...]
    left_out: dict[str, str]
    """Why not, by name."""


def private_columns(snapshot: Snapshot) -> PrivateColumns:
    """Which private columns take part where copies are sought: in records, those that describe a row.

    A text or an image is a copy whoever it is of, and one of numbers is told by its numbers. A number that was given to
    each row in turn makes all copies look different. Only the columns are read that may be such numbers.
    """
    private = snapshot.with_role(Role.PRIVATE)
    if not private:
        return PrivateColumns((), {})
    features = [c for c in snapshot.features if c.type is ColumnType.STRING and c.resolved_role is not Role.TEXT]
    written = len(features) + sum(column.type in _WRITTEN for column in private)
    if snapshot.modality is not Modality.TABULAR or written < STRINGS:
        return PrivateColumns((), {c.name: "rows are told by their features, not by whom they are of" for c in private})
    left_out = {}
    for column in private:
        if column.type in {ColumnType.TEXT, ColumnType.IMAGE}:
            left_out[column.name] = "it holds free text or images"
        elif _counts(snapshot, column):
            left_out[column.name] = "it counts the rows, as an identifier does"
    return PrivateColumns(tuple(column for column in private if column.name not in left_out), left_out)


def _counts(snapshot: Snapshot, column: SnapshotColumn) -> bool:
    if column.nulls or not column.distinct == snapshot.rows >= LEAST_ROWS:
        return False
    return given_by_counter(snapshot.frame(column.name).collect()[column.name])


def given_by_counter(values: pl.Series) -> bool:
    """Whether `values`, all different, are whole numbers close together, with the same letters and signs around each."""
    import polars as pl

    written = values.cast(pl.String)
    around, digits = written.str.replace(r"\d+$", ""), written.str.extract(r"(\d+)$")
    if around.n_unique() > 1 or digits.null_count():
        return False
    numbers = digits.cast(pl.Float64)
    low, high = numbers.min(), numbers.max()
    assert isinstance(low, float)
    assert isinstance(high, float)
    return high - low < SPREAD * values.len()
