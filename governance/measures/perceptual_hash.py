"""Perceptual hash: what an image looks like when size, sharpness, brightness and contrast are taken away.

The lowest frequencies of the grey image, as in pHash, kept as numbers of length 1 rather than cut to bits: how near
two images must be to be copies then follows from how near the images of the collection are to each other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
SIDE = 32
"""Images are shrunk or enlarged to so many pixels a side."""
FREQUENCIES = 8
LUMA = np.array([0.299, 0.587, 0.114])
"""Weights of red, green and blue."""


CLOSENESS = 0.4
"""A copy is nearer than this share of the typical distance of the first neighbour that is no copy."""
DIFFERING_BITS = 8
"""A copy's hash of bits differs in no more of its 63: in smooth images a single frequency makes all the distance."""
SKIPPED = 3
"""Nearest neighbours that may all be copies, and so tell nothing of the images around."""
FALSE_ALARMS = 0.1
"""Images of a whole collection that would be so near to another one by chance."""
QUARTILES_APART = 1.349
"""Standard deviations between the quartiles of a normal distribution."""
LEAST_DIFFERING = 0.001
"""Images are never taken to spread in directions more alike than this variance of their logarithm."""


def perceptual_hash(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """(images, 63) signatures of square `grey` images (images, side * side); zeros for an image of one colour.

    Source: C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010 (discrete cosine
    transform of the second kind; the mean is left out, and the rest scaled to length 1).
    """
    return unit_length(frequencies(grey))


def frequencies(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """(images, 63) strengths of the lowest frequencies but the mean of square `grey` images (images, side * side)."""
    images, size = grey.shape
    side = round(size**0.5)
    count = min(FREQUENCIES, side)
    waves = np.cos(np.pi / side * np.outer(np.arange(count), np.arange(side) + 0.5))
    waves *= np.sqrt(np.where(np.arange(count) == 0, 1.0, 2.0) / side)[:, None]
    spectrum = np.einsum("fy,iyx,gx->ifg", waves, grey.reshape(images, side, side), waves, optimize=True)
    return np.asarray(spectrum.reshape(images, -1)[:, 1:], dtype=np.float64)


def unit_length(strengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """`strengths` (images, frequencies) scaled to length 1; zeros for an image of one colour."""
    length = np.linalg.norm(strengths, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1e-6, strengths / np.maximum(length, 1e-6), 0.0), dtype=np.float64)


def luminance(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """How bright `pixels` (..., channels) look, as programs that make grey images of coloured ones weigh them.

    Source: ITU-R BT.601 (luma); Pillow's mode L.
    """
    if pixels.shape[-1] != len(LUMA):
        return np.asarray(pixels.mean(axis=-1), dtype=np.float64)
    return np.asarray(pixels @ LUMA, dtype=np.float64)


def similar_images(index: NDArray[np.int64], distance: NDArray[np.float64], *, closeness: float = CLOSENESS) -> Pairs:
    """Pairs of images whose signatures are nearer than chance allows, from each one's nearest neighbours (images, k).

    As `near_duplicates.near_pairs`, but the number of independent directions is each image's own, and taken from
    neighbours beyond the nearest SKIPPED: collections of images often hold several copies of many images. Nothing when
    k is below 6.
    """
    nothing = np.empty(0, dtype=np.int64)
    limit = near_limit(distance, closeness=closeness)
    if limit is None:
        return nothing, nothing, np.empty(0)
    row, column = np.nonzero(distance <= limit[:, None])
    other = index[row, column]
    pairs = np.column_stack([np.minimum(row, other), np.maximum(row, other)])
    unique, position = np.unique(pairs, axis=0, return_index=True)
    score = 1 - 0.5 * distance[row[position], column[position]] / np.maximum(limit[row[position]], 1e-12)
    return unique[:, 0], unique[:, 1], score


def near_limit(
    distance: NDArray[np.float64],
    *,
    closeness: float = CLOSENESS,
    looks: int = 1,
    false_alarms: float | None = None,
) -> NDArray[np.float64] | None:
    """(images,) the distance below which another signature is nearer than chance allows, from each one's nearest
    neighbours (images, k); None when they cannot tell. `looks`: how often each image is asked for; `false_alarms`:
    images of the collection that chance may bring so near, FALSE_ALARMS when None.

    Where images spread in d directions around one, d * log(farthest / distance) of its k - 1 nearer neighbours are
    exponential. Simple pictures spread in other directions each, as a strong shape hides the noise that a weak one
    does not: so d is told for each image, from its own neighbours and from how far the images differ in it (a gamma
    prior, empirical Bayes), and the limit allows for how little they tell.
    """
    around = _Around.of(distance)
    if around is None:
        return None
    images, k = distance.shape
    allowed = FALSE_ALARMS if false_alarms is None else false_alarms
    volume = -np.expm1(np.log1p(-min(allowed / images / looks, 0.5)) / (k - 1))
    beyond = around.rate * np.expm1(-np.log(volume) / around.shape)
    limit = np.minimum(around.farthest * np.exp(-beyond), closeness * around.typical)
    return np.asarray(limit, dtype=np.float64)


def near_chance(
    distance: NDArray[np.float64], row: NDArray[np.int64], near: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """(asked,) chance, 0 to 1, that one of the images around `row` (asked,) comes as `near` as that to it (asked,), from
    each one's nearest neighbours (images, k), nearest first; None when they cannot tell. As `near_limit` reckons."""
    around = _Around.of(distance)
    if around is None:
        return None
    beyond = np.log(np.maximum(around.farthest[row] / np.maximum(near, 1e-12), 1.0))
    volume = np.minimum((1 + beyond / around.rate[row]) ** -around.shape, 1 - 1e-12)
    return np.asarray(-np.expm1((distance.shape[1] - 1) * np.log1p(-volume)), dtype=np.float64)


class _Around(NamedTuple):
    """How images lie around each one, from its nearest neighbours."""

    shape: float
    """Of the gamma distribution of each image's directions, given its neighbours."""
    rate: NDArray[np.float64]
    """(images,)"""
    farthest: NDArray[np.float64]
    """(images,) distance of the last neighbour."""
    typical: float
    """Distance of the first neighbour that is no copy, the median of images."""

    @classmethod
    def of(cls, distance: NDArray[np.float64]) -> _Around | None:
        """From distances (images, k), nearest first; None when they cannot tell."""
        if distance.shape[1] < SKIPPED + 3:
            return None
        rest, farthest = distance[:, SKIPPED:-1], distance[:, -1]
        apart = (rest[:, 0] > 0) & (farthest > rest[:, 0])
        if not apart.any():
            return None
        logarithms = np.log(np.maximum(farthest[:, None], 1e-12) / np.maximum(rest, 1e-12))
        # The nearest SKIPPED may be copies: of these it is known only that they are no farther than the next one.
        told = logarithms.sum(axis=1) + SKIPPED * logarithms[:, 0]
        shape, rate = _directions(told[apart], rest.shape[1])
        return cls(shape + rest.shape[1], rate + told, farthest, float(np.median(rest[apart, 0])))


def _directions(told: NDArray[np.float64], neighbours: int) -> tuple[float, float]:
    """Shape and rate of the gamma distribution of directions, from what so many `neighbours` of each image told.

    `told` is then gamma-distributed with as many degrees, over d; its logarithm varies by trigamma(neighbours) (about
    1 / (neighbours - 0.5)) and by what the directions vary. Quartiles, so that copies hardly count.
    """
    from governance.measures.special_functions import psi

    low, middle, high = np.quantile(np.log(told), (0.25, 0.5, 0.75))
    differing = ((high - low) / QUARTILES_APART) ** 2 - 1 / (neighbours - 0.5)
    shape = 1 / max(differing, LEAST_DIFFERING) + 0.5
    return shape, float(np.exp(psi(shape) - psi(neighbours) + middle))


def differing_bits(
    signature: NDArray[np.float64], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.int64]:
    """In how many bits the hashes of two images differ: 1 where a frequency is above the image's median, as in pHash."""
    seen = bits(signature)
    return np.asarray((seen[first] != seen[second]).sum(axis=1), dtype=np.int64)


def bits(signature: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(images, 63) whether a frequency is above the image's median."""
    return np.asarray(signature > np.median(signature, axis=1, keepdims=True), dtype=bool)
