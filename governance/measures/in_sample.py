"""Whether predictions agree with labels that no honest predictor should agree with: a sign that they saw them.

A label that both a cross-validated model and the neighbours of its row contradict is odd: most often wrong, sometimes
only hard. A predictor that did not learn from the row has no way to know that label, and agrees with few of them. One
that was fitted on it remembers. So the share of odd labels that a predictor agrees with tells the two apart, wherever
there are enough odd labels; a predictor that is far better than the reference on hard rows looks the same.

Source: memorisation of labels as in C. Zhang, S. Bengio, M. Hardt, B. Recht, O. Vinyals. Understanding Deep Learning
Requires Rethinking Generalization. ICLR 2017; the threshold is calibrated in benchmarks/detection/in_sample.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.intervals import wilson

SUSPECT_ABOVE = 0.4
"""Share of odd labels agreed with, lower end of its interval, above which predictions are suspected. Tuned on seeds
0-99 of the benchmark; what it reaches is measured on others."""
LEAST_ODD = 12
"""Fewer odd labels than this cannot tell: chance alone moves the share too far."""
UNLIKELY = 0.25
"""Reference probability of the given label, and share of neighbours that have it, at or below which it is odd."""


@dataclass(frozen=True)
class InSample:
    """How often predictions agree with odd labels."""

    odd: int
    """Labels that the reference and the neighbours both contradict."""
    agreed: int
    """Those that the predictions agree with."""
    share: float | None
    """`agreed` of `odd`; None below LEAST_ODD, where nothing can be told."""
    low: float | None
    """Lower end of the 95 % Wilson interval."""
    high: float | None
    suspected: bool


def memorised(
    label: NDArray[np.int64],
    predicted: NDArray[np.float64],
    reference: NDArray[np.float64],
    neighbours: NDArray[np.int64],
) -> InSample:
    """Compare predictions under test with a reference that did not learn from the rows.

    `label` (rows,) class numbers; `predicted` and `reference` (rows, classes) probabilities; `neighbours` (rows, k)
    positions of the nearest other rows. Raises ValueError when they do not fit together.
    """
    rows = label.size
    if predicted.shape != reference.shape or predicted.shape[0] != rows or neighbours.shape[0] != rows:
        raise ValueError(f"{rows} labels, predictions {predicted.shape}, reference {reference.shape}")
    given = np.arange(rows), label
    support = (label[neighbours] == label[:, None]).mean(axis=1)
    odd = (reference.argmax(axis=1) != label) & (reference[given] <= UNLIKELY) & (support <= UNLIKELY)
    count = int(odd.sum())
    agreed = int((predicted.argmax(axis=1) == label)[odd].sum())
    if count < LEAST_ODD:
        return InSample(count, agreed, None, None, None, False)
    low, high = wilson(agreed, count)
    return InSample(count, agreed, agreed / count, low, high, low > SUSPECT_ABOVE)
