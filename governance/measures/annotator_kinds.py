"""Kinds of annotators: who answers as the others do, who guesses half the time, and whose answers hang on nothing.

An annotator whose answers hang on nothing, who always gives one class or any, says nothing of an item, and must not be part of
what the confusions of the others are drawn towards. Which kind an annotator is of follows from how likely each kind makes her
answers, beside the labels that all annotators support.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RIGHT = 10.0
"""Annotations of each class that the share of right ones, the same for all classes, counts as in the pooled confusion: few
annotations of a class, as of a slip of the pen, would make it another name for the class that they stand beside."""
GUESSED = (0.0, 0.5)
"""The share of guesses among the answers of each kind of annotator whose answers hang on something."""
USUAL = np.array([18.0, 1.0, 1.0])
"""Annotators of each kind, the last of those whose answers hang on nothing, that are taken for seen before."""
ANY = 0.5
"""Answers of each class taken for seen before, of an annotator whose answers hang on nothing (H. Jeffreys, 1946)."""


@dataclass(frozen=True)
class Kinds:
    """How probable it is that each annotator is of each kind; the last kind is that of answers that hang on nothing."""

    chances: Floats
    """(annotators, kinds)."""
    shares: Floats
    """(kinds,) of annotators in general."""

    @property
    def telling(self) -> Floats:
        """(annotators,) the probability that her answers hang on something."""
        return np.asarray(1 - self.chances[:, -1])

    def pooled(self, counts: Floats) -> Floats:
        """(classes, classes) confusion of those whose answers hang on something, of `counts` (annotators, classes, classes)."""
        return pooled_confusion(np.tensordot(self.telling, counts, axes=1))

    def judged(self, counts: Floats, strength: float) -> Kinds:
        """The kinds as `counts` (annotators, classes, classes) make them likely, confusions drawn by `strength`.

        A mixture of Dirichlet distributions, whose likelihoods are Polya distributions, as in community-based Bayesian
        classifier combination (M. Venanzi and others, WWW 2014). With spammers as a kind of their own: V. Raykar, S. Yu,
        Eliminating Spammers and Ranking Annotators, JMLR 13, 2012; with guesses as a share of the answers: D. Hovy and
        others, Learning Whom to Trust with MACE, NAACL 2013.
        """
        centres = _centres(self.pooled(counts))
        likely = [polya(counts, strength * centre).sum(axis=1) for centre in centres]
        blind = polya(counts.sum(axis=1), np.full(counts.shape[2], ANY))
        logs = np.log(self.shares) + np.column_stack([*likely, blind])
        chances = np.exp(logs - logs.max(axis=1, keepdims=True))
        chances = chances / chances.sum(axis=1, keepdims=True)
        shares = chances.sum(axis=0) + USUAL
        return Kinds(chances, shares / shares.sum())

    def logarithms(self, counts: Floats, strength: float, logarithms: Callable[[Floats], Floats]) -> Floats:
        """(annotators, classes, classes) what an answer (last axis) says of each true class; what hangs on nothing says nothing."""
        said = np.zeros_like(counts)
        for chance, centre in zip(self.chances.T, _centres(self.pooled(counts)), strict=False):
            said += chance[:, None, None] * logarithms(counts + strength * centre)
        return said

    def confusion(self, counts: Floats, strength: float) -> Floats:
        """(annotators, classes, classes) probability of each answer by the true class."""
        blind = counts.sum(axis=1, keepdims=True) + ANY
        found = self.chances[:, -1, None, None] * np.repeat(shares_of(blind), counts.shape[1], axis=1)
        for chance, centre in zip(self.chances.T, _centres(self.pooled(counts)), strict=False):
            found += chance[:, None, None] * shares_of(counts + strength * centre)
        return np.asarray(found)


def alike(annotators: int) -> Kinds:
    """All annotators answer as the others do."""
    chances = np.zeros((annotators, USUAL.size))
    chances[:, 0] = 1.0
    return Kinds(chances, USUAL / USUAL.sum())


def pooled_confusion(total: Floats) -> Floats:
    """(classes, classes) probability of each answer by the true class, from counts of that shape."""
    classes = total.shape[1]
    right = float((np.trace(total) + 1 / classes) / (total.sum() + 1))
    same = np.full((classes, classes), (1 - right) / max(1, classes - 1))
    np.fill_diagonal(same, right)
    return shares_of(total + RIGHT * same)


def polya(counts: Floats, prior: Floats) -> Floats:
    """Logarithm of the likelihood of `counts` (..., classes), one order of the answers, under Dirichlet draws about `prior`."""
    from governance.measures.special_functions import gammaln

    sums = prior.sum(axis=-1)
    rows = gammaln(sums) - gammaln(counts.sum(axis=-1) + sums)
    return np.asarray(rows + (gammaln(counts + prior) - gammaln(prior)).sum(axis=-1))


def shares_of(weights: Floats) -> Floats:
    """`weights` by their sums over the last axis; even where there are none."""
    sums = weights.sum(axis=-1, keepdims=True)
    return np.asarray(np.where(sums > 0, weights / np.where(sums > 0, sums, 1.0), 1.0 / weights.shape[-1]))


def _centres(pooled: Floats) -> list[Floats]:
    return [np.asarray((1 - guessed) * pooled + guessed / pooled.shape[1]) for guessed in GUESSED]
