"""Evenly spaced rows: a sample that repeats, and a random one where rows stand in order of their hashes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def evenly_spaced(rows: int, most: int) -> NDArray[np.int64]:
    """At most `most` different positions of `rows` (0 to rows - 1), ascending; all of them where they are no more."""
    if rows <= most:
        return np.arange(rows)
    return np.linspace(0, rows - 1, most).astype(np.int64)
