"""What each value of a pair says by itself, learnt from the rows that hold it and not the other.

Two honest values can each lean to a class, and the rows with both then carry its label whatever else they say. So the
rest of such a row is no more than a part of what speaks: what either value says alone belongs to it. A planted pair
owes its label to neither.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced

PRIOR_SD = 1.0
"""An effect is thought to be normal around 0 with this deviation (logits), so that few rows say little."""
STEPS, ENOUGH = 12, 1e-9


def value_effects(parts: Sequence[tuple[NDArray[np.float64], NDArray[np.bool_]]]) -> NDArray[np.float64]:
    """(parts,) by how much each value shifts the log odds of a label, 0 or more.

    A part: logits (rows,) of the label by the rest of rows that hold the value, and which are given it. The posterior
    mode of a logistic model with the logits as offset, by Newton's method, less one deviation: what a handful of rows
    seem to say must not hide a trigger. What speaks against a label is left out, as a trigger must not gain by it.
    """
    widest = max((given.size for _, given in parts), default=0)
    logits, given = np.zeros((len(parts), widest)), np.zeros((len(parts), widest))
    held = np.zeros((len(parts), widest), dtype=bool)
    for number, (said, has) in enumerate(parts):
        logits[number, : has.size], given[number, : has.size], held[number, : has.size] = said, has, True
    effect, precision = np.zeros(len(parts)), np.ones(len(parts))
    going = np.flatnonzero(held.any(axis=1))
    for _ in range(STEPS):
        rate = 1 / (1 + np.exp(-np.clip(logits[going] + effect[going, None], -30, 30)))
        rate[~held[going]] = 0.0
        slope = (given[going] - rate).sum(axis=1) - effect[going] / PRIOR_SD**2
        precision[going] = (rate * (1 - rate)).sum(axis=1) + 1 / PRIOR_SD**2
        step = np.clip(slope / precision[going], -2, 2)
        effect[going] += step
        going = going[np.abs(step) >= ENOUGH]
        if not going.size:
            break
    return np.maximum(effect - precision**-0.5, 0.0)


def logits_of(evidence: NDArray[np.float64], frequency: NDArray[np.float64], label: int) -> NDArray[np.float64]:
    """(rows,) log odds of `label` against all others; `evidence` (rows, classes) without `frequency` (classes,)."""
    scores = evidence + np.log(frequency)
    others = np.delete(scores, label, axis=1)
    highest = others.max(axis=1)
    return np.asarray(scores[:, label] - highest - np.log(np.exp(others - highest[:, None]).sum(axis=1)), np.float64)


def odds_against(evidence: NDArray[np.float64], frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows, classes) log odds against each class; arguments as of logits_of."""
    return -np.column_stack([logits_of(evidence, frequency, label) for label in range(frequency.size)])


class Holders:
    """Which rows hold a value: each value is looked up in all rows once."""

    def __init__(self, values: NDArray[np.floating]) -> None:
        """`values` (rows, features)."""
        self.values = values
        self._known: dict[tuple[int, float], NDArray[np.int64]] = {}

    def of(self, feature: int, value: float) -> NDArray[np.int64]:
        """Rows with `value`, ascending."""
        if (feature, value) not in self._known:
            self._known[feature, value] = np.flatnonzero(self.values[:, feature] == value)
        return self._known[feature, value]

    def apart(self, rows: NDArray[np.int64], features: Sequence[int], most: int) -> list[NDArray[np.int64]]:
        """For each of `features`, at most `most` rows outside `rows` with the value that `rows` share, evenly spaced."""
        inside = np.zeros(len(self.values), dtype=bool)
        inside[rows] = True
        found = []
        for feature in features:
            every = self.of(feature, float(self.values[rows[0], feature]))
            here = every[~inside[every]]
            found.append(here[evenly_spaced(here.size, most)])
        return found
