"""Do values come in bursts? Events follow each other within seconds, so that times lie near together by nature.

Source: A.-L. Barabási. The origin of bursts and heavy tails in human dynamics. Nature 435, 2005.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EDGE = 0.05
"""Nearer than so large a share of pairs, chances are even where values do not come in bursts."""


def bursts(usual: Floats, asked: Floats, step: float) -> Floats:
    """(asked,) how many times as often as even spreading has it pairs lie no farther apart than the distances `asked`;
    1 and more.

    `usual` (pairs,) are distances of pairs that are no copies, and `step` is that in which values are written. Of a
    count its likely error is taken off, so that few pairs show nothing.
    """
    if not usual.size:
        return np.ones(asked.size)
    near = np.sort(usual)
    edge = float(near[int(EDGE * near.size)])
    counted = np.searchsorted(near, asked, side="right").astype(np.float64)
    even = EDGE * near.size * (np.minimum(asked, edge) + step / 2) / max(edge + step / 2, 1e-300)
    told = np.where(asked < edge, (counted - 2 * np.sqrt(counted)) / np.maximum(even, 1e-300), 1.0)
    return np.asarray(np.maximum(told, 1.0), dtype=np.float64)
