"""Rows that stand in more than one split: equal ones, near copies, and rows about the same entity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.reporting.copies import find_copies
from governance.reporting.near_copies import mark_near
from governance.reporting.split_overlap import entity_columns

if TYPE_CHECKING:
    import polars as pl

    from governance.reporting.copies import Copies
    from governance.signals import NearCopies
    from governance.snapshot import Snapshot


@dataclass(frozen=True)
class SharedRows:
    """Rows of later splits that share something with an earlier one, by what they share; and whom they share it with."""

    equal: frozenset[str]
    """Rows of later splits that equal one of an earlier split in every feature."""
    near: frozenset[str]
    """Rows of later splits that nearly equal one of an earlier split, and are no equal ones."""
    entity: frozenset[str]
    """Rows of later splits whose entity has rows in an earlier split."""
    learnt: frozenset[str]
    """Rows of the first split that share any of these with the last one."""
    equal_absent: str
    """Why equal rows were not looked for; empty when they were."""
    near_absent: str
    """Why near copies were not looked for; empty when they were."""

    @property
    def later(self) -> frozenset[str]:
        """Rows of later splits that share anything with an earlier one."""
        return self.equal | self.near | self.entity


def shared_rows(snapshot: Snapshot, entity: Iterable[str]) -> SharedRows:
    """What splits share; `entity` are the rows that share one. Copies are those that the audit `duplicates` sees."""
    splits = snapshot.splits
    learnt = _of_entities(snapshot, splits)
    if not snapshot.features:
        why = "no column has a role by which rows could be compared"
        return SharedRows(frozenset(), frozenset(), frozenset(entity), frozenset(learnt), why, why)
    copies = find_copies(snapshot)
    equal: set[str] = set()
    equal_absent = ""
    if copies.pairs and copies.coarse:
        equal_absent = "the columns tell so little apart that chance makes rows equal"
    else:
        later, earlier = _of_groups(copies.judged, "group", splits)
        equal |= later
        learnt |= earlier
    absent = snapshot.signals.absent("near_copies")
    near = None if absent is not None else snapshot.signals.near_copies()
    across: set[str] = set()
    near_absent = ""
    if near is None or near.blind:
        near_absent = absent.reason if absent is not None else "too few independent columns to tell them from others"
    else:
        marked = mark_near(snapshot, copies, near)
        across = set(marked.filter(marked["rule"] == "duplicates/near_across_splits")["row_id"].to_list())
        if across and copies.explains(len(across)):
            across, near_absent = set(), "the columns tell so little apart that chance makes rows nearly equal"
        else:
            learnt |= _of_pairs(snapshot, copies, near, splits)
    return SharedRows(
        frozenset(equal), frozenset(across - equal), frozenset(entity), frozenset(learnt), equal_absent, near_absent
    )


def _of_groups(rows: pl.DataFrame, key: str, splits: Sequence[str]) -> tuple[set[str], set[str]]:
    """Of `rows` (row_id, split, `key`), those of later splits whose key an earlier split has; and of the first split
    those whose key the last one has."""
    import polars as pl

    order = {split: number for number, split in enumerate(splits)}
    place = pl.col("split").replace_strict(order, return_dtype=pl.Int64)
    placed = rows.with_columns(place.alias("place")).with_columns(
        pl.col("place").min().over(key).alias("earliest"), pl.col("place").max().over(key).alias("latest")
    )
    later = placed.filter(pl.col("place") > pl.col("earliest"))
    first = placed.filter((pl.col("place") == 0) & (pl.col("latest") == len(splits) - 1))
    return set(later["row_id"].to_list()), set(first["row_id"].to_list())


def _of_entities(snapshot: Snapshot, splits: Sequence[str]) -> set[str]:
    """Rows of the first split whose entity has rows in the last one."""
    found: set[str] = set()
    for column in entity_columns(snapshot):
        frame = snapshot.frame(column.name).select("row_id", "split", column.name).collect().drop_nulls(column.name)
        found |= _of_groups(frame, column.name, splits)[1]
    return found


def _of_pairs(snapshot: Snapshot, copies: Copies, near: NearCopies, splits: Sequence[str]) -> set[str]:
    """Rows of the first split that are near copies of one of the last, and do not equal it."""
    import polars as pl

    first, second, _ = near.pairs
    ids = pl.DataFrame({"row_id": near.row_id.tolist()}, schema={"row_id": pl.String})
    keys = snapshot.frame("row_id").select("row_id", "split").collect()
    known = ids.join(keys, on="row_id", how="left", maintain_order="left")
    known = known.join(copies.rows.select("row_id", "group"), on="row_id", how="left", maintain_order="left")
    row_id, split, group = (known[name].to_list() for name in ("row_id", "split", "group"))
    found: set[str] = set()
    for one, other in [*zip(first.tolist(), second.tolist(), strict=True)]:
        same = group[one] is not None and group[one] == group[other]
        if {split[one], split[other]} == {splits[0], splits[-1]} and not same:
            found.add(row_id[one] if split[one] == splits[0] else row_id[other])
    return found
