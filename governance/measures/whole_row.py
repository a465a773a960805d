"""All that a row says about its class: its views and its neighbours, weighed by how well they predict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from governance.measures.rest_of_row import vote
from governance.measures.trigger_questions import Question, outside_holders, same_features, split
from governance.measures.trigger_views import View

ENOUGH = 0.6
"""When fewer of a pattern's rows' neighbours can be asked than this share of those that rows have, others are sought."""


@dataclass(frozen=True)
class Whole:
    """All that is known of a row: one or more views and its neighbours' labels, weighed by how well they predict."""

    views: tuple[View, ...]
    neighbours: NDArray[np.int64]
    """(rows, k) positions; -1 for none."""
    label: NDArray[np.int64]
    """(rows,) of all rows."""
    frequency: NDArray[np.float64]
    """(classes,)."""
    weights: tuple[float, ...]
    """One per view, then that of the neighbours."""

    def evidence(self) -> NDArray[np.float64]:
        """(rows, classes) of all rows, nothing left out."""
        every = np.arange(self.label.size)
        return self.rest(0, every)

    def rest(
        self, view: int, rows: NDArray[np.int64], features: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """(rows, classes) without `features` of one view, all neighbours asked."""
        return self.views_alone(view, rows, features) + self.votes(rows)

    def votes(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """(rows, classes) what all neighbours say."""
        if self.weights[-1] > 0:
            return np.asarray(self.weights[-1] * self._votes[rows], dtype=np.float64)
        return np.zeros((rows.size, self.frequency.size))

    def views_alone(
        self, view: int, rows: NDArray[np.int64], features: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """(rows, classes) without `features` of one view, no neighbours asked."""
        result = np.zeros((rows.size, self.frequency.size))
        for number, (weight, one) in enumerate(zip(self.weights, self.views, strict=False)):
            if weight > 0:
                result += weight * one.evidence(rows, features if number == view else None)
        return result

    def answers(self, view: int, questions: Sequence[Question]) -> list[NDArray[np.float64]]:
        """For each question (its rows, classes), without its features of one view and without its holders."""
        if not questions:
            return []
        sizes = [question.rows.size for question in questions]
        rows = np.concatenate([question.rows for question in questions])
        result = np.zeros((rows.size, self.frequency.size))
        for number, (weight, one) in enumerate(zip(self.weights, self.views, strict=False)):
            if weight > 0:
                result += weight * (self._without(view, questions) if number == view else one.evidence(rows, None))
        if self.weights[-1] > 0:
            result += self.weights[-1] * self._asked_outside(view, questions)
        return split(result, sizes)

    def _without(self, view: int, questions: Sequence[Question]) -> NDArray[np.float64]:
        """(rows of all questions, classes) of one view, each without its question's features."""
        parts: list[NDArray[np.float64]] = [np.empty(0)] * len(questions)
        for numbers in same_features(questions):
            rows = np.concatenate([questions[number].rows for number in numbers])
            evidence = self.views[view].evidence(rows, questions[numbers[0]].features)
            sizes = [questions[number].rows.size for number in numbers]
            for number, part in zip(numbers, split(evidence, sizes), strict=True):
                parts[number] = part
        return np.concatenate(parts)

    def _asked_outside(self, view: int, questions: Sequence[Question]) -> NDArray[np.float64]:
        """(rows of all questions, classes) votes of neighbours that are no holders."""
        found = outside_holders(self.neighbours, questions)
        for number, index in enumerate(found):
            # What rows share brings them together; then few of their neighbours are left to ask.
            if index.size and np.count_nonzero(index >= 0) < ENOUGH * self._known * index.size:
                rows, features, holders = questions[number]
                found[number] = self.views[view].nearest(rows, features, holders, index.shape[1])
        return vote(np.concatenate(found), self._labels, self.frequency)

    @cached_property
    def _labels(self) -> NDArray[np.int64]:
        """`label`, and -1 behind it: what position -1 finds."""
        return np.append(self.label, -1)

    @cached_property
    def _known(self) -> float:
        """Neighbours that rows have, of those that they could have, on average: of a sample of the rows they are fewer."""
        return float(np.count_nonzero(self.neighbours >= 0) / max(self.neighbours.size, 1))

    @cached_property
    def _votes(self) -> NDArray[np.float64]:
        """(all rows, classes), all neighbours asked."""
        return vote(self.neighbours, self._labels, self.frequency)


def weigh(views: tuple[View, ...], neighbours: NDArray[np.int64], label: NDArray[np.int64], classes: int) -> Whole:
    """The views, each weighed so that together they give the labels the highest likelihood (a small grid)."""
    frequency = np.asarray((np.bincount(label, minlength=classes) + 0.5) / (label.size + 0.5 * classes), np.float64)
    every = np.arange(label.size)
    parts = [view.evidence(every) for view in views]
    parts.append(vote(neighbours, np.append(label, -1), frequency))
    parts = [np.ascontiguousarray(part.T) for part in parts]  # a row of classes is too short to be added up fast
    weights = [0.0] * len(parts)
    best = _loss(np.zeros_like(parts[0]), label, frequency)
    for _ in range(2):  # one coordinate at a time, twice: later parts change what earlier ones are worth
        for number in range(len(parts)):
            rest = sum((w * part for w, part in zip(weights, parts, strict=True)), np.zeros_like(parts[0]))
            rest = rest - weights[number] * parts[number]
            for weight in (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0):
                loss = _loss(rest + weight * parts[number], label, frequency)
                if loss < best - 1e-6:
                    best, weights[number] = loss, weight
    return Whole(views, neighbours, label, frequency, tuple(weights))


def _loss(evidence: NDArray[np.float64], label: NDArray[np.int64], frequency: NDArray[np.float64]) -> float:
    """Mean of minus the logarithm of the likelihood; `evidence` (classes, rows)."""
    logits = evidence + np.log(frequency)[:, None]
    logits -= logits.max(axis=0)
    chosen = logits[label, np.arange(label.size)]
    return float((np.log(np.exp(logits).sum(axis=0)) - chosen).mean())
