"""Near copies among the rows of one snapshot: pairs that distances point to, checked against the columns themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.reporting.copies import Copies, mark, ordered

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

Pairs = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.float64]"]
"""Positions of the first and the second row of each pair, and how near they are, 0 to 1."""
ALIKE = 0.5
"""Overlap of runs of three letters from which two strings count as alike: `Oak Street 5` and `oak street 5a` do."""


def texts_of(snapshot: Snapshot, row_id: list[str]) -> list[str] | None:
    """The text of each row, all text columns joined; None when there is none."""
    columns = [c.name for c in snapshot.features if c.resolved_role is Role.TEXT or c.type is ColumnType.TEXT]
    if not columns:
        return None
    frame = _aligned(snapshot, columns, row_id).fill_null("")
    return ["\n".join(str(cell) for cell in row) for row in frame.rows()]


def agreeing(snapshot: Snapshot, row_id: list[str], pairs: Pairs) -> Pairs:
    """The `pairs` that agree in every category and have alike strings.

    Distances do not see levels that few rows have, so without this, rows that differ in a name would pass for copies.
    """
    import numpy as np

    from governance.measures.near_duplicates import jaccard, letter_runs

    first, second, score = pairs
    kept = np.ones(first.size, dtype=bool)
    touched = sorted({*first.tolist(), *second.tolist()})
    place = {position: number for number, position in enumerate(touched)}
    ids = [row_id[position] for position in touched]
    for column in snapshot.features:
        if column.type not in {ColumnType.CATEGORY, ColumnType.BOOLEAN, ColumnType.STRING} or not ids:
            continue
        if column.resolved_role is Role.TEXT:
            continue
        values = _aligned(snapshot, [column.name], ids)[column.name].to_list()
        for pair in np.flatnonzero(kept).tolist():
            one, other = values[place[int(first[pair])]], values[place[int(second[pair])]]
            if one == other:
                continue
            both_strings = column.type is ColumnType.STRING and one is not None and other is not None
            kept[pair] = both_strings and jaccard(letter_runs(one), letter_runs(other)) >= ALIKE
    return first[kept], second[kept], score[kept]


def _aligned(snapshot: Snapshot, columns: list[str], row_id: list[str]) -> pl.DataFrame:
    import polars as pl

    wanted = pl.DataFrame({"row_id": row_id}, schema={"row_id": pl.String})
    frame = snapshot.frame(*columns).select("row_id", *columns).collect()
    return wanted.join(frame, on="row_id", how="left", maintain_order="left").select(columns)


def mark_near(
    snapshot: Snapshot,
    copies: Copies,
    row_id: NDArray[np.object_],
    pairs: Pairs,
) -> pl.DataFrame:
    """Rows that the near checks speak of, as mark_copies gives them, from `pairs` of positions in `row_id` and scores.

    The row that comes later, by split and then by row id, is marked, once, with its nearest counterpart. Pairs that
    are equal in every feature are left to the exact checks.
    """
    import polars as pl

    first, second, score = pairs
    order = {split: number for number, split in enumerate(ordered(snapshot.splits))}
    keys = snapshot.frame("row_id").select("row_id", "split").collect()
    keys = keys.with_columns(pl.col("split").replace_strict(order, return_dtype=pl.Int64).alias("order"))
    keys = keys.join(copies.rows.select("row_id", "group"), on="row_id", how="left")
    kinds = {"a": pl.String, "b": pl.String, "score": pl.Float64}
    found = pl.DataFrame({"a": row_id[first].tolist(), "b": row_id[second].tolist(), "score": score}, kinds)
    found = found.join(keys, left_on="a", right_on="row_id", how="left")
    found = found.join(keys, left_on="b", right_on="row_id", how="left", suffix="_b")
    found = found.filter((pl.col("group") != pl.col("group_b")).fill_null(True))
    later = (pl.col("order_b") > pl.col("order")) | (
        (pl.col("order_b") == pl.col("order")) & (pl.col("b") > pl.col("a"))
    )
    marked = found.select(
        pl.when(later).then("b").otherwise("a").alias("row_id"),
        pl.when(later).then("split_b").otherwise("split").alias("split"),
        pl.when(later).then("a").otherwise("b").alias("original"),
        (pl.col("order") != pl.col("order_b")).alias("across"),
        "score",
    )
    nearest = marked.sort("score", "original", descending=[True, False]).unique(["row_id", "across"], keep="first")
    nearest = nearest.sort("row_id")
    return pl.concat(
        [
            mark(nearest.filter(~pl.col("across")), "near_within_split", pl.col("original"), pl.col("score")),
            mark(nearest.filter(pl.col("across")), "near_across_splits", pl.col("original"), pl.col("score")),
        ]
    )
