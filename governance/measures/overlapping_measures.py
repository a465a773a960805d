"""Whether a number decides a column as a measure does, by where it lies, or as a code does, each value for itself.

A strength in whole units tells the grade of a steel, as nearly all with that very strength are of one; but where two
grades overlap, the rarer one is no mistake. Of a measure, values beside each other tell the same, and what breaks the rule
is what rows near by hold. Zip codes and years are like that too, but few slips happen to be what those near by hold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import bdtrc

ALIKE = 0.8
"""Share of the numbers whose majority is that of one beside them, from which they are a measure's."""
BY_CHANCE = 0.01
"""How seldom as many slips would be what rows near by hold as of the rows that break a rule; then the measure overlaps. Where
these are too few for that, all must be."""
DRAWN = 500
"""Rows for which it is worked out how often that would be."""


def held_near(
    numbers: NDArray[np.float64], codes: NDArray[np.int64], rows: NDArray[np.int64], least: int, many: int
) -> NDArray[np.bool_]:
    """Which of `rows` (k,), that break a rule, hold in `codes` (n,) what rows with other, near `numbers` (n,) hold; none where
    these are no measure, or do not overlap.

    Codes of -1 and numbers that are not finite are missing. A number has a majority from `least` rows; a measure has as
    `many` numbers with one. Near is up to the median, over the codes, of their numbers' median absolute deviation.
    """
    none = np.zeros(rows.size, dtype=bool)
    known = (codes >= 0) & np.isfinite(numbers)
    order = np.flatnonzero(known)[np.argsort(numbers[known], kind="stable")]
    value, held = numbers[order], codes[order]
    _, start, size = np.unique(value, return_index=True, return_counts=True)
    asked = np.flatnonzero(size >= least)
    if asked.size < max(many, 2) or not rows.size:
        return none
    majority = np.array([np.bincount(held[start[one] : start[one] + size[one]]).argmax() for one in asked.tolist()])
    same = majority[1:] == majority[:-1]
    if (np.append(same, False) | np.append(False, same)).mean() < ALIKE:
        return none
    # Rows by code, and by number within each code.
    by_code = np.argsort(held, kind="stable")
    ends = np.searchsorted(held[by_code], np.arange(int(held.max()) + 2))
    of_code = [value[by_code[ends[code] : ends[code + 1]]] for code in np.unique(majority).tolist()]
    near = float(np.median([np.median(np.abs(one - np.median(one))) for one in of_code]))
    found = none.copy()
    for nth, row in enumerate(rows.tolist()):
        own = value[by_code[ends[codes[row]] : ends[codes[row] + 1]]]
        found[nth] = _within(own, float(numbers[row]), near)
    sample = np.unique(np.linspace(0, rows.size - 1, min(rows.size, DRAWN)).astype(np.int64))
    chance = np.array([_chance(value, held, float(numbers[row]), near) for row in rows[sample].tolist()]).mean()
    beyond = bdtrc(int(found.sum()) - 1, rows.size, float(chance)) < BY_CHANCE if found.any() else False
    return found if beyond or found.all() else none


def _within(own: NDArray[np.float64], number: float, near: float) -> bool:
    """Whether any of `own`, ascending, but those equal to `number`, is `near`."""
    first, last = np.searchsorted(own, number, "left"), np.searchsorted(own, number, "right")
    below = first > 0 and number - own[first - 1] <= near
    above = last < own.size and own[last] - number <= near
    return bool(below or above)


def _chance(value: NDArray[np.float64], held: NDArray[np.int64], number: float, near: float) -> float:
    """How often another row's value, but that which most with `number` hold, is held near by."""
    first, last = np.searchsorted(value, number, "left"), np.searchsorted(value, number, "right")
    begin, end = np.searchsorted(value, number - near, "left"), np.searchsorted(value, number + near, "right")
    here = np.bincount(held[first:last]).argmax()
    around = np.isin(held, np.concatenate([held[begin:first], held[last:end]]))
    other = held != here
    return float((around & other).sum() / max(other.sum(), 1))
