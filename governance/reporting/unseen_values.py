"""Columns of too many levels to be counted one by one: rows of the second set whose value the first set lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.reporting.column_comparison import LEVEL_ROWS, LEVELS, ColumnPair
from governance.reporting.row_comparison import RowPair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn

LEFT_OUT = 0.2
"""It is asked where more than this share of the known values is in no level that is counted by itself."""
LOOKED_AT = 20_000
"""So many rows at most, in proportion of either set and evenly spaced: rows stand in order of their hashes."""
NAMES = {ColumnType.STRING, ColumnType.CATEGORY}


def unseen_pairs(pair: RowPair, column: SnapshotColumn) -> list[ColumnPair]:
    """One aspect of the column, or none where its levels are few or no value repeats."""
    import numpy as np
    import polars as pl

    from governance.measures.encoding import value_codes
    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.unseen_values import unseen_values

    if column.type not in NAMES or column.resolved_role is Role.TEXT:
        return []
    text = pair.series(column.name).cast(pl.String)
    known = np.flatnonzero(text.is_not_null().to_numpy())
    rows = text.drop_nulls().value_counts(name="_rows")["_rows"]
    counted = rows.filter(rows >= LEVEL_ROWS).sort(descending=True).head(LEVELS).sum()
    if known.size == 0 or known.size - counted <= LEFT_OUT * known.size:
        return []
    picked = known[evenly_spaced(known.size, LOOKED_AT)]
    second = pair.is_second[picked]
    groups = None if pair.groups is None else pair.groups[picked]
    found = unseen_values(value_codes(text.gather(picked)), second, groups)
    if found is None:
        return []
    here, there = float((~second).sum()), float(second.sum())
    unseen = np.array([there * (1 - found.share), there * found.share])
    return [ColumnPair(column.name, "unseen", np.array([here, 0.0]), unseen, ordered=False, unseen=found)]


def unseen_bins(pair: RowPair, column: SnapshotColumn) -> NDArray[np.int64]:
    """For each row 1 when the first set lacks its value, else 0; -1 where missing."""
    import numpy as np
    import polars as pl

    text = pair.series(column.name).cast(pl.String)
    here = text.filter(pl.Series(~pair.is_second)).drop_nulls().unique()
    lacking = ~text.is_in(here.to_list()).fill_null(True).to_numpy()
    return np.where(text.is_null().to_numpy(), -1, lacking.astype(np.int64))
