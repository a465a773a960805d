"""Label quality: how well a given class label stands against what a model predicts that did not learn from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.label_noise import likeliest_other

FLOOR = 1e-3
"""Added to both sides of odds: below this, a difference of probabilities is a model's whim."""
ROUNDS = 50
"""Rounds of expectation and maximisation; on tables of the benchmark the ranking stands still after about ten."""
PRIOR_SHARE = 0.03
"""Weight of the prior (one label in ten is wrong, all mistakes alike) as a share of the rows of an average class.
Chosen on seeds 0 to 9 of the benchmark: without it, classes that overlap by nature are taken for noise."""
PRIOR_NOISE = 0.1
"""Share of wrong labels under the prior."""
TRANSITION_WEIGHT = 0.6
"""Weight of the odds under the estimated noise beside the odds against the likeliest rival; seeds 0 to 9 as well."""


def label_quality(label: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quality of each given label (rows,), between 0 and 1, lower is likelier to be wrong; for ranking.

    The weighted mean, on the scale of log odds, of two answers: how probable the given class is once the noise of
    the labels is taken into account (`noise_transition`), and how it stands against its likeliest rival
    (`odds_quality`). The first knows which mistakes are common here; the second needs no estimate.
    `probabilities` is (rows, classes), out of sample, with rows that sum to 1.
    """
    posterior = _posterior(label, probabilities, noise_transition(label, probabilities))
    given = posterior[np.arange(label.size), label]
    # Where mistakes are rare, nearly every label is probably right. Measured against the average, one half stays the
    # point from which on something else is likelier than what stands there.
    right = float(given.mean())
    usual = np.log((right + FLOOR) / (1 - right + FLOOR)) + np.log(max(probabilities.shape[1] - 1, 1))
    informed, plain = _log_odds(given) - usual, _log_odds(odds_quality(label, probabilities))
    odds = TRANSITION_WEIGHT * informed + (1 - TRANSITION_WEIGHT) * plain
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)


def noise_transition(label: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """(classes, classes) probability of the given label (second axis) for each true class (first); rows sum to 1.

    Maximum a posteriori by expectation and maximisation, as Dawid and Skene (1979) do for annotators, with the
    dataset's labels as the one annotator and the model's `probabilities` (rows, classes) as what is known of the truth.
    The prior is PRIOR_NOISE wrong labels, spread evenly, with the weight of PRIOR_SHARE of an average class's rows.
    """
    classes = probabilities.shape[1]
    prior = np.full((classes, classes), PRIOR_NOISE / max(classes - 1, 1))
    np.fill_diagonal(prior, 1 - PRIOR_NOISE)
    pseudo = prior * PRIOR_SHARE * label.size / classes
    transition = prior
    for _ in range(ROUNDS):
        posterior = _posterior(label, probabilities, transition)
        counts = np.stack([np.bincount(label, weights=column, minlength=classes) for column in posterior.T]) + pseudo
        transition = counts / counts.sum(axis=1, keepdims=True)
    return transition


def odds_quality(label: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """How well each given label (rows,) stands against its likeliest rival, 0 to 1; below 0.5 the rival is likelier.

    p(given) / (p(given) + p(rival)), both raised by FLOOR. Ranks by the odds of the two classes, so it is at home
    with sure models, where the normalised margin is the better ranking, and with unsure ones, where self-confidence is.
    """
    given = probabilities[np.arange(label.size), label] + FLOOR
    rival = probabilities[np.arange(label.size), likeliest_other(label, probabilities)] + FLOOR
    return np.asarray(given / (given + rival), dtype=np.float64)


def _posterior(
    label: NDArray[np.int64], probabilities: NDArray[np.float64], transition: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(rows, classes) probability of each true class, given the model's word and the label that stands there."""
    joint = probabilities * transition[:, label].T + 1e-12  # a class that neither side allows stays possible
    return np.asarray(joint / joint.sum(axis=1, keepdims=True), dtype=np.float64)


def _log_odds(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.log(share + FLOOR) - np.log(1 - share + FLOOR), dtype=np.float64)
