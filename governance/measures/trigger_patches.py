"""Pixels and squares of pixels that could be triggers, with their rows; as trigger_phrases.py does for words and trigger_values.py for values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from governance.measures.trigger_patterns import Patterns, first_alike, stacked

PIXEL_STEPS = (8, 24)
"""Grey levels that count as different in a patch, coarse and fine; near-constant values fall together."""
LARGEST_SQUARE = 3
"""Pixels; larger patches are put together from the squares that the same rows hold."""


def patches(images: NDArray[np.float64], *, least: int, most: int) -> Patterns:
    """Single pixels and squares of two and three pixels whose values `least` to `most` of `images` share.

    `images` (n, height, width, channels), 0 to 1. Values are compared in coarse and in fine steps, each on two grids
    half a step apart, so that a value near the border of a step is not lost. Squares are compared in all channels and in
    each by itself, as a patch may change one and leave what the image has in the others.
    """
    count, height, width, channels = images.shape
    # Odd random factors turn the values of a square into one number; equal squares give equal numbers.
    factors = np.random.default_rng(0).integers(1, 2**62, (LARGEST_SQUARE, LARGEST_SQUARE, channels)) | 1
    sides = range(1, min(LARGEST_SQUARE, height, width) + 1)
    of_side: dict[int, list[Patterns]] = {side: [] for side in sides}
    for steps in PIXEL_STEPS:
        for shift in (0.0, 0.5):
            levels = np.floor(images * (steps - 1e-9) + shift).astype(np.int64)
            for side, parts in of_side.items():
                for top in range(height - side + 1):
                    for left in range(width - side + 1):
                        window = levels[:, top : top + side, left : left + side]
                        each = (window * factors[:side, :side]).reshape(count, -1, channels).sum(axis=1)
                        at = [(top + y) * width + left + x for y in range(side) for x in range(side)]
                        parts.append(_shared(each.sum(axis=1), at, least, most, "pixel" if side == 1 else "patch"))
                        if side > 1 and channels > 1:  # one pixel in one channel many images share by chance
                            parts += [_shared(each[:, c], at, least, most, "patch") for c in range(channels)]
    # Of squares with the same rows, the largest counts: it stands first.
    return _by_rows(stacked([part for side in reversed(sides) for part in of_side[side]]))


def _by_rows(squares: Patterns) -> Patterns:
    """Each set of rows once, with the share of all sets that have as many squares in common, or more.

    Chance gives images that are noisy one square in common, and then another one to other images; what was put into
    images is the same in all its squares, on every grid, in every channel.
    """
    first = first_alike(squares)
    kept = np.flatnonzero(first == np.arange(squares.size))
    common = np.bincount(first, minlength=squares.size)[kept]
    fewer = np.searchsorted(np.sort(common), common)
    return replace(squares.take(kept), chance=(kept.size - fewer) / max(kept.size, 1))


def _shared(code: NDArray[np.int64], pixels: list[int], least: int, most: int, kind: str) -> Patterns:
    # Most codes come once; those that fall into a bucket with too few others need no sorting.
    bucket = (code >> 30) & (2 ** int(code.size).bit_length() - 1)
    some = np.flatnonzero(np.bincount(bucket)[bucket] >= least)
    code = code[some]
    order = np.argsort(code, kind="stable")
    ordered = code[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if code.size else code
    size = np.diff(np.append(first, code.size))
    kept = (size >= least) & (size <= most)
    features = np.full((int(kept.sum()), LARGEST_SQUARE**2), -1, dtype=np.int64)
    features[:, : len(pixels)] = pixels
    start = np.concatenate([[0], np.cumsum(size[kept])]).astype(np.int64)
    rows = some[order[np.repeat(kept, size)]]
    count = features.shape[0]
    return Patterns(rows, start, features, np.full_like(features, -1), np.full(count, kind), np.ones(count))
