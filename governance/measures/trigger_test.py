"""Which patterns carry a label that the rest of their rows speaks against?

Two questions about a pattern g and the label c that most of its rows carry, and both must be answered by yes:
is c more frequent among its rows than the rest of these rows says (else its rows are no more than mislabelled), and
does the rest of its rows labelled c speak against c more than the rest of other rows labelled c does (else g is a
strong feature, with which the rest agrees)? The first tail is the binomial's, which is above that of unequal chances
with the same mean (W. Hoeffding, 1956); the second is the saddlepoint approximation to the tail of a sum of rows drawn
from all rows of the class (R. Lugannani, S. Rice, 1980), as for a lattice (H. Daniels, 1987), and never below what
Chernoff's inequality leaves possible. What multiplies them is up to the search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import betainc, erfcx

_THETA = np.concatenate([np.arange(0, 10.25, 0.25), np.arange(12, 61, 2.0)])
_FINE = 41
"""So many of them lie a quarter apart, the others two."""
EDGES = np.array([0.0, 1e-9, 1 / 12, 1 / 6, 1 / 3, 2 / 3, 1.0])
CONTRADICTS = 1 / 6
"""Evidence of e : 1 for another class (one sixth of the cap) is a contradiction."""


@dataclass(frozen=True)
class Background:
    """How strongly rows usually contradict their label, and how often a label is given against the row."""

    labels: NDArray[np.int64]
    """(classes,) rows of each class."""
    mean: NDArray[np.float64]
    """(classes,) mean contradiction of the rows of a class."""
    other: NDArray[np.float64]
    """(classes,) mean contradiction of the rows of all other classes to this one."""
    cumulants: NDArray[np.float64]
    """(classes, thetas) logarithm of the mean of exp(theta * contradiction) over the rows of a class."""
    slopes: NDArray[np.float64]
    """(classes, thetas) first derivative of the cumulants: the mean under the tilted distribution."""
    curves: NDArray[np.float64]
    """(classes, thetas) second derivative: the variance under the tilted distribution."""
    rate: NDArray[np.float64]
    """(classes, steps) share of label c among rows that contradict c by so much."""


def background(
    contradiction: NDArray[np.float64],
    label: NDArray[np.int64],
    asked: Sequence[int] | None = None,
    before: NDArray[np.float64] | None = None,
) -> Background:
    """`contradiction` (rows, classes), 0 to 1: how strongly each row speaks against each class.

    Where only some classes are `asked` after, what is said of the others means nothing. `before` (classes, steps) is the
    rate that is thought likely until rows are seen, and counts as one of them; a half where nothing is known.
    """
    rows, classes = contradiction.shape
    counts = np.bincount(label, minlength=classes)
    mean, other = np.zeros(classes), np.zeros(classes)
    cumulants, rate = np.zeros((classes, _THETA.size)), np.ones((classes, EDGES.size))
    slopes, curves = np.zeros_like(cumulants), np.zeros_like(cumulants)
    for number in range(classes) if asked is None else asked:
        own = label == number
        theirs = contradiction[own, number]
        # One made-up row that contradicts fully: a small class cannot promise that none ever will.
        padded = np.append(theirs[theirs > 0], 1.0)
        silent = theirs.size + 1 - padded.size  # most rows contradict nothing, and exp(0) is 1
        tilted = _tilted(padded)
        total = tilted.sum(axis=1) + silent
        cumulants[number] = np.log(total / (theirs.size + 1))
        slopes[number] = tilted @ padded / total
        curves[number] = tilted @ padded**2 / total - slopes[number] ** 2
        mean[number] = theirs.mean() if theirs.size else 0.0
        other[number] = contradiction[~own, number].mean() if theirs.size < rows else 0.0
        step = np.searchsorted(EDGES, contradiction[:, number], side="left")
        hits = np.bincount(step[own], minlength=EDGES.size).astype(np.float64)
        total = np.bincount(step, minlength=EDGES.size)
        rate[number] = (hits + (0.5 if before is None else before[number])) / (total + 1)
        # A stronger contradiction cannot make the label likelier.
        rate[number] = np.minimum.accumulate(rate[number])
    return Background(counts, mean, other, cumulants, slopes, curves, rate)


def _tilted(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(thetas, values) exp(theta * value): products, as each power is made from the one before."""
    result = np.empty((_THETA.size, values.size))
    result[0] = 1.0
    near, far = np.exp((_THETA[1] - _THETA[0]) * values), np.exp((_THETA[-1] - _THETA[-2]) * values)
    for number in range(1, _THETA.size):
        np.multiply(result[number - 1], near if number < _FINE else far, out=result[number])
    return result


def most_per_row(usual: Background) -> NDArray[np.float64]:
    """(classes,) the most that a row that contradicts fully can add to the logarithm of the bound."""
    return np.asarray(np.maximum((_THETA - usual.cumulants).max(axis=1), 0.0), dtype=np.float64)


@dataclass(frozen=True)
class Verdict:
    """One pattern, judged."""

    label: int
    rows: int
    """Rows with the pattern, by independent unit."""
    labelled: int
    """Those with the label."""
    expected: float
    """How many the rest of these rows would make one expect."""
    contradicting: float
    """Share of the labelled rows whose rest speaks for another class."""
    likeness: float
    """0: the rest of the labelled rows is as that of other rows with this label; 1: as that of rows without it."""
    takeover: float
    """Share of label c among those rows with the pattern whose rest speaks for another class."""
    excess_log_p: float
    rest_log_p: float
    """Natural logarithms of the two bounds, for this pattern alone."""

    @property
    def log_p(self) -> float:
        """The weaker of the two: both must hold."""
        return max(self.excess_log_p, self.rest_log_p)


def judge(
    contradiction: NDArray[np.float64],
    labelled: NDArray[np.bool_],
    weight: NDArray[np.float64],
    label: int,
    usual: Background,
) -> Verdict:
    """A pattern's rows: their `contradiction` to class `label` without the pattern, which are `labelled` so.

    `weight` (rows,) sums to the number of independent units: 1 a row, or 1 over the rows of the same group.
    """
    return judge_each(contradiction, labelled, weight, [contradiction.size], label, usual)[0]


def judge_each(
    contradiction: NDArray[np.float64],
    labelled: NDArray[np.bool_],
    weight: NDArray[np.float64],
    sizes: Sequence[int],
    label: int,
    usual: Background,
) -> list[Verdict]:
    """As judge, of patterns of which each has so many rows (`sizes`), one pattern after the other."""
    owner = np.repeat(np.arange(len(sizes)), sizes)

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(owner, weights=values, minlength=len(sizes)), dtype=np.float64)

    counted = weight * labelled
    units, own = total(weight), total(counted)
    expected = total(usual.rate[label][np.searchsorted(EDGES, contradiction, side="left")] * weight)
    mean = total(contradiction * counted) / np.where(own > 0, own, 1.0)
    span = float(usual.other[label] - usual.mean[label])
    likeness = (mean - float(usual.mean[label])) / span if span > 1e-9 else np.zeros(len(sizes))
    speaks = contradiction >= CONTRADICTS
    against, both = total(weight * speaks), total(counted * speaks)
    contradicting, takeover = both / np.where(own > 0, own, 1.0), both / np.where(against > 0, against, 1.0)
    columns = (units, own, expected, contradicting, likeness, takeover, excesses(own, units, expected),
               _tails(mean, own, usual, label))  # fmt: skip
    return [
        Verdict(label, round(rows), round(labels), *rest)
        for rows, labels, *rest in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _tails(mean: NDArray[np.float64], n: NDArray[np.float64], usual: Background, label: int) -> NDArray[np.float64]:
    """log of the chance that the mean contradiction of `n` rows drawn from the class is `mean` or more, for each."""
    chernoff = -n * np.maximum((np.outer(mean, _THETA) - usual.cumulants[label]).max(axis=1), 0.0)
    theta = np.interp(mean, usual.slopes[label], _THETA)
    variance = n * np.interp(theta, _THETA, usual.curves[label])
    r, u = np.sqrt(-2 * chernoff), -np.expm1(-theta) * np.sqrt(np.maximum(variance, 0.0))
    sharp = (chernoff < 0) & (u > 0)
    r, u = np.where(sharp, r, 1.0), np.where(sharp, u, 1.0)
    factor = (np.sqrt(np.pi / 2) * erfcx(r / np.sqrt(2)) + 1 / u - 1 / r) / np.sqrt(2 * np.pi)
    sharp &= (factor > 0) & (factor < 1)
    return np.asarray(np.where(sharp, chernoff + np.log(np.where(sharp, factor, 1.0)), chernoff), dtype=np.float64)


def excess(hits: float, n: float, expected: float) -> float:
    """log of a bound on the chance of `hits` or more among `n` rows of unequal chances, `expected` in all.

    The binomial with the mean chance is a bound from one above what is expected on (W. Hoeffding, 1956), and its
    tail is an incomplete beta function, so that `hits` and `n` need not be whole numbers; below, nothing is claimed.
    """
    return float(excesses(np.array([hits], float), np.array([n], float), np.array([expected], float))[0])


def excesses(hits: NDArray[np.float64], n: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """As excess, for each."""
    result = np.zeros(hits.size)
    more = np.flatnonzero((hits > expected + 1) & (n > 0))
    hits, n = hits[more], n[more]
    share, rate = hits / n, np.clip(expected[more] / n, 1e-12, 1 - 1e-12)
    missed = np.maximum(1 - share, 0.0)
    chernoff = share * np.log(share / rate)
    chernoff += missed * np.log(np.where(missed > 0, missed, 1.0) / (1 - rate))
    exact = betainc(hits, n - hits + 1, rate)
    # Far out, where the tail is no number any more, Chernoff's bound still is.
    told = exact > 1e-280
    result[more] = np.where(told, np.minimum(np.log(np.where(told, exact, 1.0)), 0.0), -n * chernoff)
    return result
