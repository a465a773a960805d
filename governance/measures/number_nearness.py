"""How surprising is it that the numbers of two rows lie so near together?

Each column's surprise is the logarithm of the chance that two rows of a sample of pairs lie so near, and their sum is
held against what chance gives, columns taken as independent once linear dependence is taken out of the differences
(R. Fisher, Statistical Methods for Research Workers, 1932). Values that repeat, as zeros do, surprise little: the sum's
distribution is the convolution of what each column really gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.ranks import mid_ranks

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DEPENDENT = 0.2
"""From this correlation on, one number's differences are partly told by another's."""
MOST_NUMBERS = 12
"""Numbers that are looked at, those of most values first: each more costs time and says less."""
TAIL_SHARE, LEAST_TAIL = 0.05, 20
"""Nearer than so large a share of the sample, the chance falls in proportion to the distance: differences are about
evenly spread around 0, and the nearest pairs of all may be copies."""
MOST_NATS = float(16 * np.log(2))
"""No single number says more, as in record linkage."""
STEP = 0.05
"""Nats: how finely surprise is added up."""


@dataclass(frozen=True)
class Nearness:
    """What the nearness of each number is worth, and how often chance is worth as much."""

    mixing: Floats
    """(kept, columns): turns differences into those of the kept columns without what columns before them tell."""
    kept: Ints
    """(kept,) columns that say something of their own."""
    near: tuple[Floats, ...]
    """For each kept column the sorted distances of the sample."""
    step: Floats
    """(kept,) half the least difference of two values."""
    tails: tuple[Floats, ...]
    """Chance of a sum of so many steps of nats and more: of all kept columns, then without each."""

    def nats(self, numbers: Floats, first: Ints, second: Ints) -> Floats:
        """(pairs, kept) surprise of each number of rows `first` and `second`; 0 where one of the two is missing, or both are."""
        apart = differences(numbers, first, second)
        known = np.isfinite(apart)
        told = ~np.isnan(numbers[first]) & known
        distance = np.abs(np.where(known, apart, 0.0) @ self.mixing.T)
        # Where one value differs, what it would tell of the others is wrong, and they are equal.
        alone = ((apart != 0) | ~known).sum(axis=1) == 1
        distance[alone] *= (apart[alone] != 0)[:, self.kept]
        scores = [_nats(d, n, s) for d, n, s in zip(distance.T, self.near, self.step, strict=True)]
        return np.where(told[:, self.kept], np.array(scores).reshape(self.kept.size, first.size).T, 0.0)

    def chance(self, total: Floats, without: int = -1) -> Floats:
        """Chance that all kept columns, or those `without` one of them, give `total` nats (pairs,) and more."""
        tail = self.tails[without + 1]
        return np.asarray(tail[np.clip(np.rint(total / STEP).astype(np.int64), 0, tail.size - 1)], dtype=np.float64)


def differences(numbers: Floats, first: Ints, second: Ints) -> Floats:
    """(pairs, columns) of `numbers`; 0 where both are missing, NaN where one is."""
    one, other = numbers[first], numbers[second]
    return np.where(np.isnan(one) & np.isnan(other), 0.0, one - other)


def nearness(numbers: Floats, first: Ints, second: Ints) -> Nearness:
    """What is usual among the pairs `first`, `second` of rows of `numbers` (rows, columns), NaN for missing."""
    values = np.array([np.unique(column[np.isfinite(column)]).size for column in numbers.T], dtype=np.int64)
    apart = differences(numbers, first, second)
    # Copies among the sample would make copies look usual: they agree in the most telling number and all but one other.
    equal = apart == 0
    told = ~np.isnan(numbers[first]) & np.isfinite(apart)
    copied = (equal & told)[:, values.argmax()] & (equal.sum(axis=1) >= numbers.shape[1] - 1)
    apart, told = np.where(np.isfinite(apart), apart, 0.0)[~copied], told[~copied]
    kept, mixing = _unmixed(apart, values)
    distance = np.where(told[:, kept], np.abs(apart @ mixing.T), np.inf)
    step = np.array([_half_step(numbers[:, column]) for column in kept.tolist()])
    near = tuple(np.sort(distance, axis=0).T)
    masses = [_masses(one, half) for one, half in zip(near, step, strict=True)]
    before, after = [np.ones(1)], [np.ones(1)]
    for mass in masses:
        before.append(np.convolve(before[-1], mass))
    for mass in masses[::-1]:
        after.append(np.convolve(after[-1], mass))
    last = len(masses) - 1
    sums = [before[-1], *(np.convolve(before[n], after[last - n]) for n in range(len(masses)))]
    return Nearness(mixing, kept, near, step, tuple(one[::-1].cumsum()[::-1] for one in sums))


def _unmixed(apart: Floats, values: Ints) -> tuple[Ints, Floats]:
    """Columns to keep, and how differences become theirs: what columns of fewer values tell of them is taken out.

    Fewer values first, as those repeat and must go on doing so. Of two that still depend, the one of more values stays.
    """
    order = sorted(np.flatnonzero(values > 1).tolist(), key=lambda column: (values[column], column))[-MOST_NUMBERS:]
    mixing = np.zeros((len(order), apart.shape[1]))
    left = np.zeros((len(apart), len(order)))
    alive: list[int] = []
    for at, column in enumerate(order):
        mixing[at, column], left[:, at] = 1.0, apart[:, column]
        spread = _size(left[:, at])
        for before in alive:
            shared = float((left[:, at] * left[:, before]).mean())
            if abs(shared) >= DEPENDENT * _size(left[:, before]) * _size(left[:, at]) > 0:
                share = shared / _size(left[:, before]) ** 2
                mixing[at] -= share * mixing[before]
                left[:, at] -= share * left[:, before]
        if _size(left[:, at]) > 1e-6 * spread:
            alive.append(at)
    kept: list[int] = []
    ranks = {at: mid_ranks(np.abs(left[:, at])) for at in alive}
    for at in reversed(alive):
        if all(abs(np.corrcoef(ranks[at], ranks[other])[0, 1]) < DEPENDENT for other in kept):
            kept.append(at)
    kept.sort()
    return np.array([order[at] for at in kept], dtype=np.int64), mixing[kept]


def _size(apart: Floats) -> float:
    """Root mean square: differences of pairs in no order have no mean but by chance."""
    return float(np.sqrt((apart**2).mean()))


def _half_step(column: Floats) -> float:
    values = np.unique(column[np.isfinite(column)])
    return float(np.diff(values).min()) / 2 if values.size > 1 else 0.0


def _tail(near: Floats) -> int:
    return min(max(int(TAIL_SHARE * near.size), LEAST_TAIL), near.size)


def _nats(distance: Floats, near: Floats, step: float) -> Floats:
    """Minus the logarithm of the chance that a pair lies so near, at most MOST_NATS."""
    rank = np.searchsorted(near, distance * (1 + 1e-9), side="right")
    tail = _tail(near)
    edge = min(float(near[tail - 1]), 1e300)
    share = np.where(rank < tail, tail * (distance + step) / max(edge + step, 1e-300), rank) / near.size
    return np.asarray(np.minimum(-np.log(np.maximum(share, 1e-300)), MOST_NATS), dtype=np.float64)


def _masses(near: Floats, step: float) -> Floats:
    """The chance of so many steps of nats, for a column with the sorted distances `near`."""
    top = int(np.ceil(MOST_NATS / STEP)) + 1
    tail = _tail(near)
    scores = np.ceil(_nats(near, near, step) / STEP).astype(np.int64)
    if near[tail - 1] == 0:  # so many pairs are equal that equality is usual
        return np.bincount(scores, minlength=top)[:top] / near.size
    mass = np.bincount(scores[tail:], minlength=top)[:top].astype(np.float64)
    # Below the tail's edge chances are even, down to that of equal values.
    edge = np.arange(top) * STEP
    beyond = np.minimum(np.exp(-edge) * near.size, float(tail))
    most = min(int(np.ceil(float(_nats(np.zeros(1), near, step)[0]) / STEP)), top - 1)
    beyond[most + 1 :] = 0.0
    mass += beyond - np.append(beyond[1:], 0.0)
    return np.asarray(mass / near.size, dtype=np.float64)
