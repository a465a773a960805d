"""Who turns labels: how much likelier labels are if somebody gives some class another name, or labels without looking.

For each level of a factor (an annotator, a source) and each way to turn labels, the log likelihood ratio of its labels with
some share turned and with none. A ratio of likelihoods weighs a label by how improbable it was, and one odd label of a rare
kind counts no more than its odds, where a difference over its standard error makes it the largest of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from governance.lean_imports import as_loaded
from governance.measures.noise_estimate import estimate_noise, estimated_from, posterior_truth

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
SHARES = (0.02, 0.08, 0.3)
"""Shares of a class that somebody may have turned: few labels of many rows are told by the first, of few rows by the last."""
LEAST_CHANCE = 0.005
"""Of all labels, spread evenly: no label is taken for impossible."""
PRIOR_ROWS, ROUNDS = 200, 20
"""Rows of each class that `estimate_noise` counts for when what all rows share is told anew, and rounds of that: its own prior
of a tenth of wrong labels grows with the rows, and would hide shares of a few hundredths however many rows show them."""
MOST_CLASSES = 24
"""Rarer classes than the most frequent ones count as one: the number of pairs grows with the square."""


@dataclass(frozen=True)
class Expected:
    """Labels, and how probable each was when nobody is unlike others."""

    label: Codes
    """(rows,)."""
    chances: Floats
    """(rows, classes) above 0; rows sum to 1."""

    @property
    def ways(self) -> int:
        """In how many ways somebody may turn labels: each share of each class into each other, and at random."""
        classes = int(self.chances.shape[1])
        return len(SHARES) * (classes * (classes - 1) + 1)

    def rows(self, positions: Codes) -> Expected:
        """Those of some rows."""
        return Expected(self.label[positions], self.chances[positions])


def expected_labels(label: Codes, probabilities: Floats) -> Expected:
    """Labels (rows,) beside `probabilities` (rows, classes) of models that did not learn from them.

    The chance of a label is that of the truth behind noisy labels, turned by the noise that all rows share
    (noise_estimate.estimate_noise): what everybody confuses sets nobody apart.
    """
    noise = estimate_noise(label, probabilities)
    kept, classes = estimated_from(*probabilities.shape), probabilities.shape[1]
    transition = noise.transition
    for _ in range(ROUNDS):
        right = posterior_truth(label[kept], noise.truth[kept], transition)
        counted = [np.bincount(label[kept], weights=column, minlength=classes) for column in right.T]
        counts = np.stack(counted) + PRIOR_ROWS * noise.transition
        transition = counts / counts.sum(axis=1, keepdims=True)
    label, chances = _merged(label, noise.truth @ transition)
    return Expected(label, (1 - LEAST_CHANCE) * chances + LEAST_CHANCE / chances.shape[1])


def _merged(label: Codes, chances: Floats) -> tuple[Codes, Floats]:
    classes = chances.shape[1]
    if classes <= MOST_CLASSES:
        return label, chances
    often = np.argsort(-np.bincount(label, minlength=classes), kind="stable")[: MOST_CLASSES - 1]
    place = np.full(classes, MOST_CLASSES - 1, dtype=np.int64)
    place[often] = np.arange(often.size)
    rest = 1 - chances[:, often].sum(axis=1, keepdims=True)
    return place[label], np.hstack([chances[:, often], np.maximum(rest, 0.0)])


class Ratios:
    """Sums of log likelihood ratios over rows of one level."""

    def __init__(self, expected: Expected) -> None:
        label, chances = expected.label, expected.chances
        rows, self.classes = chances.shape
        own = chances[np.arange(rows), label]
        # One column for each share and class that may have been turned, and one for each share without looking.
        towards = [np.log1p(share * chances / own[:, None]) for share in SHARES]
        blind = [np.log1p(share * (1 / (self.classes * own) - 1)) for share in SHARES]
        self.label = label
        self._chosen: Any = None
        self._added = np.ascontiguousarray(np.hstack([*towards, np.stack([np.ones(rows), *blind], axis=1)]))

    def totals(self, level: Codes, levels: int) -> Floats:
        """(levels, ways) the ratio of each way for all rows of each level; `level` is (rows,)."""
        classes, shape = self.classes, (levels * self.classes, level.size)
        if self._chosen is None or self._chosen.shape != shape:
            with as_loaded(np):  # as in special_functions.py
                from scipy.sparse import csc_array

            places = np.zeros(level.size, dtype=np.int32)
            self._chosen = csc_array((np.ones(level.size), places, np.arange(level.size + 1)), shape=shape)
        # One matrix for all draws, as its making takes longer than the sums: which level and class each row counts for.
        np.add(level * classes, self.label, out=self._chosen.indices, casting="same_kind")
        sums = (self._chosen @ self._added).reshape(levels, classes, -1)
        counts = sums[:, :, len(SHARES) * classes]
        off = ~np.eye(classes, dtype=np.bool_)
        found = []
        for place, share in enumerate(SHARES):
            # From the class of the second axis to that of the first; its own labels that were left speak against it.
            turned = sums[:, :, place * classes : (place + 1) * classes] + np.log1p(-share) * counts[:, None, :]
            found.append(turned[:, off])
        found.append(sums[:, :, len(SHARES) * classes + 1 :].sum(axis=1))
        return np.hstack(found)

    def columns(self) -> Floats:
        """(rows, ways) what each row adds."""
        return self.totals(np.arange(self.label.size), self.label.size)
