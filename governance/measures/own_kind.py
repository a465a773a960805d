"""Are the rows of one level of another kind than the rest, so that a model may know less of them?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]


def own_kind(neighbours: Codes, mine: NDArray[np.bool_], *, draws: int = 99, seed: int = 0) -> float:
    """The p-value of rows that are `mine` (rows,) standing among their own kind oftener than rows given out at random.

    `neighbours` (rows, k) are positions of rows that look alike, -1 for none. Counted are the neighbours of rows that are mine which
    are mine, too; chance is as many rows drawn at random (M. Schilling, Journal of the American Statistical Association 81,
    1986). Pass rows in order of row_id: draws are of positions.
    """
    generator = np.random.default_rng(seed)
    known = neighbours >= 0

    def together(rows: Codes, drawn: NDArray[np.bool_]) -> int:
        return int((drawn[neighbours[rows]] & known[rows]).sum())

    size = int(mine.sum())
    observed, reached = together(np.flatnonzero(mine), mine), 0
    for _ in range(draws):
        rows = generator.choice(mine.size, size, replace=False, shuffle=False)
        drawn = np.zeros(mine.size, dtype=np.bool_)
        drawn[rows] = True
        reached += together(rows, drawn) >= observed
    return (1 + reached) / (1 + draws)
