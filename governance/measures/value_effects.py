"""What each value of a pair says by itself, learnt from the rows that hold it and not the other.

Two honest values can each lean to a class, and the rows with both then carry its label whatever else they say. So the
rest of such a row is no more than a part of what speaks: what either value says alone belongs to it. A planted pair
owes its label to neither.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PRIOR_SD = 1.0
"""An effect is thought to be normal around 0 with this deviation (logits), so that few rows say little."""
STEPS, ENOUGH = 12, 1e-9


def value_effect(logits: NDArray[np.float64], given: NDArray[np.bool_]) -> float:
    """By how much a value shifts the log odds of a label, 0 or more.

    `logits` (rows,) of the label by the rest of rows that hold the value, which are `given` it. The posterior mode of
    a logistic model with the logits as offset, by Newton's method, less one deviation: what a handful of rows seem to
    say must not hide a trigger. What speaks against a label is left out, as a trigger must not gain by it.
    """
    effect, precision = 0.0, 1.0
    for _ in range(STEPS):
        rate = 1 / (1 + np.exp(-np.clip(logits + effect, -30, 30)))
        slope = float((given - rate).sum()) - effect / PRIOR_SD**2
        precision = float((rate * (1 - rate)).sum()) + 1 / PRIOR_SD**2
        step = float(np.clip(slope / precision, -2, 2))
        effect += step
        if abs(step) < ENOUGH:
            break
    return max(effect - float(precision**-0.5), 0.0)


def logits_of(evidence: NDArray[np.float64], frequency: NDArray[np.float64], label: int) -> NDArray[np.float64]:
    """(rows,) log odds of `label` against all others; `evidence` (rows, classes) without `frequency` (classes,)."""
    scores = evidence + np.log(frequency)
    others = np.delete(scores, label, axis=1)
    highest = others.max(axis=1)
    return np.asarray(scores[:, label] - highest - np.log(np.exp(others - highest[:, None]).sum(axis=1)), np.float64)


def holders_apart(
    values: NDArray[np.float64], rows: NDArray[np.int64], features: Sequence[int], most: int
) -> list[NDArray[np.int64]]:
    """For each of `features` of `values` (rows, features), rows outside `rows` with the value that `rows` share."""
    inside = np.zeros(len(values), dtype=bool)
    inside[rows] = True
    found = []
    for feature in features:
        here = np.flatnonzero((values[:, feature] == values[rows[0], feature]) & ~inside)
        found.append(here[np.unique(np.linspace(0, here.size - 1, min(here.size, most)).astype(np.int64))])
    return found
