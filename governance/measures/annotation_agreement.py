"""Several annotations of one item: how far annotators agree, and which label they support.

Annotations come as three arrays of one length: item, annotator and label, each coded from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from governance.measures.resampling import percentile_interval, resampled_totals

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
ROUNDS = 200
SHRINK = 6.0
"""Annotations that the pooled confusion counts as, in each row of an annotator's own; chosen on generated crowds."""


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
    item: Codes, label: Codes, *, values: Floats | None = None, draws: int = 500, seed: int = 0
) -> Alpha | None:
    """Alpha of the annotations, nominal; with `values` (labels,) in intervals of those numbers. None when nothing pairs.

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
    annotator's confusion towards the pooled one by SHRINK annotations, as in Bayesian classifier combination (H. Kim, Z.
    Ghahramani, AISTATS 2012), so that annotators with few annotations are not taken for perfect or perverse.
    """
    items, people = int(item.max(initial=-1)) + 1, int(annotator.max(initial=-1)) + 1
    votes = np.zeros((items, classes))
    np.add.at(votes, (item, label), 1.0)
    probabilities = votes / np.maximum(1.0, votes.sum(axis=1, keepdims=True))
    strength = SHRINK if method == "shrunk" else 0.0
    confusion, prevalence = _maximise(probabilities, item, annotator, label, people, classes, strength)
    for _ in range(ROUNDS):
        logs = np.log(np.maximum(confusion, 1e-12))
        said = logs[annotator, :, label]
        joint = np.log(np.maximum(prevalence, 1e-12)) + _by_item(said, item, items)
        updated = _normalised(joint)
        moved = float(np.abs(updated - probabilities).max(initial=0.0))
        probabilities = updated
        confusion, prevalence = _maximise(probabilities, item, annotator, label, people, classes, strength)
        if moved < 1e-6:
            break
    logs = np.log(np.maximum(confusion, 1e-12))
    said = logs[annotator, :, label]
    joint = np.log(np.maximum(prevalence, 1e-12)) + _by_item(said, item, items)
    return Consensus(_normalised(joint), confusion, prevalence, _normalised(joint[item] - said))


def _maximise(
    probabilities: Floats, item: Codes, annotator: Codes, label: Codes, people: int, classes: int, strength: float
) -> tuple[Floats, Floats]:
    counts = np.zeros((people, classes, classes))
    for true in range(classes):
        weights = probabilities[item, true]
        flat = np.bincount(annotator * classes + label, weights=weights, minlength=people * classes)
        counts[:, true, :] = flat.reshape(people, classes)
    if strength:
        pooled = counts.sum(axis=0) + 1.0 / classes
        counts = counts + strength * pooled / pooled.sum(axis=1, keepdims=True)
    sums = counts.sum(axis=2, keepdims=True)
    confusion = np.where(sums > 0, counts / np.where(sums > 0, sums, 1.0), 1.0 / classes)
    prevalence = probabilities.sum(axis=0) + (1.0 if strength else 0.0)
    return confusion, prevalence / prevalence.sum()


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
