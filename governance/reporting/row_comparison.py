"""Two sets of rows side by side: the splits of a snapshot, or a snapshot and a file of reference rows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from governance.dataset import ColumnType, Role

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.measures.dependent_rows import Dependence
    from governance.measures.group_permutation import Grouped
    from governance.measures.unseen_values import Unseen
    from governance.snapshot import Snapshot

BINS = 64
LEVELS = 50
LEVEL_ROWS = 5
HELD_CELLS = 4_000_000
"""Up to so many values, all columns are read at once and held: a file that is opened for each column takes longer."""
TEXTS = {ColumnType.STRING, ColumnType.TEXT, ColumnType.CATEGORY}


GivenBy = Literal["", "chance", "time", "group"]


@dataclass(frozen=True)
class ColumnPair:
    """One aspect of one column in both sets."""

    column: str
    aspect: Literal["values", "missing", "length", "labels", "unseen"]
    first: NDArray[np.float64]
    """(bins,) rows of the first set."""
    second: NDArray[np.float64]
    ordered: bool
    """Whether bins are of numbers."""
    names: tuple[str, ...] = ()
    """For levels: the name of each bin, in words that may be shown."""
    edges: tuple[str, ...] = ()
    """For numbers: the cut points between bins, rounded, so that they are nobody's own; none for private columns."""
    design_effect: float = 1.0
    mean_shift: float | None = None
    """Difference of means in standard deviations of the first set; of two sets of rows, wild values drawn in."""
    new_levels: int = 0
    """Levels of the second set, with five rows or more, that the first does not have."""
    dependence: Dependence | None = None
    """Of rows that come in groups, when they are known of the second set alone."""
    grouped: Grouped | None = None
    """Of rows that come in groups, when they are known of both sets."""
    unseen: Unseen | None = None
    """Of the aspect `unseen`: rows of the second set whose value the first lacks."""
    drawn_in: int = 0
    """Of both sets of rows, values that were drawn in for `mean_shift`."""

    @property
    def rare_before(self) -> bool:
        """Whether the first set has rows of levels that are too rare to be counted one by one."""
        return 0 < len(self.names) == self.first.size and self.first[-1] > 0


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


def column_pairs(pair: RowPair, column: SnapshotColumn) -> list[ColumnPair]:
    """Values, or lengths of texts that do not repeat, and missing values of one column."""
    import numpy as np

    from governance.measures.group_permutation import compare_groups

    series = pair.series(column.name)
    found = []
    missing = series.is_null().to_numpy()
    if missing.any():
        found.append(_Binned(missing.astype(np.int64), "missing", names=("known", "missing")))
    found.append(_binned(series, column, pair))
    result = []
    for one in found:
        width = int(one.bins.max(initial=-1)) + 1
        if width < 2:
            continue
        known, side = one.bins >= 0, pair.is_second
        aspect = "labels" if column.name == pair.snapshot.target and one.aspect != "missing" else one.aspect
        grouped = None if pair.groups is None else compare_groups(one.bins, side, pair.groups, one.ordered)
        result.append(
            ColumnPair(
                column.name,
                aspect,
                np.bincount(one.bins[known & ~side], minlength=width).astype(np.float64),
                np.bincount(one.bins[known & side], minlength=width).astype(np.float64),
                one.ordered,
                one.names,
                one.edges,
                1.0 if grouped is None else grouped.effect,
                one.mean_shift,
                one.new_levels,
                grouped=grouped,
                drawn_in=one.drawn_in,
            )
        )
    return result


def bins_of(pair: RowPair, column: SnapshotColumn) -> NDArray[np.int64]:
    """The bin of each row in the column's values, -1 where missing; as column_pairs counts them."""
    return _binned(pair.series(column.name), column, pair).bins


def _binned(series: pl.Series, column: SnapshotColumn, pair: RowPair) -> _Binned:
    levels = column.type in TEXTS or column.type is ColumnType.BOOLEAN
    found = _level_bins(series, column, pair) if levels else None
    return found or _number_bins(series, column, pair)


@dataclass(frozen=True)
class _Binned:
    bins: NDArray[np.int64]
    aspect: Literal["values", "missing", "length", "labels"]
    ordered: bool = False
    names: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    mean_shift: float | None = None
    new_levels: int = 0
    drawn_in: int = 0


def _level_bins(series: pl.Series, column: SnapshotColumn, pair: RowPair) -> _Binned | None:
    """By level, most frequent first; None when most values hardly repeat."""
    import numpy as np
    import polars as pl

    text = series.cast(pl.String)
    counts = text.drop_nulls().value_counts(name="_rows").filter(pl.col("_rows") >= LEVEL_ROWS)
    if counts["_rows"].sum() < 0.5 * (text.len() - text.null_count()) or column.type is ColumnType.TEXT:
        return None
    levels = counts.sort(["_rows", text.name], descending=[True, False])[text.name].head(LEVELS).to_list()
    place = text.replace_strict(levels, list(range(len(levels))), default=len(levels), return_dtype=pl.Int64)
    bins = np.where(text.is_null().to_numpy(), -1, place.to_numpy()).astype(np.int64)
    shown = [f"level {n}" for n in range(1, len(levels) + 1)] if column.private else [str(level) for level in levels]
    here = text.filter(pl.Series(~pair.is_second)).drop_nulls().unique()
    there = text.filter(pl.Series(pair.is_second)).drop_nulls().value_counts(name="_rows")
    new = there.filter((pl.col("_rows") >= LEVEL_ROWS) & ~pl.col(text.name).is_in(here.to_list())).height
    return _Binned(bins, "values", names=(*shown, "rare levels"), new_levels=new)


def _number_bins(series: pl.Series, column: SnapshotColumn, pair: RowPair) -> _Binned:
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers
    from governance.measures.fences import drawn_in
    from governance.measures.grids import bin_of, cut_points

    aspect: Literal["length", "values"] = "length" if column.type in TEXTS else "values"
    numbers = to_numbers(series.cast(pl.String).str.len_chars() if aspect == "length" else series)
    known = np.isfinite(numbers)
    cuts = cut_points(numbers[known], BINS, least=5)
    there_is = ~np.isnan(numbers)  # infinite values are the largest and the smallest
    bins = np.where(there_is, bin_of(np.where(there_is, numbers, 0.0), cuts), -1)
    shift, wild = None, 0
    with np.errstate(all="ignore"):
        drawn = np.full(numbers.size, np.nan)
        drawn[known] = drawn_in(numbers[known])  # one typing error would rule a mean and a standard deviation
        wild = int((drawn[known] != numbers[known]).sum())
        here, there = drawn[known & ~pair.is_second], drawn[known & pair.is_second]
        if here.size > 1 and there.size and not series.dtype.is_temporal():
            moved = float((there.mean() - here.mean()) / here.std(ddof=1))
            shift = moved if np.isfinite(moved) else None
    edges = () if column.private or aspect == "length" else edge_texts(cuts.tolist(), series.dtype.is_temporal())
    return _Binned(bins, aspect, True, edges=edges, mean_shift=shift, drawn_in=wild)


def edge_texts(cuts: list[float], temporal: bool) -> tuple[str, ...]:
    """Cut points in words: three digits, or the month, of microseconds since 1970."""
    if temporal:
        start = datetime.datetime(1970, 1, 1)
        return tuple((start + datetime.timedelta(microseconds=cut)).strftime("%Y-%m") for cut in cuts)
    return tuple(f"{cut:.3g}" for cut in cuts)
