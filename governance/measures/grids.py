"""Grids: a distribution as counts between cut points, from which no single value can be read.

Bins are `(-inf, c1], (c1, c2], ..., (ck, inf)`: the ends are open, so neither the smallest nor the largest value shows.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def cut_points(values: NDArray[np.float64], bins: int, *, least: int = 1, rounded: bool = False) -> NDArray[np.float64]:
    """Strictly increasing cut points at quantiles of `values` (n,), finite; about n / bins values between two of them.

    At least `least` values per bin are aimed at, so few values give few bins. A value that fills whole bins gives one
    cut. With `rounded`, cuts are rounded to a power of ten, so that they are nobody's own value. Empty when all values
    are the same.
    """
    if values.size == 0:
        return np.empty(0)
    count = max(1, min(bins, values.size // max(least, 1)))
    ordered = np.sort(values)
    # Values as they are, never between two: a cut inside an atom would split what is one value.
    places = np.unique(np.arange(1, count) * ordered.size // count)
    cuts = ordered[np.maximum(places - 1, 0)] if count > 1 else np.empty(0)
    whole = bool(np.all(ordered == np.floor(ordered)))
    distinct = _few_distinct(ordered, count)
    if distinct is not None:
        cuts = distinct[:-1]
    elif rounded and cuts.size:
        cuts = _rounded(np.unique(cuts), whole)
    cuts = np.unique(cuts)
    return np.asarray(cuts[(cuts >= ordered[0]) & (cuts < ordered[-1])], dtype=np.float64)


def _few_distinct(ordered: NDArray[np.float64], count: int) -> NDArray[np.float64] | None:
    """The distinct values of a sorted array when there are no more than `count` of them: each is then a bin."""
    starts = np.flatnonzero(np.diff(ordered) > 0)
    return ordered[np.append(starts, ordered.size - 1)] if starts.size < count else None


def _rounded(cuts: NDArray[np.float64], whole: bool) -> NDArray[np.float64]:
    """Increasing cuts, each to a power of ten below a quarter of the way to the nearest other one."""
    with np.errstate(over="ignore"):
        gaps = np.diff(cuts) if cuts.size > 1 else np.array([abs(float(cuts[0])) / 10])
    nearest = np.minimum(np.append(gaps, np.inf), np.insert(gaps, 0, np.inf)) if cuts.size > 1 else gaps
    rounded = []
    for cut, gap in zip(cuts.tolist(), nearest.tolist(), strict=True):
        digits = -math.floor(math.log10(gap / 4)) if 1e-280 < gap < math.inf else 0
        rounded.append(round(cut, min(digits, 0) if whole else digits))
    return np.array(rounded)


def bin_of(values: NDArray[np.float64], cuts: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin (0 to cuts.size) of each of `values` (n,), finite or infinite."""
    return np.searchsorted(cuts, values, side="left").astype(np.int64)


def counts_of(values: NDArray[np.float64], cuts: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many of `values` (n,) lie in each bin, (cuts.size + 1,)."""
    return np.bincount(bin_of(values, cuts), minlength=cuts.size + 1).astype(np.int64)


def normal_scores(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """A score for each bin: the standard normal quantile of its middle rank, scaled to mean 0 and variance 1.

    All 0 when one bin holds everything. Two columns' scores are correlated by ranks, whatever their units are.
    """
    from governance.measures.special_functions import ndtri

    total = counts.sum()
    if total == 0 or (counts > 0).sum() < 2:
        return np.zeros(counts.size)
    shares = counts / total
    middle = np.clip(np.cumsum(shares) - shares / 2, 1e-9, 1 - 1e-9)
    scores = ndtri(middle)
    scores = scores - float((shares * scores).sum())
    spread = math.sqrt(float((shares * scores**2).sum()))
    return np.asarray(scores / spread, dtype=np.float64)
