"""Whether two sets of rows have the same mean, of sets of any size, spread and skewness, and of rows that come in groups.

The independent units, single rows or whole groups of rows, change sets, and the difference of means over its own error is
compared with what that gives. The test is exact where both sets are of one distribution, however skewed, and right for
many units where they have the same mean and else differ.

Sources: B. L. Welch, Biometrika 34, 1947; E. Chung, J. Romano, Exact and Asymptotically Robust Permutation Tests, Annals
of Statistics 41, 2013; for groups with rows in both sets A. C. Cameron, J. Gelbach, D. Miller, Bootstrap-Based Improvements
for Inference with Clustered Errors, Review of Economics and Statistics 90, 2008.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.group_permutation import mostly_divided
from governance.measures.homogeneity import CLEAR_P, DRAWS, FIRST_DRAWS

Array = NDArray[np.float64]
MOST_UNITS = 2000
"""Where the smaller set has more units, Welch's t distribution serves: their mean is normal enough."""
CHUNK = 1_000_000
"""So many drawn positions are held at a time."""


@dataclass(frozen=True)
class _Units:
    """Sums over each independent unit, (units,) each."""

    total: Array
    """Of the values, less the mean of all."""
    rows: Array

    def features(self) -> Array:
        """(units, 6): what the error of a ratio of sums is made from."""
        s, n = self.total, self.rows
        return np.column_stack([s, n, s * s, s * n, n * n, np.ones_like(s)])


def means_differ(values: Array, second: NDArray[np.bool_], units: NDArray[np.int64] | None = None) -> float:
    """p-value that the mean of `values` (rows,) that are `second` (rows,) is that of the others, in two tails.

    `units` (rows,): rows of one are not independent. Where most rows are of units with rows in both sets, what each unit
    adds to the difference changes its sign; where fewer are, each part of a divided unit counts as a unit, which can
    only hide a difference. 1 when a set has fewer than two units, or nothing varies.
    """
    centred = values - values.mean()
    side = second.astype(np.int64)
    if units is None:
        return _by_sets(_Units(centred, np.ones_like(centred)), second)
    codes = np.unique(units, return_inverse=True)[1].astype(np.int64)
    sizes = np.bincount(codes * 2 + side, minlength=2 * (int(codes.max()) + 1)).reshape(-1, 2)
    if mostly_divided(sizes):
        return _by_signs(centred, side, codes)
    parts, codes = np.unique(codes * 2 + side, return_inverse=True)
    rows = np.bincount(codes).astype(np.float64)
    return _by_sets(_Units(np.bincount(codes, weights=centred).astype(np.float64), rows), parts % 2 == 1)


def _by_sets(units: _Units, second: NDArray[np.bool_]) -> float:
    """Of units that are in one set each, `second` (units,) or not."""
    smaller = second if 2 * second.sum() <= second.size else ~second
    few = int(smaller.sum())
    features = units.features()
    total = features.sum(axis=0)
    if few < 2:
        return 1.0
    seen, freedom = _welch(features[smaller].sum(axis=0)[None, :], total)
    if not np.isfinite(seen[0]) or seen[0] == 0:
        return 1.0 if seen[0] == 0 else 0.0
    welch = _t_tail(float(seen[0]), float(freedom[0]))
    if few > MOST_UNITS:
        return welch
    p_value = 1.0
    for draws in (FIRST_DRAWS, DRAWS):
        p_value = _rank(_drawn(features, total, few, draws), float(seen[0]))
        if p_value > CLEAR_P:
            break
    return _beyond_draws(p_value, welch)


def _beyond_draws(p_value: float, limit: float) -> float:
    """Where no draw is as extreme, the smaller p-value of the t distribution tells how far beyond all draws it is."""
    return min(p_value, limit) if p_value <= 2.5 / (1 + DRAWS) else p_value


def _drawn(features: Array, total: Array, few: int, draws: int) -> Array:
    """The statistic (draws,) of sets of `few` units drawn from all, seeded."""
    random = np.random.default_rng(0)
    count, columns = features.shape[0], np.ascontiguousarray(features.T)
    step = max(1, CHUNK // max(few, 1))
    found = []
    for start in range(0, draws, step):
        places = np.stack([random.choice(count, few, replace=False) for _ in range(min(step, draws - start))])
        inside = np.column_stack([np.take(column, places).sum(axis=1) for column in columns])
        found.append(_welch(inside, total)[0])
    return np.concatenate(found)


def _welch(inside: Array, total: Array) -> tuple[Array, Array]:
    """Difference of means over its error, and its degrees of freedom (Satterthwaite), (draws,) each.

    `inside` (draws, 6) are the features of the units of one set, `total` (6,) those of all.
    """
    means, errors, freedoms = [], [], []
    for s, n, ss, sn, nn, units in (inside.T, (total - inside).T):
        mean = s / n
        squares = np.maximum(ss - 2 * mean * sn + mean**2 * nn, 0.0)
        means.append(mean)
        errors.append(squares * units / np.maximum(units - 1, 1) / n**2)
        freedoms.append(np.maximum(units - 1, 1))
    # What rounding leaves of sets that do not vary is no error.
    error = np.where(errors[0] + errors[1] > 1e-24 * total[2] / total[1], errors[0] + errors[1], 0.0)
    gap = means[0] - means[1]
    gap = np.where(np.abs(gap) > 1e-12 * np.sqrt(total[2] / total[1]), gap, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(gap == 0, 0.0, gap / np.sqrt(error))
        freedom = error**2 / (errors[0] ** 2 / freedoms[0] + errors[1] ** 2 / freedoms[1])
    return statistic, freedom


def _by_signs(centred: Array, side: NDArray[np.int64], codes: NDArray[np.int64]) -> float:
    """Of units that are in both sets: what each adds to the difference may as well have the other sign."""
    after = int(side.sum())
    weights = centred * np.where(side == 1, 1 / after, -1 / (side.size - after))
    adds: Array = np.bincount(codes, weights=weights).astype(np.float64)
    count, squares = adds.size, float(adds @ adds)
    if count < 2 or squares == 0:
        return 1.0
    seen = float(adds.sum())
    limit = _t_tail(seen / (count / (count - 1) * squares) ** 0.5, count - 1)
    if count > MOST_UNITS:
        return limit
    p_value = 1.0
    for draws in (FIRST_DRAWS, DRAWS):
        signs = np.random.default_rng(0).integers(0, 2, (draws, count), dtype=np.int8)
        drawn: Array = 2 * (signs @ adds) - seen
        p_value = _rank(drawn, seen)
        if p_value > CLEAR_P:
            break
    return _beyond_draws(p_value, limit)


def _rank(drawn: Array, seen: float) -> float:
    """Twice the share of `drawn` that are as far out as `seen` in the tail where fewer are, `seen` counted among them."""
    near = 1e-9 * abs(seen)
    above, below = (drawn >= seen - near).sum(), (drawn <= seen + near).sum()
    return min(1.0, 2 * (1 + float(min(above, below))) / (1 + drawn.size))


def _t_tail(t: float, freedom: float) -> float:
    """Both tails of Student's t."""
    from governance.measures.special_functions import fdtrc

    return float(fdtrc(1, freedom, t * t))
