"""Ties, concept and content of a snapshot beside the sketch of another one."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from governance.dataset import Task
from governance.reporting.content_comparison import compare_content
from governance.reporting.joint_comparison import Joint
from governance.reporting.sketch_comparison import SketchPair, bins_in

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.measures.dependent_rows import Dependence, Stratum
    from governance.sketches import Sketch
    from governance.snapshot import Snapshot


def sketch_joint(sketch: SketchPair, current: Sketch) -> tuple[Joint, ...]:
    """Ties between columns, labels given each column, and what texts and images hold; `current` is of the snapshot."""
    content = compare_content(sketch.reference, sketch.snapshot, current, sketch.groups)
    found = [_ties(sketch), _concept(sketch), content]
    return tuple(test for test in found if test is not None)


def _ties(sketch: SketchPair) -> Joint | None:
    """The correlation that changed most: Fisher's z, allowing for the number of pairs, and for what groups do to each."""
    import numpy as np

    from governance.measures.dependent_rows import two_sided
    from governance.sketches.compute import score_matrix

    reference, snapshot = sketch.reference, sketch.snapshot
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
    groups = None if sketch.groups is None else sketch.groups[complete]
    best, pairs = (2.0, 0.0, 0, 0), 0
    for one, other in combinations(range(len(kept)), 2):
        old = before[place[kept[one].name], place[kept[other].name]]
        z = abs(np.arctanh(np.clip(old, -0.999, 0.999)) - np.arctanh(np.clip(now[one, other], -0.999, 0.999))) / spread
        shared = None if groups is None else _of_correlation(scores[complete][:, [one, other]], groups)
        best, pairs = min(best, (two_sided(float(z), shared), -float(z), one, other)), pairs + 1
    _, _, one, other = best
    old = float(before[place[kept[one].name], place[kept[other].name]])
    new = float(now[one, other])
    names = tuple(sorted((kept[one].name, kept[other].name)))
    words = f"{kept[one].name} and {kept[other].name}, rank correlation {new:.2f} and {old:.2f}"
    return Joint("ties", min(1.0, best[0] * pairs), min(1.0, abs(old - new)), words, names)


def _of_correlation(scores: NDArray[np.float32], groups: NDArray[np.int64]) -> Dependence | None:
    """What groups do to the correlation of two columns of `scores` (rows, 2), by each row's influence on it."""
    import numpy as np

    from governance.measures.dependent_rows import mean_dependence

    centred = scores.astype(np.float64) - scores.mean(axis=0, dtype=np.float64)
    centred /= np.maximum(centred.std(axis=0), 1e-12)
    product = centred.prod(axis=1)
    return mean_dependence(product - product.mean() * (centred**2).sum(axis=1) / 2, groups)


def _concept(sketch: SketchPair) -> Joint | None:
    """Shares of classes within each bin of each column, bins summed; the column that changed most."""
    import numpy as np

    from governance.measures.dependent_rows import strata_dependence
    from governance.measures.special_functions import chdtrc

    reference, snapshot = sketch.reference, sketch.snapshot
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
        coarse = np.array(old.coarse)[bins[known]]
        cell = labels[known] * before.shape[1] + coarse
        now = np.bincount(cell, minlength=before.size).reshape(before.shape).astype(float)
        statistic, strata, size = _within(before, now)
        if not strata:
            continue
        tried += 1
        freedom = sum(stratum.pooled.size - 1 for stratum in strata)
        groups = sketch.groups
        shared = None if groups is None else strata_dependence(labels[known], coarse, groups[known], strata)
        p_value = float(chdtrc(freedom, statistic)) if shared is None else shared.p_value(statistic, freedom)
        expected = freedom * (1.0 if shared is None else shared.effect)
        effect = (max(0.0, statistic - expected) / size) ** 0.5
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


def _within(before: NDArray[np.float64], now: NDArray[np.float64]) -> tuple[float, list[Stratum], float]:
    """Pearson's statistic of classes (rows) within each bin (columns), summed; of which tables; effective rows.

    Cells that expect fewer than five rows are pooled.
    """
    import numpy as np

    from governance.measures.dependent_rows import Stratum

    statistic, size = 0.0, 0.0
    strata = []
    for number, (first, second) in enumerate(zip(before.T, now.T, strict=True)):
        n, m = float(first.sum()), float(second.sum())
        if min(n, m) < 20:
            continue
        small = (first + second) / (n + m) * min(n, m) < 5
        table = np.array([np.append(part[~small], part[small].sum()) for part in (first, second)])
        enough = (table.sum(axis=0) / (n + m) * min(n, m)) >= 5
        table = table[:, enough]
        if table.shape[1] < 2:
            continue
        shares = table.sum(axis=0) / table.sum()
        gap = table[0] / table[0].sum() - table[1] / table[1].sum()
        weight = n * m / (n + m)
        statistic += weight * float((gap**2 / shares).sum())
        # The class that holds the small ones stands last, or nowhere; -1 is a class that is left out.
        columns = np.where(enough, np.cumsum(enough) - 1, -1)
        place = np.where(small, columns[-1], columns[np.minimum(np.cumsum(~small) - 1, enough.size - 1)])
        strata.append(Stratum(number, place, shares))
        size += weight
    return statistic, strata, size
