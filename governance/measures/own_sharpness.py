"""Are labels turned, or does the model only know less of these rows?

A model that knows less of a group than it believes is contradicted by labels that are right. Both readings fit many
contradictions, but not the same ones: labels of a model that is too sure follow its odds with less steepness or another
balance of classes, and where it is surest there are hardly any; wrong labels stand beside its surest words as often as beside others.
So labels are compared with what the model says in the group's own calibration, and again with a share of them turned as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.noise_estimate import softmax
from governance.measures.turned_labels import LEAST_CHANCE, Expected, Ratios

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
PRIOR = 1.0
"""Precision of the normal priors of the steepness, around 1, and of the intercepts, around 0: they keep few rows finite."""
ROUNDS, ROUNDS_TURNED, STEP = 12, 30, 1.0
"""Steps of Newton's without and with turned labels, and how far one may go."""
WAYS = 2
"""Ways to turn one class into another that are fitted: those that are likeliest without fitting; and always at random."""
START = 0.15
"""Share of turned labels that is begun with."""
MOST_CELLS = 40_000
"""Rows times classes that a calibration is told from: enough to tell a few hundredths of turned labels."""


@dataclass(frozen=True)
class _Fit:
    steepness: float
    intercept: Floats
    chances: Floats
    """(rows, classes) what the calibrated word says; rows sum to 1."""


def own_sharpness(label: Codes, chances: Floats) -> float:
    """The p-value of turned labels among labels (rows,) of one group, if `chances` (rows, classes) may be miscalibrated in it.

    Without turned labels a label has the chances softmax(steepness * log(chance) + intercept of the class), fitted to the
    group (vector scaling with one slope: Guo and others, On Calibration of Modern Neural Networks, 2017). With them a share
    of one class is another one besides, or drawn blindly. A share cannot be below 0, so that twice what the logarithm of the
    likelihood gains by it is 0 in half of all groups and chi-squared with one degree of freedom in the others (Self and Liang, Journal of
    the American Statistical Association 82, 1987); the most that any way gains is told by Bonferroni's bound.
    """
    rows = evenly_spaced(label.size, max(MOST_CELLS // chances.shape[1], 1))
    label, word = label[rows], np.log(chances[rows])
    classes = word.shape[1]
    gained = _gain(label, word, _calibrated(label, word))
    ways = classes * (classes - 1) + 1
    return float(min(1.0, ways * math.erfc(math.sqrt(max(gained, 0.0))) / 2))


def _calibrated(label: Codes, word: Floats) -> _Fit:
    """The calibration of highest likelihood for labels (rows,) that nobody turned; `word` (rows, classes) are logarithms."""
    given = np.eye(word.shape[1])[label]
    fit = _fit(1.0, np.zeros(word.shape[1]), word)
    for _ in range(ROUNDS):
        fit = _stepped(fit, word, given)
    return fit


def _fit(steepness: float, intercept: Floats, word: Floats) -> _Fit:
    said = softmax(steepness * word + intercept)
    return _Fit(steepness, intercept, (1 - LEAST_CHANCE) * said + LEAST_CHANCE / word.shape[1])


def _stepped(fit: _Fit, word: Floats, right: Floats) -> _Fit:
    """After one step of Newton's towards labels of which `right` (rows, classes) are the probabilities."""
    chances, classes = fit.chances, word.shape[1]
    mean = (chances * word).sum(axis=1, keepdims=True)
    left, centred = right - chances, chances * (word - mean)
    slope = np.concatenate(
        [[(left * word).sum() - PRIOR * (fit.steepness - 1)], left.sum(axis=0) - PRIOR * fit.intercept]
    )
    curvature = np.empty((classes + 1, classes + 1))
    curvature[0, 0] = (centred * word).sum()
    curvature[0, 1:] = curvature[1:, 0] = centred.sum(axis=0)
    curvature[1:, 1:] = np.diag(chances.sum(axis=0)) - chances.T @ chances
    curvature += PRIOR * np.eye(classes + 1)
    step = np.clip(np.linalg.solve(curvature, slope), -STEP, STEP)
    return _fit(fit.steepness + float(step[0]), fit.intercept + step[1:], word)


def _gain(label: Codes, word: Floats, fit: _Fit) -> float:
    """By how much turned labels raise the logarithm of the likelihood, calibrated anew beside them."""
    classes, places = word.shape[1], np.arange(label.size)
    without = _value(fit.chances[places, label], fit)
    totals = Ratios(Expected(label, fit.chances)).totals(np.zeros(label.size, dtype=np.int64), 1)[0]
    pairs = [(one, other) for one in range(classes) for other in range(classes) if one != other]  # to, from: as Ratios
    best = totals.reshape(-1)[: -(totals.size // (len(pairs) + 1))].reshape(-1, len(pairs)).max(axis=0)
    tried = [pairs[place] for place in np.argsort(-best, kind="stable")[:WAYS]]
    return max(_turned(label, word, fit, way) for way in (None, *tried)) - without


def _value(chance: Floats, fit: _Fit) -> float:
    """Log likelihood and log prior."""
    return float(np.log(chance).sum() - PRIOR / 2 * ((fit.steepness - 1) ** 2 + (fit.intercept**2).sum()))


def _turned(label: Codes, word: Floats, fit: _Fit, way: tuple[int, int] | None) -> float:
    """The value where a share of labels was turned in one `way` (to, from), or drawn blindly; by expectation and maximisation."""
    classes, places = word.shape[1], np.arange(label.size)
    share, best = START, -np.inf
    given = np.eye(classes)[label]
    for _ in range(ROUNDS_TURNED):
        own = fit.chances[places, label]
        if way is None:
            chance = (1 - share) * own + share / classes
            turned = share / classes / chance
            right = (1 - turned)[:, None] * given + turned[:, None] * fit.chances
            again = float(turned.mean())
        else:
            to, source = way
            lost = fit.chances[:, source]
            chance = np.where(label == source, (1 - share) * own, np.where(label == to, own + share * lost, own))
            turned = np.where(label == to, share * lost / chance, 0.0)
            right = given.copy()
            right[:, to] -= turned
            right[:, source] += turned
            again = float(turned.sum() / max(right[:, source].sum(), 1e-9))
        best = max(best, _value(chance, fit))
        share = min(max(again, 1e-4), 0.95)
        fit = _stepped(fit, word, right)
    return best
