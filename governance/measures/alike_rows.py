"""Are the rows of a pattern more alike in everything else than other rows are, as visits of one person or copies are?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.trigger_test import excess
from governance.measures.trigger_views import ASKED, View

FELLOWS = 100
"""Of more rows of a pattern an evenly spaced sample is asked."""
LEVEL = 0.001
"""Rows planted from one class are a little more alike than rows of all classes; those of one person far more."""


def more_alike(view: View, rows: NDArray[np.int64], features: NDArray[np.int64], total: int) -> bool:
    """Whether `rows`, of so many in `total`, have each other for nearest rows more often than chance allows.

    The pattern's own `features` take no part. Among rows that are exchangeable, one of the two nearest of a pool (the
    other may be the row itself) is of the pattern about as often as the pattern's share of the pool is.
    """
    mine = rows[evenly_spaced(rows.size, FELLOWS)]
    others = np.setdiff1d(np.arange(total), rows)
    pool = np.union1d(mine, others[evenly_spaced(others.size, ASKED - FELLOWS)])
    near = view.nearest(mine, features, np.setdiff1d(np.arange(total), pool), 2)
    met = (np.isin(near, mine) & (near != mine[:, None])).any(axis=1)
    expected = mine.size * min(2 * (mine.size - 1) / max(pool.size - 1, 1), 1.0)
    return bool(excess(float(met.sum()), float(mine.size), expected) <= np.log(LEVEL))
