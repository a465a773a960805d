"""A snapshot beside the sketch of another one: the same aspects as of rows, from counts alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Task
from governance.reporting.content_comparison import compare_content
from governance.reporting.joint_comparison import Joint
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

    def bins(self, name: str) -> NDArray[np.int64]:
        """The bin of each row of the snapshot in the sketch's bins of column `name`; -1 where missing."""
        column = self.reference.column(name)
        assert column is not None
        return bins_in(column, self.snapshot)


def sketch_pairs(reference: Sketch, snapshot: Snapshot, current: Sketch) -> list[ColumnPair]:
    """Each column that both have, in the bins of `reference`; `current` is the sketch of `snapshot`."""
    import numpy as np

    features = {column.name for column in snapshot.features} | {snapshot.target}
    pairs = []
    for column in snapshot.columns:
        old, new = reference.column(column.name), current.column(column.name)
        if old is None or new is None or column.name not in features or old.type is not new.type:
            continue
        nulls, now = sum(old.nulls.values()), sum(new.nulls.values())
        if nulls or now:
            counts = np.array([reference.rows - nulls, nulls], float), np.array([snapshot.rows - now, now], float)
            pairs.append(ColumnPair(column.name, "missing", *counts, False, ("known", "missing")))
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
        pairs.append(found)
    return pairs


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


def sketch_joint(reference: Sketch, snapshot: Snapshot, current: Sketch) -> tuple[Joint, ...]:
    """Ties between columns, labels given each column, and what texts and images hold; `current` is of `snapshot`."""
    found = [_ties(reference, snapshot), _concept(reference, snapshot), compare_content(reference, snapshot, current)]
    return tuple(test for test in found if test is not None)


def _ties(reference: Sketch, snapshot: Snapshot) -> Joint | None:
    """The correlation that changed most: Fisher's z, allowing for the number of pairs."""
    import numpy as np
    from scipy.special import ndtr

    from governance.sketches.compute import score_matrix

    here = {column.name for column in snapshot.columns if column.type.numeric and not column.private}
    columns = [reference.column(name) for name in reference.correlated if name in here]
    kept = [column for column in columns if column is not None]
    if len(kept) < 2 or reference.correlation_rows < 30:
        return None
    scores, complete = score_matrix(snapshot, kept)
    if complete.sum() < 30:
        return None
    with np.errstate(all="ignore"):
        now = np.nan_to_num(np.atleast_2d(np.corrcoef(scores[complete], rowvar=False)))
    place = {name: number for number, name in enumerate(reference.correlated)}
    before = np.eye(len(place))
    before[np.triu_indices(len(place), 1)] = reference.correlations
    spread = (1 / (reference.correlation_rows - 3) + 1 / (int(complete.sum()) - 3)) ** 0.5
    best, pairs = (-1.0, 0, 0), 0
    for one, other in combinations(range(len(kept)), 2):
        old = before[place[kept[one].name], place[kept[other].name]]
        z = abs(np.arctanh(np.clip(old, -0.999, 0.999)) - np.arctanh(np.clip(now[one, other], -0.999, 0.999))) / spread
        best, pairs = max(best, (float(z), one, other)), pairs + 1
    _, one, other = best
    old = float(before[place[kept[one].name], place[kept[other].name]])
    new = float(now[one, other])
    names = tuple(sorted((kept[one].name, kept[other].name)))
    words = f"{kept[one].name} and {kept[other].name}, rank correlation {new:.2f} and {old:.2f}"
    p_value = min(1.0, 2 * float(ndtr(-best[0])) * pairs)
    return Joint("ties", p_value, min(1.0, abs(old - new)), words, names)


def _concept(reference: Sketch, snapshot: Snapshot) -> Joint | None:
    """Shares of classes within each bin of each column, bins summed; the column that changed most."""
    import numpy as np
    from scipy.special import chdtrc

    if snapshot.target != reference.target or not reference.classes or snapshot.task is not reference.task:
        return None
    labels = _class_rows(reference, snapshot)
    if labels is None:
        return None
    best: tuple[float, float, str] | None = None
    tried = 0
    for old in reference.columns:
        if not old.by_class or old.name not in {column.name for column in snapshot.features}:
            continue
        column = snapshot.column(old.name)
        if (column.private and old.kind != "characters") or column.type is not old.type:
            continue
        bins = bins_in(old, snapshot)
        before = np.array(old.by_class, float)
        known = (bins >= 0) & (labels >= 0)
        cell = labels[known] * before.shape[1] + np.array(old.coarse)[bins[known]]
        now = np.bincount(cell, minlength=before.size).reshape(before.shape).astype(float)
        statistic, freedom, size = _within(before, now)
        if freedom == 0:
            continue
        tried += 1
        p_value = float(chdtrc(freedom, statistic))
        effect = (max(0.0, statistic - freedom) / size) ** 0.5
        if best is None or (p_value, -effect) < (best[0], -best[1]):
            best = (p_value, effect, old.name)
    if best is None:
        return None
    words = f"among rows of like {best[2]}, strength {best[1]:.3f} on a scale of 0 to 1"
    return Joint(
        "concept", min(1.0, best[0] * tried), min(1.0, best[1]), words, tuple(sorted({best[2], str(snapshot.target)}))
    )


def _class_rows(reference: Sketch, snapshot: Snapshot) -> NDArray[np.int64] | None:
    """The class of each row, in the classes of `reference`; -1 where the label is missing."""
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers
    from governance.measures.grids import bin_of
    from governance.sketches.binning import level_bins, series_of

    assert snapshot.target is not None
    if snapshot.column(snapshot.target).private:
        return None
    series = series_of(snapshot, snapshot.target)
    if snapshot.task is Task.REGRESSION:
        numbers = to_numbers(series)
        known = np.isfinite(numbers)
        return np.where(known, bin_of(np.where(known, numbers, 0.0), np.array(reference.class_cuts)), -1).astype(
            np.int64
        )
    return level_bins(series.cast(pl.String), reference.classes[:-1])


def _within(before: NDArray[np.float64], now: NDArray[np.float64]) -> tuple[float, int, float]:
    """Pearson's statistic of classes (rows) within each bin (columns), summed; degrees of freedom; effective rows.

    Cells that expect fewer than five rows are pooled.
    """
    import numpy as np

    statistic, freedom, size = 0.0, 0, 0.0
    for first, second in zip(before.T, now.T, strict=True):
        n, m = float(first.sum()), float(second.sum())
        if min(n, m) < 20:
            continue
        small = (first + second) / (n + m) * min(n, m) < 5
        table = np.array([np.append(part[~small], part[small].sum()) for part in (first, second)])
        table = table[:, (table.sum(axis=0) / (n + m) * min(n, m)) >= 5]
        if table.shape[1] < 2:
            continue
        shares = table.sum(axis=0) / table.sum()
        gap = table[0] / table[0].sum() - table[1] / table[1].sum()
        weight = n * m / (n + m)
        statistic += weight * float((gap**2 / shares).sum())
        freedom += table.shape[1] - 1
        size += weight
    return statistic, freedom, size


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
            found.append((name, f"is {_article(new[name].type)} and was {_article(old[name].type)}"))
        elif old[name].role is not new[name].resolved_role:
            found.append((name, f"has the role {new[name].resolved_role} and had {old[name].role}"))
    if reference.target != snapshot.target:
        found.append((str(snapshot.target), f"is the target; it was {reference.target}"))
    return found


def _article(kind: ColumnType) -> str:
    return f"an {kind}" if kind.value[0] in "aeiou" else f"a {kind}"
