"""The noise of class labels and the truth behind them, estimated beside models that did not learn from them."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced

FLOOR = 1e-3
"""Added to probabilities before their logarithm, overconfident ones softened: below this, a difference is a model's whim."""
SOFTEST = 2.0**-8
"""The lowest power that probabilities are softened by."""
ROUNDS = 40
"""Rounds of expectation and maximisation; on tables of the benchmark the ranking stands still after about thirty."""
PRIOR_NOISE = 0.1
"""Share of wrong labels under the prior, in which all mistakes are alike: under it alone no class is suspected more."""
MAX_ROWS, MAX_CELLS = 10_000, 1_000_000
"""Evenly spaced rows, and their probabilities, that noise is estimated from at most: enough to tell a rate of a
thousandth. Every row is judged by it."""
FEW_CLASSES = 7
"""Up to so many, a sum one by one is that of NumPy to the last bit."""
STEEPEST = 10.0
"""Bound of the steepness, for models that agree with every label."""
PRIOR_SECOND = 10.0
"""Precision of the normal prior around 0 of a second word's steepness: a word that tells nothing of the labels is not heard.
Chosen among 1 and 10 on generated sets that no benchmark scores."""


@dataclass(frozen=True)
class Prior:
    """How firmly it is held, before labels are seen, that all mistakes are alike."""

    share: float
    """Weight as a share of the rows of an average class; where it is infinite, no mistake is likelier than another."""
    unsure: float
    """Further rows of weight for each row of which the model is unsure (q (1 - q), summed over rows): where classes overlap,
    a model's own mistakes look like a habit of whoever labelled."""
    rate_rows: float | None
    """Rows that PRIOR_NOISE counts for where the rate of mistakes is estimated as well; None where it is not."""
    learnt: bool = False
    """Whether the models learnt mistakes as they are: their words are of the labels, and no noise stands beside them."""
    intercepts: bool = True
    """Whether each class has an intercept of its own."""


PRIOR = Prior(0.1, 3.0, None)
"""The prior under which noise is told. Chosen on seeds 100 to 139 of the benchmark and on other tables."""
OWN_COUNTS = 2.0
"""How often what a row's own label adds to its likelihood is taken off: it pulls at noise and truth. Chosen among 1 to 3 on sets of
benchmarks/detection/label_issues_words.py with seeds below 1000."""


@dataclass(frozen=True)
class Noise:
    """What is estimated of the truth behind noisy labels."""

    truth: NDArray[np.float64]
    """(rows, classes) probability of each true class by the words alone, their sureness corrected; rows sum to 1."""
    transition: NDArray[np.float64]
    """(classes, classes) probability of the given label (second axis) for each true class (first); rows sum to 1."""


@dataclass(frozen=True)
class Fit:
    """Noise that was fitted to some rows, for all."""

    steepness: NDArray[np.float64]
    intercept: NDArray[np.float64]
    transition: NDArray[np.float64]
    evidence: float
    """Log likelihood of the labels, less what they add to it by being fitted to."""


def estimate_noise(
    label: NDArray[np.int64], probabilities: NDArray[np.float64], second: NDArray[np.float64] | None = None
) -> Noise:
    """The noise of labels (rows,) and the truth behind them under PRIOR, beside `probabilities` (rows, classes) as above.

    A model that learnt from noisy labels is less sure than the truth is, and favours classes that labels favour. So the
    truth is taken as softmax(steepness * log(probability) + intercept of the class), a label as the truth turned by
    `transition`, as in regression with misclassified answers (Hausman, Abrevaya and Scott-Morton, 1998), and all of them
    are estimated together: maximum a posteriori by expectation and maximisation, with a step of Newton's for the
    steepness and one of iterative scaling for the intercepts in each round. Each of two models has a steepness of its own, as
    in stacking (Wolpert, 1992): a logarithmic pool of their words whose weights the labels tell.
    """
    words, kept = words_of(label, probabilities, second), estimated_from(*probabilities.shape)
    fit = fitted(label[kept], [word[kept] for word in words], PRIOR)
    return Noise(softmax(pooled(words, fit.steepness) + fit.intercept), fit.transition)


def words_of(
    label: NDArray[np.int64], probabilities: NDArray[np.float64], second: NDArray[np.float64] | None
) -> list[NDArray[np.float64]]:
    """What one or two models say, on the scale of logarithms."""
    kept = estimated_from(*probabilities.shape)
    given = [probabilities] if second is None else [probabilities, second]
    return [np.log(softened(label[kept], word, kept) + FLOOR) for word in given]


def fitted(label: NDArray[np.int64], words: list[NDArray[np.float64]], prior: Prior) -> Fit:
    """Steepness, intercepts and noise beside `words` (rows, classes) of the labels (rows,), as `estimate_noise` says.

    The evidence is the likelihood of each label by the others (to first order, OWN_COUNTS), less one an intercept (Akaike, 1974).
    """
    classes = words[0].shape[1]
    transition, intercept = even(0.0 if prior.learnt else PRIOR_NOISE, classes), np.zeros(classes)
    steepness = np.array([1.0, 0.0][: len(words)])
    counts = transition
    for _ in range(ROUNDS):
        truth = softmax(pooled(words, steepness) + intercept)
        posterior = posterior_truth(label, truth, transition)
        if not prior.learnt:
            counts, transition = _counted(label, truth, posterior, prior)
        if prior.intercepts:  # one row more on both sides, and the priors of the steepness, keep these finite
            intercept = intercept + np.log((posterior.sum(axis=0) + 1) / (truth.sum(axis=0) + 1))
        steepness = _stepped(steepness, words, truth, posterior)
    truth = softmax(pooled(words, steepness) + intercept)
    likelihood = _likelihood(truth * transition[:, label].T)
    evidence = likelihood - (classes - 1 if prior.intercepts else 0)
    if np.isfinite(prior.share) and not prior.learnt:
        posterior = posterior_truth(label, truth, transition)
        others = np.maximum(counts[:, label].T - posterior, 1e-12) / (counts.sum(axis=1) - posterior)
        evidence -= OWN_COUNTS * (likelihood - _likelihood(truth * others))
    return Fit(steepness, intercept, transition, evidence)


def _counted(
    label: NDArray[np.int64], truth: NDArray[np.float64], posterior: NDArray[np.float64], prior: Prior
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(classes, classes) labels by their truth, the prior's among them, and the transition that follows from them."""
    rows, classes = posterior.shape
    columns = [np.bincount(label, weights=column, minlength=classes) for column in posterior.T]
    counts: NDArray[np.float64] = np.stack(columns).astype(np.float64)
    rate = PRIOR_NOISE
    if prior.rate_rows is not None:
        rate = (rows - float(np.trace(counts)) + PRIOR_NOISE * prior.rate_rows) / (rows + prior.rate_rows)
    if np.isinf(prior.share):
        return counts, even(rate, classes)
    weight = prior.share * rows / classes + prior.unsure * (truth * (1 - truth)).sum(axis=0)
    counts += even(rate, classes) * weight[:, None]
    return counts, np.asarray(counts / counts.sum(axis=1, keepdims=True))


def even(rate: float, classes: int) -> NDArray[np.float64]:
    """(classes, classes) chances of labels by the truth, of which `rate` are wrong and every mistake is as likely."""
    transition = np.full((classes, classes), rate / max(classes - 1, 1))
    np.fill_diagonal(transition, 1 - rate)
    return transition


def _likelihood(joint: NDArray[np.float64]) -> float:
    """Log likelihood of labels whose chance beside each truth is `joint` (rows, classes)."""
    return float(np.log(_over_classes(np.add, joint) + 1e-12).sum())


def softened(
    label: NDArray[np.int64], probabilities: NDArray[np.float64], kept: NDArray[np.int64]
) -> NDArray[np.float64]:
    """`probabilities` (rows, classes) raised to the power of 1, 1/2, 1/4 ... that `label` of the rows `kept` favours.

    Of an overconfident model, as naive Bayes is, nearly all but one probability of a row lie below FLOOR, and the order of
    labels among them tells much. The power is that of the highest likelihood (temperature scaling, Guo and others, 2017)
    where PRIOR_NOISE of the labels are wrong; a model less sure than the truth stays as it is.
    """
    classes = probabilities.shape[1]
    # What a forest or a rounding calls 0 is far nearer to its other numbers than the 0 of an overflow is to its.
    least = float(probabilities.min(where=probabilities > 0, initial=2 * FLOOR)) / 2
    least = max(least, float(np.finfo(np.float64).tiny))
    sample, places = np.log(np.maximum(probabilities[kept], least)), np.arange(kept.size)
    best, chosen, power = -np.inf, 1.0, 1.0
    while power >= SOFTEST:
        right = softmax(power * sample)[places, label]
        likelihood = float(np.log((1 - PRIOR_NOISE) * right + PRIOR_NOISE / classes).sum())
        if likelihood > best:
            best, chosen = likelihood, power
        power /= 2
    return probabilities if chosen == 1 else softmax(chosen * np.log(np.maximum(probabilities, least)))


def pooled(words: list[NDArray[np.float64]], steepness: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows, classes) sum of `words` on the scale of logarithms, each times its steepness."""
    total = steepness[0] * words[0]
    for weight, word in zip(steepness[1:], words[1:], strict=True):
        total += weight * word
    return np.asarray(total, dtype=np.float64)


def _stepped(
    steepness: NDArray[np.float64],
    words: list[NDArray[np.float64]],
    truth: NDArray[np.float64],
    posterior: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The steepness of each word after one step of Newton's, within bounds.

    The logarithm of the first one's has a standard normal prior: it is what was asked about, and never dropped. A second
    one's has PRIOR_SECOND, and may be 0.
    """
    centred = [word - _over_classes(np.add, truth * word)[:, None] for word in words]
    slope = np.array([float(((posterior - truth) * word).sum()) for word in words])
    curvature = np.array([[float((truth * one * other).sum()) for other in centred] for one in centred])
    precision = np.array([1.0, PRIOR_SECOND][: len(words)])
    slope -= np.array([np.log(steepness[0]) / steepness[0], *(PRIOR_SECOND * steepness[1:])])
    curvature += np.diag(precision)
    step = np.linalg.solve(curvature, slope)
    if len(words) > 1 and steepness[1] == 0 and step[1] < 0:  # held at its bound: the other one steps alone
        step = np.array([slope[0] / curvature[0, 0], 0.0])
    least = np.array([1 / STEEPEST, 0.0][: len(words)])
    return np.asarray(np.clip(steepness + np.clip(step, -0.5, 0.5), least, STEEPEST), dtype=np.float64)


def estimated_from(rows: int, classes: int) -> NDArray[np.int64]:
    """Of so many rows those that noise is estimated from, ascending."""
    return evenly_spaced(rows, min(MAX_ROWS, max(MAX_CELLS // classes, 1)))


def posterior_truth(
    label: NDArray[np.int64], truth: NDArray[np.float64], transition: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(rows, classes) probability of each true class, given the model's word and the label that stands there."""
    joint = truth * transition[:, label].T + 1e-12  # a class that neither side allows stays possible
    return np.asarray(joint / _over_classes(np.add, joint)[:, None], dtype=np.float64)


def softmax(scores: NDArray[np.float64], axis: int = 1) -> NDArray[np.float64]:
    """Probabilities, of the shape of `scores`, on the scale of logarithms; along `axis`, that of the classes, they sum to 1."""
    by_class = scores if axis == 0 else scores.T
    raised = np.exp(by_class - _first_axis(np.maximum, by_class))
    raised /= _first_axis(np.add, raised)
    return np.asarray(raised if axis == 0 else raised.T, dtype=np.float64)


def _over_classes(combine: np.ufunc, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows,) `values` (rows, classes) of each row, combined."""
    return _first_axis(combine, values.T)


def _first_axis(combine: np.ufunc, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """`values` combined along their first axis; one by one where they are few, as NumPy takes long for short rows."""
    if len(values) > FEW_CLASSES:
        return np.asarray(combine.reduce(values, axis=0), dtype=np.float64)
    return functools.reduce(combine, values)
