"""Does an outcome differ between levels of a factor beyond chance, among rows that are alike?

Rows are alike within strata. The difference is Mantel and Haenszel's: each level against the rest within each stratum,
strata weighted by how much they tell. Chance is what permutations of the levels within strata make of it, or, where
rows come in dependent groups, random signs of whole groups. The largest of all differences is compared with the
largest of each draw, so that many levels and many outcomes raise no more false alarms than one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
ROWS_A_STRATUM = 60
MOST_BINS = 10
LEAST_CHANCE = 0.2
"""A label that is less probable than this counts as if it had this probability: models are not so sure of rare ones."""


@dataclass(frozen=True)
class Comparison:
    """Levels against the rest, for each outcome."""

    difference: Floats
    """(levels, outcomes) the level's mean outcome less that of rows like them; NaN when there are none to compare."""
    error: Floats
    """(levels, outcomes) its standard error if levels were alike."""
    rows: Codes
    """(levels,) rows that have rows of other levels like them."""
    adjusted: Floats
    """(levels,) p-value of the level's largest difference, adjusted for all levels and outcomes (maximum statistic)."""
    extreme: Floats
    """(levels,) the largest absolute difference over its error; 0 where nothing can be compared."""
    noticeable: float
    """The quantile of the largest statistic under chance (95 %): times an error, what would be noticed half the time."""
    more: NDArray[np.bool_] | None = None
    """(levels,) where something else was tested: whether the level has more of it than rows like them, not less."""


def turned(residual: Floats, probabilities: Floats) -> Floats:
    """(rows, classes) what each label says for somebody who turns other labels into this class.

    `residual` is 1 for the label less the probability. Over the probability, it is the slope of the likelihood where
    none is turned, and tests on it are the most powerful ones against few (C. Rao, 1948). Bounded by LEAST_CHANCE.
    """
    return np.asarray(residual / np.maximum(probabilities, LEAST_CHANCE), dtype=np.float64)


def alike(probabilities: Floats) -> Codes:
    """(rows,) strata of rows with alike predictions (rows, classes): by the likeliest class, then by its probability."""
    likeliest = probabilities.argmax(axis=1)
    top = probabilities.max(axis=1)
    strata = np.zeros(top.size, dtype=np.int64)
    for number in np.unique(likeliest):
        rows = np.flatnonzero(likeliest == number)
        strata[rows] = number * MOST_BINS + binned(top[rows])
    return strata


def binned(values: Floats) -> Codes:
    """(rows,) bins of about equal size, at least ROWS_A_STRATUM rows where there are so many, at most MOST_BINS."""
    bins = int(np.clip(values.size // ROWS_A_STRATUM, 1, MOST_BINS))
    edges = np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1]) if bins > 1 else np.empty(0)
    return np.searchsorted(edges, values, side="right").astype(np.int64)


def compare_levels(
    outcome: Floats,
    level: Codes,
    strata: Codes,
    *,
    levels: int,
    groups: Codes | None = None,
    least: int = 20,
    draws: int = 499,
    seed: int = 0,
    tested: Floats | None = None,
) -> Comparison:
    """Compare `level` (rows,), from 0 to less than `levels`, by `outcome` (rows, outcomes) within `strata` (rows,).

    Differences and errors are of `outcome`; what is beyond chance is told by `tested` (rows, any) where it is given.

    Levels of fewer than `least` comparable rows (with `groups` (rows,): groups) are not judged: their p-value is 1. Pass rows in
    order of row_id: draws are of positions. Sources: N. Mantel, W. Haenszel, JNCI 22, 1959; P. Westfall, S. Young,
    Resampling-Based Multiple Testing, 1993; A. Winkler et al., NeuroImage 92, 2014 (sign flips of blocks).
    """
    if tested is not None:
        told = compare_levels(tested, level, strata, levels=levels, groups=groups, least=least, draws=draws, seed=seed)
        shown = compare_levels(outcome, level, strata, levels=levels, groups=groups, least=least, draws=1)
        size = np.abs(np.nan_to_num(told.difference / np.where(told.error > 0, told.error, np.inf)))
        outermost = np.take_along_axis(told.difference, size.argmax(axis=1)[:, None], axis=1)[:, 0]
        return replace(told, difference=shown.difference, error=shown.error, more=outermost > 0)
    order = np.argsort(strata, kind="stable")
    _, block = np.unique(strata[order], return_inverse=True)
    outcome, level = outcome[order], level[order]
    sizes = np.bincount(block)
    means = np.stack([np.bincount(block, weights=column) / sizes for column in outcome.T], axis=1)
    centred = outcome - means[block]
    cells = np.bincount(block * levels + level, minlength=sizes.size * levels).reshape(sizes.size, levels)
    weights = cells * (sizes[:, None] - cells) / sizes[:, None]
    total = weights.sum(axis=0)
    comparable = np.where(weights > 0, cells, 0).sum(axis=0)
    sums = _sums(centred, level, levels)
    if groups is None:
        spread = np.stack([np.bincount(block, weights=column**2) for column in centred.T], axis=1)
        variance = weights.T @ (spread / np.maximum(1, sizes - 1)[:, None])
        units, by_group = comparable, None
    else:
        by_group, units = _influences(centred, level, levels, block, cells / sizes[:, None], groups[order])
        variance = (by_group**2).sum(axis=0).reshape(levels, -1)
    judged = (units >= least) & (total > 0)
    error = np.sqrt(variance)
    usable = judged[:, None] & (error > 1e-12)
    scale = np.where(usable, error, np.inf)
    observed = np.abs(sums / scale).max(axis=1)
    generator = np.random.default_rng(seed)
    largest = np.empty(draws)
    shuffled, starts = level.copy(), [0, *np.cumsum(sizes).tolist()]
    for draw in range(draws):
        if by_group is None:
            for start, end in pairwise(starts):  # each block's levels are shuffled among its own rows
                generator.shuffle(shuffled[start:end])
            drawn = _sums(centred, shuffled, levels)
        else:
            signs = generator.integers(0, 2, by_group.shape[0]) * 2.0 - 1.0
            drawn = (signs @ by_group).reshape(levels, -1)
        largest[draw] = np.abs(drawn / scale).max()
    reached = (largest[None, :] >= observed[:, None] - 1e-9).sum(axis=1)
    adjusted = np.where(judged, (1 + reached) / (1 + draws), 1.0)
    divisor = np.where(total > 0, total, np.nan)[:, None]
    return Comparison(
        difference=np.where(judged[:, None], sums / divisor, np.nan),
        error=np.where(judged[:, None], error / divisor, np.nan),
        rows=comparable.astype(np.int64),
        adjusted=adjusted,
        extreme=observed,
        noticeable=float(np.quantile(largest, 0.95)),
    )


def _sums(centred: Floats, level: Codes, levels: int) -> Floats:
    return np.stack([np.bincount(level, weights=column, minlength=levels) for column in centred.T], axis=1)


def _influences(
    centred: Floats, level: Codes, levels: int, block: Codes, shares: Floats, groups: Codes
) -> tuple[Floats, Codes]:
    """(groups, levels x outcomes) what each group adds to each sum, and (levels,) the groups with rows of each level.

    The sum of a level is also that of (is it this level? less the level's share in the stratum) times the centred
    outcome, and so a group counts that speaks for a level only by what it says of the others.
    """
    _, group = np.unique(groups, return_inverse=True)
    count, outcomes = int(group.max()) + 1, centred.shape[1]
    made = np.zeros((count, levels, outcomes))
    for position in range(outcomes):
        np.add.at(made[:, :, position], (group, level), centred[:, position])
        for number in range(levels):
            expected = shares[block, number] * centred[:, position]
            made[:, number, position] -= np.bincount(group, weights=expected, minlength=count)
    pairs = np.unique(group * levels + level)
    return made.reshape(count, -1), np.bincount(pairs % levels, minlength=levels)


def holm(p_values: list[float]) -> list[float]:
    """P-values adjusted for their number, in the order given. Source: S. Holm, Scandinavian Journal of Statistics 6, 1979."""
    order = sorted(range(len(p_values)), key=lambda position: p_values[position])
    adjusted, worst = [0.0] * len(p_values), 0.0
    for rank, position in enumerate(order):
        worst = max(worst, min(1.0, p_values[position] * (len(p_values) - rank)))
        adjusted[position] = worst
    return adjusted
