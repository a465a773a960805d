"""Numbers for values that may not be shown: one for each value of a column, and where to look up whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

RULE = "label_consistency/numbers"
"""Rule of rows that say which number stands for the value that the row holds."""


def value_numbers(snapshot: Snapshot, column: str) -> pl.DataFrame:
    """value, row_id, number: from 1, in the order of the smallest row_id that holds the value.

    That order is one for all questions, is the same in whatever order the rows stand in the file, and tells nobody who
    knows only the names which number is whose, as the alphabet would.
    """
    import polars as pl

    held = snapshot.frame(column).select("row_id", value=pl.col(column).cast(pl.String)).drop_nulls().collect()
    first = held.group_by("value").agg(pl.col("row_id").min()).sort("row_id", "value")
    return first.with_columns(number=pl.int_range(1, pl.len() + 1))


def numbers_of(snapshot: Snapshot, column: str) -> dict[str, str]:
    """What each value of `column` is called where it may not be shown: `number 2 of 3`."""
    found = value_numbers(snapshot, column)
    return {value: f"number {number} of {found.height:,}" for value, _, number in found.iter_rows()}


def number_rows(snapshot: Snapshot, columns: Iterable[str]) -> list[pl.DataFrame]:
    """row_id, score, suggestion, flagged, rule: one row of each value of `columns`, which says the value's number."""
    import polars as pl

    made = []
    for column in columns:
        found = value_numbers(snapshot, column)
        said = pl.format("{}: number {} of {}", pl.lit(column), "number", pl.lit(found.height))
        made.append(
            found.select("row_id", score=pl.lit(0.0), suggestion=said, flagged=pl.lit(False), rule=pl.lit(RULE))
        )
    return made


def what_it_stands_for(dataset: str) -> str:
    """How to find out what a number stands for."""
    return (
        f"What a number stands for: build/{dataset}/rows/label_consistency.parquet, which stays out of git, gives for each "
        f"number (rule {RULE}) a row of the source that holds the value (source_row, counted from 0)."
    )
