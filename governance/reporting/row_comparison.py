"""Two sets of rows side by side: the splits of a snapshot, or a snapshot and a file of reference rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from governance.dataset import ColumnType, Role

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.snapshot import Snapshot

HELD_CELLS = 4_000_000
"""Up to so many values, all columns are read at once and held: a file that is opened for each column takes longer."""

GivenBy = Literal["", "chance", "time", "group"]


@dataclass(frozen=True)
class RowPair:
    """Two sets of rows, first and second, with the columns that both have."""

    snapshot: Snapshot
    first: str
    """Name of the first set: a split, or `reference`."""
    second: str
    """Name of the second: a split, or `all`."""
    reference: pl.DataFrame | None = field(default=None, repr=False)
    """The first set, when it is no split."""

    @cached_property
    def keys(self) -> pl.DataFrame:
        """Row ids of the first set (null when it comes from a file), then of the second."""
        import polars as pl

        if self.reference is None:
            parts = [self.snapshot.frame("row_id", split=name).select("row_id") for name in (self.first, self.second)]
            return pl.concat(parts).collect()
        empty = pl.DataFrame({"row_id": [None] * self.reference.height}, schema={"row_id": pl.String})
        return pl.concat([empty, self.snapshot.frame("row_id").select("row_id").collect()])

    @cached_property
    def sizes(self) -> tuple[int, int]:
        """Rows of both sets."""
        if self.reference is None:
            return self.snapshot.manifest.splits[self.first], self.snapshot.manifest.splits[self.second]
        return self.reference.height, self.snapshot.rows

    @cached_property
    def is_second(self) -> NDArray[np.bool_]:
        """(rows,) which set each row is in."""
        import numpy as np

        return np.repeat([False, True], list(self.sizes))

    def series(self, name: str) -> pl.Series:
        """Values of one column: of the first set, then of the second."""
        import polars as pl

        def of(split: str | None) -> pl.Series:
            held = self._held.get(split)
            if held is not None and name in held.columns:
                return held[name]
            return self.snapshot.frame(name, split=split).select(pl.col(name)).collect().to_series()

        if self.reference is None:
            return pl.concat([of(self.first), of(self.second)])
        return pl.concat([self.reference[name], of(None)])

    @cached_property
    def _held(self) -> dict[str | None, pl.DataFrame]:
        """Columns that are compared, of each part of the snapshot that takes part; nothing of a large one."""
        names = [column.name for column in compared_columns(self.snapshot)]
        if not names or sum(self.sizes) * len(names) > HELD_CELLS:
            return {}
        parts = [None] if self.reference is not None else [self.first, self.second]
        return {part: self.snapshot.frame(*names, split=part).select(names).collect() for part in parts}

    def has(self, name: str) -> bool:
        """Whether both sets have the column."""
        return self.reference is None or name in self.reference.columns

    @cached_property
    def groups(self) -> NDArray[np.int64] | None:
        """A number for what each row belongs to, when rows are not independent (Snapshot.grouping)."""
        from governance.measures.group_numbers import group_numbers

        column = self.snapshot.grouping
        return group_numbers(self.series(column.name)) if column is not None and self.has(column.name) else None

    @cached_property
    def given_by(self) -> GivenBy:
        """Why the sets may differ without a fault: the split is by chance, or no time or group of one is in the other."""
        import numpy as np

        from governance.measures.encoding import to_numbers

        if self.reference is not None:
            return ""
        if self.snapshot.manifest.split_method == "ratio":
            return "chance"
        for column in self.snapshot.with_role(Role.TIMESTAMP):
            series = self.series(column.name)
            if series.dtype.is_temporal() or series.dtype.is_numeric():
                moments = to_numbers(series)
                here, there = moments[~self.is_second], moments[self.is_second]
                if np.isfinite(here).any() and np.isfinite(there).any():
                    apart = np.nanmax(here) <= np.nanmin(there) or np.nanmax(there) <= np.nanmin(here)
                    if apart and np.nanmin(moments) < np.nanmax(moments):
                        return "time"
        if self.groups is not None and any(self.snapshot.with_role(Role.GROUP)):
            here, there = np.unique(self.groups[~self.is_second]), np.unique(self.groups[self.is_second])
            repeat = here.size + there.size < self.is_second.size
            if repeat and not np.intersect1d(here, there).size:
                return "group"
        return ""


def compared_columns(snapshot: Snapshot) -> list[SnapshotColumn]:
    """Features and the target; images are compared by their embedding alone."""
    columns = (*snapshot.features, *snapshot.with_role(Role.TARGET))
    return [column for column in columns if column.type is not ColumnType.IMAGE]
