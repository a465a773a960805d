"""What audits that judge rows have in common: the share that is flagged, with its interval, and the frame of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from governance.audit import ROW_COLUMNS
from governance.evidence import Metric

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot


def group_codes(snapshot: Snapshot, row_id: Sequence[str]) -> NDArray[np.int64] | None:
    """A number for the group of each row in `row_id`; None when rows count as independent (Snapshot.grouping).

    A row without a group is a group of its own.
    """
    import polars as pl

    from governance.measures.group_numbers import group_numbers

    column = snapshot.grouping
    if column is None:
        return None
    wanted = pl.DataFrame({"row_id": list(row_id)}, schema={"row_id": pl.String})
    frame = snapshot.frame(column.name).collect()
    return group_numbers(wanted.join(frame, on="row_id", how="left", maintain_order="left")[column.name])


def flagged_share(
    flags: NDArray[np.bool_],
    groups: NDArray[np.int64] | None = None,
    *,
    name: str = "flagged_share",
    better: Literal["lower", "higher"] = "lower",
    meaning: str,
) -> Metric:
    """The share of rows that are flagged, with Wilson's interval; `groups` (rows,) when rows are not independent."""
    from governance.measures.intervals import wilson, wilson_of_groups

    count = int(flags.sum())
    low, high = wilson(count, flags.size) if groups is None else wilson_of_groups(flags, groups)
    return Metric(
        name=name,
        value=count / flags.size,
        unit="share",
        low=low,
        high=high,
        interval="95 % Wilson" if groups is None else "95 % Wilson, rows counted by independent group",
        n=int(flags.size),
        independent_units=None if groups is None else len(set(groups.tolist())),
        better=better,
        meaning=meaning,
    )


def judged_rows(snapshot: Snapshot, judged: pl.DataFrame) -> pl.DataFrame:
    """`Answer.rows` from a frame with row_id, rule, score, flagged, suggestion; adds where each row stands."""
    import polars as pl

    keys = snapshot.frame("row_id").collect()
    joined = judged.join(keys, on="row_id", how="left", maintain_order="left")
    kinds = {name: getattr(pl, kind) for name, kind in ROW_COLUMNS.items()}
    return joined.select(pl.col(name).cast(kind) for name, kind in kinds.items())
