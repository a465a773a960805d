"""How surprising is it that the numbers of two rows lie so near together?

Each column's surprise is the logarithm of the chance that two rows of a sample of pairs lie so near, and their sum is
held against what chance gives, columns taken as independent once linear dependence is taken out of the differences
(R. Fisher, Statistical Methods for Research Workers, 1932). Values that repeat, as zeros do, surprise little: the sum's
distribution is the convolution of what each column really gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.number_dependence import unmixed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Tails = tuple[Floats, ...]
"""Chance of a sum of so many steps of nats and more: of all columns that can tell, then without each."""

TAIL_SHARE, LEAST_TAIL = 0.05, 20
"""Nearer than so large a share of the sample, the chance falls in proportion to the distance: differences are about
evenly spread around 0, and the nearest pairs of all may be copies."""
MOST_SETS = 30
"""Of so many sets of numbers that both rows lack the chance is counted without these numbers, the commonest first; of
others as if each number could tell, which finds fewer."""
STRAY = 0.01
"""So large a share of the gaps between values may be less than the step in which a number is written: a value mistyped, or one
that a unit was added to, lies beside the others and says nothing of how finely they are written."""
SEVERAL = 3
"""Rows that have the same value, from which on it repeats; and numbers in which a pair agrees, from which on it may be a copy."""
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
    """(kept,) half the step in which values are written."""
    repeats: Floats
    """(kept,) the chance that two rows have the same value, where values repeat as codes do; 0 where they do not."""
    masses: tuple[Floats, ...]
    """For each kept column the chance of so many steps of nats."""
    bound: frozenset[int]
    """Columns without which others say more."""

    def nats(self, numbers: Floats, first: Ints, second: Ints) -> Floats:
        """(pairs, kept) surprise of each number of rows `first` and `second`; 0 where one of the two is missing, or both are."""
        apart = differences(numbers, first, second)
        known = np.isfinite(apart)
        told = ~np.isnan(numbers[first]) & known
        distance = np.abs(np.where(known, apart, 0.0) @ self.mixing.T)
        # Where one value differs, what it would tell of the others is wrong, and they are equal.
        alone = ((apart != 0) | ~known).sum(axis=1) == 1
        distance[alone] *= (apart[alone] != 0)[:, self.kept]
        of_each = zip(distance.T, self.near, self.step, self.repeats, strict=True)
        scores = [_nats(*of_column) for of_column in of_each]
        return np.where(told[:, self.kept], np.array(scores).reshape(self.kept.size, first.size).T, 0.0)

    def chance(self, total: Floats, tails: Sequence[Tails], number: Ints, without: int = -1) -> Floats:
        """Chance that the columns that can tell, or those `without` one of them, give `total` nats (pairs,) and more;
        `number` (pairs,) says which of `tails` is that of the pair."""
        steps = np.clip(np.rint(total / STEP).astype(np.int64), 0, None)
        result = np.ones(total.size)
        for one in np.unique(number).tolist():
            tail, here = tails[one][without + 1], number == one
            result[here] = tail[np.minimum(steps[here], tail.size - 1)]
        return result

    def tails(self, numbers: Floats, first: Ints, second: Ints, each: bool = True) -> tuple[list[Tails], Ints]:
        """The chance of sums for each set of columns that can tell, as not both rows lack them, if asked also without `each`
        column; and (pairs,) which set."""
        lacking = np.isnan(numbers[:, self.kept]) @ (1 << np.arange(self.kept.size, dtype=np.int64))
        values, number, sizes = np.unique(lacking[first] & lacking[second], return_inverse=True, return_counts=True)
        rare = np.argsort(-sizes, kind="stable")[MOST_SETS:]
        made = {one: self._sums(one, each) for one in {0, *np.delete(values, rare).tolist()}}
        return [made.get(one, made[0]) for one in values.tolist()], number

    def _sums(self, lacking: int, each: bool) -> Tails:
        """Of all columns but those `lacking` (bits), then without `each`."""
        left = [at for at in range(len(self.masses)) if not lacking >> at & 1]
        before, after = [np.ones(1)], [np.ones(1)]
        for at in left:
            before.append(np.convolve(before[-1], self.masses[at]))
        if not each:
            return (before[-1][::-1].cumsum()[::-1],)
        for at in left[::-1]:
            after.append(np.convolve(after[-1], self.masses[at]))
        sums = [before[-1], *(np.convolve(before[n], after[len(left) - 1 - n]) for n in range(len(left)))]
        every, *without = (one[::-1].cumsum()[::-1] for one in sums)
        told = dict(zip(left, without, strict=True))
        return every, *(told.get(at, every) for at in range(len(self.masses)))


def differences(numbers: Floats, first: Ints, second: Ints) -> Floats:
    """(pairs, columns) of `numbers`; 0 where both are missing, NaN where one is."""
    one, other = numbers[first], numbers[second]
    return np.where(np.isnan(one) & np.isnan(other), 0.0, one - other)


def chance_but_one(usual: Nearness, numbers: Floats, sample: tuple[Ints, Ints], first: Ints, second: Ints) -> Floats:
    """(pairs,) the chance that rows `first` and `second`, which differ in one of the `numbers` alone, lie so near in the others;
    1 for other pairs, and where that number is not `bound` to others in what is `usual` among the pairs of `sample`.

    What the others say is learnt without it: what follows it, or was told by it, has to speak for itself.
    """
    differ = differences(numbers, first, second) != 0
    alone = np.where(differ.sum(axis=1) == 1, differ.argmax(axis=1), -1)
    result = np.ones(first.size)
    for column in sorted(usual.bound & set(alone.tolist())):
        others = numbers.copy()
        others[:, column] = np.nan
        pairs = np.flatnonzero(alone == column)
        one, other = first[pairs], second[pairs]
        left = nearness(others, *sample)
        result[pairs] = left.chance(
            left.nats(others, one, other).sum(axis=1), *left.tails(others, one, other, each=False)
        )
    return result


def nearness(numbers: Floats, first: Ints, second: Ints) -> Nearness:
    """What is usual among the pairs `first`, `second` of rows of `numbers` (rows, columns), NaN for missing."""
    values = np.array([np.unique(column[np.isfinite(column)]).size for column in numbers.T], dtype=np.int64)
    apart = differences(numbers, first, second)
    # Copies among the sample would make copies look usual: they agree in all numbers but one, and among these in the most
    # telling one or in several. And what a copy has changed would hide how that number follows others.
    equal = apart == 0
    told = ~np.isnan(numbers[first]) & np.isfinite(apart)
    agreeing = equal & told
    copied = agreeing[:, values.argmax()] | (agreeing.sum(axis=1) >= SEVERAL)
    copied &= equal.sum(axis=1) >= numbers.shape[1] - 1
    apart, told = np.where(np.isfinite(apart), apart, 0.0)[~copied], told[~copied]
    half_steps = np.array([_half_step(column) for column in numbers.T])
    learnt = unmixed(apart, told, values, 2 * half_steps)
    kept, mixing = learnt.kept, learnt.mixing
    distance = np.abs(apart @ mixing.T)
    step = half_steps[kept]
    near = tuple(np.sort(distance[pairs, at]) for at, pairs in enumerate(learnt.learnt_from))
    repeats = np.array([_repeats(numbers[:, column]) for column in kept.tolist()])
    repeats[np.count_nonzero(mixing, axis=1) > 1] = 0.0  # what others tell is taken out, and equal values are not equal
    masses = tuple(_masses(*of_column) for of_column in zip(near, step, repeats, strict=True))
    return Nearness(mixing, kept, near, step, repeats, masses, learnt.bound | {int(values.argmax())})


def _half_step(column: Floats) -> float:
    """Half the least difference of two values, but for few STRAY ones."""
    gaps = np.sort(np.diff(np.unique(column[np.isfinite(column)])))
    return float(gaps[int(STRAY * gaps.size)]) / 2 if gaps.size else 0.0


def _repeats(column: Floats) -> float:
    """The chance that two rows have one value that SEVERAL hold: copies alone make values that two rows hold."""
    counts = np.unique(column[np.isfinite(column)], return_counts=True)[1].astype(np.float64)
    held = counts[counts >= SEVERAL]
    return float((held * (held - 1)).sum() / max(counts.sum() * (counts.sum() - 1), 1.0))


def _tail(near: Floats) -> int:
    return min(max(int(TAIL_SHARE * near.size), LEAST_TAIL), near.size)


def _nats(distance: Floats, near: Floats, step: float, repeats: float) -> Floats:
    """Minus the logarithm of the chance that a pair lies so near, at most MOST_NATS. It is no less than that of equal values:
    codes lie far apart and repeat, so that few pairs are near and many are equal."""
    rank = np.searchsorted(near, (distance + step) * (1 + 1e-9), side="right")
    tail = _tail(near)
    edge = min(float(near[tail - 1]), 1e300)
    share = np.where(rank < tail, tail * (distance + step) / max(edge + step, 1e-300), rank) / near.size
    share = np.maximum(share, repeats)
    return np.asarray(np.minimum(-np.log(np.maximum(share, 1e-300)), MOST_NATS), dtype=np.float64)


def _masses(near: Floats, step: float, repeats: float) -> Floats:
    """The chance of so many steps of nats, for a column with the sorted distances `near`."""
    top = int(np.ceil(MOST_NATS / STEP)) + 1
    tail = _tail(near)
    same = near <= step * (1 + 1e-9)
    scores = np.ceil(_nats(np.where(same, 0.0, near), near, step, repeats) / STEP).astype(np.int64)
    if same[tail - 1]:  # so many pairs are equal that equality is usual
        return np.bincount(scores, minlength=top)[:top] / near.size
    mass = np.bincount(scores[tail:], minlength=top)[:top].astype(np.float64)
    # Below the tail's edge chances are even, down to that of equal values.
    edge = np.arange(top) * STEP
    beyond = np.minimum(np.exp(-edge) * near.size, float(tail))
    most = min(int(np.ceil(float(_nats(np.zeros(1), near, step, repeats)[0]) / STEP)), top - 1)
    beyond[most + 1 :] = 0.0
    mass += beyond - np.append(beyond[1:], 0.0)
    return np.asarray(mass / near.size, dtype=np.float64)
