"""Do rows agree in a value by more than rows that are like them do?

What a picture shows its neighbours show too: tiles of one field agree in most of their pixels, with a patch or without.
So rows are compared with their own nearest rows (matching: P. Rosenbaum, D. Rubin, The American Statistician 39, 1985).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.special_functions import bdtrc

USUAL = 0.5
"""What at least this share of all rows holds is no part of any pattern, nor what this share of rows alike holds."""
ASKED_ROWS, ALIKE = 15, 30
"""Rows whose neighbours are asked, and neighbours that are."""
ENOUGH = 5
"""Fewer say nothing."""
BY_CHANCE = 0.01
"""Rows agree by more than chance at this level, when each agrees as likely as a row that is like them."""


def alike(neighbours: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Some of the `neighbours` (all rows, k; -1 for none) of `rows` (ascending) that are none of them."""
    found = np.unique(neighbours[rows[evenly_spaced(rows.size, ASKED_ROWS)]])
    found = np.setdiff1d(found[found >= 0], rows, assume_unique=True)
    return found[evenly_spaced(found.size, ALIKE)]


def beyond_alike(count: NDArray[np.int64], rows: int, held: NDArray[np.int64], others: int) -> NDArray[np.bool_]:
    """(values,) whether it is no chance that `count` of `rows` share a value, of which `held` of `others` alike do.

    Where fewer than ENOUGH others are known, it is taken to be none.
    """
    if others < ENOUGH:
        return np.ones(count.size, dtype=bool)
    return np.asarray(held <= _most_held(rows, others)[count], dtype=np.bool_)


@lru_cache(maxsize=4096)
def _most_held(rows: int, others: int) -> NDArray[np.int64]:
    """(rows + 1,) how many of `others` may share a value for it to be no chance that so many of `rows` do; -1 for never."""
    held, count = np.arange(others + 1)[:, None], np.arange(1, rows + 1)
    chance = bdtrc(count - 1, rows, (held + 0.5) / (others + 1))
    most = np.count_nonzero((chance <= BY_CHANCE) & (held < USUAL * others), axis=0) - 1
    return np.append(-1, most)
