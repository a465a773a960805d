"""Which patterns carry a label that the rest of their rows speaks against?

Two questions about a pattern g and the label c that most of its rows carry, and both must be answered by yes:
is c more frequent among its rows than the rest of these rows says (else its rows are no more than mislabelled), and
does the rest of its rows labelled c speak against c more than the rest of other rows labelled c does (else g is a
strong feature, with which the rest agrees)? Both tails are bounded by Chernoff's inequality, which never promises too
much, and the number of patterns times classes that were tried multiplies them (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_THETA = np.concatenate([np.linspace(0, 10, 41), np.linspace(12, 60, 25)])
_EDGES = np.array([0.0, 1e-9, 1 / 12, 1 / 6, 1 / 3, 2 / 3, 1.0])
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
    rate: NDArray[np.float64]
    """(classes, steps) share of label c among rows that contradict c by so much."""


def background(contradiction: NDArray[np.float64], label: NDArray[np.int64]) -> Background:
    """`contradiction` (rows, classes), 0 to 1: how strongly each row speaks against each class."""
    rows, classes = contradiction.shape
    counts = np.bincount(label, minlength=classes)
    mean, other = np.zeros(classes), np.zeros(classes)
    cumulants, rate = np.zeros((classes, _THETA.size)), np.ones((classes, _EDGES.size))
    for number in range(classes):
        own = label == number
        theirs = contradiction[own, number]
        # One made-up row that contradicts fully: a small class cannot promise that none ever will.
        padded = np.append(theirs, 1.0)
        cumulants[number] = np.log(np.exp(np.outer(_THETA, padded)).mean(axis=1))
        mean[number] = theirs.mean() if theirs.size else 0.0
        other[number] = contradiction[~own, number].mean() if theirs.size < rows else 0.0
        step = np.searchsorted(_EDGES, contradiction[:, number], side="left")
        hits = np.bincount(step[own], minlength=_EDGES.size).astype(np.float64)
        total = np.bincount(step, minlength=_EDGES.size)
        rate[number] = (hits + 0.5) / (total + 1)
        # A stronger contradiction cannot make the label likelier.
        rate[number] = np.minimum.accumulate(rate[number])
    return Background(counts, mean, other, cumulants, rate)


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
    units = float(weight.sum())
    own = float(weight[labelled].sum())
    step = np.searchsorted(_EDGES, contradiction, side="left")
    expected = float((usual.rate[label][step] * weight).sum())
    mean = float((contradiction[labelled] * weight[labelled]).sum() / own) if own > 0 else 0.0
    span = usual.other[label] - usual.mean[label]
    speaks = contradiction >= CONTRADICTS
    against = float(weight[speaks].sum())
    return Verdict(
        label=label,
        rows=round(units),
        labelled=round(own),
        expected=expected,
        contradicting=float(weight[speaks & labelled].sum()) / own if own > 0 else 0.0,
        likeness=(mean - float(usual.mean[label])) / span if span > 1e-9 else 0.0,
        takeover=float(weight[speaks & labelled].sum()) / against if against > 0 else 0.0,
        excess_log_p=excess(own, units, expected),
        rest_log_p=-own * max(float((_THETA * mean - usual.cumulants[label]).max()), 0.0),
    )


def excess(hits: float, n: float, expected: float) -> float:
    """log of the bound exp(-n KL(hits/n || expected/n)); W. Hoeffding 1956: unequal chances only narrow the tail."""
    if hits <= expected or n <= 0:
        return 0.0
    share, rate = hits / n, min(max(expected / n, 1e-12), 1 - 1e-12)
    result = share * np.log(share / rate)
    if share < 1:
        result += (1 - share) * np.log((1 - share) / (1 - rate))
    return -float(n * result)
