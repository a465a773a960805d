"""Noise rate: whether wrong labels explain what models say better than classes that overlap do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.noise_estimate import FLOOR, estimated_from, softmax

ROUNDS = 120
"""Rounds of expectation and maximisation; a rate near 0 is reached slowly."""
SETTLED = 1e-6
"""No round moves anything further once one moved nothing by more."""
SHOWN = 2.71
"""Chi-squared with one degree of freedom, 90 %, so that a share is exceeded with a one-sided confidence of 95 %."""
_START = 0.05


@dataclass(frozen=True)
class NoiseRate:
    """A share of wrong labels, under the assumption that every mistake is as likely as every other."""

    value: float
    """The likeliest one, 0 to 1."""
    beyond: float
    """By how much its log likelihood exceeds that of the share that was asked about, per row; 0 when it is no larger."""


def exceeds(share: float, label: NDArray[np.int64], probabilities: NDArray[np.float64], units: int) -> bool:
    """Whether more than `share` of the labels are shown to be wrong, with `units` independent rows or groups.

    A habit that the model learnt (one class called another everywhere) is not shown: its word holds it already.
    """
    return 2 * units * noise_rate(label, probabilities, share).beyond >= SHOWN


def noise_rate(label: NDArray[np.int64], probabilities: NDArray[np.float64], share: float) -> NoiseRate:
    """The likeliest share of wrong labels (rows,), and whether it is shown to be larger than `share` (0 to 1).

    `probabilities` is (rows, classes), out of sample, with rows that sum to 1. The truth is taken as
    softmax(steepness * log(probability) + intercept of the class), and both are fitted for each rate: overlapping classes are
    a word that is less steep, wrong labels a floor below which no label's probability falls. With n independent rows, twice n
    times `beyond` is Wilks' statistic (1938): above SHOWN, `share` lies below the one-sided 95 % profile likelihood interval.
    """
    kept = estimated_from(*probabilities.shape)
    # Classes before rows: a row of classes is too short to be added up fast.
    label, word = label[kept], np.ascontiguousarray(np.log(probabilities[kept] + FLOOR).T)
    rate, best = _fitted(label, word, None)
    if rate <= share:
        return NoiseRate(rate, 0.0)
    return NoiseRate(rate, max(best - _fitted(label, word, share)[1], 0.0))


def _fitted(label: NDArray[np.int64], word: NDArray[np.float64], held: float | None) -> tuple[float, float]:
    """The rate, free or `held`, and the mean log likelihood of the labels at it; `word` is (classes, rows)."""
    classes, rows = word.shape
    places = np.arange(rows)
    rate = _START if held is None else held
    steepness, intercept = 1.0, np.zeros((classes, 1))
    for _ in range(ROUNDS):
        truth = softmax(steepness * word + intercept, axis=0)
        right = truth * (rate / (classes - 1))
        right[label, places] = truth[label, places] * (1 - rate)
        right += 1e-15
        right /= right.sum(axis=0)
        before = rate
        if held is None:
            rate = float(1 - right[label, places].mean())
        moved = np.log((right.sum(axis=1) + 0.1) / (truth.sum(axis=1) + 0.1))[:, None]
        intercept = intercept + moved
        centred = word - (truth * word).sum(axis=0)
        step = float(((right - truth) * word).sum()) / (float((truth * centred**2).sum()) + 1)
        steepness = float(np.clip(steepness + np.clip(step, -0.5, 0.5), 0.1, 20))
        if max(abs(rate - before), abs(step), float(np.abs(moved).max())) < SETTLED:
            break
    own = softmax(steepness * word + intercept, axis=0)[label, places]
    return rate, float(np.log(own * (1 - rate) + (1 - own) * rate / (classes - 1) + 1e-15).mean())
