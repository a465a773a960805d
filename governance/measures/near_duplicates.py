"""Near duplicates: rows much nearer to each other than the data around them would make by chance.

No fixed distance tells copies from neighbours: in data of few independent features close pairs are common, in data of
many there are none. So the threshold comes from the data: if rows lie about evenly around a row, in m independent
directions, then (distance / distance of the k-th neighbour) ** m is uniform, and the chance of a nearest neighbour
that near is known; m is measured. Beside that, a pair must be near in the eyes of the whole dataset.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+")
ROUNDS = 5
"""The directions are counted anew so often at most, each time without the copies found before; two do nearly always."""
APART = 2
"""Copies stand apart when they are this many times as many as the pairs within twice the distance, which neighbours
that lie along a line would equal and others outnumber: close neighbours are no copies, and leave the count as it is."""
LEAST_ROWS = 30
"""The directions are not counted anew from fewer rows."""
BLIND_BELOW = 0.05
"""When a copy would have to be this near (as a share of the k-th neighbour's distance), hardly any would be found."""


@dataclass(frozen=True)
class NearPairs:
    """Pairs of rows that are suspiciously near."""

    first: NDArray[np.int64]
    """(pairs,) row positions, smaller than `second`; pairs are sorted."""
    second: NDArray[np.int64]
    distance: NDArray[np.float64]
    score: NDArray[np.float64]
    """(pairs,) 1 for no distance at all, falling to 0.5 at the largest distance that counts."""
    dimension: float
    """The measured number of independent directions around a row, the median of rows; 0 when it cannot be told."""
    reach: float
    """How near a copy must be to be noticed, as a share of the typical distance of nearest neighbours."""
    beyond: int
    """Pairs that are not near enough to count, and would be within twice the distance."""
    blind: bool
    """Whether there are too few independent directions around half of the rows to tell copies from neighbours."""


def near_pairs(
    index: NDArray[np.int64],
    distance: NDArray[np.float64],
    *,
    closeness: float = 0.25,
    false_alarms: float = 0.1,
    kind: NDArray[np.int64] | None = None,
) -> NearPairs:
    """Near pairs among the `index`, `distance` (rows, k) of each row's nearest neighbours, nearest first.

    Rows of another `kind` (rows,), as those that lack other columns, spread in as many directions as they do; None for
    rows that are all of one kind.

    A pair counts when its distance is below `closeness` times the median distance of nearest neighbours (rows with
    an exact copy aside), and so small that `false_alarms` rows of a dataset of this size would be so near by chance.
    Where many rows are copies, each looks far nearer to its neighbour than to the next, as in data of few directions:
    so where copies stand apart, the directions are counted anew among the rows that are left without them.
    """
    kind = np.zeros(len(distance), dtype=np.int64) if kind is None else kind
    found = _pairs_at(index, distance, _directions(distance, kind, kind), closeness, false_alarms)
    for _ in range(ROUNDS):
        if found.first.size <= APART * found.beyond:
            break
        # Of each pair one row is left out, also as a neighbour of others: an original and its copy are as far from them.
        left, rows = _without(index, distance, found.second)
        if len(left) < LEAST_ROWS or intrinsic_dimension(left) == 0:
            break
        before = found
        found = _pairs_at(index, distance, _directions(left, kind[rows], kind), closeness, false_alarms)
        if np.array_equal(found.first, before.first) and np.array_equal(found.second, before.second):
            break
    return found


def _directions(
    distance: NDArray[np.float64], kind: NDArray[np.int64], every: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(rows,) in how many directions data spreads around rows of each kind in `every`, measured among rows of the same
    `kind`: those of kinds of few rows together, and where they are few too, no more than among others.

    The fewer rows, the less sure it is, and the less is said; the lower it is, the fewer pairs count.
    """
    sizes = np.bincount(kind, minlength=int(every.max(initial=0)) + 1)
    few = sizes < LEAST_ROWS
    merged, wanted = np.where(few[kind], -1, kind), np.where(few[every], -1, every)
    measured: dict[int, float] = {}
    for one in np.unique(merged).tolist():
        rows = merged == one
        if rows.sum() >= LEAST_ROWS or rows.all():
            sure = max(1 - 2 / np.sqrt(max((wanted == one).sum(), 1)), 0.0)
            measured[one] = intrinsic_dimension(distance[rows]) * sure
    least = min(measured.values(), default=0.0)
    values, place = np.unique(wanted, return_inverse=True)
    return np.array([measured.get(one, least) for one in values.tolist()])[place]


def _pairs_at(
    index: NDArray[np.int64],
    distance: NDArray[np.float64],
    dimension: NDArray[np.float64],
    closeness: float,
    false_alarms: float,
) -> NearPairs:
    """The pairs that are nearer than chance allows where data spreads around each row in so many directions (rows,)."""
    rows, k = distance.shape
    nearest, farthest = distance[:, 0], distance[:, -1]
    apart = nearest[nearest > 0]
    nothing, usual = np.empty(0, dtype=np.int64), float(np.median(dimension)) if rows else 0.0
    if k < 3 or apart.size == 0 or not dimension.any():
        return NearPairs(nothing, nothing, np.empty(0), np.empty(0), usual, 0.0, 0, True)
    typical = float(np.median(apart))
    # Chance that at least one of k - 1 rows lies within a share u of the ball: 1 - (1 - u) ** (k - 1).
    volume = -np.expm1(np.log1p(-min(false_alarms / rows, 0.5)) / (k - 1))
    local_share = np.where(dimension > 0, volume ** (1 / np.maximum(dimension, 1e-9)), 0.0)
    limit = np.minimum(farthest * local_share, closeness * typical)
    if not (blind := bool(np.median(local_share) < BLIND_BELOW)):
        limit[local_share < BLIND_BELOW] = -1.0  # rows whose copies could not be told
    unique, row, column = _pairs_within(index, distance, limit)
    found = distance[row, column]
    score = 1 - 0.5 * found / np.maximum(limit[row], 1e-300)
    reach = min(closeness, float(np.median(local_share)) * float(np.median(farthest)) / typical)
    beyond = len(_pairs_within(index, distance, 2 * limit)[0]) - len(unique)
    return NearPairs(unique[:, 0], unique[:, 1], found, score, usual, reach, beyond, blind)


def _pairs_within(
    index: NDArray[np.int64], distance: NDArray[np.float64], limit: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (pairs, 2) that lie within the `limit` (rows,) of either row, sorted; and row and column of one in `index`."""
    row, column = np.nonzero((distance <= limit[:, None]) & (distance[:, -1:] > 0))
    other = index[row, column]
    pairs = np.column_stack([np.minimum(row, other), np.maximum(row, other)])
    unique, position = np.unique(pairs, axis=0, return_index=True)
    return unique, row[position], column[position]


def _without(
    index: NDArray[np.int64], distance: NDArray[np.float64], copies: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(rows left, k) distances of the rows that are no `copies` to their neighbours that are none; NaN at the end of a
    row where fewer are left, and only rows that keep three; and which rows these are."""
    copied = np.zeros(len(distance), dtype=bool)
    copied[copies] = True
    left = np.where(copied[index], np.nan, distance)[~copied]
    left.sort(axis=1)  # NaN goes last
    enough = np.isfinite(left).sum(axis=1) >= 3
    return np.asarray(left[enough], dtype=np.float64), np.flatnonzero(~copied)[enough]


def intrinsic_dimension(distance: NDArray[np.float64]) -> float:
    """In how many independent directions data spreads around a row, from neighbour distances (rows, k >= 3);
    NaN ends a row that has fewer, but three.

    The smaller of two estimates: from the two nearest neighbours (E. Facco et al., Scientific Reports 7, 2017), which
    sees the smallest scale, as within one combination of categories; and from all neighbours but the nearest, which
    may be a copy (E. Levina and P. Bickel, NIPS 17, 2004). Both are medians over rows, so that copies hardly move
    them. 0 when it cannot be told.
    """
    if distance.shape[1] < 3:
        return 0.0
    spreads = []
    pairs = distance[distance[:, 0] > 0]
    if len(pairs):
        spreads.append(float(np.median(np.log(pairs[:, 1] / pairs[:, 0]))) / np.log(2))
    count = np.isfinite(distance).sum(axis=1)
    farthest = distance[np.arange(len(distance)), count - 1]
    apart = (distance[:, 1] > 0) & (farthest > distance[:, 1])
    if apart.any():
        logarithms = np.log(farthest[apart, None] / np.maximum(distance[apart], 1e-300))
        between = (np.arange(distance.shape[1]) >= 1) & (np.arange(distance.shape[1]) < count[apart, None] - 1)
        spreads.append(float(np.median(np.where(between, logarithms, 0.0).sum(axis=1) / (count[apart] - 2))))
    widest = max(spreads, default=0.0)
    return 1 / widest if widest > 0 else 0.0


def letter_runs(text: str, letters: int = 3) -> frozenset[str]:
    """The runs of `letters` letters and digits in `text`, in lower case, all else left out."""
    plain = "".join(_WORD.findall(text.lower()))
    if len(plain) <= letters:
        return frozenset([plain]) if plain else frozenset()
    return frozenset(plain[start : start + letters] for start in range(len(plain) - letters + 1))


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """Shared elements over all elements, 0 to 1; 0 when both are empty."""
    union = len(first | second)
    return len(first & second) / union if union else 0.0
