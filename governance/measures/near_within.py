"""Neighbours of a sample of rows within the sample, from the neighbours of all rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

AT_ONCE = 10_000
"""Rows of the sample whose candidates are in memory: some hundred each."""


def near_within(
    index: NDArray[np.int64], sample: NDArray[np.int64], group: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """(sample, k) places in `sample` of near rows of other groups, nearest first as far as is known; -1 where there are none.

    `index` (all rows, k) are positions of each row's nearest; `sample` (n,) are positions of rows, and `group` (n,) what
    they belong to. A neighbour outside the sample is followed to its own neighbours: what is near to the near is near.
    """
    place = np.full(len(index), -1, dtype=np.int64)
    place[sample] = np.arange(sample.size)
    own = np.arange(sample.size) if group is None else group
    k = index.shape[1]
    found = np.full((sample.size, k), -1, dtype=np.int64)
    for first in range(0, sample.size, AT_ONCE):
        part = slice(first, first + AT_ONCE)
        nearest = index[sample[part]]
        candidates = place[nearest]
        candidates[own[candidates] == own[part, None]] = -1
        few = np.flatnonzero((candidates < 0).any(axis=1))
        if few.size and (place[nearest[few]] < 0).any():
            further = place[index[nearest[few]]].reshape(few.size, -1)
            further[own[further] == own[part][few, None]] = -1
            found[first + few] = _first(np.hstack([candidates[few], further]), k)
            whole = np.setdiff1d(np.arange(len(candidates)), few)
            found[first + whole] = candidates[whole]
        else:
            found[part] = candidates
    return found


def _first(candidates: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """The first `k` different ones of each row that are not -1, in order; -1 fills."""
    order = np.argsort(candidates, axis=1, kind="stable")
    ranked = np.take_along_axis(candidates, order, axis=1)
    again = np.zeros(candidates.shape, dtype=bool)
    np.put_along_axis(again, order[:, 1:], ranked[:, 1:] == ranked[:, :-1], axis=1)
    wanted = (candidates >= 0) & ~again
    number = np.cumsum(wanted, axis=1)
    rows, columns = np.nonzero(wanted & (number <= k))
    found = np.full((len(candidates), k), -1, dtype=np.int64)
    found[rows, number[rows, columns] - 1] = candidates[rows, columns]
    return found
