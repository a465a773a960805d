"""Which rows hang together: connected components of a graph of pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.lean_imports import as_loaded


def components(first: NDArray[np.int64], second: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """(rows,) number, from 0, of the set of each row; rows of a pair (`first`, `second`) are in one set."""
    if not rows:
        return np.empty(0, dtype=np.int64)
    with as_loaded(np):  # as in special_functions.py
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components
    pairs = coo_array((np.ones(first.size, dtype=bool), (first, second)), shape=(rows, rows))
    return np.asarray(connected_components(pairs, directed=False)[1], dtype=np.int64)
