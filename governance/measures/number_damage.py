"""Numbers that stand for something else: codes of missing values, and values in another unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CODES = (-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999, -1e6, 1e9, 9999999)
FACTORS = (1000.0, 100.0, 0.001, 0.01)
"""Kilo and centi, both ways: the usual mix-ups whose size leaves no doubt."""
MAX_SHARE = 0.1
"""What more cells than this do is how the column is."""
LEAST = 30
"""Cells; with fewer, what is usual cannot be told."""


def sentinels(values: NDArray[np.float64]) -> list[float]:
    """Codes among `values` (n,), NaN for missing, that lie far beyond all other values.

    A code counts when it occurs at least twice, and is below zero where no other value is, or lies beyond a gap wider
    than all that the middle 98 % of the other values span.
    """
    known = values[np.isfinite(values)]
    if known.size < LEAST:
        return []
    found: list[float] = []
    for code in CODES:
        here = known == code
        others = known[~here & ~np.isin(known, found)]
        if here.sum() < 2 or here.mean() > MAX_SHARE or others.size < LEAST:
            continue
        low, high = np.quantile(others, [0.01, 0.99])
        # Below zero where nothing else is, or beyond a gap as wide as nearly all else together.
        below = code < 0 and (others >= 0).all() and np.unique(others).size > 10
        if below or (code - others.max() if code > 0 else others.min() - code) > max(high - low, 1e-12):
            found.append(float(code))
    return found


def unit_mixups(values: NDArray[np.float64], *, whole: bool = False) -> tuple[NDArray[np.bool_], float]:
    """Which `values` (n,) are by one of FACTORS too large or too small, and the factor; 1.0 when none is.

    The column must be positive, its middle 98 % must span less than a third of the factor, and nothing may lie
    between the two heaps: a long tail fills the gap, and a mistaken unit does not. Of `whole` numbers only those too
    large are looked for: 0 and 1 are smaller than most by nature.
    """
    nothing = np.zeros(values.shape, dtype=bool), 1.0
    known = np.isfinite(values) & (values > 0)
    if known.sum() < LEAST or (np.isfinite(values) & (values < 0)).any():
        return nothing
    logs = np.log10(values[known])
    for factor in FACTORS:
        if whole and factor < 1:
            continue
        step = np.log10(factor)
        middle = float(np.median(logs))
        far = logs - middle > step / 2 if step > 0 else logs - middle < step / 2
        if not far.any() or far.mean() > MAX_SHARE:
            continue
        usual = logs[~far]
        low, high = np.quantile(usual, [0.01, 0.99])
        gap = logs[far].min() - usual.max() if step > 0 else usual.min() - logs[far].max()
        fits = ((logs[far] - step >= low - 0.2) & (logs[far] - step <= high + 0.2)).all()
        if fits and high - low < abs(step) - np.log10(3) and gap > 0.25 * abs(step):
            result = np.zeros(values.shape, dtype=bool)
            result[np.flatnonzero(known)[far]] = True
            return result, factor
    return nothing
