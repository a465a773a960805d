"""Whether a cell of two factors departs from what the other cells make expected when both factors' effects add up.

The expected mean of a cell is that of the least-squares fit without interaction to all other cells. The test is the score
test of the cell's own effect, with the variance of sums over independent units, which holds whatever the spread in cells.

Sources: D. Freedman, The American Statistician 61, 2007 (score tests, and variances under what is tested); R. Frisch, F. Waugh,
Econometrica 1, 1933 (one effect beside others).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import stdtr

LEAST_FREE = 1e-6
"""Where the other cells leave a cell's mean no freedom, as in a table of one row or column, nothing can be said of it."""


def cell_departures(
    values: NDArray[np.float64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    units: NDArray[np.int64] | None = None,
) -> dict[tuple[int, int], tuple[float, float]]:
    """For each cell (level of `one`, level of `other`) that has rows: its mean less the expected, and the p-value that they
    are equal. All arrays are (rows,); rows of one of the `units` are not independent. 0 and 1 where that cannot be told."""
    width = int(other.max(initial=0)) + 1
    cells, cell = np.unique(one * width + other, return_inverse=True)
    size = np.bincount(cell).astype(np.float64)
    mean = np.bincount(cell, weights=values) / size
    design = np.hstack([np.eye(int(one.max(initial=0)) + 1)[cells // width], np.eye(width)[cells % width]])
    root = np.sqrt(size)[:, None]
    basis = np.linalg.svd(design * root, full_matrices=False)
    kept = basis.U[:, 1e-9 * basis.S.max() < basis.S]
    left = mean - (kept @ (kept.T @ (mean * root[:, 0]))) / root[:, 0]
    residual = values - (mean - left)[cell]
    member = np.arange(values.size) if units is None else np.unique(units, return_inverse=True)[1]
    count = int(member.max(initial=-1)) + 1
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for place, code in enumerate(cells.tolist()):
        free = 1.0 - float((kept[place] ** 2).sum())
        departs, p_value = 0.0, 1.0
        if free > LEAST_FREE:
            # The part of "is it this cell?" that both factors do not tell, by cell.
            own = -(kept @ kept[place]) / root[:, 0] * root[place, 0]
            own[place] += 1.0
            sums = np.bincount(member, weights=own[cell] * residual, minlength=count)
            spread = math.sqrt(float((sums**2).sum()))
            departs = float(left[place]) / free
            if spread > 0 and count > 2:
                p_value = 2 * float(stdtr(count - 1, -abs(float(sums.sum())) / spread))
        found[code // width, code % width] = (departs, p_value)
    return found
