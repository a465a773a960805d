"""Clusters: rows that are copies of each other, exactly or nearly, however many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Metric, Table
from governance.reporting.copies import Copies, mark, with_another

if TYPE_CHECKING:
    import polars as pl

    from governance.signals import NearCopies
    from governance.snapshot import Snapshot

SIZES = ((2, 2), (3, 4), (5, 9), (10, 49), (50, None))


def find_clusters(copies: Copies, near: NearCopies | None) -> pl.DataFrame:
    """Rows in clusters of two and more: row_id, `cluster` (a number) and `alike` (the group of equal features, or null).

    Rows are joined by equal features (unless chance makes rows equal) and by near pairs, through other rows too.
    """
    import numpy as np
    import polars as pl

    from governance.measures.components import components

    kinds = {"row_id": pl.String, "alike": pl.UInt32}
    exact = copies.judged.select("row_id", alike="group") if not copies.coarse else pl.DataFrame(schema=kinds)
    named: list[str] = []
    if near is not None:
        ends = np.unique(np.concatenate([near.pairs[0], near.pairs[1]]))
        named = near.row_id[ends].tolist()
    rows = pl.DataFrame({"row_id": named}, schema={"row_id": pl.String})
    rows = pl.concat([rows, exact.select("row_id")]).unique().sort("row_id").join(exact, on="row_id", how="left")
    rows = rows.with_row_index("at")
    links = []
    if near is not None and named:
        place = dict(zip(rows["row_id"].to_list(), range(rows.height), strict=True))
        of_row = np.array([place[name] for name in named], dtype=np.int64)
        links.append(np.column_stack([of_row[np.searchsorted(ends, end)] for end in near.pairs[:2]]))
    same = rows.drop_nulls("alike").with_columns(pl.col("at").first().over("alike").alias("first"))
    links.append(same.select(pl.col("first", "at").cast(pl.Int64)).to_numpy())
    pairs = np.concatenate(links)
    joined = rows.with_columns(cluster=pl.Series(components(pairs[:, 0], pairs[:, 1], rows.height), dtype=pl.Int64))
    return joined.filter(pl.len().over("cluster") > 1).select("row_id", "cluster", "alike").sort("cluster", "row_id")


def mark_conflicts(snapshot: Snapshot, clusters: pl.DataFrame) -> pl.DataFrame:
    """Rows of clusters that hold more than one label and not by exact copies alone, as mark_copies gives them."""
    import polars as pl

    target = snapshot.target
    assert target is not None
    labels = snapshot.frame(target).select("row_id", "split", target).collect()
    rows = clusters.join(labels, on="row_id", how="left").sort("cluster", "row_id")
    own = pl.coalesce(pl.col("alike").cast(pl.String), pl.col("row_id"))  # exact copies are one thing here
    rows = rows.with_columns(
        (pl.col(target).drop_nulls().n_unique().over("cluster") > 1).alias("several"),
        own.n_unique().over("cluster").alias("different"),
        with_another(target, "cluster").alias("otherwise"),
    )
    conflicts = rows.filter(pl.col("several") & (pl.col("different") > 1))
    words = "nearly a copy of {}, which has another label"
    return mark(conflicts, "near_conflicting_labels", words, pl.col("otherwise"))


def cluster_table(snapshot: Snapshot, clusters: pl.DataFrame) -> tuple[Table, Metric]:
    """How many clusters of which size, how many cross splits; and the share of rows that could go without a loss."""
    import polars as pl

    keys = snapshot.frame("row_id").select("row_id", "split").collect()
    sizes = clusters.join(keys, on="row_id").group_by("cluster").agg(pl.len(), pl.col("split").n_unique())
    lines = []
    for low, high in SIZES:
        here = sizes.filter((pl.col("len") >= low) & (pl.col("len") <= (high or clusters.height)))
        name = str(low) if low == high else f"{low} and more" if high is None else f"{low} to {high}"
        lines.append((name, here.height, int(here["len"].sum()), here.filter(pl.col("split") > 1).height))
    table = Table(
        name="clusters",
        caption="Sets of rows that are copies of each other, exactly or nearly, directly or through other rows",
        columns=("rows_in_set", "sets", "rows", "sets_across_splits"),
        rows=tuple(lines),
    )
    metric = Metric(
        name="redundant_row_share",
        value=(clusters.height - sizes.height) / snapshot.rows,
        unit="share",
        n=snapshot.rows,
        better="lower",
        meaning="rows beyond the first of each set of exact or near copies, a count of all rows and no sample",
    )
    return table, metric
