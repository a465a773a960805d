"""Two models on the same rows: the difference, its interval, and a one-sided test that the second is no worse.

`change` (rows,) is the harm of the second minus that of the first, row by row: mistakes (0 or 1) or absolute errors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from governance.measures.group_gaps import binomial_tail, mean_interval

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

EXACT_UNITS = 14
"""Up to this many units that changed, all 2^n sign patterns are gone through."""
MOST_UNITS = 5000
"""Beyond this many units that changed, the permutation distribution is taken as normal, which it then is."""
POWER = 0.8


@dataclass(frozen=True)
class Paired:
    """How the harm changed on the same rows."""

    rows: int
    units: int
    """Independent units: rows, or groups of rows."""
    change: float
    """Mean; above 0 when the second model is worse."""
    low: float | None
    high: float | None
    """95 % interval; None when nothing varies."""
    p_worse: float
    """One-sided, that the second model is no worse."""
    method: str
    """What the test is."""
    noticeable: float
    """Change that the test would call at the given level in 80 of 100 cases, about; infinite when nothing varies."""


def compare_pairs(change: Array, units: Codes | None, *, shares: bool, level: float, draws: int, seed: int) -> Paired:
    """The comparison of `change` (rows,), of rows or of whole `units` (rows,) numbered from 0.

    `shares`: harms are 0 or 1, so that without groups McNemar's exact test holds. Otherwise signs of the units' sums
    are flipped: exactly for few, by `draws` seeded draws for more, by the normal limit for many. Sources:
    Q. McNemar, Psychometrika 12, 1947; R. A. Fisher, The Design of Experiments, 1935; for the interval of a
    difference of paired shares D. G. Bonett and R. M. Price, Journal of Educational and Behavioral Statistics 37, 2012.
    Raises ValueError without rows.
    """
    if change.size == 0:
        raise ValueError("no rows to compare")
    mean = float(change.mean())
    if units is None and shares:
        worse, better = int((change > 0).sum()), int((change < 0).sum())
        interval: tuple[float, float] | None = bonett_price(worse, better, change.size)
        p_value = binomial_tail(worse, worse + better, 0.5)
        deviation = math.sqrt(max(worse + better, 1)) / change.size
        method = "McNemar, exact, one-sided"
        count = change.size
    else:
        sums: Array = change if units is None else np.bincount(units, weights=change).astype(np.float64)
        count = int(sums.size)
        interval = mean_interval(change, units)
        p_value, method = sign_flips(sums, draws, seed)
        deviation = math.sqrt(float((sums**2).sum())) / change.size
    low, high = interval if interval is not None else (None, None)
    z = NormalDist().inv_cdf(1 - level) + NormalDist().inv_cdf(POWER)
    noticeable = z * deviation if deviation else math.inf
    return Paired(change.size, count, mean, low, high, p_value, method, noticeable)


def bonett_price(worse: int, better: int, rows: int) -> tuple[float, float]:
    """95 % interval of `(worse - better) / rows`, the difference of two shares of the same rows."""
    first, second = (worse + 1) / (rows + 2), (better + 1) / (rows + 2)
    spread = math.sqrt((first + second - (first - second) ** 2) / (rows + 2))
    reach = NormalDist().inv_cdf(0.975) * spread
    return max(-1.0, first - second - reach), min(1.0, first - second + reach)


def sign_flips(sums: Array, draws: int, seed: int) -> tuple[float, str]:
    """One-sided p-value that `sums` (units,) are symmetric about 0, and what the test is. Order plays no part."""
    moved = np.sort(sums[sums != 0])
    observed = float(moved.sum())
    if moved.size == 0:
        return 1.0, "sign flips, exact, one-sided"
    if moved.size <= EXACT_UNITS:
        patterns = np.arange(2**moved.size)[:, None] >> np.arange(moved.size) & 1
        reached = (patterns * 2 - 1) @ moved >= observed - 1e-12 * np.abs(moved).sum()
        return float(reached.mean()), "sign flips, exact, one-sided"
    if moved.size > MOST_UNITS:
        z = observed / math.sqrt(float((moved**2).sum()))
        return NormalDist().cdf(-z), "sign flips, normal limit, one-sided"
    generator = np.random.default_rng(seed)
    hits, left = 0, draws
    while left:
        some = min(left, 500)
        signs = generator.integers(0, 2, (some, moved.size)) * 2 - 1
        hits += int((signs @ moved >= observed - 1e-12 * np.abs(moved).sum()).sum())
        left -= some
    return (1 + hits) / (1 + draws), f"sign flips, {draws} draws, seed {seed}, one-sided"
