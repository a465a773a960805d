"""How far rows that come in groups blur a comparison with a set of which only counts are known.

The groups of the one set whose rows are known say how much its counts vary from one draw of groups to the next; the other
set is taken to be grouped alike. The statistic, a quadratic form of differences, is then compared with an F distribution.

Sources: J. N. K. Rao, A. J. Scott, On Chi-Squared Tests for Multiway Contingency Tables with Cell Proportions Estimated
from Survey Data, Annals of Statistics 12, 1984 (second-order correction); D. R. Thomas, J. N. K. Rao, Small-Sample
Comparisons of Level and Power for Simple Goodness-of-Fit Statistics under Cluster Sampling, JASA 82, 1987 (F).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from governance.measures.homogeneity import grid_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[np.float64]
MOST_GROUPS = 20_000
"""Of more groups about so many, evenly spaced in their numbering, are looked at."""


@dataclass(frozen=True)
class Dependence:
    """What groups do to a statistic."""

    effect: float
    """By how much they inflate its expectation when nothing differs; 1 at least."""
    freedom: float
    """Of how many equal independent parts the statistic would consist that varies as much."""
    known_by: float
    """Degrees of freedom of `effect`: at most about the number of groups, few when few groups make most of it."""

    def p_value(self, statistic: float, independent: float) -> float:
        """That a quadratic form is as large by chance; `independent`: its expectation with independent rows."""
        from governance.measures.special_functions import fdtrc

        return float(fdtrc(self.freedom, self.known_by, max(statistic, 0.0) / (independent * self.effect)))


@dataclass(frozen=True)
class Stratum:
    """One table of classes, some of them put together."""

    stratum: int
    place: NDArray[np.int64]
    """(classes,) the column of each class in the table; -1 when it is left out."""
    pooled: Array
    """(columns,) shares in both sets."""


def two_sided(z: float, shared: Dependence | None) -> float:
    """p-value of a difference that is `z` standard errors of independent rows; None for independent rows."""
    from governance.measures.special_functions import ndtr

    return 2 * float(ndtr(-z)) if shared is None else shared.p_value(z**2, 1.0)


def dependence(sums: Array, sizes: Array, independent: float) -> Dependence:
    """Of a statistic that is a sum of squares over all rows.

    `sums` (groups, terms): each group's sum of the terms, which are centred over all rows; `sizes` (groups,): its rows;
    `independent`: the sum over rows of the squared terms. Where no term varies, nothing tells how alike the rows of a
    group are, and they count as wholly alike.
    """
    count = sizes.size
    squares = (sums**2).sum(axis=1)
    total = float(squares.sum())
    if independent <= 0 or total <= 0:
        return Dependence(max(1.0, float((sizes**2).sum() / max(sizes.sum(), 1.0))), 1.0, max(count - 1.0, 1.0))
    corrected = total * count / max(count - 1, 1)
    covariance = sums.T @ sums
    freedom = total**2 / float((covariance**2).sum())
    # As of a variance that is estimated from `count` squares, by how much these vary.
    scatter = float((squares**2).sum()) / total**2 - 1 / count
    known_by = min(2 / scatter, count - 1.0) if scatter > 0 else count - 1.0
    return Dependence(max(1.0, corrected / independent), freedom, max(known_by, 1.0))


def bins_dependence(
    bins: NDArray[np.int64], groups: NDArray[np.int64], pooled: Array, ordered: bool
) -> Dependence | None:
    """Of the comparison of `bins` (rows,), -1 where missing, with other counts; `pooled` (bins,): shares in both sets.

    None when no two rows share one of `groups` (rows,): they are independent then.
    """
    bins, groups = some_groups(bins, groups)
    count = int(groups.max(initial=-1)) + 1
    if count < 2 or count == groups.size:
        return None
    here = pooled > 0
    place, pooled = np.cumsum(here) - 1, pooled[here]
    width = pooled.size
    counts = np.bincount(groups * width + place[bins], minlength=count * width).reshape(count, width).astype(np.float64)
    sizes = counts.sum(axis=1)
    own = counts.sum(axis=0) / sizes.sum()
    sums = counts - sizes[:, None] * own
    if ordered:
        below, weight = np.cumsum(own)[:-1], grid_weights(pooled)
        terms = np.cumsum(sums, axis=1)[:, :-1] * np.sqrt(weight)
        return dependence(terms, sizes, float((weight * below * (1 - below)).sum() * sizes.sum()))
    return dependence(sums / np.sqrt(pooled), sizes, float((own * (1 - own) / pooled).sum() * sizes.sum()))


def mean_dependence(values: Array, groups: NDArray[np.int64]) -> Dependence | None:
    """Of the mean of `values` (rows,); None when no two rows share one of `groups` (rows,)."""
    places, groups = some_groups(np.arange(values.size), groups)
    count = int(groups.max(initial=-1)) + 1
    if count < 2 or count == groups.size:
        return None
    centred = values[places] - values[places].mean()
    sums = np.bincount(groups, weights=centred, minlength=count).astype(np.float64)
    return dependence(sums[:, None], np.bincount(groups, minlength=count).astype(np.float64), float((centred**2).sum()))


def strata_dependence(
    classes: NDArray[np.int64], strata: NDArray[np.int64], groups: NDArray[np.int64], tables: Sequence[Stratum]
) -> Dependence | None:
    """Of the sum, over `tables`, of Pearson's statistic of `classes` (rows,) within each of `strata` (rows,).

    None when no two rows share one of `groups` (rows,).
    """
    places, groups = some_groups(np.arange(classes.size), groups)
    count = int(groups.max(initial=-1)) + 1
    if count < 2 or count == groups.size:
        return None
    classes, strata = classes[places], strata[places]
    terms, independent = [], 0.0
    for table in tables:
        inside = (strata == table.stratum) & (table.place[classes] >= 0)
        width = table.pooled.size
        cell = groups[inside] * width + table.place[classes[inside]]
        counts = np.bincount(cell, minlength=count * width).reshape(count, width).astype(np.float64)
        rows = float(counts.sum())
        if rows == 0:
            continue
        own = counts.sum(axis=0) / rows
        terms.append((counts - counts.sum(axis=1, keepdims=True) * own) / np.sqrt(table.pooled * rows))
        independent += float((own * (1 - own) / table.pooled).sum())
    sums = np.hstack(terms) if terms else np.zeros((count, 1))
    return dependence(sums, np.bincount(groups, minlength=count).astype(np.float64), independent)


def some_groups(values: NDArray[np.int64], groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows whose `values` (rows,) are not -1, of MOST_GROUPS of `groups` (rows,), which are numbered anew from 0."""
    known = values >= 0
    values, codes = values[known], np.unique(groups[known], return_inverse=True)[1].astype(np.int64)
    step = -(-(int(codes.max(initial=0)) + 1) // MOST_GROUPS)
    kept = codes % step == 0
    return values[kept], codes[kept] // step
