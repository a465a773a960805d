"""What is new in a number beside the others of its row?

How far two rows lie apart in one column tells how far they do in those that follow it. What follows in a straight line is
taken out. Of a column that still hangs on others, as a volume whose spread grows with the weight, it is learnt from pairs
that are near in these: by the chain rule of probability both then count as one after the other. One that goes on
hanging on the others however near these are is a function of them, and says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.ranks import mid_ranks

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DEPENDENT = 0.2
"""From this correlation on, one number's differences are partly told by another's."""
MOST_NUMBERS = 12
"""Numbers that are looked at, those of most values first: each more costs time and says less."""
LEAST_NEAR = 100
"""Pairs near in what a number hangs on, from which it can be learnt."""
NEAREST, MOST_NEAREST, CURVE, FEW_STEPS = 0.2, 400, 0.4, 3
"""A number is a function of another where so large a share of the pairs, and no more than so many, that are nearest in this lie
apart in it the farther they do in this, as what noise leaves does not shrink with the distance; or where three quarters
of them lie apart by so few steps in which it is written, beside a straight line."""
MOST, TRIMMED_STEPS = 0.9, 2
"""Of pairs, that a straight line is laid through, and how often it is sought which they are."""


@dataclass(frozen=True)
class Unmixed:
    """Columns of numbers, each with what those before it do not tell."""

    kept: Ints
    """(kept,) columns that say something of their own."""
    mixing: Floats
    """(kept, columns): turns differences into those of the kept columns without what columns before them tell."""
    learnt_from: tuple[Ints, ...]
    """For each kept column the pairs of the sample that say what is usual: those that know it, and of these, if it hangs on
    other kept columns, those that are near in them."""
    bound: frozenset[int]
    """Columns that follow another or that another follows: where one of them is left out, others say more."""


def unmixed(apart: Floats, told: Bools, values: Ints, steps: Floats) -> Unmixed:
    """Columns to keep of `apart` (pairs, columns), how far pairs lie apart, and how differences become theirs; `values`
    (columns,) says how many each column has, `steps` (columns,) in which steps they are written.

    What columns of fewer values tell is taken out of the others, as those repeat and must go on doing so. Of two that
    still depend, the one of more values counts in full. Asked are pairs that know both (`told`): numbers that are missing
    together agree there in nothing else.
    """
    usable = (values > 1) & told.any(axis=0)
    order = sorted(np.flatnonzero(usable).tolist(), key=lambda column: (values[column], column))[-MOST_NUMBERS:]
    mixing = np.zeros((len(order), apart.shape[1]))
    left = np.zeros((len(apart), len(order)))
    known = told[:, order]
    alive: list[int] = []
    bound: set[int] = set()
    for at, column in enumerate(order):
        mixing[at, column], left[:, at] = 1.0, apart[:, column]
        spread = _size(left[known[:, at], at])
        for before in alive:
            common = known[:, at] & known[:, before]
            one, other = left[common, at], left[common, before]
            if not common.any():
                continue
            shared = float((one * other).mean())
            if abs(shared) >= DEPENDENT * _size(other) * _size(one) > 0:
                share = _slope(one, other, shared / _size(other) ** 2)
                mixing[at] -= share * mixing[before]
                left[:, at] -= share * left[:, before]
                bound |= {at, before}
        step = float(steps[column])
        leaders = ((n, apart[known[:, at] & known[:, n]]) for n in alive)
        follows = (n for n, both in leaders if _follows(both[:, column], both[:, order[n]], step))
        if (leader := next(follows, None)) is not None:
            bound |= {at, leader}
        elif _size(left[known[:, at], at]) > 1e-6 * spread:
            alive.append(at)
    kept: dict[int, Ints] = {}
    dependence = _Dependence(left, known)
    for at in reversed(alive):
        leading = [other for other in kept if dependence.hangs(at, other)]
        bound |= {at, *leading} if leading else set()
        pairs = dependence.free(at, leading)
        if pairs is not None:
            kept[at] = pairs
    places = sorted(kept)
    columns = np.array([order[at] for at in places], dtype=np.int64)
    return Unmixed(columns, mixing[places], tuple(kept[at] for at in places), frozenset(order[at] for at in bound))


class _Dependence:
    """Whether how far pairs lie apart in one column hangs on how far they do in another, by ranks of those that know both."""

    def __init__(self, left: Floats, known: Bools) -> None:
        self.left, self.known = left, known
        self.missing = [column.tobytes() for column in known.T]
        self.ranks: dict[tuple[int, frozenset[bytes]], Floats] = {}
        """Of a column among pairs that know it and another one, which may be missing where many others are."""

    def hangs(self, at: int, other: int) -> bool:
        """False where it cannot be told."""
        return _correlation(self._ranked(at, other), self._ranked(other, at)) >= DEPENDENT

    def free(self, at: int, leading: list[int]) -> Ints | None:
        """The pairs nearest in the columns `leading`, as many as it takes that `at` hangs on none of these among them; None if
        it does among the LEAST_NEAR nearest."""
        pairs = np.flatnonzero(self.known[:, [at, *leading]].all(axis=1))
        if not leading:
            return pairs
        distance = np.abs(self.left[pairs])
        farthest = np.max([mid_ranks(distance[:, other]) for other in leading], axis=0)
        order = np.argsort(farthest, kind="stable")
        size = pairs.size // 2
        while size >= LEAST_NEAR:
            near = distance[order[:size]]
            own = mid_ranks(near[:, at])
            if all(_correlation(own, mid_ranks(near[:, other])) < DEPENDENT for other in leading):
                return pairs[order[:size]]
            size //= 2
        return None

    def _ranked(self, column: int, other: int) -> Floats:
        name = column, frozenset([self.missing[column], self.missing[other]])
        if name not in self.ranks:
            both = self.known[:, column] & self.known[:, other]
            self.ranks[name] = mid_ranks(np.abs(self.left[both, column]))
        return self.ranks[name]


def _slope(one: Floats, other: Floats, slope: float) -> float:
    """Of `one` on `other` for most pairs, starting from the least squares' `slope`: a row with one wrong value is far from all.

    Source: P. Rousseeuw, Least Median of Squares Regression, JASA 79, 1984 (least trimmed squares).
    """
    for _ in range(TRIMMED_STEPS):
        rest = np.abs(one - slope * other)
        most = rest <= np.quantile(rest, MOST)
        if (size := float((other[most] ** 2).sum())) == 0:
            break
        slope = float((one[most] * other[most]).sum()) / size
    return slope


def _correlation(one: Floats, two: Floats) -> float:
    if one.size < 2 or one.std() == 0 or two.std() == 0:
        return 0.0
    return float(np.corrcoef(one, two)[0, 1])


def _follows(own: Floats, leader: Floats, step: float) -> bool:
    """Whether a column of differences `own` (pairs,) is a function of its `leader` by a curve: more than by a straight line."""
    count = min(int(NEAREST * own.size), MOST_NEAREST)
    if count < LEAST_NEAR or (size := _size(leader)) == 0:
        return False
    rest = np.abs(own - _slope(own, leader, float((own * leader).mean()) / size**2) * leader)
    distance = np.abs(leader)
    near = np.argpartition(distance, count)[:count]
    if np.quantile(rest[near], 0.75) <= FEW_STEPS * step:
        return True
    return _correlation(mid_ranks(rest[near]), mid_ranks(distance[near])) >= CURVE


def _size(apart: Floats) -> float:
    """Root mean square: differences of pairs in no order have no mean but by chance."""
    return float(np.sqrt((apart**2).mean()))
