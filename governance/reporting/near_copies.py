"""Near copies among the rows of one snapshot, as rows that a finding points to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.reporting.copies import Copies, mark

if TYPE_CHECKING:
    import polars as pl

    from governance.signals import NearCopies
    from governance.snapshot import Snapshot


def mark_near(snapshot: Snapshot, copies: Copies, near: NearCopies) -> pl.DataFrame:
    """Rows that the near checks speak of, as mark_copies gives them.

    The row that comes later, by split and then by row id, is marked, once, with its nearest counterpart. Pairs that
    are equal in every feature are left to the exact checks.
    """
    import polars as pl

    row_id, (first, second, score) = near.row_id, near.pairs
    order = {split: number for number, split in enumerate(snapshot.splits)}
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
    across, words = pl.col("across"), "nearly a copy of {}"
    return pl.concat(
        [
            mark(nearest.filter(~across), "near_within_split", words, pl.col("original"), pl.col("score")),
            mark(nearest.filter(across), "near_across_splits", words, pl.col("original"), pl.col("score")),
        ]
    )
