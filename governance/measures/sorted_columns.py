"""How many values of sorted columns lie below others: many columns in one pass."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

FEW = 64


def below(
    ordered: NDArray[np.floating],
    column: NDArray[np.int64],
    value: NDArray[np.floating],
    side: Literal["left", "right"],
) -> NDArray[np.int64]:
    """(values,) as np.searchsorted, each `value` in its own `column` of `ordered` (rows, columns), which ascend."""
    if column.size < FEW:  # one by one, as a step of all takes longer than a whole search in one
        found = [ordered[:, each].searchsorted(one, side) for each, one in zip(column.tolist(), value, strict=True)]
        return np.array(found, dtype=np.int64)
    low, high = np.zeros(column.size, dtype=np.int64), np.full(column.size, len(ordered), dtype=np.int64)
    for _ in range(len(ordered).bit_length()):
        middle = (low + high) // 2
        there = ordered[np.minimum(middle, len(ordered) - 1), column]
        above = (middle < high) & ((there < value) if side == "left" else (there <= value))
        low, high = np.where(above, middle + 1, low), np.where(above, high, middle)
    return low
