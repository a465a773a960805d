"""Whether two images are one picture of which a margin was cut off: compared after laying one over the other.

A perceptual hash sees a picture moved and enlarged by a twentieth as another one. Here one image is cut by up to CUT on
each side, enlarged again, and compared with the other, and the other way round. What is compared is the fine structure,
where the brightness changes from pixel to pixel: smooth images agree in the rest without being copies.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

CUT = (0.0, 0.03, 0.06)
"""Shares of the width (height) that may be missing on each side."""
AGREEING = 0.72
"""Correlation of fine structures from which two images can be one picture; of other images it must be beyond all."""

FALSE_ALARMS = 0.01
"""Pairs of a whole collection that would agree so well by chance."""
UPPER = 0.75
"""The quantile that tells how far correlations of other images spread upwards."""

UNTOLD = 0.9
"""Correlation that copies which were turned or cut need not reach, as they are drawn anew from other pixels."""


def agreement(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """(pairs,) the highest correlation, -1 to 1, of the fine structure of two grey images over all cuts of either.

    `first` and `second` are (pairs, side, side). 0 for an image of one colour.
    """
    side = first.shape[1]
    ways = [_enlarged(side, low, high) for low, high in product(CUT, CUT)]
    best = np.full(len(first), -1.0)
    for one, other in ((first, second), (second, first)):
        still = _structure(other)
        for down, across in product(ways, ways):
            best = np.maximum(best, (_structure(down @ one @ across.T) * still).sum(axis=1))
    return best


def beyond_usual(usual: NDArray[np.float64], asked: int) -> float:
    """The correlation that none of so many pairs `asked` reaches by chance, where `usual` (pairs,) are those of other
    images: from the middle and the upper quartile of Fisher's z, which a few copies among them hardly move.

    1 with none, and where it is above UNTOLD: pictures of one plain shape agree so well that an edited copy does no better.
    """
    from governance.measures.special_functions import ndtri

    if not usual.size:
        return 1.0
    z = np.arctanh(np.clip(usual, -0.999999, 0.999999))
    middle, high = np.quantile(z, (0.5, UPPER))
    chance = float(np.tanh(middle + (high - middle) / ndtri(UPPER) * ndtri(1 - FALSE_ALARMS / max(asked, 1))))
    return chance if chance <= UNTOLD else 1.0


def _enlarged(side: int, low: float, high: float) -> NDArray[np.float64]:
    """(side, side) matrix that takes `side` pixels, without those shares at either end, to `side` pixels (linearly)."""
    place = (low + (np.arange(side) + 0.5) / side * (1 - low - high)) * side - 0.5
    left = np.clip(np.floor(place).astype(np.int64), 0, side - 2)
    weight = np.clip(place - left, 0.0, 1.0)
    matrix = np.zeros((side, side))
    matrix[np.arange(side), left] = 1 - weight
    matrix[np.arange(side), left + 1] += weight
    return matrix


def _structure(image: NDArray[np.float64]) -> NDArray[np.float64]:
    """(images, ...) differences of neighbouring pixels down and across, scaled to length 1."""
    down, across = np.diff(image, axis=1), np.diff(image, axis=2)
    flat = np.concatenate([down.reshape(len(image), -1), across.reshape(len(image), -1)], axis=1)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1e-9, flat / np.maximum(length, 1e-9), 0.0), dtype=np.float64)
