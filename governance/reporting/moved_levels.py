"""In which levels of the other columns rows became less like the first set: where a shift is, and not only what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.evidence import Scalar, Table
from governance.reporting.column_comparison import LEVELS, TEXTS
from governance.reporting.moved_rows import Marks
from governance.reporting.row_comparison import compared_columns

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

LEAST_ROWS = 20
"""Rows of either set that a level must have."""
LEVEL = 0.001
"""Chance of any level when all moved alike."""
SHOWN = 6


def moved_levels(marks: list[Marks]) -> Table | None:
    """Levels of public columns that did not move themselves, within which rows moved more than within the others; None
    when there are none. Not told against a sketch, which does not hold what rows have together.
    """
    lines = [line for one in marks if one.columns for line in _levels(one)]
    if not lines:
        return None
    return Table(
        name="moved_within",
        caption="Levels of columns that did not move within which rows moved more than within the other levels: the chance "
        "that a row of the set that is named first is less like the other set than a row of the same level there "
        "(0.5 when nothing moved)",
        columns=("segment", "comparison", "chance_within", "chance_elsewhere", "p_adjusted"),
        rows=tuple(lines),
    )


def moved_most(marks: list[Marks], within: Table | None) -> dict[tuple[str, str], str]:
    """By comparison and moved column, the level `within` which rows moved most; only where that was told."""
    first: dict[str, str] = {}
    for segment, comparison, *_ in () if within is None else within.rows:
        first.setdefault(str(comparison), str(segment))
    return {
        (one.comparison.name, column): first[one.comparison.name]
        for one in marks
        for column in one.columns
        if one.comparison.name in first
    }


def _levels(marks: Marks) -> list[tuple[Scalar, ...]]:
    import numpy as np

    from governance.measures.multiplicity import holm
    from governance.measures.special_functions import ndtr

    rows = marks.comparison.rows
    assert rows is not None
    assert marks.positions is not None
    assert marks.score is not None
    second = rows.is_second[marks.positions]
    groups = None if rows.groups is None else np.unique(rows.groups[marks.positions], return_inverse=True)[1]
    found = []
    for column in compared_columns(rows.snapshot):
        plain = column.type in TEXTS or column.type is ColumnType.BOOLEAN
        if column.private or not plain or column.distinct > LEVELS or column.name in marks.columns:
            continue
        if rows.has(column.name):
            series = rows.series(column.name).gather(marks.positions)
            for level, within, elsewhere, z in _within(series, second, marks.score, groups):
                found.append((f"{column.name} = {level}", within, elsewhere, float(ndtr(-z))))
    adjusted = holm([one[-1] for one in found])
    told = [(*one[:-1], q) for one, q in zip(found, adjusted, strict=True) if q <= LEVEL]
    told.sort(key=lambda one: (one[-1], one[2] - one[1], one[0]))
    return [(one[0], marks.comparison.name, *one[1:]) for one in told[:SHOWN]]


def _within(
    series: pl.Series, second: NDArray[np.bool_], score: NDArray[np.float64], groups: NDArray[np.int64] | None
) -> list[tuple[str, float, float, float]]:
    """Each level that has enough rows: the area under the curve of `score` within it, the mean area within the others,
    and by how many standard errors it is larger. Levels are compared each with itself, as the values that moved may
    differ from level to level in both sets.
    """
    import numpy as np
    import polars as pl

    from governance.measures.encoding import value_codes
    from governance.measures.ranking_auc import auc_influence

    text = series.cast(pl.String)
    codes = value_codes(text)
    levels, parts = [], []
    for place, level in enumerate(text.drop_nulls().unique().sort().to_list()):
        inside = np.flatnonzero(codes == place)
        m = int(second[inside].sum())
        if min(m, inside.size - m) >= LEAST_ROWS:
            area, influence = auc_influence(score[inside], second[inside])
            levels.append(level)
            # Where hardly any rows overlap the spread that is seen is none; that of rows that did not move is the least.
            parts.append((area, inside, influence, (inside.size + 1) / (12 * m * (inside.size - m))))
    found = []
    for place, (level, part) in enumerate(zip(levels, parts, strict=True)):
        others = parts[:place] + parts[place + 1 :]
        if not others:
            continue
        weights = np.array([other[1].size for other in others]) / sum(other[1].size for other in others)
        elsewhere = float(sum(weight * other[0] for weight, other in zip(weights, others, strict=True)))
        owned = np.zeros(score.size)
        owned[part[1]] = part[2]
        least = part[3]
        for weight, other in zip(weights, others, strict=True):
            owned[other[1]] = -weight * other[2]
            least += float(weight) ** 2 * other[3]
        if groups is not None:
            owned = np.bincount(groups, weights=owned).astype(np.float64)
        error = max(float((owned**2).sum()), least) ** 0.5
        found.append((level, part[0], elsewhere, (part[0] - elsewhere) / error))
    return found
