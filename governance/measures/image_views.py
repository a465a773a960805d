"""An image as it would look mirrored, turned a little, or with a margin cut off, and the perceptual hashes of that.

Each view is a linear map of the pixels, and so is what a hash is made of: the hashes of all views are one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from governance.measures.perceptual_hash import SIDE, frequencies, unit_length

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """How an image was changed. Shares are of width and height, angles in degrees against the clock."""

    cut: float = 0.0
    """Share that is missing on each side, were it the same on all."""
    right: float = 0.0
    down: float = 0.0
    """So much further to the right, and further down, lies the middle of what is left."""
    angle: float = 0.0
    mirrored: bool = False
    filled: bool = False
    """Whether corners that turning laid bare are black; else the nearest pixel stands there."""


VIEWS = (
    View(mirrored=True),
    *(View(cut=cut) for cut in (0.03, 0.06, 0.09)),
    *(View(0.05, right, down) for right in (-0.03, 0.0, 0.03) for down in (-0.03, 0.0, 0.03) if right or down),
    *(View(cut=cut, mirrored=True) for cut in (0.03, 0.07)),
    *(View(angle=angle, filled=True) for angle in (-5.0, -2.5, 2.5, 5.0)),
    *(View(cut=0.008 * abs(angle), angle=angle) for angle in (-5.0, -2.5, 2.5, 5.0)),
)
"""Changes that people make, each as near to the next as a hash can still bridge."""
ALL_VIEWS_IMAGES = 10_000
"""Of more images only mirrored ones are sought, the first of VIEWS: each view is as dear as the search for neighbours."""


def seen(view: View, side: int = SIDE) -> Floats:
    """(side * side, side * side) matrix that takes the pixels of an image to those of its view, by linear interpolation."""
    middle = (np.arange(side) + 0.5) / side - 0.5
    down, across = np.meshgrid(middle * (1 - 2 * view.cut), middle * (1 - 2 * view.cut), indexing="ij")
    angle = np.radians(view.angle)
    x, y = np.cos(angle) * across - np.sin(angle) * down, np.sin(angle) * across + np.cos(angle) * down
    x, y = (-x if view.mirrored else x) + view.right, y + view.down
    bare = (np.abs(x) > 0.5) | (np.abs(y) > 0.5)
    place_x, place_y = (np.clip((place + 0.5) * side - 0.5, 0, side - 1).ravel() for place in (x, y))
    left, top = (np.clip(np.floor(place), 0, side - 2).astype(np.int64) for place in (place_x, place_y))
    right_share, low_share = place_x - left, place_y - top
    matrix = np.zeros((side * side, side * side))
    pixel = np.arange(side * side)
    for low, share_down in ((0, 1 - low_share), (1, low_share)):
        for right, share_across in ((0, 1 - right_share), (1, right_share)):
            matrix[pixel, (top + low) * side + left + right] += share_down * share_across
    if view.filled:
        matrix[bare.ravel()] = 0.0
    return matrix


def view_hashes(grey: Floats, *, mirrored_only: bool = False) -> Floats:
    """(views, images, 63) perceptual hashes of all VIEWS of `grey` images (images, SIDE * SIDE), or of the first."""
    return np.stack([unit_length(grey @ matrix) for matrix in _matrices()[: 1 if mirrored_only else None]])


@cache
def _matrices() -> tuple[Floats, ...]:
    """For each view (SIDE * SIDE, 63): pixels to frequencies of the view."""
    whole = frequencies(np.eye(SIDE * SIDE))
    return tuple(np.ascontiguousarray(seen(view).T @ whole) for view in VIEWS)
