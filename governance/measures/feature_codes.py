"""The values of one feature as level numbers: levels as they are, rare ones as one, numbers in bins."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
COARSE, FINE = 16, 2000
"""Bins of a number: few, and as many as leave ROWS_PER_BIN rows in each, up to so many."""
ROWS_PER_BIN = 10
FINEST = 5
"""Rows in the smallest bins that are tried: where classes meet within a bin, one of them is told wrongly."""


def level_codes(values: NDArray[np.int64], rows: int) -> Codes | None:
    """`values` (level numbers) as they are; None when levels hold fewer than five rows on average."""
    return values if numbered(values)[1] * 5 <= rows else None


def pooled(values: NDArray[np.int64]) -> Codes:
    """`values` (level numbers, 0 for missing), those of fewer than FINEST rows as one level where levels hold fewer on
    average: `none` beside a thousand reasons is a level as good as any. As they are where no level would be left."""
    place, levels = numbered(values)
    rows = np.bincount(place)
    rare = (rows < FINEST)[place] & (values != 0)
    if levels * FINEST <= values.size or rare.all():
        return values
    return np.where(rare, int(values.max()) + 1, values)


def numbered(codes: Codes) -> tuple[Codes, int]:
    """The place of each of `codes` among the different ones in order, and how many of those there are."""
    if int(codes.min(initial=0)) < 0 or int(codes.max(initial=0)) > 4 * codes.size + 1000:
        values, place = np.unique(codes, return_inverse=True)
        return place, values.size
    place = np.cumsum(np.bincount(codes) > 0)  # counted, as sorting takes ten times as long
    return place[codes] - 1, int(place[-1]) if codes.size else 0


def binned(numbers: Floats, bins: int) -> Codes:
    """Numbers (NaN for missing) as bins of about equal size, equal numbers in one bin, missing ones in their own."""
    return binned_each(numbers, [bins])[0]


def binned_each(numbers: Floats, sizes: Iterable[int]) -> list[Codes]:
    """As binned, for several numbers of bins: the rows are put in order once, and bins follow each other in it."""
    known = np.isfinite(numbers)
    order = np.argsort(numbers[known])
    ordered = numbers[known][order]
    found = []
    for bins in sizes:
        codes = np.zeros(numbers.size, dtype=np.int64)
        if ordered.size:
            # As np.quantile by the method "lower", which looks for each of thousands of quantiles by itself.
            edges = ordered[np.floor((ordered.size - 1) * np.linspace(0, 1, bins + 1)[1:-1]).astype(np.int64)]
            begins = np.zeros(ordered.size, dtype=np.int64)
            begins[np.searchsorted(ordered, np.unique(edges))] = 1
            mine = np.empty(ordered.size, dtype=np.int64)
            mine[order] = 1 + np.cumsum(begins)
            codes[known] = mine
        found.append(codes)
    return found


def fine_bins(rows: int, each: int = ROWS_PER_BIN) -> int:
    """How many bins leave `each` rows in every one, FINE at most."""
    return max(2, min(FINE, rows // each))
