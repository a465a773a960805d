"""One image laid over another as exactly as an affine map allows, and how well the two then agree.

A copy that was turned, cut or moved agrees with its original in its fine structure once it lies over it, and another
picture does not. Registration begins at a guess (a view of `image_views`) and goes on by Gauss-Newton steps: each
solves for the small map, brightness and contrast that best explain the difference that is left.

Source: B. Lucas and T. Kanade, IJCAI 1981; S. Baker and I. Matthews, Lucas-Kanade 20 Years On, International Journal
of Computer Vision 56, 2004 (inverse compositional); G. Evangelidis and E. Psarakis, IEEE TPAMI 30, 2008 (correlation
rather than difference, which brightness and contrast leave alone).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.image_views import View

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
STEPS = 6
MARGIN = 4 / 32
"""Share that is left out on each side: black corners, which all turned images share, must not count."""
DAMPING = 0.01
"""Share added to the diagonal of the normal equations: plain shapes tell nothing along their edges (Levenberg)."""
LARGEST_STEP = 0.15
"""Of any entry of the map, in half sides."""
OVERLAPPING = 0.6
"""Share of the image that the other one must cover."""
SQUEEZED, STRETCHED = 0.7, 1.35
"""No direction is scaled by less or more."""


def start(view: View) -> Floats:
    """(2, 3) map from places in a `view` to places in the image, both in half sides from the middle (x, y)."""
    angle, scale = np.radians(view.angle), 1 - 2 * view.cut
    across = -1.0 if view.mirrored else 1.0
    return scale * np.array(
        [
            [across * np.cos(angle), -across * np.sin(angle), 2 * view.right / scale],
            [np.sin(angle), np.cos(angle), 2 * view.down / scale],
        ]
    )


def registered_agreement(image: Floats, other: Floats, begin: Floats) -> Floats:
    """(pairs,) correlation, -1 to 1, of the fine structures of `image` and `other` (pairs, side, side) where they overlap,
    after the first was laid over the second, beginning at the maps `begin` (pairs, 2, 3); 0 for an image of one colour.

    The better of before and after registration counts, so that no pair loses by it.
    """
    one, two = image.astype(np.float32), other.astype(np.float32)
    before, _ = _agreement(one, two, begin)
    found = _registered(_blurred(one), _blurred(two), begin)
    after, overlapping = _agreement(one, two, found)
    scaled = np.linalg.svd(found[:, :, :2], compute_uv=False)
    sound = (overlapping > OVERLAPPING) & (scaled[:, 0] < STRETCHED) & (scaled[:, 1] > SQUEEZED)
    return np.asarray(np.where(sound, np.maximum(before, after), before), dtype=np.float64)


def _registered(image: Singles, other: Singles, begin: Floats) -> Floats:
    """(pairs, 2, 3) maps from places in `other` to places in `image`."""
    pairs, side, _ = other.shape
    x, y = _grid(side)
    inner = _inner(side)
    down, across = (np.gradient(other, axis=axis).reshape(pairs, -1) * (side / 2) * inner for axis in (1, 2))
    flat = other.reshape(pairs, -1)
    slopes = np.stack(
        [across * x, across * y, across, down * x, down * y, down, flat * inner, np.broadcast_to(inner, flat.shape)], 1
    )
    found, diagonal = begin.copy(), np.arange(8)
    for _ in range(STEPS):
        warped, seen = _warped(image, found)
        weight = seen * inner
        count = weight.sum(axis=1, keepdims=True) + 1e-6
        one, two = ((part - (part * weight).sum(axis=1, keepdims=True) / count) * weight for part in (warped, flat))
        gain = np.sqrt((two**2).sum(axis=1, keepdims=True) / np.maximum((one**2).sum(axis=1, keepdims=True), 1e-9))
        slope = slopes * weight[:, None]
        normal = (slope @ slope.transpose(0, 2, 1)).astype(np.float64)
        normal[:, diagonal, diagonal] = normal[:, diagonal, diagonal] * (1 + DAMPING) + 1e-6
        left = (slope @ (one * gain - two)[:, :, None]).astype(np.float64)
        step = np.zeros((pairs, 3, 3)) + np.eye(3)
        step[:, :2] += np.clip(np.linalg.solve(normal, left)[:, :6, 0], -LARGEST_STEP, LARGEST_STEP).reshape(-1, 2, 3)
        whole = np.zeros((pairs, 3, 3)) + np.eye(3)
        whole[:, :2] = found
        found = (whole @ np.linalg.inv(step))[:, :2]
    return found


def _agreement(image: Singles, other: Singles, placed: Floats) -> tuple[Floats, Floats]:
    """(pairs,) correlation of differences of neighbouring pixels, and the share of `other` without its margin that
    `image` covers."""
    pairs, side, _ = other.shape
    warped, seen = _warped(image, placed)
    inner = _inner(side)
    warped, seen = (part.reshape(pairs, side, side) for part in (warped, seen * inner))
    both = np.zeros((3, pairs))
    for axis in (1, 2):
        low, high = (np.take(seen, np.arange(begin, side - 1 + begin), axis=axis) for begin in (0, 1))
        one, two = (np.diff(part, axis=axis) * low * high for part in (warped, other))
        both += [(first * second).sum(axis=(1, 2)) for first, second in ((one, two), (one, one), (two, two))]
    length = np.sqrt(both[1] * both[2])
    agreed = np.where(length > 1e-9, both[0] / np.maximum(length, 1e-9), 0.0)
    return agreed, np.asarray(seen.sum(axis=(1, 2)) / inner.sum(), dtype=np.float64)


def _warped(image: Singles, placed: Floats) -> tuple[Singles, Singles]:
    """(pairs, side * side) `image` as the maps `placed` show it, by linear interpolation; and 1 where it reaches, else 0."""
    pairs, side, _ = image.shape
    x, y = _grid(side)
    maps = placed.astype(np.float32)[:, :, :, None]
    across, down = (maps[:, axis, 0] * x + maps[:, axis, 1] * y + maps[:, axis, 2] for axis in (0, 1))
    seen = ((np.abs(across) <= 1) & (np.abs(down) <= 1)).astype(np.float32)
    across, down = (part * np.float32(side / 2) + np.float32((side - 1) / 2) for part in (across, down))
    left, top = (np.clip(np.floor(part), 0, side - 2).astype(np.int32) for part in (across, down))
    right, low = np.clip(across - left, 0, 1), np.clip(down - top, 0, 1)
    flat, at = image.reshape(pairs, -1), top * side + left
    upper, lower = (
        (1 - right) * np.take_along_axis(flat, at + below, axis=1)
        + right * np.take_along_axis(flat, at + below + 1, axis=1)
        for below in (0, side)
    )
    return np.asarray((1 - low) * upper + low * lower, dtype=np.float32), seen


def _inner(side: int) -> Singles:
    """(side * side,) 1 for pixels within the margin, 0 for those of it."""
    edge = max(round(MARGIN * side), 1)
    inner = np.zeros((side, side), dtype=np.float32)
    inner[edge:-edge, edge:-edge] = 1
    return inner.ravel()


def _grid(side: int) -> tuple[Singles, Singles]:
    """(side * side,) places of the pixels across and down, in half sides from the middle."""
    middle = ((np.arange(side) - (side - 1) / 2) / (side / 2)).astype(np.float32)
    down, across = np.meshgrid(middle, middle, indexing="ij")
    return across.ravel(), down.ravel()


def _blurred(image: Singles) -> Singles:
    """`image` (pairs, side, side), each pixel averaged with its neighbours (1, 2, 1): steps then lead from farther away."""
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return np.asarray((rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 4, dtype=np.float32)
