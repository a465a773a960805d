"""What a row says about its class when some of its features are left out.

Models that learn from poisoned rows learn the trigger, so their word on a row is the trigger's word. Here each
feature's contribution is a term of a sum and can be taken out again: linear discriminants for numbers and pixels,
naive Bayes for words. Neighbours vote without those that hold the pattern. All is out of fold, and evidence is in
natural logarithms of odds without the classes' frequencies: 0 for all classes means that the row says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

CAP = 6.0
"""Evidence beyond e**6 : 1 is the model's overconfidence, and counts as that much."""
RIDGE = 0.05
"""Share of the mean variance that is added to each variance, so that a rare feature cannot weigh without limit."""
DIGITS = 9
"""Evidence of sums is rounded to so many decimals: a term that was taken out again leaves nothing behind."""
SMOOTHING = 0.5
"""Texts that every class is thought to hold each word in, beside those that it does."""


@dataclass(frozen=True)
class Discriminant:
    """R. A. Fisher's linear discriminants, one set per fold, fitted on the other folds."""

    centred: NDArray[np.float64]
    """(rows, features) minus the mean of all rows."""
    fold: NDArray[np.int64]
    weights: NDArray[np.float64]
    """(folds, features, classes)."""
    offsets: NDArray[np.float64]
    """(folds, features, classes): what each feature adds to the constant."""
    means: NDArray[np.float64] | None = None
    """(folds, features, classes): what the weights were solved for."""
    within: NDArray[np.float64] | None = None
    """(folds, features, features): the variance by which they were, so that it can be done again with fewer features."""

    def fitted_without(self, features: NDArray[np.int64]) -> Discriminant:
        """As if `features` had not been there.

        Features that hang together correct each other, as load does temperature: less its term, what is left of a model
        takes all that load does to temperature for news of the class. One that never saw load does not.
        """
        if self.means is None or self.within is None or not features.size:
            return self
        kept = np.ones(self.weights.shape[1], dtype=bool)
        kept[features] = False
        means, weights, offsets = self.means[:, kept], np.zeros_like(self.weights), np.zeros_like(self.offsets)
        weights[:, kept] = np.linalg.solve(self.within[:, kept][:, :, kept], means)
        # A class without rows in a fold's others says nothing.
        weights *= np.any(self.weights, axis=1, keepdims=True)
        offsets[:, kept] = 0.5 * means * weights[:, kept]
        return Discriminant(self.centred, self.fold, weights, offsets)

    def evidence(self, rows: NDArray[np.int64], without: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """(rows, classes), the features `without` taken as unknown."""
        if without is None or not without.size:
            return np.asarray(self._total[rows], dtype=np.float64)
        # Whichever is less is added up: the features left out, to be taken from the total, or all others.
        if 2 * without.size <= self.centred.shape[1]:
            return np.round(self._total[rows] - self._part(rows, without), DIGITS)
        kept = np.ones(self.centred.shape[1], dtype=bool)
        kept[without] = False
        return np.round(self._part(rows, np.flatnonzero(kept)), DIGITS)

    @cached_property
    def _total(self) -> NDArray[np.float64]:
        """(all rows, classes) of all features."""
        result = np.zeros((len(self.centred), self.weights.shape[2]))
        for fold in np.unique(self.fold).tolist():
            here = self.fold == fold
            result[here] = self.centred[here] @ self.weights[fold] - self.offsets[fold].sum(axis=0)
        return np.round(result, DIGITS)

    def part(self, features: NDArray[np.int64]) -> NDArray[np.float64]:
        """(all rows, classes) of `features` alone, not rounded: terms, as they are added up."""
        return self._part(np.arange(len(self.centred)), features)

    def less(self, rows: NDArray[np.int64], terms: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        """(rows, classes) of the features whose `terms`, of all rows, are not given."""
        result = self._total.take(rows, axis=0)
        for term in terms:
            result -= term.take(rows, axis=0)
        return np.round(result, DIGITS)

    def _part(self, rows: NDArray[np.int64], features: NDArray[np.int64]) -> NDArray[np.float64]:
        """(rows, classes) of `features` alone."""
        result = np.empty((rows.size, self.weights.shape[2]))
        fold = self.fold[rows]
        values = self.centred[rows[:, None], features]
        for number in range(len(self.weights)):
            here = np.flatnonzero(fold == number)
            if here.size:
                part = values[here] @ self.weights[number][features]
                result[here] = part - self.offsets[number][features].sum(axis=0)
        return result


def discriminant(
    matrix: NDArray[np.float64], label: NDArray[np.int64], classes: int, fold: NDArray[np.int64]
) -> Discriminant:
    """Discriminants of `matrix` (rows, features), finite; `label` and `fold` (rows,)."""
    centred = matrix - matrix.mean(axis=0)
    folds = int(fold.max(initial=0)) + 1
    width = matrix.shape[1]
    fit = _of_few_rows if width > len(matrix) else _of_few_features
    weights, means = np.zeros((folds, width, classes)), np.zeros((folds, width, classes))
    spread: list[NDArray[np.float64]] = []
    for number, (held, mean, solved, within) in enumerate(fit(centred, label, classes, fold, folds)):
        weights[number], means[number] = np.where(held > 0, solved, 0.0), mean.T
        spread += [] if within is None else [within]
    known = np.stack(spread) if spread else None
    return Discriminant(centred, fold, weights, 0.5 * means * weights, means, known)


Fitted = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64] | None]
"""Of one fold's model: rows of each class, means (classes, features), means over the variance (features, classes), and the
variance (features, features) where it was made."""


def _of_few_features(
    centred: NDArray[np.float64], label: NDArray[np.int64], classes: int, fold: NDArray[np.int64], folds: int
) -> Iterator[Fitted]:
    width = centred.shape[1]
    squares, sums, counts = (
        np.zeros((folds, width, width)),
        np.zeros((folds, classes, width)),
        np.zeros((folds, classes)),
    )
    for number in range(folds):  # what a model learns from other folds is a sum over them: each is read once
        here = fold == number
        x, y = centred[here], np.eye(classes)[label[here]]
        squares[number], sums[number], counts[number] = x.T @ x, y.T @ x, y.sum(axis=0)
    for number in range(folds):
        others = np.arange(folds) != number
        held = counts[others].sum(axis=0)
        means = sums[others].sum(axis=0) / np.maximum(held, 1)[:, None]
        within = (squares[others].sum(axis=0) - (means.T * held) @ means) / max(int(held.sum()) - classes, 1)
        floor = RIDGE * float(np.trace(within)) / max(width, 1)
        within += max(floor, 1e-9) * np.eye(width)
        yield held, means, np.linalg.solve(within, means.T), within


def _of_few_rows(
    centred: NDArray[np.float64], label: NDArray[np.int64], classes: int, fold: NDArray[np.int64], folds: int
) -> Iterator[Fitted]:
    """The same, by a matrix of rows in place of one of features (M. Woodbury's identity): images have more pixels."""
    for number in range(folds):
        x, y = centred[fold != number], np.eye(classes)[label[fold != number]]
        held = y.sum(axis=0)
        means = (y.T @ x) / np.maximum(held, 1)[:, None]
        apart = (x - y @ means) / np.sqrt(max(len(x) - classes, 1))
        floor = max(RIDGE * float((apart**2).sum()) / centred.shape[1], 1e-9)
        known = np.linalg.solve(apart @ apart.T + floor * np.eye(len(x)), apart @ means.T)
        yield held, means, (means.T - apart.T @ known) / floor, None


@dataclass(frozen=True)
class WordEvidence:
    """Naive Bayes on the words that a text holds, one set of weights per fold, fitted on the other folds."""

    row_start: NDArray[np.int64]
    """(rows + 1,) where each row's words begin in `token`."""
    token: NDArray[np.int64]
    fold: NDArray[np.int64]
    weights: NDArray[np.float64]
    """(folds, words, classes) logarithm of how much likelier the word is in the class than in all."""

    def evidence(self, rows: NDArray[np.int64], without: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """(rows, classes), the words `without` not counted."""
        sizes = self.row_start[rows + 1] - self.row_start[rows]
        result = np.zeros((rows.size, self.weights.shape[2]))
        if not sizes.sum():
            return result
        owner = np.repeat(np.arange(rows.size), sizes)
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        tokens = self.token[self.row_start[rows][owner] + within]
        if without is not None:
            counted = ~np.isin(tokens, without)
            owner, tokens = owner[counted], tokens[counted]
        np.add.at(result, owner, self.weights[self.fold[rows][owner], tokens])
        return result


def word_evidence(
    row: NDArray[np.int64],
    token: NDArray[np.int64],
    words: int,
    label: NDArray[np.int64],
    classes: int,
    fold: NDArray[np.int64],
) -> WordEvidence:
    """Naive Bayes of words; `row` (ascending) and `token` name each word of each text once."""
    folds = int(fold.max(initial=0)) + 1
    counts = np.zeros((folds, words, classes))
    np.add.at(counts, (fold[row], token, label[row]), 1)
    texts = np.zeros((folds, classes))
    np.add.at(texts, (fold, label), 1)
    held, sizes = counts.sum(axis=0) - counts, texts.sum(axis=0) - texts
    overall = (held.sum(axis=2, keepdims=True) + SMOOTHING) / (sizes.sum(axis=1)[:, None, None] + 2 * SMOOTHING)
    # The prior leans on the overall rate, so that a rare word says nothing about a small class.
    rate = (held + 2 * SMOOTHING * overall) / (sizes[:, None, :] + 2 * SMOOTHING)
    start = np.searchsorted(row, np.arange(label.size + 1))
    return WordEvidence(start.astype(np.int64), token, fold, np.log(rate / overall))


def vote(index: NDArray[np.int64], label: NDArray[np.int64], frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """Evidence (rows, classes) from the labels of neighbours `index` (rows, k); a label of -1 does not vote.

    Votes are shrunk by two votes that follow the classes' `frequency`.
    """
    rows, classes = len(index), frequency.size
    given = label[index]
    cells = (np.arange(rows)[:, None] * classes + given)[given >= 0]
    votes = np.bincount(cells, minlength=rows * classes).reshape(rows, classes)
    total = votes.sum(axis=1, keepdims=True)
    return np.asarray(np.log((votes + 2 * frequency) / ((total + 2) * frequency)), dtype=np.float64)


def against(evidence: NDArray[np.float64], label: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """By how much the likeliest other class beats `label` in `evidence` (rows, classes), 0 (not at all) to 1 (CAP)."""
    return np.maximum(margin(evidence, label), 0.0)


def against_each(evidence: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows, classes) as against, of every class in turn."""
    return np.column_stack([against(evidence, number) for number in range(evidence.shape[1])])


def margin(evidence: NDArray[np.float64], label: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """As against, and below 0 where `label` beats all others: -1 (CAP) to 1 (CAP)."""
    rows = np.arange(len(evidence))
    own = evidence[rows, label]
    others = evidence.copy()
    others[rows, label] = -np.inf
    return np.asarray(np.clip(others.max(axis=1) - own, -CAP, CAP) / CAP, dtype=np.float64)
