"""One column of two sets of rows side by side: its values in bins, its missing values, its lengths."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from governance.dataset import ColumnType

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.measures.dependent_rows import Dependence
    from governance.measures.group_permutation import Grouped
    from governance.measures.unseen_values import Unseen
    from governance.reporting.row_comparison import RowPair

BINS = 64
LEVELS = 50
LEVEL_ROWS = 5
TEXTS = {ColumnType.STRING, ColumnType.TEXT, ColumnType.CATEGORY}


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
