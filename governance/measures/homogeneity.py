"""Whether two samples come from one distribution: quadratic forms of differences between binned distributions.

Numbers are compared by Anderson and Darling's statistic on a grid, which weighs the tails as much as the middle;
categories by Pearson's. Under the null hypothesis both are weighted sums of chi-squared variables whose weights follow
from the pooled distribution, so ties, coarse grids and any number of bins need no table of critical values.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from governance.measures.weighted_chi_squared import weighted_chi_squared_tail

if TYPE_CHECKING:
    from governance.measures.dependent_rows import Dependence

Array = NDArray[np.float64]
DRAWS, FIRST_DRAWS = 9999, 999
"""Tables drawn for a comparison of levels: fewer at first, and all when the p-value is CLEAR_P or less by these. What
is larger alarms nobody, and a p-value that is CLEAR_P or less is as exact as without the first look."""
CLEAR_P = 0.05
SMALL_P, FEW_ROWS = 0.01, 20_000
"""Numbers: up to so many rows, a p-value between SURE_P and SMALL_P is drawn as well, as few rows that are divided
unevenly have longer tails than the limit distribution. FIRST_GRIDS are drawn, and all when CLEAR_GRID_P or less by these."""
FIRST_GRIDS, CLEAR_GRID_P = 1999, 0.004
SURE_P = 1e-5
WINDOW = 15.0
"""Two levels: tables that lie so many standard deviations from what is expected are as good as impossible."""
MOST_DRAWN = 1e8
"""With more rows than this, or where rows depend on each other, levels are compared by Pearson's statistic alone."""
POWER = 0.8


@dataclass(frozen=True)
class Homogeneity:
    """Two samples compared."""

    p_value: float
    """That samples of one distribution differ as much. 1 when nothing varies."""
    effect: float
    """0 to 1: the largest difference between distribution functions on the grid (Kolmogorov and Smirnov's distance)
    for numbers, the share of rows that would have to change level (total variation distance) for categories."""


def compare_counts(
    first: Array, second: Array, *, ordered: bool, design_effect: float = 1.0, dependence: Dependence | None = None
) -> Homogeneity:
    """Compare counts (bins,) of two samples; `ordered` for bins of numbers.

    `design_effect`: by how much dependence between rows inflates the variance, 1 for independent rows. `dependence`:
    the same as one sample alone tells it, with how well it is known.
    Sources: T. W. Anderson, D. A. Darling, JASA 49, 1954; F. Scholz, M. Stephens, JASA 82, 1987; for the design
    effect J. N. K. Rao, A. J. Scott, JASA 76, 1981.
    """
    here = (first + second) > 0
    first, second = first[here].astype(np.float64), second[here].astype(np.float64)
    n, m = float(first.sum()), float(second.sum())
    if n == 0 or m == 0 or first.size < 2:
        return Homogeneity(1.0, 0.0)
    difference = first / n - second / m
    pooled = (first + second) / (n + m)
    size = n * m / (n + m)
    effect = difference_of(first, second, ordered)
    if dependence is not None:
        statistic, weights = _quadratic_form(difference, pooled, size, ordered)
        return Homogeneity(dependence.p_value(statistic, float(weights.sum())), effect)
    if design_effect <= 1 and n + m < MOST_DRAWN:
        margins = (first + second).astype(np.int64)
        if margins.size == 2:
            return Homogeneity(_two_levels_p_value(first, margins.astype(np.float64)), effect)
        if not ordered:
            return Homogeneity(_levels_p_value(first, margins), effect)
    statistic, weights = _quadratic_form(difference, pooled, size, ordered)
    p_value = weighted_chi_squared_tail(statistic / max(design_effect, 1.0), weights)
    if ordered and design_effect <= 1 and n + m <= FEW_ROWS and SURE_P <= p_value <= SMALL_P:
        p_value = _drawn_grid_p_value(first, (first + second).astype(np.int64))
    return Homogeneity(p_value, effect)


def difference_of(first: Array, second: Array, ordered: bool) -> float:
    """The effect (0 to 1) of counts (bins,), as Homogeneity says it; 0 when either sample is empty."""
    n, m = float(first.sum()), float(second.sum())
    if n == 0 or m == 0:
        return 0.0
    difference = first / n - second / m
    return float(np.abs(np.cumsum(difference)).max() if ordered else np.abs(difference).sum() / 2)


def _quadratic_form(difference: Array, pooled: Array, size: float, ordered: bool) -> tuple[float, Array]:
    """The statistic, and the weights of the chi-squared variables whose sum it is under the null hypothesis."""
    if not ordered:
        return size * float((difference**2 / pooled).sum()), np.ones(difference.size - 1)
    below = np.cumsum(pooled)[:-1]
    weight = grid_weights(pooled)
    covariance = np.minimum(below[:, None], below) - below[:, None] * below
    root = np.sqrt(weight)
    return (
        size * float((weight * np.cumsum(difference)[:-1] ** 2).sum()),
        np.maximum(np.linalg.eigvalsh(root[:, None] * covariance * root), 0.0),
    )


def grid_weights(pooled: Array) -> Array:
    """Anderson and Darling's weights (bins - 1,) of the cut points between bins with shares `pooled` (bins,)."""
    below = np.cumsum(pooled)[:-1]
    weights: Array = (pooled[:-1] + pooled[1:]) / 2 / (below * (1 - below))
    return weights


def form_of(differences: Array, pooled: Array, ordered: bool) -> Array:
    """Differences (..., bins) of shares, or of counts, as terms (..., d) whose squares add up to the statistic."""
    if ordered:
        return np.asarray(np.cumsum(differences, axis=-1)[..., :-1] * np.sqrt(grid_weights(pooled)), dtype=np.float64)
    return np.asarray(differences / np.sqrt(pooled), dtype=np.float64)


def spread_of(pooled: Array, ordered: bool) -> Array:
    """The variance (d,) of the terms of one row."""
    if ordered:
        below = np.cumsum(pooled)[:-1]
        return np.asarray(grid_weights(pooled) * below * (1 - below), dtype=np.float64)
    return np.asarray(1 - pooled, dtype=np.float64)


def _margins_drawn(margins: NDArray[np.int64], n: int, draws: int) -> NDArray[np.int64]:
    """The first sample's counts (draws, bins) in tables with the same margins."""
    drawn = np.random.default_rng(0).multivariate_hypergeometric(margins, n, size=draws, method="marginals")
    return np.asarray(drawn, dtype=np.int64)


@functools.lru_cache(maxsize=4)  # grids are small; with equally many rows in each bin, all columns share the margins
def _grids_drawn(margins: tuple[int, ...], n: int, draws: int) -> NDArray[np.int64]:
    """As _margins_drawn, of the cumulated counts (draws, bins); not to be written to."""
    drawn = np.cumsum(_margins_drawn(np.array(margins, dtype=np.int64), n, draws), axis=1)
    drawn.flags.writeable = False
    return drawn


def _drawn_grid_p_value(first: Array, margins: NDArray[np.int64]) -> float:
    """Anderson and Darling's test on a grid, against tables drawn with the same margins."""
    n = int(first.sum())
    weight = grid_weights(margins / margins.sum())
    expected = np.cumsum(margins * (n / margins.sum()))[:-1]
    seen = float((weight * (np.cumsum(first)[:-1] - expected) ** 2).sum()) * (1 - 1e-9)
    p_value = 1.0
    for draws in (FIRST_GRIDS, DRAWS):
        others = (_grids_drawn(tuple(margins.tolist()), n, draws)[:, :-1] - expected) ** 2 @ weight
        p_value = float((1 + (others >= seen).sum()) / (1 + draws))
        if p_value > CLEAR_GRID_P:
            break
    return p_value


def _levels_p_value(first: Array, margins: NDArray[np.int64]) -> float:
    """The smaller of two p-values, allowing for the choice: Pearson's over all levels, and the largest likelihood ratio
    of one level against the rest, which sees a new or vanished level that many others would drown.

    From tables drawn with the same margins, so exact for any counts down to 1 / (DRAWS + 1); what is as extreme as that
    by Chernoff's bound on the likelihood ratio of each level, so that it can be told among thousands of columns.
    """
    n, total = float(first.sum()), float(margins.sum())
    expected = margins * (n / total)
    p_value = 1.0
    for draws in (FIRST_DRAWS, DRAWS):
        tables = np.vstack([first, _margins_drawn(margins, int(n), draws)])
        pearson = ((tables - expected) ** 2 / expected).sum(axis=1)
        ratio = _likelihood_ratio(tables, margins.astype(np.float64), n, total).max(axis=1)
        smaller = np.minimum(rank_p(pearson), rank_p(ratio))
        p_value = float((smaller <= smaller[0]).mean())
        if p_value > CLEAR_P:
            return p_value
    if p_value <= 1.5 / (1 + DRAWS):
        return min(p_value, 2 * margins.size * math.exp(-float(ratio[0]) / 2))
    return p_value


def _two_levels_p_value(first: Array, margins: Array) -> float:
    """R. A. Fisher's exact test: the share of tables with these margins that are no likelier than what was seen."""
    from governance.measures.special_functions import gammaln

    n, total = float(first.sum()), float(margins.sum())
    expected = n * margins[0] / total
    spread = math.sqrt(expected * (total - n) * margins[1] / total / max(total - 1, 1.0))
    reach = WINDOW * max(spread, 1.0)
    low, high = max(0.0, n - margins[1], math.floor(expected - reach)), min(n, margins[0], math.ceil(expected + reach))
    if not low <= first[0] <= high:
        return 2 * math.exp(-(WINDOW**2) / 4)
    cells = np.arange(low, high + 1)
    parts = (cells, margins[0] - cells, n - cells, total - n - margins[0] + cells)
    logarithm = -np.sum([gammaln(part + 1) for part in parts], axis=0)
    logarithm = logarithm - logarithm.max()
    chance = np.exp(logarithm)
    seen = logarithm[int(first[0] - low)]
    return float(min(1.0, chance[logarithm <= seen + 1e-6].sum() / chance.sum()))


def _likelihood_ratio(tables: Array, margins: Array, n: float, total: float) -> Array:
    """Of each level against all others, (tables, levels): a G statistic with one degree of freedom."""
    share = margins / total
    ratio = np.zeros(tables.shape)
    for observed, expected in (
        (tables, n * share),
        (margins - tables, (total - n) * share),
        (n - tables, n * (1 - share)),
        (total - n - margins + tables, (total - n) * (1 - share)),
    ):
        with np.errstate(all="ignore"):
            ratio += np.where(observed > 0, observed * np.log(observed / expected), 0.0)
    return 2 * ratio


def rank_p(statistic: Array) -> Array:
    """For each of `statistic` (n,) the share that is as large; differences below 1e-9 are ties."""
    rounded = np.round(statistic, 9)
    ordered = np.sort(rounded)
    return np.asarray(1 - np.searchsorted(ordered, rounded, side="left") / ordered.size, dtype=np.float64)


def design_effect(
    bins: NDArray[np.int64], second: NDArray[np.bool_], groups: NDArray[np.int64], ordered: bool
) -> float:
    """By how much rows that come in `groups` (rows,) inflate the variance of the statistic; 1 at least.

    `bins` (rows,) are bins from 0, -1 where missing; `second` (rows,) says which sample a row is in.
    """
    known = bins >= 0
    bins, second, groups = bins[known], second[known], np.unique(groups[known], return_inverse=True)[1]
    width = int(bins.max(initial=0)) + 1
    m = int(second.sum())
    n = second.size - m
    if n == 0 or m == 0 or width < 2:
        return 1.0
    pooled = np.bincount(bins, minlength=width) / bins.size
    if not (pooled > 0).all():
        bins, pooled = np.cumsum(pooled > 0)[bins] - 1, pooled[pooled > 0]
        width = pooled.size
    if width < 2:
        return 1.0
    sign = np.where(second, -1.0 / m, 1.0 / n)
    count = int(groups.max()) + 1
    sums = np.bincount(groups * width + bins, weights=sign, minlength=count * width).reshape(count, width)
    totals: Array = sums - np.bincount(groups, weights=sign, minlength=count)[:, None] * pooled
    if ordered:
        below, weight = np.cumsum(pooled)[:-1], grid_weights(pooled)
        between = float((weight * (np.cumsum(totals, axis=1)[:, :-1] ** 2).sum(axis=0)).sum())
        independent = float((weight * below * (1 - below)).sum()) * (1 / n + 1 / m)
    else:
        between = float(((totals**2).sum(axis=0) / pooled).sum())
        independent = float((1 - pooled).sum()) * (1 / n + 1 / m)
    return max(1.0, between / independent)


def detectable_effect(n: float, m: float, level: float, design_effect: float = 1.0) -> float:
    """The smallest difference of shares, at the median, that a two-sided test at `level` finds with power POWER.

    1 when not even the largest would be. An approximation: that of a test of two shares of a half.
    """
    from statistics import NormalDist

    if n < 2 or m < 2:
        return 1.0
    normal = NormalDist()
    reach = normal.inv_cdf(1 - level / 2) + normal.inv_cdf(POWER)
    return min(1.0, reach * math.sqrt(0.25 * (1 / n + 1 / m) * max(design_effect, 1.0)))
