"""A snapshot beside the sketch of another one: the same aspects as of rows, from counts alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.reporting.column_comparison import ColumnPair, edge_texts
from governance.sketches import ColumnSketch, Sketch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

DAY = 86_400_000_000
CHOSEN_BY_LUCK = 3.0
"""Levels are compared one by one when only by so many standard deviations of luck they could have been left out."""


@dataclass(frozen=True)
class SketchPair:
    """A sketch, and the snapshot that is compared with it."""

    reference: Sketch
    snapshot: Snapshot

    @cached_property
    def groups(self) -> NDArray[np.int64] | None:
        """A number for what each row of the snapshot belongs to, when rows are not independent. The rows of the sketch
        are unknown, and are taken to be grouped alike."""
        from governance.measures.group_numbers import group_numbers
        from governance.sketches.binning import series_of

        column = self.snapshot.grouping
        return None if column is None else group_numbers(series_of(self.snapshot, column.name))

    @property
    def sizes(self) -> tuple[int, int]:
        """Rows of the sketch, and of the snapshot."""
        return self.reference.rows, self.snapshot.rows

    def bins(self, name: str) -> NDArray[np.int64]:
        """The bin of each row of the snapshot in the bins that column `name` is compared in; -1 where missing."""
        return self.compared(name)[0]

    def compared(self, name: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The same, and in which of these each bin of the sketch lies: levels that stand in the sketch because they were
        frequent by chance are counted with the other levels."""
        import numpy as np

        column = self.reference.column(name)
        assert column is not None
        bins = bins_in(column, self.snapshot)
        place = np.arange(column.bins)
        if column.levels and column.total[-1] > 0:
            kept = frequent(np.array(column.total), np.bincount(bins[bins >= 0], minlength=column.bins), self._alike)
            place = np.append(np.where(kept, np.cumsum(kept) - 1, kept.sum()), kept.sum())
        return np.where(bins >= 0, place[np.maximum(bins, 0)], -1).astype(np.int64), place

    @cached_property
    def _alike(self) -> float:
        """By how much the variance of a count is inflated when rows of a group are wholly alike; 1 for independent rows."""
        import numpy as np

        if self.groups is None:
            return 1.0
        sizes = np.unique(self.groups, return_counts=True)[1].astype(np.float64)
        return float((sizes**2).sum() / sizes.sum())


def sketch_pairs(sketch: SketchPair, current: Sketch) -> list[ColumnPair]:
    """Each column that both have, in the bins of the sketch; `current` is the sketch of the snapshot."""
    import numpy as np

    from governance.sketches.binning import series_of

    reference, snapshot = sketch.reference, sketch.snapshot
    features = {column.name for column in snapshot.features} | {snapshot.target}
    pairs = []
    for column in snapshot.columns:
        old, new = reference.column(column.name), current.column(column.name)
        if old is None or new is None or column.name not in features or old.type is not new.type:
            continue
        nulls, now = sum(old.nulls.values()), sum(new.nulls.values())
        if nulls or now:
            counts = np.array([reference.rows - nulls, nulls], float), np.array([snapshot.rows - now, now], float)
            found = ColumnPair(column.name, "missing", *counts, False, ("known", "missing"))
            missing = series_of(snapshot, column.name).is_null().to_numpy().astype(np.int64)
            pairs.append(_grouped(found, missing, sketch.groups))
        # Whether values may be shown can change from version to version: then there is nothing to compare with.
        if old.kind != new.kind or old.kind == "nothing" or old.bins < 2:
            continue
        bins, place = sketch.compared(column.name)
        width = int(place.max()) + 1
        found = ColumnPair(
            column.name,
            "labels" if column.name == snapshot.target else "length" if old.kind == "characters" else "values",
            np.bincount(place, weights=old.total, minlength=width).astype(float),
            np.bincount(bins[bins >= 0], minlength=width).astype(float),
            ordered=not old.levels,
        )
        if old.levels:
            fresh = [level for level in new.levels if level not in old.levels] if old.total[-1] == 0 else []
            kept = [level for level, one in zip(old.levels, place[:-1].tolist(), strict=True) if one < width - 1]
            found = replace(found, names=(*kept, "other levels"), new_levels=len(fresh))
        elif old.kind != "characters":
            cuts = [cut * DAY for cut in old.cuts] if old.kind == "days" else list(old.cuts)
            shift = (new.mean - old.mean) / old.sd if old.sd and None not in (old.mean, new.mean) else None  # type: ignore[operator]
            found = replace(found, edges=edge_texts(cuts, old.kind == "days"), mean_shift=shift)
        pairs.append(_grouped(found, bins, sketch.groups))
    return pairs


def frequent(before: NDArray[np.int64], now: NDArray[np.int64], alike: float) -> NDArray[np.bool_]:
    """Which levels (bins - 1,) to compare one by one, of counts (bins,) of which the last is of all levels not named.

    A sketch names the levels that were most frequent in its own rows, so the least of these were so by luck, and are rarer
    in any other rows. Chosen are those that are frequent in both sets together, beyond what a level could be whose rows
    just failed to be named: that choice treats both sets alike. `alike` is the variance of a count over a binomial one's.
    """
    import numpy as np

    share = before.sum() / max(before.sum() + now.sum(), 1)
    least = float(before[:-1].min())
    blur = CHOSEN_BY_LUCK * (alike * share * (1 - share)) ** 0.5
    enough = ((blur + (blur**2 + 4 * share * least) ** 0.5) / (2 * share)) ** 2 if share > 0 else np.inf
    return np.asarray((before + now)[:-1] >= enough - 1e-6, dtype=np.bool_)


def _grouped(pair: ColumnPair, bins: NDArray[np.int64], groups: NDArray[np.int64] | None) -> ColumnPair:
    """The pair with what the `groups` of the snapshot's rows do to it, which have these `bins`."""
    from governance.measures.dependent_rows import bins_dependence

    if groups is None:
        return pair
    both = pair.first + pair.second
    found = bins_dependence(bins, groups, both / both.sum(), pair.ordered)
    return pair if found is None else replace(pair, dependence=found, design_effect=found.effect)


def bins_in(column: ColumnSketch, snapshot: Snapshot) -> NDArray[np.int64]:
    """The bin of each row of `snapshot` in the bins of another version's `column`; -1 where missing."""
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers
    from governance.measures.grids import bin_of
    from governance.sketches.binning import brightness, level_bins, series_of

    series = series_of(snapshot, column.name)
    if column.levels:
        return level_bins(series.cast(pl.String), column.levels)
    if column.kind == "brightness":
        numbers = brightness(snapshot, column.name)
    else:
        numbers = to_numbers(series.cast(pl.String).str.len_chars() if column.kind == "characters" else series)
    numbers = numbers / DAY if column.kind == "days" else numbers
    known = np.isfinite(numbers)
    return np.where(known, bin_of(np.where(known, numbers, 0.0), np.array(column.cuts)), -1).astype(np.int64)


def schema_differences(reference: Sketch, snapshot: Snapshot) -> list[tuple[str, str]]:
    """Columns that are there in one version only, or of another type or role: name, and what is so in words."""
    found = []
    old = {column.name: column for column in reference.columns}
    new = {column.name: column for column in snapshot.columns}
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            found.append((name, "is gone"))
        elif name not in old:
            found.append((name, "is new"))
        elif old[name].type is not new[name].type:
            found.append((name, f"is {article(new[name].type)} and was {article(old[name].type)}"))
        elif old[name].role is not new[name].resolved_role:
            found.append((name, f"has the role {new[name].resolved_role} and had {old[name].role}"))
    if reference.target != snapshot.target:
        found.append((str(snapshot.target), f"is the target; it was {reference.target}"))
    return found


def article(kind: ColumnType) -> str:
    """`an integer`, `a number`."""
    return f"an {kind}" if kind.value[0] in "aeiou" else f"a {kind}"
