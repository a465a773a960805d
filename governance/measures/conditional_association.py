"""Does an outcome differ between levels of a factor beyond chance, among rows that are alike?

Rows are alike within strata. The difference is Mantel and Haenszel's: each level against the rest within each stratum,
strata weighted by how much they tell. Chance is what permutations of the levels within strata make of it, or, where
rows come in dependent groups, random signs of whole groups. The largest of all differences is compared with the
largest of each draw, so that many levels and many outcomes raise no more false alarms than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from governance.measures.turned_labels import Expected, Ratios

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
ROWS_A_STRATUM = 60
MOST_BINS = 10
FIRST_DRAWS, BY_CHANCE = 99, 0.2
"""After so many draws no more are made where each level's p-value is above this one: nothing would make it remarkable."""
SMALL_BLOCK = 20
"""Where strata hold fewer rows than this on average, all of them are shuffled at once, by one sort: faster than one by one."""


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
    """(levels,) the largest absolute difference over its error, or the root of twice the largest log likelihood ratio; 0
    where nothing can be compared or nothing speaks against the level."""
    noticeable: float
    """The quantile of the largest statistic under chance (95 %): times an error, what would be noticed half the time."""
    of_turned_labels: bool = False
    """Whether likelihoods of turned labels were compared, so that a level may stand out by no outcome's mean."""


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
    tested: Expected | None = None,
) -> Comparison:
    """Compare `level` (rows,), from 0 to less than `levels`, by `outcome` (rows, outcomes) within `strata` (rows,).

    Differences and errors are of `outcome`. What is beyond chance is told by their ratio, or, where labels and their chances are
    given as `tested`, by the log likelihood ratio of labels that were turned (turned_labels), whose root of twice stands for it.

    Levels of fewer than `least` comparable rows (with `groups` (rows,): groups) are not judged: their p-value is 1. Pass rows in
    order of row_id: draws are of positions. Sources: N. Mantel, W. Haenszel, JNCI 22, 1959; P. Westfall, S. Young,
    Resampling-Based Multiple Testing, 1993; A. Winkler et al., NeuroImage 92, 2014 (sign flips of blocks); J. Besag, P. Clifford,
    Biometrika 78, 1991 (fewer draws where chance soon does as well).
    """
    order = np.argsort(strata, kind="stable")
    _, block = np.unique(strata[order], return_inverse=True)
    outcome, level = outcome[order], level[order]
    sizes = np.bincount(block)
    centred = _centred(outcome, block, sizes)
    cells = np.bincount(block * levels + level, minlength=sizes.size * levels).reshape(sizes.size, levels)
    weights = cells * (sizes[:, None] - cells) / sizes[:, None]
    total = weights.sum(axis=0)
    comparable = np.where(weights > 0, cells, 0).sum(axis=0)
    sums = _sums(centred, level, levels)
    shares = cells / sizes[:, None]
    spread = np.stack([np.bincount(block, weights=column**2) for column in centred.T], axis=1)
    variance = weights.T @ (spread / np.maximum(1, sizes - 1)[:, None])
    units, by_group = comparable, None
    if groups is not None:
        by_group, units = _influences(centred, level, levels, block, shares, groups[order])
        # A level in which a rare outcome did not happen varies by hardly anything, as its own rows have it, and would by more.
        variance = np.maximum(variance, (by_group**2).sum(axis=0).reshape(levels, -1))
    judged = (units >= least) & (total > 0)
    error = np.sqrt(variance)
    usable = judged[:, None] & (error > 1e-12)
    fixed = np.zeros_like(sums)
    if tested is None:
        scale = np.where(usable, error, np.inf)

        def totals(drawn: Codes) -> Floats:
            return _sums(centred, drawn, levels)

        def statistic(drawn: Floats) -> Floats:
            return np.asarray(np.abs(drawn / scale).max(axis=1))
    else:
        # Rows that have none of other levels beside them say nothing of whom they are by.
        mixed = np.flatnonzero((cells.max(axis=1) < sizes)[block])
        ratios, able = Ratios(tested.rows(order[mixed])), usable.any(axis=1)

        def totals(drawn: Codes) -> Floats:
            return ratios.totals(drawn if mixed.size == drawn.size else drawn[mixed], levels)

        def statistic(drawn: Floats) -> Floats:
            return np.where(able, np.sqrt(2 * np.maximum(drawn.max(axis=1), 0.0)), 0.0)

        if groups is not None and mixed.size:
            kept, part = np.unique(block[mixed], return_inverse=True)
            columns = _centred(ratios.columns(), part, sizes[kept])
            by_group, _ = _influences(columns, level[mixed], levels, part, shares[kept], groups[order][mixed])
            fixed = totals(level) - by_group.sum(axis=0).reshape(levels, -1)
    observed = statistic(totals(level))
    generator = np.random.default_rng(seed)
    largest = np.empty(draws)
    shuffled, starts = level.copy(), [0, *np.cumsum(sizes).tolist()]
    small = level.size < SMALL_BLOCK * sizes.size
    for draw in range(draws):
        if draw == FIRST_DRAWS and _reached(largest[:draw], observed)[judged].min(initial=draw) > BY_CHANCE * draw:
            largest = largest[:draw]
            break
        if by_group is None:  # each block's levels are shuffled among its own rows
            if small:
                shuffled = level[np.argsort(block + generator.random(block.size))]
            else:
                for start, end in pairwise(starts):
                    generator.shuffle(shuffled[start:end])
            drawn = totals(shuffled)
        else:
            signs = generator.integers(0, 2, by_group.shape[0]) * 2.0 - 1.0
            drawn = fixed + (signs @ by_group).reshape(levels, -1)
        largest[draw] = statistic(drawn).max()
    adjusted = np.where(judged, (1 + _reached(largest, observed)) / (1 + largest.size), 1.0)
    divisor = np.where(total > 0, total, np.nan)[:, None]
    return Comparison(
        difference=np.where(judged[:, None], sums / divisor, np.nan),
        error=np.where(judged[:, None], error / divisor, np.nan),
        rows=comparable.astype(np.int64),
        adjusted=adjusted,
        extreme=observed,
        # Where chance alone hardly ever speaks against anybody, a difference still has to exceed its own error.
        noticeable=max(float(np.quantile(largest, 0.95)), NormalDist().inv_cdf(1 - 0.025 / levels) if tested else 0.0),
        of_turned_labels=tested is not None,
    )


def _reached(largest: Floats, observed: Floats) -> Codes:
    """(levels,) how many draws of `largest` are at least as large as what was `observed`."""
    return np.asarray((largest[None, :] >= observed[:, None] - 1e-9).sum(axis=1), dtype=np.int64)


def _centred(values: Floats, block: Codes, sizes: Codes) -> Floats:
    """`values` (rows, any) less their means in each block (rows,)."""
    means = np.stack([np.bincount(block, weights=column) / sizes for column in values.T], axis=1)
    return np.asarray(values - means[block], dtype=np.float64)


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
