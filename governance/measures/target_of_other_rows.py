"""Whether a column repeats the target of another row in order: of an earlier one, as a lag does, or of a later one.

Neighbouring rows of a series are alike, so a column that repeats the target of one row nearly repeats those beside it.
Of two rows the one is meant where the column agrees with it alone, and hardly ever with the other alone: the discordant
pairs that Q. McNemar's test counts (Psychometrika 12, 1947).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.single_feature import class_skill, on_a_line, recoding

FARTHEST = 400
"""Rows before and after that are tried: a year of days, two weeks of hours, a day of five minutes."""
STEPS = 7
"""Rows so near, to a row and to the one whose target a column repeats, are compared in full: a week of days."""
GLANCED_AT = 1000
"""Rows in which a column is first held against the target of farther rows."""
IN_ORDER = 0.8
"""Correlation of ranks below which a column is not on a line with the target in SAME of the rows."""
SAME = 0.95
"""Share of the rows, and for classes their skill, in which the column says what the target of the other row says."""
LEAST_ROWS = 50
"""Rows with a value and with another row, from which on anything is said."""
LEAST_TELLING = 10
"""Rows in which it agrees with this row alone and not with a neighbour of it: by chance as rare as 1 in 1,000."""
MOST_AGAINST = 0.05
"""Share of the rows that tell two neighbours apart, in which it may agree with the other one."""
LOOKED_AT = 4000


@dataclass(frozen=True)
class OtherRow:
    """Whose target a column repeats."""

    steps: int
    """Rows in order from a row to the one whose target it tells: negative for an earlier one."""
    same: int
    """Rows in which it does, of `rows` that were looked at."""
    rows: int


def target_of_other_row(
    values: NDArray[np.float64], target: NDArray[np.float64], series: NDArray[np.int64], classes: int
) -> OtherRow | None:
    """The row whose target a column repeats, another than its own, on a line or in another coding; None when there is none.

    `values` (rows,) and `target` (rows,), NaN for missing, stand in order within each of `series` (rows,), the rows of
    which stand together. `classes`: how many the target has, whose numbers it then holds; 0 for a target of numbers, and
    `values` are level numbers, or numbers, in turn.
    """
    known = np.flatnonzero(np.isfinite(values))
    if known.size < LEAST_ROWS:
        return None
    rows = known[evenly_spaced(known.size, LOOKED_AT)]
    agreed: dict[int, NDArray[np.int64]] = {}
    score: dict[int, float] = {}

    def compare(tried: Iterable[int]) -> None:
        for steps in tried:
            if steps not in agreed:
                agreed[steps], score[steps] = _agreement(values, target, series, rows, steps, classes)

    compare(range(-STEPS, STEPS + 1))
    compare(_far(values, target, series, rows, classes))
    best = max((steps for steps in agreed if steps), key=lambda steps: (score[steps], -abs(steps)))
    if score[best] < SAME:
        return None
    compare(range(best - STEPS, best + STEPS + 1))
    here = agreed[best]
    for steps, there in agreed.items():
        alone, against = int(((here == 1) & (there == 0)).sum()), int(((here == 0) & (there == 1)).sum())
        compared = bool(((here >= 0) & (there >= 0)).any())
        if steps != best and compared and (alone < LEAST_TELLING or against > MOST_AGAINST * (alone + against)):
            return None
    return OtherRow(best, int((here == 1).sum()), int((here >= 0).sum()))


def _far(
    values: NDArray[np.float64],
    target: NDArray[np.float64],
    series: NDArray[np.int64],
    rows: NDArray[np.int64],
    classes: int,
) -> list[int]:
    """Steps beyond STEPS at which the column nearly says what the target says, in GLANCED_AT rows."""
    glanced = rows[evenly_spaced(rows.size, GLANCED_AT)]
    steps = np.arange(STEPS + 1, min(FARTHEST, target.size - 1) + 1)
    steps = np.column_stack([-steps, steps]).ravel()
    if not classes:  # what lies on a line is in order
        steps = steps[np.abs(_in_order(values, target, series, glanced, steps)) >= IN_ORDER]
    elif np.unique(values[rows]).size * 5 > rows.size:
        return []  # no level is a class's own
    least = 1 - 2 * (1 - SAME)
    return [n for n in steps.tolist() if _agreement(values, target, series, glanced, n, classes)[1] >= least]


def _in_order(
    values: NDArray[np.float64],
    target: NDArray[np.float64],
    series: NDArray[np.int64],
    rows: NDArray[np.int64],
    steps: NDArray[np.int64],
) -> NDArray[np.float64]:
    """(steps,) the correlation of the ranks of the values of `rows` with those of the target so many steps on."""
    place = rows + steps[:, None]
    at = np.clip(place, 0, target.size - 1)
    there = (place == at) & (series[at] == series[rows]) & np.isfinite(target[at])
    ranks = np.argsort(np.argsort(target)).astype(np.float64)
    x = np.broadcast_to(np.argsort(np.argsort(values[rows])).astype(np.float64), at.shape)
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    x, y = (np.where(there, part - (part * there).sum(axis=1, keepdims=True) / count, 0.0) for part in (x, ranks[at]))
    size = np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    return np.asarray((x * y).sum(axis=1) / np.maximum(size, np.finfo(float).tiny), dtype=np.float64)


def _agreement(
    values: NDArray[np.float64],
    target: NDArray[np.float64],
    series: NDArray[np.int64],
    rows: NDArray[np.int64],
    steps: int,
    classes: int,
) -> tuple[NDArray[np.int64], float]:
    """For each of `rows` whether it agrees with the target `steps` rows on (1), does not (0) or there is none (-1), and
    how well all do (0 to 1)."""
    place = rows + steps
    there = (place >= 0) & (place < target.size)
    at = np.where(there, place, 0)
    there &= (series[at] == series[rows]) & np.isfinite(target[at])
    agreed = np.where(there, 0, -1).astype(np.int64)
    if there.sum() < LEAST_ROWS:
        return agreed, 0.0
    ours, theirs = values[rows[there]], target[at[there]]
    if classes:
        labels = theirs.astype(np.int64)
        same = recoding(ours.astype(np.int64), labels, classes)
        score = 0.0 if same is None else min(class_skill(same, labels), float(same.mean()))
    else:
        same = on_a_line(ours, theirs)
        score = 0.0 if same is None else float(same.mean())
    if same is not None:
        agreed[there] = same
    return agreed, score
