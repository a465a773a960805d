"""Several annotations of one item: how far annotators agree, and which label they support.

Annotations come as three arrays of one length: item, annotator and label, each coded from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from governance.measures.resampling import percentile_interval, resampled_totals

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
ROUNDS = 200
SHRINK = 6.0
"""Annotations that the pooled confusion counts as, at most, in each row of an annotator's own; chosen on generated crowds."""
RIGHT = 10.0
"""Annotations of each class that the share of right ones, the same for all classes, counts as in the pooled confusion: few
annotations of a class, as of a slip of the pen, would make it another name for the class that they stand beside."""
STRENGTHS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, SHRINK)


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha: 1 for agreement, 0 for what chance makes, below 0 for less than chance."""

    value: float
    low: float | None
    high: float | None
    """95 % bootstrap interval over items; None when it cannot be told."""
    items: int
    """Items with two or more annotations: those that tell."""
    pairable: int
    """Their annotations."""


def krippendorff_alpha(
    item: Codes, label: Codes, *, values: Floats | None = None, ordinal: bool = False, draws: int = 500, seed: int = 0
) -> Alpha | None:
    """Alpha of the annotations, nominal; with `values` (labels,) in intervals of those numbers; `ordinal` when labels are
    numbered from the lowest to the highest. None when nothing pairs.

    None also when all annotations are the same label: then there is nothing that they could have disagreed about.
    Source: K. Krippendorff, Content Analysis, chapter 11, 2004; intervals over items after A. Hayes, K. Krippendorff,
    Communication Methods and Measures 1, 2007.
    """
    _, unit = np.unique(item, return_inverse=True)
    classes = int(label.max(initial=0)) + 1
    counts = np.zeros((int(unit.max(initial=-1)) + 1, classes))
    np.add.at(counts, (unit, label), 1.0)
    counts = counts[counts.sum(axis=1) >= 2]
    if counts.shape[0] == 0 or (counts.sum(axis=0) > 0).sum() < 2:
        return None
    number = np.arange(classes, dtype=np.float64) if values is None else values
    distance = np.asarray(number[:, None] != number[None, :], dtype=np.float64)
    if values is not None:
        distance = (number[:, None] - number[None, :]) ** 2
    elif ordinal:  # how many annotations lie between two labels, half of their own among them; draws keep this distance
        held = counts.sum(axis=0)
        rank = np.cumsum(held) - held / 2
        distance = (rank[:, None] - rank[None, :]) ** 2
    sizes = counts.sum(axis=1)
    observed = ((counts @ distance) * counts).sum(axis=1) / (sizes - 1)
    contributions = np.column_stack([observed, counts])

    def alpha(totals: Floats) -> Floats:
        held = totals[:, 1:]
        n = held.sum(axis=1)
        expected = ((held @ distance) * held).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(1 - (n - 1) * totals[:, 0] / expected)

    value = float(alpha(contributions.sum(axis=0, keepdims=True))[0])
    interval = percentile_interval(alpha(resampled_totals(contributions, draws, seed)), counts.shape[0])
    low, high = interval if interval is not None else (None, None)
    return Alpha(value, low, high, counts.shape[0], int(sizes.sum()))


@dataclass(frozen=True)
class Consensus:
    """Which label the annotations of each item support, and how each annotator errs."""

    probabilities: Floats
    """(items, classes)."""
    confusion: Floats
    """(annotators, classes, classes) probability of the given label (last axis) by the true one."""
    prevalence: Floats
    """(classes,)."""
    without: Floats
    """(annotations, classes) the item's probabilities as all annotators but this one have them."""

    @property
    def accuracy(self) -> Floats:
        """(annotators,) how often each is right, by the estimated confusion and prevalence."""
        return np.asarray(np.einsum("kcc,c->k", self.confusion, self.prevalence))


def consensus(
    item: Codes, annotator: Codes, label: Codes, classes: int, *, method: Literal["shrunk", "dawid_skene"] = "shrunk"
) -> Consensus:
    """True labels and annotators' errors by expectation maximisation, from majority votes.

    `dawid_skene` is the maximum likelihood of A. Dawid, A. Skene, Applied Statistics 28, 1979. `shrunk` draws each
    annotator's confusion towards the pooled one, as in Bayesian classifier combination (H. Kim, Z. Ghahramani, AISTATS
    2012), so that annotators with few annotations are not taken for perfect or perverse: by SHRINK annotations or, where
    annotators differ so much that fewer are likelier, by those, with expected logarithms as in its variational form (E.
    Simpson and others, Dynamic Bayesian Combination of Multiple Imperfect Classifiers, 2013).
    """
    items, people = int(item.max(initial=-1)) + 1, int(annotator.max(initial=-1)) + 1
    votes = np.zeros((items, classes))
    np.add.at(votes, (item, label), 1.0)
    start = votes / np.maximum(1.0, votes.sum(axis=1, keepdims=True))
    crowd = _Crowd(item, annotator, label, items, people, classes)
    if method == "dawid_skene":
        return crowd.settled(start, 0.0, _logarithms)
    found = crowd.settled(start, SHRINK, _logarithms)
    strength = likeliest_strength(crowd.counts(found.probabilities))
    return found if strength == SHRINK else crowd.settled(found.probabilities, strength, _expected_logarithms)


def likeliest_strength(counts: Floats) -> float:
    """Which of STRENGTHS makes `counts` (annotators, classes, classes) likeliest, Dirichlet draws about the pooled ones.

    Counts expected of uncertain items vary less than true ones, so that this errs towards strong, which few annotations
    turn into annotators who are all alike: it is asked only whether SHRINK is too much.
    Source: T. Minka, Estimating a Dirichlet distribution, 2000 (Polya distribution).
    """
    from governance.measures.special_functions import gammaln

    pooled, given = _pooled(counts), counts.sum(axis=2)

    def likelihood(strength: float) -> float:
        prior = strength * pooled
        rows = gammaln(strength) - gammaln(given + strength)
        return float(rows.sum() + (gammaln(counts + prior) - gammaln(prior)).sum())

    return max(reversed(STRENGTHS), key=likelihood)


def _pooled(counts: Floats) -> Floats:
    total, classes = counts.sum(axis=0), counts.shape[2]
    right = float((np.trace(total) + 1 / classes) / (total.sum() + 1))
    alike = np.full((classes, classes), (1 - right) / max(1, classes - 1))
    np.fill_diagonal(alike, right)
    pooled = total + RIGHT * alike
    return np.asarray(pooled / pooled.sum(axis=1, keepdims=True))


def _logarithms(weights: Floats) -> Floats:
    sums = weights.sum(axis=2, keepdims=True)
    shares = np.where(sums > 0, weights / np.where(sums > 0, sums, 1.0), 1.0 / weights.shape[2])
    return np.asarray(np.log(np.maximum(shares, 1e-12)))


def _expected_logarithms(weights: Floats) -> Floats:
    """Of Dirichlet distributions with these weights: what is rare and seldom seen counts for less than its mean."""
    from governance.measures.special_functions import psi

    return np.asarray(psi(weights) - psi(weights.sum(axis=2, keepdims=True)))


@dataclass(frozen=True)
class _Crowd:
    """Annotations, and the two steps of expectation maximisation on them."""

    item: Codes
    annotator: Codes
    label: Codes
    items: int
    people: int
    classes: int

    def counts(self, probabilities: Floats) -> Floats:
        """(annotators, classes, classes) expected annotations by true and given label."""
        counts = np.zeros((self.people, self.classes, self.classes))
        cell = self.annotator * self.classes + self.label
        for true in range(self.classes):
            flat = np.bincount(cell, weights=probabilities[self.item, true], minlength=self.people * self.classes)
            counts[:, true, :] = flat.reshape(self.people, self.classes)
        return counts

    def settled(self, probabilities: Floats, strength: float, logarithms: Callable[[Floats], Floats]) -> Consensus:
        """From these probabilities until they no longer move."""
        for _ in range(ROUNDS):
            said, joint, _, _ = self._expected(probabilities, strength, logarithms)
            updated = _normalised(joint)
            moved = float(np.abs(updated - probabilities).max(initial=0.0))
            probabilities = updated
            if moved < 1e-6:
                break
        said, joint, confusion, prevalence = self._expected(probabilities, strength, logarithms)
        return Consensus(_normalised(joint), confusion, prevalence, _normalised(joint[self.item] - said))

    def _expected(
        self, probabilities: Floats, strength: float, logarithms: Callable[[Floats], Floats]
    ) -> tuple[Floats, Floats, Floats, Floats]:
        weights = self.counts(probabilities)
        if strength:
            weights = weights + strength * _pooled(weights)
        prevalence = probabilities.sum(axis=0) + (1.0 if strength else 0.0)
        prevalence = prevalence / prevalence.sum()
        said = logarithms(weights)[self.annotator, :, self.label]
        joint = np.log(np.maximum(prevalence, 1e-12)) + _by_item(said, self.item, self.items)
        return said, joint, np.exp(_logarithms(weights)), prevalence


def _by_item(values: Floats, item: Codes, items: int) -> Floats:
    return np.stack([np.bincount(item, weights=column, minlength=items) for column in values.T], axis=1)


def _normalised(logs: Floats) -> Floats:
    shifted = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def majority(item: Codes, label: Codes, classes: int) -> Codes:
    """(items,) the label most annotators gave; the first of equals."""
    votes = np.zeros((int(item.max(initial=-1)) + 1, classes))
    np.add.at(votes, (item, label), 1.0)
    return np.asarray(votes.argmax(axis=1), dtype=np.int64)
