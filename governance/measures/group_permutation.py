"""Whether two sets of rows that come in groups differ: groups change sets, and stay whole.

Differences between binned distributions are measured by the quadratic forms of `homogeneity`, over their spread from one
group to the next. As the spread is divided by, groups may be of other sizes in one set than in the other.

Sources: E. Chung, J. Romano, Exact and Asymptotically Robust Permutation Tests, Annals of Statistics 41, 2013; for groups
that are in both sets A. C. Cameron, J. Gelbach, D. Miller, Bootstrap-Based Improvements for Inference with Clustered
Errors, Review of Economics and Statistics 90, 2008; for many groups J. N. K. Rao, A. J. Scott, Annals of Statistics 12, 1984.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.homogeneity import (
    CLEAR_P,
    DRAWS,
    FIRST_DRAWS,
    form_of,
    rank_p,
    spread_of,
)
from governance.measures.weighted_chi_squared import weighted_chi_squared_tail

Array = NDArray[np.float64]
DRAWN_GROUPS = 1000
"""Of so many groups arrangements are drawn; of more, when each set has FEW_GROUPS, the limit distribution serves."""
FEW_GROUPS = 300
MOST_GROUPS = 20_000
"""Of more groups of one set about so many, evenly spaced in their numbering, tell the spread."""


@dataclass(frozen=True)
class Grouped:
    """Two sets of grouped rows compared."""

    p_value: float
    """That sets of the same groups differ as much. 1 when nothing varies."""
    effect: float
    """By how much groups inflate the expectation of the statistic when nothing differs; 1 at least."""
    least: float
    """The smallest p-value that so few groups can give."""


def compare_groups(
    bins: NDArray[np.int64], second: NDArray[np.bool_], groups: NDArray[np.int64], ordered: bool
) -> Grouped | None:
    """Compare `bins` (rows,), -1 where missing, of the rows that are `second` (rows,) with those that are not.

    None when no two rows share one of `groups` (rows,): they are independent then. Where most rows are of groups that are
    in both sets, differences within groups change sign. Where fewer are, each part of a divided group counts as a group,
    which can only hide a difference.
    """
    known = bins >= 0
    codes = np.unique(groups[known], return_inverse=True)[1].astype(np.int64)
    bins, side = np.unique(bins[known], return_inverse=True)[1], second[known].astype(np.int64)
    count = int(codes.max(initial=-1)) + 1
    if count == codes.size:
        return None
    if count < 2 or bins.max() < 1 or side.min() == side.max():
        return Grouped(1.0, 1.0, 1.0 if count < 2 else 0.0)
    sizes = np.bincount(codes * 2 + side, minlength=2 * count).reshape(count, 2)
    if mostly_divided(sizes):
        return _by_signs(bins, side, codes, ordered)
    return _by_sets(bins, side, np.unique(codes * 2 + side, return_inverse=True)[1], ordered)


def least_p_value(second: NDArray[np.bool_], groups: NDArray[np.int64]) -> float:
    """The smallest p-value that `groups` (rows,), of which some rows are `second` (rows,), can give; 0 for independent rows."""
    codes = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    count = int(codes.max(initial=-1)) + 1
    if count == codes.size:
        return 0.0
    sizes = np.bincount(codes * 2 + second, minlength=2 * count).reshape(count, 2)
    if mostly_divided(sizes):
        return float(2.0 ** (1 - count))
    parts = (sizes > 0).sum(axis=0)
    return 1 / math.comb(int(parts.sum()), int(parts[1]))


def mostly_divided(sizes: NDArray[np.int64]) -> bool:
    """Whether most rows are of groups that are in both sets; `sizes` (groups, 2) are their rows in either."""
    return bool(sizes[(sizes > 0).all(axis=1)].sum() > 0.5 * sizes.sum())


def _counts(bins: NDArray[np.int64], groups: NDArray[np.int64], width: int) -> Array:
    """Rows of each of `groups` (rows,) in each bin, (groups, width)."""
    count = int(groups.max()) + 1
    return np.bincount(groups * width + bins, minlength=count * width).reshape(count, width).astype(np.float64)


def _by_sets(bins: NDArray[np.int64], side: NDArray[np.int64], groups: NDArray[np.int64], ordered: bool) -> Grouped:
    """Of groups that are in one set each."""
    width = int(bins.max()) + 1
    of_group = np.zeros(int(groups.max()) + 1, dtype=np.int64)
    of_group[groups] = side
    whole = np.bincount(of_group, minlength=2)
    if whole.sum() > DRAWN_GROUPS and whole.min() > FEW_GROUPS:
        return _by_limit(bins, side, groups, of_group, ordered)
    if whole.sum() > DRAWN_GROUPS:  # of the larger set enough are kept that it adds little to the spread
        larger = int(whole.argmax())
        step = -(-int(whole[larger]) // (DRAWN_GROUPS - int(whole.min())))
        place = np.cumsum(of_group == larger) - 1
        kept = ((of_group != larger) | (place % step == 0))[groups]
        bins, groups = bins[kept], np.unique(groups[kept], return_inverse=True)[1]
        of_group = of_group[(of_group != larger) | (place % step == 0)]
        bins = np.unique(bins, return_inverse=True)[1]
        width = int(bins.max()) + 1
        if width < 2:
            return Grouped(1.0, 1.0, 0.0)
    counts = _counts(bins, groups, width)
    sizes = counts.sum(axis=1)
    pooled = counts.sum(axis=0) / counts.sum()
    statistic = _Statistic(
        form_of(counts - sizes[:, None] * pooled, pooled, ordered), sizes, spread_of(pooled, ordered)
    )
    second = int(of_group.sum())
    least = 1 / math.comb(of_group.size, second)
    p_value = 1.0
    for draws in (FIRST_DRAWS, DRAWS):
        sets = np.vstack([of_group[None, :].astype(bool), _sets_drawn(of_group.size, second, draws)])
        parts = [statistic(chunk) for chunk in np.array_split(sets, -(-sets.shape[0] // 1000))]
        values = np.vstack(parts)
        p_value = _smaller(values if not ordered and width > 2 else values[:, :1])
        if p_value > CLEAR_P:
            break
    bold, careful, effect = statistic.limits(of_group.astype(bool))
    if p_value <= 1.5 / (1 + DRAWS):
        p_value = min(p_value, max(least, careful))
    # Where a single group has a level, dividing by the spread leaves about 1 in all arrangements, and their order says nothing.
    return Grouped(max(p_value, bold), effect, least)


class _Statistic:
    """The quadratic form of the difference over its spread, and the largest such ratio of one bin."""

    def __init__(self, terms: Array, sizes: Array, spread: Array) -> None:
        """`terms` (groups, d), centred; `sizes` (groups,) rows; `spread` (d,): variance of the terms of one row."""
        self.width, self.spread = terms.shape[1], spread
        one = np.ones_like(sizes)
        self.features = np.hstack([terms, sizes[:, None] * terms, terms**2, np.column_stack([sizes, sizes**2, one])])
        self.total = self.features.sum(axis=0)

    def parts(self, sets: NDArray[np.bool_]) -> tuple[Array, Array, Array, Array]:
        """Differences (draws, d), the variance of either mean (draws, d) and the groups of either set (2, draws)."""
        inside = sets.astype(np.float64) @ self.features
        found = []
        for sums in (self.total - inside, inside):
            terms, weighted, squares, rest = np.split(sums, [self.width, 2 * self.width, 3 * self.width], axis=1)
            rows, squared, groups = rest[:, :1], rest[:, 1:2], rest[:, 2:]
            mean = terms / rows
            variance = (squares - 2 * mean * weighted + mean**2 * squared) / rows**2
            # Few rows may show none of a rare level: then the spread that is seen is none; independent rows have the least.
            variance = np.maximum(variance * groups / np.maximum(groups - 1, 1), self.spread / rows)
            found.append((mean, variance, groups[:, 0]))
        (before, old, n), (now, new, m) = found
        return now - before, old, new, np.array([n, m])

    def __call__(self, sets: NDArray[np.bool_]) -> Array:
        """(draws, 2)."""
        gap, old, new, _ = self.parts(sets)
        error = old + new
        return np.column_stack([(gap**2).sum(axis=1) / error.sum(axis=1), (gap**2 / error).max(axis=1)])

    def limits(self, second: NDArray[np.bool_]) -> tuple[float, float, float]:
        """Of the sets as they are: p-values by a limit distribution that is too bold and by one that is too careful for
        few groups, and the design effect.

        The first has the weights that follow from the groups as they are. The second is Welch's t distribution, whose
        tail is the heavier one.
        """
        from governance.measures.special_functions import chdtrc, fdtrc

        _, old, new, groups = self.parts(second[None, :])
        form, largest = self(second[None, :])[0]
        covariance = np.zeros((self.width, self.width))
        for inside in (~second, second):
            terms, sizes = self.features[inside, : self.width], self.features[inside, -3:-2]
            own = terms - sizes * (terms.sum(axis=0) / sizes.sum())
            covariance += own.T @ own / sizes.sum() ** 2
        weights = np.maximum(np.linalg.eigvalsh(covariance), 0.0)
        error = float((old + new).sum())
        weights = weights * error / float(weights.sum()) if weights.sum() > 0 else np.array([error])
        bold = min(weighted_chi_squared_tail(form * error, weights), float(chdtrc(1, largest)))
        either = np.array([old.sum(), new.sum()])
        known = float(either.sum() ** 2 / (either**2 / np.maximum(groups[:, 0] - 1, 1)).sum())
        careful = 2 * min(float(fdtrc(1, known, form)), self.width * float(fdtrc(1, known, largest)))
        rows = np.array([float(self.features[inside, -3].sum()) for inside in (~second, second)])
        return bold, min(1.0, careful), error / float(self.spread.sum() * (1 / rows).sum())


def _by_limit(
    bins: NDArray[np.int64],
    side: NDArray[np.int64],
    groups: NDArray[np.int64],
    of_group: NDArray[np.int64],
    ordered: bool,
) -> Grouped:
    """Of many groups in either set: the weights of the limit distribution follow from the spread between groups."""
    width = int(bins.max()) + 1
    shares = [np.bincount(bins[side == part], minlength=width) / (side == part).sum() for part in (0, 1)]
    pooled = np.bincount(bins, minlength=width) / bins.size
    covariance = np.zeros((form_of(pooled, pooled, ordered).size,) * 2)
    for part in (0, 1):
        own = np.flatnonzero(of_group == part)
        kept = own[:: -(-own.size // MOST_GROUPS)]
        place = np.full(of_group.size, -1, dtype=np.int64)
        place[kept] = np.arange(kept.size)
        inside = place[groups] >= 0
        counts = _counts(bins[inside], place[groups[inside]], width)
        rows = counts.sum(axis=1, keepdims=True)
        terms = form_of(counts - rows * (counts.sum(axis=0) / rows.sum()), pooled, ordered)
        covariance += terms.T @ terms / rows.sum() ** 2 * (kept.size / own.size)
    return _limit(form_of(shares[1] - shares[0], pooled, ordered), covariance, spread_of(pooled, ordered), side)


def _limit(gap: Array, covariance: Array, spread: Array, side: NDArray[np.int64]) -> Grouped:
    second = int(side.sum())
    independent = float(spread.sum()) * (1 / second + 1 / (side.size - second))
    inflated = max(1.0, float(np.trace(covariance)) / independent)
    weights = np.maximum(np.linalg.eigvalsh(covariance), 0.0)
    weights = weights * (inflated * independent / max(float(weights.sum()), 1e-300))
    return Grouped(weighted_chi_squared_tail(float((gap**2).sum()), weights), inflated, 0.0)


def _by_signs(bins: NDArray[np.int64], side: NDArray[np.int64], groups: NDArray[np.int64], ordered: bool) -> Grouped:
    """Of groups that are in both sets: what each adds to the difference may as well have the other sign."""
    width = int(bins.max()) + 1
    second = int(side.sum())
    sign = np.where(side == 1, 1 / second, -1 / (side.size - second))
    count = int(groups.max()) + 1
    sums = np.bincount(groups * width + bins, weights=sign, minlength=count * width).reshape(count, width)
    pooled = np.bincount(bins, minlength=width) / bins.size
    terms = form_of(sums - sums.sum(axis=1, keepdims=True) * pooled, pooled, ordered)
    spread = spread_of(pooled, ordered)
    if not ordered:  # a rare level may show less spread than that of independent rows, by chance
        least_seen = float(spread.sum()) * (1 / second + 1 / (side.size - second))
        terms_scale = max(1.0, least_seen / max(float((terms**2).sum()), 1e-300)) ** 0.5
    else:
        terms_scale = 1.0
    limit = _limit(terms.sum(axis=0), terms.T @ terms, spread, side)
    if count > DRAWN_GROUPS:
        return limit
    seen = float((terms.sum(axis=0) ** 2).sum()) * (1 - 1e-9)
    p_value = 1.0
    for draws in (FIRST_DRAWS, DRAWS):
        drawn = ((_signs_drawn(count, draws) @ (terms_scale * terms)) ** 2).sum(axis=1)
        p_value = float((1 + (drawn >= seen).sum()) / (1 + draws))
        if p_value > CLEAR_P:
            break
    least = 2.0 ** (1 - count)
    if p_value <= 1.5 / (1 + DRAWS):
        p_value = min(p_value, max(least, limit.p_value))
    return Grouped(p_value, limit.effect, least)


def _smaller(values: Array) -> float:
    """The smallest p-value of the first of `values` (draws, tests) among all, allowing for the choice of a test."""
    ranks = np.column_stack([rank_p(column) for column in values.T]).min(axis=1)
    return float((ranks <= ranks[0]).mean())


@functools.lru_cache(maxsize=4)
def _sets_drawn(groups: int, second: int, draws: int) -> NDArray[np.bool_]:
    """Which groups are in the second set, (draws, groups); not to be written to."""
    drawn = np.random.default_rng(0).permuted(np.tile(np.arange(groups) < second, (draws, 1)), axis=1)
    drawn.flags.writeable = False
    return drawn


@functools.lru_cache(maxsize=4)
def _signs_drawn(groups: int, draws: int) -> NDArray[np.float64]:
    """-1 or 1 for each group, (draws, groups); not to be written to."""
    drawn = np.random.default_rng(0).choice(np.array([-1.0, 1.0]), size=(draws, groups))
    drawn.flags.writeable = False
    return drawn
