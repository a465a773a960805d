"""Label quality: how probable it is that a given class label is right, beside a model that did not learn from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced

FLOOR = 1e-3
"""Added to probabilities before their logarithm: below this, a difference is a model's whim."""
ROUNDS = 40
"""Rounds of expectation and maximisation; on tables of the benchmark the ranking stands still after about thirty."""
PRIOR_NOISE = 0.1
"""Share of wrong labels under the prior, in which all mistakes are alike: under it alone no class is suspected more."""
PRIOR_SHARE = 0.1
"""Weight of the prior as a share of the rows of an average class."""
PRIOR_UNSURE = 3.0
"""Further rows of weight for each row of which the model is unsure (q (1 - q), summed over rows): where classes overlap, a
model's own mistakes look like a habit of whoever labelled. Chosen on seeds 100 to 139 of the benchmark and on other tables."""
MAX_ROWS, MAX_CELLS = 10_000, 1_000_000
"""Evenly spaced rows, and their probabilities, that noise is estimated from at most: enough to tell a rate of a
thousandth. Every row is judged by it."""
STEEPEST = 10.0
"""Bound of the steepness, for models that agree with every label."""


@dataclass(frozen=True)
class Noise:
    """What is estimated of the truth behind noisy labels."""

    truth: NDArray[np.float64]
    """(rows, classes) probability of each true class by the model's word alone, its sureness corrected; rows sum to 1."""
    transition: NDArray[np.float64]
    """(classes, classes) probability of the given label (second axis) for each true class (first); rows sum to 1."""


def label_quality(label: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability that each given label (rows,) is right, between 0 and 1, under the noise that is estimated.

    `probabilities` is (rows, classes), out of sample, with rows that sum to 1. With noise that is even over classes and a
    model as sure as it should be, the ranking is that of self-confidence; the surer the truth is beside the model's word,
    the nearer it comes to the odds against the likeliest rival; common mistakes come before rare ones.
    """
    found = estimate_noise(label, probabilities)
    return np.asarray(posterior_truth(label, found.truth, found.transition)[np.arange(label.size), label])


def estimate_noise(label: NDArray[np.int64], probabilities: NDArray[np.float64]) -> Noise:
    """The noise of labels (rows,) and the truth behind them, beside `probabilities` (rows, classes) as above.

    A model that learnt from noisy labels is less sure than the truth is, and favours classes that labels favour. So the
    truth is taken as softmax(steepness * log(probability) + intercept of the class), a label as the truth turned by
    `transition`, as in regression with misclassified answers (Hausman, Abrevaya and Scott-Morton, 1998), and all of them
    are estimated together: maximum a posteriori by expectation and maximisation, with a step of Newton's for the
    steepness and one of iterative scaling for the intercepts in each round.
    """
    classes = probabilities.shape[1]
    every, kept = np.log(probabilities + FLOOR), estimated_from(*probabilities.shape)
    rows, label, word = kept.size, label[kept], every[kept]
    prior = np.full((classes, classes), PRIOR_NOISE / max(classes - 1, 1))
    np.fill_diagonal(prior, 1 - PRIOR_NOISE)
    transition, steepness, intercept = prior, 1.0, np.zeros(classes)
    for _ in range(ROUNDS):
        truth = softmax(steepness * word + intercept)
        posterior = posterior_truth(label, truth, transition)
        weight = PRIOR_SHARE * rows / classes + PRIOR_UNSURE * (truth * (1 - truth)).sum(axis=0)
        counts = np.stack([np.bincount(label, weights=column, minlength=classes) for column in posterior.T])
        counts += prior * weight[:, None]
        transition = counts / counts.sum(axis=1, keepdims=True)
        # One row more on both sides, and a standard normal prior of the logarithm of the steepness, keep these finite.
        intercept = intercept + np.log((posterior.sum(axis=0) + 1) / (truth.sum(axis=0) + 1))
        centred = word - (truth * word).sum(axis=1, keepdims=True)
        slope = float(((posterior - truth) * word).sum()) - np.log(steepness) / steepness
        curvature = float((truth * centred**2).sum()) + 1
        steepness = float(np.clip(steepness + np.clip(slope / curvature, -0.5, 0.5), 1 / STEEPEST, STEEPEST))
    return Noise(softmax(steepness * every + intercept), transition)


def estimated_from(rows: int, classes: int) -> NDArray[np.int64]:
    """Of so many rows those that noise is estimated from, ascending."""
    return evenly_spaced(rows, min(MAX_ROWS, max(MAX_CELLS // classes, 1)))


def posterior_truth(
    label: NDArray[np.int64], truth: NDArray[np.float64], transition: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(rows, classes) probability of each true class, given the model's word and the label that stands there."""
    joint = truth * transition[:, label].T + 1e-12  # a class that neither side allows stays possible
    return np.asarray(joint / joint.sum(axis=1, keepdims=True), dtype=np.float64)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities (rows, classes) from `scores` on the scale of logarithms; rows sum to 1."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)
