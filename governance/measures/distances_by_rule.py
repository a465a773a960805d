"""Whether a later date follows from an earlier one by a rule, as a term of payment does, or falls where events fall."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
MOST_TERMS = 12
"""A rule knows no more distances than that."""
FEW = 0.02
"""In so many rows the rule may be broken."""
LEAST_ROWS = 20
"""Rows from which on a rule can be seen."""
LEAST_OF_TERM = 3
"""Rows of a distance that counts as one of the rule's."""


def few_apart(distances: NDArray[np.int64]) -> bool:
    """Whether `distances` (rows,) are few and none is beside another: 14, 30 and 60 days, where events that come when they
    do would come after 13 and 15 too."""
    if distances.size < LEAST_ROWS:
        return False
    values, counts = np.unique(distances, return_counts=True)
    terms = values[counts >= max(LEAST_OF_TERM, FEW * distances.size / MOST_TERMS)]
    held = counts[np.isin(values, terms)].sum()
    return bool(terms.size <= MOST_TERMS and held >= (1 - FEW) * distances.size and (np.diff(terms) > 1).all())


def by_working_days(earlier: Days, later: Days) -> bool:
    """The same of working days from Monday to Friday; `earlier` and `later` (rows,) of days."""
    return few_apart(np.busday_count(np.busday_offset(earlier, 0, roll="forward"), later).astype(np.int64))


def by_months(earlier: Days, later: Days) -> bool:
    """The same of whole months, from a day to the same day (or the last before it), or to the end of a month."""
    if later.size < LEAST_ROWS or np.unique(later).size < 2:
        return False
    month, first = earlier.astype("datetime64[M]"), later.astype("datetime64[M]")
    day, other = (
        (earlier - month.astype("datetime64[D]")).astype(int),
        (later - first.astype("datetime64[D]")).astype(int),
    )
    last = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(int) - 1
    months = (first - month).astype(np.int64)
    same = (other == np.minimum(day, last)) | (other == np.minimum(day, last) - 1)  # a term may end the day before
    few = np.unique(months).size <= MOST_TERMS
    return bool((few and same.mean() >= 1 - FEW) or (other == last).mean() >= 1 - FEW)


def by_level(levels: NDArray[np.int64], distances: NDArray[np.int64]) -> bool:
    """Whether each of a column's `levels` (rows,) has one distance, and not all the same: hours by priority."""
    values, level = np.unique(levels, return_inverse=True)
    if not 2 <= values.size <= MOST_TERMS or distances.size < LEAST_ROWS:
        return False
    usual = []
    kept = np.zeros(distances.size, dtype=bool)
    for number in range(values.size):
        here = level == number
        held, counts = np.unique(distances[here], return_counts=True)
        usual.append(int(held[counts.argmax()]))
        kept |= here & (distances == usual[-1])
    return bool(kept.mean() >= 1 - FEW and len(set(usual)) > 1)
