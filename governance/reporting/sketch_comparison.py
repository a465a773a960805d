"""A snapshot beside the sketch of another one: the same aspects as of rows, from counts alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.reporting.row_comparison import ColumnPair, edge_texts
from governance.sketches import ColumnSketch, Sketch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

DAY = 86_400_000_000


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
        """The bin of each row of the snapshot in the sketch's bins of column `name`; -1 where missing."""
        column = self.reference.column(name)
        assert column is not None
        return bins_in(column, self.snapshot)


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
        bins = bins_in(old, snapshot)
        found = ColumnPair(
            column.name,
            "labels" if column.name == snapshot.target else "length" if old.kind == "characters" else "values",
            np.array(old.total, float),
            np.bincount(bins[bins >= 0], minlength=old.bins).astype(float),
            ordered=not old.levels,
        )
        if old.levels:
            fresh = [level for level in new.levels if level not in old.levels] if old.total[-1] == 0 else []
            found = replace(found, names=(*old.levels, "other levels"), new_levels=len(fresh))
        elif old.kind != "characters":
            cuts = [cut * DAY for cut in old.cuts] if old.kind == "days" else list(old.cuts)
            shift = (new.mean - old.mean) / old.sd if old.sd and None not in (old.mean, new.mean) else None  # type: ignore[operator]
            found = replace(found, edges=edge_texts(cuts, old.kind == "days"), mean_shift=shift)
        pairs.append(_grouped(found, bins, sketch.groups))
    return pairs


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
