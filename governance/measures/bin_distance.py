"""Columns that carry each other's values, by comparison with how they were: from counts per bin alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

FAR, NEAR = 0.5, 0.2
"""Total variation from which on a column is not as it was, and up to which it is as another one was."""


def total_variation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Half the sum of differences of two distributions over the same bins, 0 to 1; 1 when either is empty."""
    if first.sum() <= 0 or second.sum() <= 0:
        return 1.0
    return float(0.5 * np.abs(first / first.sum() - second / second.sum()).sum())


def moved(distance: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """Which column now holds what another one held; `distance` of (column now, column before), 0 to 1.

    A column counts when it is FAR from itself and NEAR exactly one other column that it is compared with.
    """
    found = {}
    for now in sorted({one for one, _ in distance}):
        if distance.get((now, now), 0.0) < FAR:
            continue
        near = [before for (one, before), value in distance.items() if one == now and before != now and value <= NEAR]
        if len(near) == 1:
            found[now] = near[0]
    return found
