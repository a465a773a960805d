"""Several annotations of one item: how far annotators agree, and which label they support.

Annotations come as three arrays of one length: item, annotator and label, each coded from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from governance.measures.annotator_kinds import Kinds, alike, polya, shares_of
from governance.measures.resampling import percentile_interval, resampled_totals

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Logarithms = Callable[[Floats], Floats]
ROUNDS = 200
SHRINK = 6.0
"""Annotations that the pooled confusion counts as, at most, in each row of an annotator's own; chosen on generated crowds."""
BLURRED = 2
"""Rounds before it is asked what kind each annotator is of: beside votes as they are, weak annotators of many classes look as if
their answers hung on nothing."""
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
    Simpson and others, Dynamic Bayesian Combination of Multiple Imperfect Classifiers, 2013). Annotators whose answers hang
    on nothing, as judged beside the others (`annotator_kinds`), say nothing of an item and are not in the pooled confusion.
    """
    items, people = int(item.max(initial=-1)) + 1, int(annotator.max(initial=-1)) + 1
    votes = np.zeros((items, classes))
    np.add.at(votes, (item, label), 1.0)
    start = votes / np.maximum(1.0, votes.sum(axis=1, keepdims=True))
    crowd = _Crowd(item, annotator, label, items, people, classes)
    kinds = alike(people)
    if method == "dawid_skene":
        return crowd.settled(start, kinds, 0.0, _logarithms)[0]
    several = people > 1  # one annotator has nobody beside whom she could be judged
    found, kinds = crowd.settled(start, kinds, SHRINK, _logarithms, judged_after=BLURRED if several else ROUNDS)
    strength = likeliest_strength(crowd.counts(found.probabilities), kinds)
    if strength == SHRINK:
        return found
    judged_after = 0 if several else ROUNDS
    return crowd.settled(found.probabilities, kinds, strength, _expected_logarithms, judged_after=judged_after)[0]


def likeliest_strength(counts: Floats, kinds: Kinds | None = None) -> float:
    """Which of STRENGTHS makes `counts` (annotators, classes, classes) likeliest, Dirichlet draws about the pooled ones.

    Annotators count by the probability that their answers hang on something, all of them fully without `kinds`. Counts
    expected of uncertain items vary less than true ones, so that this errs towards strong, which few annotations turn into
    annotators who are all alike: it is asked only whether SHRINK is too much.
    Source: T. Minka, Estimating a Dirichlet distribution, 2000 (Polya distribution).
    """
    kinds = alike(counts.shape[0]) if kinds is None else kinds
    pooled = kinds.pooled(counts)

    def likelihood(strength: float) -> float:
        return float(kinds.telling @ polya(counts, strength * pooled).sum(axis=1))

    return max(reversed(STRENGTHS), key=likelihood)


def _logarithms(weights: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(shares_of(weights), 1e-12)))


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

    def settled(
        self,
        probabilities: Floats,
        kinds: Kinds,
        strength: float,
        logarithms: Logarithms,
        *,
        judged_after: int = ROUNDS,
    ) -> tuple[Consensus, Kinds]:
        """From these probabilities until they no longer move; annotators' kinds are found beside them after so many rounds."""
        for turn in range(ROUNDS):
            counts = self.counts(probabilities)
            kinds = kinds.judged(counts, strength) if turn >= judged_after else kinds
            _, joint = self._joint(probabilities, counts, kinds, strength, logarithms)
            updated = _normalised(joint)
            moved = float(np.abs(updated - probabilities).max(initial=0.0))
            probabilities = updated
            if moved < 1e-6:
                break
        counts = self.counts(probabilities)
        said, joint = self._joint(probabilities, counts, kinds, strength, logarithms)
        found = Consensus(
            _normalised(joint),
            kinds.confusion(counts, strength),
            self._prevalence(probabilities, strength),
            _normalised(joint[self.item] - said),
        )
        return found, kinds

    def _joint(
        self, probabilities: Floats, counts: Floats, kinds: Kinds, strength: float, logarithms: Logarithms
    ) -> tuple[Floats, Floats]:
        said = kinds.logarithms(counts, strength, logarithms)[self.annotator, :, self.label]
        prevalence = np.log(np.maximum(self._prevalence(probabilities, strength), 1e-12))
        return said, prevalence + _by_item(said, self.item, self.items)

    @staticmethod
    def _prevalence(probabilities: Floats, strength: float) -> Floats:
        prevalence = probabilities.sum(axis=0) + (1.0 if strength else 0.0)
        return np.asarray(prevalence / prevalence.sum())


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
