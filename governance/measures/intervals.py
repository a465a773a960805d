"""Intervals: how far a measured number may lie from what it estimates.

Where rows are not independent of each other (several scans of one patient), the groups are the units: pass `groups`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Interval = tuple[float, float]
"""Lower and upper end. `(nan, nan)` means that the data cannot tell."""

MIN_DEFINED = 0.9
"""Share of bootstrap draws in which the statistic must exist; below it the interval would describe lucky draws."""


def normal_quantile(level: float) -> float:
    """The standard normal's two-sided quantile for a confidence `level` between 0 and 1: 1.96 for 0.95."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it must lie between 0 and 1")
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(successes: int, n: int, level: float = 0.95) -> Interval:
    """Wilson's score interval for a share, `successes` of `n` independent units. `(0, 1)` when `n` is 0.

    Raises ValueError when `successes` is not between 0 and `n`.
    Source: E. B. Wilson, 1927; compared with its rivals by R. G. Newcombe, Statistics in Medicine 17, 1998.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}: they must lie between 0 and n")
    if n == 0:
        return 0.0, 1.0
    z = normal_quantile(level)
    share = successes / n
    centre = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if successes == 0 else max(0.0, (centre - spread) / scale)
    high = 1.0 if successes == n else min(1.0, (centre + spread) / scale)
    return low, high


def newcombe(successes: int, n: int, other_successes: int, other_n: int, level: float = 0.95) -> Interval:
    """Interval for the difference of two independent shares, `successes / n - other_successes / other_n`.

    `(-1, 1)` when either `n` is 0. Source: method 10 of R. G. Newcombe, Statistics in Medicine 17, 873-890, 1998.
    """
    if n == 0 or other_n == 0:
        return -1.0, 1.0
    first, second = successes / n, other_successes / other_n
    first_low, first_high = wilson(successes, n, level)
    second_low, second_high = wilson(other_successes, other_n, level)
    difference = first - second
    low = difference - math.hypot(first - first_low, second_high - second)
    high = difference + math.hypot(first_high - first, second - second_low)
    return low, high


def wilson_of_groups(successes: NDArray[np.bool_], groups: ArrayLike, level: float = 0.95) -> Interval:
    """Wilson's interval for a share of rows that come in `groups`, each row's group at its position.

    The number of rows is divided by the design effect, 1 + r W / N: N rows, W the sum of size x (size - 1) over groups,
    and r the intraclass correlation, between 0 and 1, that makes the expected squares of the groups' residuals equal to
    those measured. It is divided further by (t / z)^2, for the part of the variance that groups add is known from groups
    alone. `(0, 1)` with fewer than two groups.
    Source: J. N. K. Rao, A. J. Scott, Biometrics 48, 577-585, 1992; degrees of freedom as in R. M. Bell, D. F. McCaffrey,
    Survey Methodology 28, 2002; division by t as in E. L. Korn, B. I. Graubard, Survey Methodology 24, 1998; quantile of
    a variance that is known in part as in W. G. Cochran, Biometrics 20, 1964.
    """
    flags = np.asarray(successes, dtype=np.float64)
    code, count = _codes(groups)
    if count < 2:
        return 0.0, 1.0
    sizes = np.bincount(code, minlength=count).astype(np.float64)
    share = float(flags.mean())
    pairs = sizes * (sizes - 1)
    most = 1 + float(pairs.sum()) / flags.size
    if share * (1 - share) == 0:
        # All rows alike: the variance says nothing, so only as much is known as there are groups: Kish's number of them.
        return wilson_share(share, flags.size / most, level)
    if most == 1:
        return wilson_share(share, flags.size, level)
    residuals = np.bincount(code, weights=flags - share, minlength=count)
    squares = float((residuals**2).sum()) / (share * (1 - share))
    alone, _ = residual_squares(sizes, sizes)
    shared, _ = residual_squares(pairs, sizes)
    correlation = min(1.0, max(0.0, (squares - alone) / shared))
    effect = 1 + correlation * (most - 1)
    return wilson_share(share, flags.size / effect / _widening(sizes, correlation, effect, level), level)


def _widening(sizes: NDArray[np.float64], correlation: float, effect: float, level: float) -> float:
    """(t / z)^2 where of each `effect` of variance 1 is known and the rest has a number of groups' degrees of freedom."""
    if effect == 1:
        return 1.0
    from governance.measures.special_functions import stdtrit

    _, freedom = residual_squares(sizes * (1 + (sizes - 1) * correlation), sizes)
    z = normal_quantile(level)
    t = float(stdtrit(freedom, 0.5 + level / 2))
    return ((z + t * (effect - 1)) / (effect * z)) ** 2


def residual_squares(variances: NDArray[np.float64], sizes: NDArray[np.float64]) -> tuple[float, float]:
    """Expected sum of the groups' squared residuals from the mean of all rows, and its degrees of freedom (Satterthwaite).

    `variances` (groups,) are those of the groups' sums. Residuals have the covariance D - v h' - h v' + V h h', with D
    the variances v on the diagonal, h the groups' shares of the rows and V the sum of v; the expectation is its trace,
    the degrees of freedom the squared trace over its sum of squares.
    """
    shares = sizes / sizes.sum()
    total = float(variances.sum())
    cross, within, both = (float(a @ b) for a, b in ((shares, shares), (variances, variances), (variances, shares)))
    trace = total - 2 * both + total * cross
    outer = 2 * cross * within + 2 * both**2 + total**2 * cross**2 - 4 * total * both * cross
    diagonal = float((variances * shares) @ (total * shares - 2 * variances))
    return trace, trace**2 / (within + outer + 2 * diagonal)


def wilson_share(share: float, n: float, level: float) -> Interval:
    """Wilson's interval for a `share` of `n` units, which need be no whole number, as an effective sample size is not."""
    z = normal_quantile(level)
    centre = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def mean_interval(values: ArrayLike, *, groups: ArrayLike | None = None, level: float = 0.95) -> Interval:
    """Student's interval for the mean of `values` (n,), in their unit; with `groups` (n,) it is cluster-robust.

    Degrees of freedom are independent units minus one. `(nan, nan)` below two units. Raises ValueError on NaN.
    """
    from governance.measures.special_functions import stdtrit

    numbers = np.asarray(values, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError("values hold NaN or infinity; leave missing values out and count them")
    code, count = (np.arange(numbers.size), numbers.size) if groups is None else _codes(groups)
    if count < 2:
        return math.nan, math.nan
    mean = float(numbers.mean())
    residuals = np.bincount(code, weights=numbers - mean, minlength=count)
    error = math.sqrt(count / (count - 1) * float((residuals**2).sum())) / numbers.size
    reach = float(stdtrit(count - 1, 0.5 + level / 2)) * error
    return mean - reach, mean + reach


def bootstrap(
    statistic: Callable[[NDArray[np.int64]], float],
    n: int,
    *,
    groups: ArrayLike | None = None,
    draws: int = 200,
    seed: int = 0,
    level: float = 0.95,
) -> Interval:
    """Percentile bootstrap interval of `statistic`, which is called with row positions drawn with replacement.

    With `groups` (n,), whole groups are drawn. Draws in which the statistic is not finite are left out;
    `(nan, nan)` when that leaves fewer than MIN_DEFINED of them, or when there are fewer than two units.
    Pass rows in order of row_id: the draws are of positions. Source: B. Efron, Annals of Statistics 7, 1979.
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least 1 is needed")
    generator = np.random.default_rng(seed)
    members: list[NDArray[np.int64]] | None = None
    units = n
    if groups is not None:
        code, units = _codes(groups)
        if code.size != n:
            raise ValueError(f"groups name {code.size} rows; there are {n}")
        order = np.argsort(code, kind="stable")
        members = np.split(order, np.cumsum(np.bincount(code, minlength=units))[:-1])
    if units < 2:
        return math.nan, math.nan
    results = np.empty(draws)
    for draw in range(draws):
        picked = generator.integers(0, units, units)
        rows = picked if members is None else np.concatenate([members[unit] for unit in picked])
        results[draw] = statistic(rows)
    defined = results[np.isfinite(results)]
    if defined.size < MIN_DEFINED * draws:
        return math.nan, math.nan
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _codes(groups: ArrayLike) -> tuple[NDArray[np.int64], int]:
    """Group numbers from 0, in order of first appearance, and how many there are."""
    numbers: dict[Any, int] = {}
    listed = np.asarray(groups).tolist()
    code = np.fromiter((numbers.setdefault(group, len(numbers)) for group in listed), np.int64, len(listed))
    return code, len(numbers)
