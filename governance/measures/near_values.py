"""Rows that hold nearly the value that a pattern's rows hold: the control of what is said of the value itself.

An honest effect of a number is smooth, alone or together with other columns: rows with nearly the value show it nearly as
much, whatever a model of sums makes of them. A value that was planted stands out from them. Comparing places on either side
of one at which something is thought to happen is a regression discontinuity design (D. Thistlethwaite, D. Campbell, Journal of
Educational Psychology 51, 1960).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def nearness(
    values: NDArray[np.floating], ordered: NDArray[np.bool_], features: Sequence[int], row: int
) -> NDArray[np.float64] | None:
    """(rows,) how far each row is from `row` in `features`: rows with values between, those with the same counted half.

    `values` (rows, columns) are places of values in their order, below 0 for missing; `ordered` (columns,) says where near
    places are near in meaning. The largest distance of the features; infinite where an unordered one differs or a value
    is missing. None where no feature is ordered and known.
    """
    far = np.zeros(len(values))
    found = False
    for feature in features:
        place = values[:, feature].astype(np.int64)
        own = int(place[row])
        if not ordered[feature] or own < 0:
            far[place != own] = np.inf
            continue
        held = np.bincount(place[place >= 0], minlength=own + 1)
        middle = np.cumsum(held) - held / 2
        far = np.maximum(far, np.where(place >= 0, np.abs(middle[place] - middle[own]), np.inf))
        found = True
    return far if found else None


def nearest(far: NDArray[np.float64], among: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most `most` of the rows `among` that are nearest, and no further than finitely `far`; of equally near ones the
    first, as rows stand in order of their hashes. Ascending."""
    known = among[np.isfinite(far[among])]
    return np.sort(known[np.argsort(far[known], kind="stable")[:most]])
