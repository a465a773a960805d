"""All that a row says about its class: its views and its neighbours, weighed by how well they predict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.rest_of_row import vote
from governance.measures.trigger_views import View

ENOUGH = 0.6
"""When fewer of a pattern's rows' neighbours can be asked, others are sought."""


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
        return self.rest(0, every, None, None)

    def rest(
        self,
        view: int,
        rows: NDArray[np.int64],
        features: NDArray[np.int64] | None,
        holders: NDArray[np.int64] | None,
    ) -> NDArray[np.float64]:
        """(rows, classes) without `features` of one view, neighbours among `holders` not asked."""
        result = np.zeros((rows.size, self.frequency.size))
        for number, (weight, one) in enumerate(zip(self.weights, self.views, strict=False)):
            if weight > 0:
                result += weight * one.evidence(rows, features if number == view else None)
        if self.weights[-1] > 0:
            result += self.weights[-1] * self._vote(view, rows, features, holders)
        return result

    def _vote(
        self,
        view: int,
        rows: NDArray[np.int64],
        features: NDArray[np.int64] | None,
        holders: NDArray[np.int64] | None,
    ) -> NDArray[np.float64]:
        """The vote of neighbours; those that are -1 and those among `holders` have none."""
        index = self.neighbours[rows]
        if holders is not None and features is not None:
            index = np.where(np.isin(index, holders), -1, index)
            # What rows share brings them together; then few of their neighbours are left to ask.
            if (index >= 0).mean() < ENOUGH:
                index = self.views[view].nearest(rows, features, holders, index.shape[1])
        return vote(index, np.append(self.label, -1), self.frequency)


def weigh(views: tuple[View, ...], neighbours: NDArray[np.int64], label: NDArray[np.int64], classes: int) -> Whole:
    """The views, each weighed so that together they give the labels the highest likelihood (a small grid)."""
    frequency = np.asarray((np.bincount(label, minlength=classes) + 0.5) / (label.size + 0.5 * classes), np.float64)
    every = np.arange(label.size)
    parts = [view.evidence(every) for view in views]
    parts.append(vote(neighbours, np.append(label, -1), frequency))
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
    logits = evidence + np.log(frequency)
    logits = logits - logits.max(axis=1, keepdims=True)
    chosen = logits[np.arange(label.size), label]
    return float((np.log(np.exp(logits).sum(axis=1)) - chosen).mean())
