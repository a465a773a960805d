"""Computes the sketch of a snapshot: one column in memory at a time, every row counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import Task
from governance.evidence import Outcome
from governance.sketches import OTHER, ColumnSketch, Sketch
from governance.sketches.binning import (
    BIN_ROWS,
    Binned,
    bin_column,
    detail,
    level_bins,
    named_levels,
    series_of,
    shortened,
    split_counts,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

COARSE = 8
LEAST_COARSE = 2
CLASSES = 10
TARGET_RANGES = 4
BY_CLASS = 60
"""Counts per class are given of the first so many columns."""
CORRELATED = 40
"""Correlations are given between the first so many numeric columns."""


def compute_sketch(snapshot: Snapshot) -> Sketch:
    """The sketch of `snapshot`; an empty one when there is no snapshot. Same rows, same bytes, in any order of rows."""
    manifest = snapshot.manifest
    if manifest.outcome is not Outcome.ASSESSED:
        return Sketch(dataset=manifest.dataset, data=manifest.digest, rows=0, splits={}).sealed()
    parts = _split_codes(snapshot)
    target = _target(snapshot, parts)
    columns: list[ColumnSketch] = []
    coarse = detail(COARSE, len(snapshot.columns), LEAST_COARSE)
    for column in snapshot.columns:
        found = bin_column(snapshot, column, parts)
        apart = column.name != snapshot.target and len(columns) < BY_CLASS
        columns.append(_by_class(found, target, coarse) if apart else found.sketch)
    correlated, correlations, complete = _correlations(snapshot, columns)
    return Sketch(
        dataset=manifest.dataset,
        data=manifest.digest,
        rows=manifest.rows,
        splits=dict(manifest.splits),
        task=manifest.task,
        target=manifest.target,
        classes=target.names,
        class_cuts=target.cuts,
        class_counts=target.counts,
        columns=tuple(columns),
        correlated=correlated,
        correlations=correlations,
        correlation_rows=complete,
    ).sealed()


def _split_codes(snapshot: Snapshot) -> NDArray[np.int64]:
    """For each row, in the order of `Snapshot.frame`, the position of its split."""
    import numpy as np

    return np.repeat(np.arange(len(snapshot.splits)), list(snapshot.manifest.splits.values()))


@dataclass(frozen=True)
class _Target:
    names: tuple[str, ...]
    cuts: tuple[float, ...]
    counts: dict[str, tuple[int, ...]]
    rows: NDArray[np.int64]
    """Class of each row, -1 when it is missing."""


def _target(snapshot: Snapshot, parts: NDArray[np.int64]) -> _Target:
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers
    from governance.measures.grids import bin_of, cut_points

    nothing = _Target((), (), {}, np.full(parts.size, -1, dtype=np.int64))
    if snapshot.target is None or snapshot.column(snapshot.target).private or not snapshot.task.labels_audited:
        return nothing
    series = series_of(snapshot, snapshot.target)
    if snapshot.task is Task.REGRESSION:
        numbers = to_numbers(series)
        known = np.isfinite(numbers)
        cuts = shortened(cut_points(numbers[known], TARGET_RANGES, least=BIN_ROWS, rounded=True))
        if cuts.size == 0:
            return nothing
        rows = np.where(known, bin_of(np.where(known, numbers, 0.0), cuts), -1)
        names = tuple(f"range {number}" for number in range(1, cuts.size + 2))
        return _Target(names, tuple(cuts.tolist()), split_counts(rows, parts, len(names), snapshot.splits), rows)
    text = series.cast(pl.String)
    levels = named_levels(text)[:CLASSES]
    rows = level_bins(text, levels)
    names = (*levels, OTHER)
    return _Target(names, (), split_counts(rows, parts, len(names), snapshot.splits), rows)


def _by_class(found: Binned, target: _Target, most: int) -> ColumnSketch:
    """The column's sketch with its counts per class in `most` coarse bins."""
    import numpy as np

    sketch = found.sketch
    if not target.names or sketch.bins < 2:
        return sketch
    if sketch.levels:
        coarse = np.minimum(np.arange(sketch.bins), most - 1)
    else:
        coarse = np.arange(sketch.bins) * most // max(sketch.bins, most)
    width = int(coarse.max()) + 1
    known = (found.bins >= 0) & (target.rows >= 0)
    cell = target.rows[known] * width + coarse[found.bins[known]]
    table = np.bincount(cell, minlength=width * len(target.names)).reshape(-1, width)
    return sketch.model_copy(
        update={"coarse": tuple(coarse.tolist()), "by_class": tuple(tuple(row) for row in table.tolist())}
    )


def _correlations(snapshot: Snapshot, columns: list[ColumnSketch]) -> tuple[tuple[str, ...], tuple[float, ...], int]:
    """Names, upper triangle and rows of the correlations between normal scores of numeric features."""
    import numpy as np

    features = {column.name for column in snapshot.features}
    numeric = [c for c in columns if c.kind == "numbers" and c.bins > 1 and c.name in features][:CORRELATED]
    if len(numeric) < 2:
        return (), (), 0
    names = tuple(column.name for column in numeric)
    scores, complete = score_matrix(snapshot, numeric)
    if complete.sum() < BIN_ROWS:
        return (), (), 0
    with np.errstate(all="ignore"):
        matrix = np.atleast_2d(np.nan_to_num(np.corrcoef(scores[complete], rowvar=False)))
    upper = (np.round(matrix, 3) + 0.0)[np.triu_indices(len(names), 1)]
    return names, tuple(upper.tolist()), int(complete.sum())


def score_matrix(snapshot: Snapshot, columns: list[ColumnSketch]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Normal scores (rows, columns) of numbers by the bins of `columns`, and which rows have all of them."""
    import numpy as np

    from governance.measures.encoding import to_numbers
    from governance.measures.grids import bin_of, normal_scores

    matrix = np.zeros((snapshot.rows, len(columns)), dtype=np.float32)
    complete = np.ones(snapshot.rows, dtype=bool)
    for place, column in enumerate(columns):
        numbers = to_numbers(series_of(snapshot, column.name))
        known = np.isfinite(numbers)
        scores = normal_scores(np.array(column.total))
        matrix[:, place] = scores[bin_of(np.where(known, numbers, 0.0), np.array(column.cuts))]
        complete &= known
    return matrix, complete
