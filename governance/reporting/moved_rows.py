"""Where a difference lies: the segments that became more or fewer, and the rows that are unlike the first set."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from governance.evidence import Scalar
from governance.reporting.column_comparison import LEVEL_ROWS, ColumnPair, bins_of
from governance.reporting.drift_tests import ColumnResult, Comparison, JointResult, moved_values
from governance.reporting.sketch_comparison import SketchPair
from governance.reporting.unseen_values import unseen_bins

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

SCORED_COLUMNS = 10
SURPRISE = 0.95
"""A row is pointed to when it is less like the first set than this share of that set's own rows."""


def segments(result: ColumnResult) -> list[tuple[Scalar, ...]]:
    """Levels, or about four ranges, of a moved column, with their shares in both sets; private ones without values."""
    pair = result.pair
    labels, first, second = _merged(pair)
    return [
        (f"{pair.column}{label}", result.comparison.name, float(a / pair.first.sum()), float(b / pair.second.sum()))
        for label, a, b in zip(labels, first, second, strict=True)
        if a + b >= LEVEL_ROWS
    ]


def _merged(pair: ColumnPair) -> tuple[list[str], list[float], list[float]]:
    import numpy as np

    if not pair.ordered:
        labels = [f" = {name}" for name in pair.names[: pair.first.size]]
        return labels, pair.first.tolist(), pair.second.tolist()
    shares = np.cumsum(pair.first + pair.second) / (pair.first.sum() + pair.second.sum())
    ends = sorted({int(np.searchsorted(shares, share)) for share in (0.25, 0.5, 0.75)} | {pair.first.size - 1})
    starts = [0, *[end + 1 for end in ends[:-1]]]
    first = np.add.reduceat(pair.first, starts).tolist()
    second = np.add.reduceat(pair.second, starts).tolist()
    if not pair.edges:
        return [f": range {number} of {len(ends)}" for number in range(1, len(ends) + 1)], first, second
    cuts = [pair.edges[end] for end in ends[:-1]]
    middle = [f": above {low} to {high}" for low, high in pairwise(cuts)]
    return ([f": up to {cuts[0]}", *middle, f": above {cuts[-1]}"] if cuts else [": any value"]), first, second


@dataclass(frozen=True)
class Marks:
    """Which rows of a comparison are unlike the first set."""

    comparison: Comparison
    frame: pl.DataFrame
    """Rows of the second set: row_id, rule, score, flagged, suggestion."""
    columns: tuple[str, ...] = ()
    """The moved columns that tell; empty against a sketch, and when the classifier of all columns tells."""
    positions: NDArray[np.int64] | None = None
    """Rows of both sets that were looked at, as positions in `RowPair`."""
    score: NDArray[np.float64] | None = None
    """(positions,) how unlike the first set each is."""


def moved_rows(marks: list[Marks]) -> pl.DataFrame | None:
    """Rows of each second set that are unlike the first."""
    import polars as pl

    return pl.concat([one.frame for one in marks]).filter(pl.col("flagged")) if marks else None


def mark_rows(columns: list[ColumnResult], joint: list[JointResult], comparisons: list[Comparison]) -> list[Marks]:
    """How unlike the first set each row is: by the moved columns' shares, else by the classifier.

    Against a sketch by the column that moved most, as a sketch does not say which values its rows had together.
    """
    import numpy as np
    import polars as pl

    found = []
    for comparison in comparisons:
        moved = moved_values(columns, comparison)
        if comparison.sketch is not None and moved:
            found.append(Marks(comparison, _by_sketch(comparison.sketch, moved[0].pair)))
        if comparison.rows is None:
            continue
        told = any(r.moved for r in joint if r.comparison is comparison and r.test.kind == "joint")
        if moved:
            rule, names = "drift/columns", ", ".join(r.pair.column for r in moved[:SCORED_COLUMNS])
            score = np.zeros(comparison.rows.is_second.size)
            for result in moved[:SCORED_COLUMNS]:
                score += _unlike(comparison, result.pair)
            positions = np.arange(score.size)
        elif told and comparison.joint.positions is not None and comparison.joint.score is not None:
            rule, names = "drift/joint", "all columns together"
            positions, score = comparison.joint.positions, comparison.joint.score
        else:
            continue
        second = comparison.rows.is_second[positions]
        usual = np.sort(score[~second])
        beyond = np.searchsorted(usual, score[second], side="left") / usual.size
        frame = pl.DataFrame(
            {
                "row_id": comparison.rows.keys["row_id"].gather(positions[second]),
                "rule": rule,
                "score": beyond,
                "flagged": beyond > SURPRISE,
                "suggestion": f"unlike {comparison.rows.first} in {names}",
            }
        )
        found.append(Marks(comparison, frame, tuple(r.pair.column for r in moved), positions, score))
    return found


def _unlike(comparison: Comparison, pair: ColumnPair) -> NDArray[np.float64]:
    """For each row, the logarithm of how much more frequent its bin is in the second set."""
    import numpy as np

    assert comparison.rows is not None
    column = comparison.rows.snapshot.column(pair.column)
    bins = (unseen_bins if pair.aspect == "unseen" else bins_of)(comparison.rows, column)
    return np.where(bins >= 0, _ratio(pair)[np.maximum(bins, 0)], 0.0)


def _ratio(pair: ColumnPair) -> NDArray[np.float64]:
    """For each bin, the logarithm of how much more frequent it is in the second set."""
    import numpy as np

    first, second = pair.first + 0.5, pair.second + 0.5
    return np.asarray(np.log(second / second.sum()) - np.log(first / first.sum()), dtype=np.float64)


def _by_sketch(sketch: SketchPair, pair: ColumnPair) -> pl.DataFrame:
    import numpy as np
    import polars as pl

    ratio = _ratio(pair)
    order = np.argsort(ratio, kind="stable")
    below = np.empty(ratio.size)
    below[order] = (np.cumsum(pair.first[order]) - pair.first[order]) / pair.first.sum()
    tied = np.searchsorted(ratio[order], ratio, side="left")
    below = below[order][tied]
    bins = sketch.bins(pair.column)
    beyond = np.where(bins >= 0, below[np.maximum(bins, 0)], 0.0)
    return pl.DataFrame(
        {
            "row_id": sketch.snapshot.frame("row_id").select("row_id").collect()["row_id"],
            "rule": "drift/labels" if pair.aspect == "labels" else "drift/columns",
            "score": beyond,
            "flagged": beyond > SURPRISE,
            "suggestion": f"unlike the reference in {pair.column}",
        }
    )
