"""Whether a classifier can tell two samples apart, and whether their columns are tied to each other in the same way: each
with a null distribution of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.ranks import mid_ranks

Array = NDArray[np.float64]
CHUNK = 100
ENOUGH = 20
"""Drawing ends when so many draws were as extreme as what was seen: the p-value is then large and known well enough
(J. Besag, P. Clifford, Sequential Monte Carlo p-values, Biometrika 78, 1991)."""
AUC_ROWS = 1000


@dataclass(frozen=True)
class Told:
    """How well a classifier tells the second sample from the first."""

    auc: float
    """Area under the curve, over pairs of rows that were both left out of the fit: 0.5 by chance, 1 for separate samples."""
    p_value: float
    score: Array
    """(rows,) higher is more like the second sample."""
    further: float
    """What the p-value is of: by how many standard deviations the mean scores of both samples, each row scored by a fit to the
    others, lie further apart than in the median of the shuffled samples."""


@dataclass(frozen=True)
class Ties:
    """How the correlations between columns differ."""

    p_value: float
    pair: tuple[int, int]
    """The two columns whose correlation differs most."""
    first: float
    second: float
    """Their correlation in either sample."""


def rank_scores(matrix: Array) -> Array:
    """Columns of `matrix` (rows, d) as normal scores of mid-ranks: no outlier and no unit matters. NaN, for missing, stays.

    Constant columns are left out.
    """
    from governance.measures.special_functions import ndtri

    if matrix.size == 0:
        return matrix
    known = ~np.isnan(matrix)
    ranks = np.full(matrix.shape, np.nan)
    for column in range(matrix.shape[1]):
        here = known[:, column]
        ranks[here, column] = mid_ranks(matrix[here, column])
    scores = ndtri((ranks - 0.5) / known.sum(axis=0))
    centred = scores - np.nanmean(scores, axis=0)
    spread = np.nanstd(centred, axis=0)
    return np.asarray(centred[:, spread > 1e-9] / spread[spread > 1e-9], dtype=np.float64)


class Shuffles:
    """Shuffled samples: which sample each row is in, the same draws for every test that asks.

    Groups are shuffled whole. Of a group that is in both samples each part counts as a group of its own, which can only
    hide a difference. Groups should be of about the same sizes in both samples.
    """

    def __init__(self, second: NDArray[np.bool_], groups: NDArray[np.int64] | None, draws: int, seed: int = 0) -> None:
        self.second, self.draws, self.seed = second, draws, seed
        self.code: NDArray[np.int64] | None = None
        if groups is not None:
            own = np.unique(groups, return_inverse=True)[1].astype(np.int64) * 2 + second
            self.code = np.unique(own, return_inverse=True)[1].astype(np.int64)
            self.of_group = np.zeros(int(self.code.max()) + 1, dtype=np.bool_)
            self.of_group[self.code] = second

    def sizes(self) -> Iterator[int]:
        """How many draws each chunk has."""
        return (min(CHUNK, self.draws - start) for start in range(0, self.draws, CHUNK))

    def __iter__(self) -> Iterator[NDArray[np.bool_]]:
        """Chunks of draws, (at most CHUNK, rows)."""
        generator = np.random.default_rng(self.seed)
        for start in range(0, self.draws, CHUNK):
            count = min(CHUNK, self.draws - start)
            if self.code is None:
                yield generator.permuted(np.tile(self.second, (count, 1)), axis=1)
            else:
                yield generator.permuted(np.tile(self.of_group, (count, 1)), axis=1)[:, self.code]


def _p_value(beyond: Iterator[int], sizes: Iterator[int]) -> float:
    """From how many of each chunk of draws were as extreme; ends early, when the answer is clear."""
    extreme = drawn = 0
    for more, size in zip(beyond, sizes, strict=False):
        extreme, drawn = extreme + more, drawn + size
        if extreme >= ENOUGH:
            break
    return (1 + extreme) / (1 + drawn)


def basis(scores: Array) -> Array:
    """Scores and their squares, centred: what the linear models see."""
    both = np.hstack([scores, scores**2])
    return np.asarray(both - both.mean(axis=0), dtype=np.float64)


class Ridge:
    """Ridge regression of many responses on one matrix, each row predicted without itself."""

    def __init__(self, matrix: Array) -> None:
        self.left, singular, _ = np.linalg.svd(matrix, full_matrices=False)
        strength = 0.1 * float((singular**2).mean()) + 1e-12
        self.shrink = singular**2 / (singular**2 + strength)
        self.leverage = np.minimum((self.left**2) @ self.shrink + 1 / matrix.shape[0], 0.99)

    def left_out(self, responses: Array) -> Array:
        """Predictions (rows, responses) of each row by a fit to the others."""
        mean = responses.mean(axis=0)
        centred = responses - mean
        fitted = self.left @ (self.shrink[:, None] * (self.left.T @ centred))
        leverage = self.leverage[:, None]
        return np.asarray((fitted - leverage * centred) / (1 - leverage) + mean, dtype=np.float64)

    def left_out_auc(self, second: NDArray[np.bool_]) -> float:
        """How often, of two rows that were both left out, the one of the `second` sample (rows,) has the larger prediction.

        To leave out one row at a time gives rows of like values the smaller score the more of their own sample they are,
        and an area below 0.5 where values are tied. Of each sample AUC_ROWS rows, evenly spaced, are looked at.
        Source: A. Airola, T. Pahikkala, W. Waegeman, B. De Baets, T. Salakoski, An Experimental Comparison of
        Cross-Validation Techniques for Estimating the Area Under the ROC Curve, CSDA 55, 2011.
        """
        side = second.astype(np.float64)
        mean = float(side.mean())
        error = side - mean - self.left @ (self.shrink * (self.left.T @ (side - mean)))
        rows = [np.flatnonzero(second == part) for part in (False, True)]
        first, other = (part[evenly_spaced(part.size, AUC_ROWS)] for part in rows)
        shared = (self.left[other] * self.shrink) @ self.left[first].T + 1 / side.size
        a, b = (1 - self.leverage[other])[:, None], 1 - self.leverage[first]
        # Both left out: the residuals that solve (I - H) of the two rows.
        theirs, ours = error[other][:, None], error[first]
        gap = 1 - ((b - shared) * theirs - (a - shared) * ours) / np.maximum(a * b - shared**2, 1e-9)
        return float((gap > 1e-9).mean() + (np.abs(gap) <= 1e-9).mean() / 2)


def _separation(scores: Array, sides: Array) -> Array:
    """Difference of mean scores between samples over their spread, per column."""
    count = sides.sum(axis=0)
    inside = (scores * sides).sum(axis=0) / count
    outside = (scores * (1 - sides)).sum(axis=0) / (scores.shape[0] - count)
    return np.asarray((inside - outside) / np.maximum(scores.std(axis=0), 1e-12), dtype=np.float64)


def tell_apart(scores: Array, second: NDArray[np.bool_], shuffled: Shuffles) -> Told:
    """Ridge regression of the sample on normal `scores` (rows, d) and their squares; rows predicted by the others.

    `shuffled` gives the null distribution, refitted for each draw.
    Sources: J. Friedman, On Multivariate Goodness-of-Fit and Two-Sample Testing, 2003; D. Lopez-Paz, M. Oquab,
    Revisiting Classifier Two-Sample Tests, ICLR 2017.
    """
    ridge = Ridge(basis(scores))
    observed = ridge.left_out(second.astype(np.float64)[:, None])
    seen = float(_separation(observed, second.astype(np.float64)[:, None])[0])

    by_chance: list[Array] = []

    def extreme(sides: NDArray[np.bool_]) -> int:
        drawn = sides.T.astype(np.float64)
        by_chance.append(_separation(ridge.left_out(drawn), drawn))
        return int((by_chance[-1] >= seen - 1e-12).sum())

    p_value = _p_value(map(extreme, shuffled), shuffled.sizes())
    further = seen - float(np.median(np.concatenate(by_chance)))
    return Told(ridge.left_out_auc(second), p_value, observed[:, 0], further)


def compare_ties(scores: Array, second: NDArray[np.bool_], shuffled: Shuffles) -> Ties | None:
    """The largest difference of Fisher's z between correlations in both samples, against shuffled samples.

    `scores` (rows, d), NaN where missing: a correlation is of the rows that have both, as an imputed value goes with nothing,
    and its difference counts by how many these are. None with fewer than two columns.
    """
    if scores.shape[1] < 2:
        return None
    one, other = np.triu_indices(scores.shape[1], 1)
    known = ~np.isnan(scores)
    filled = np.where(known, scores, 0.0)
    # Few sets of rows have both columns of a pair, and one does where nothing is missing.
    joint, of_pair = np.unique(known[:, one] & known[:, other], axis=1, return_inverse=True)
    sets, of_pair = joint.shape[1], of_pair.ravel()
    columns, at = np.unique(np.concatenate([one, other]) * sets + np.tile(of_pair, 2), return_inverse=True)
    at_one, at_other = at[: one.size], at[one.size :]
    values = filled[:, columns // sets] * joint[:, columns % sets]
    # Sums of these over a sample give all its correlations, so that a draw costs one product.
    terms = np.hstack([joint, values, values**2, filled[:, one] * filled[:, other]])
    ends = np.cumsum([sets, columns.size, columns.size])
    total = terms.sum(axis=0)

    def rows(sums: Array) -> Array:
        return np.maximum(sums[:, :sets][:, of_pair], 1.0)

    def z(sums: Array) -> Array:
        _, mean, square, product = np.split(sums, ends, axis=1)
        count = rows(sums)
        means = [mean[:, place] / count for place in (at_one, at_other)]
        spreads = [
            np.sqrt(np.maximum(square[:, place] / count - middle**2, 1e-12))
            for place, middle in zip((at_one, at_other), means, strict=True)
        ]
        r = (product / count - means[0] * means[1]) / (spreads[0] * spreads[1])
        return np.asarray(np.arctanh(np.clip(r, -0.999, 0.999)), dtype=np.float64)

    def both(sides: NDArray[np.bool_]) -> tuple[Array, Array]:
        inside = sides.astype(np.float64) @ terms
        return total - inside, inside

    sums = both(second[None, :])
    before, now = map(z, sums)
    sizes = [rows(part)[0] for part in sums]
    size = sizes[0] * sizes[1] / (sizes[0] + sizes[1])
    weight = np.sqrt(size / size.max())
    seen = weight * np.abs(before - now)[0]
    place = int(seen.argmax())
    limit = float(seen[place]) - 1e-12

    def extreme(sides: NDArray[np.bool_]) -> int:
        first, other = map(z, both(sides))
        return int(((weight * np.abs(first - other)).max(axis=1) >= limit).sum())

    first, other_side = np.tanh(before[0]), np.tanh(now[0])
    pair = (int(one[place]), int(other[place]))
    return Ties(_p_value(map(extreme, shuffled), shuffled.sizes()), pair, float(first[place]), float(other_side[place]))
