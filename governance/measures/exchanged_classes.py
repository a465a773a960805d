"""Whether predictions fit the labels only when their classes are exchanged: columns of probabilities under each other's names."""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np
from numpy.typing import NDArray

from governance.measures.intervals import wilson
from governance.measures.trigger_test import excess

UNLIKELY = 0.001
"""Chance of so lopsided a count, for all ways to exchange classes together, below which it is told."""
TIMES_AS_OFTEN = 2
"""The exchanged classes must be right so many times as often where one of both is: some confusion lies in any data."""


@dataclass(frozen=True)
class Exchange:
    """How predictions fit as they are, and with classes exchanged."""

    of: tuple[int, ...]
    """(classes,) for each class the one whose name its predictions should bear."""
    right: int
    """Rows whose likeliest class is the label."""
    right_exchanged: int
    rows: int


def exchanged(label: NDArray[np.int64], probabilities: NDArray[np.float64]) -> Exchange | None:
    """The exchange by which `probabilities` (rows, classes) fit `label` (rows,) best; None unless it fits far better.

    Told where it is right in more rows than the most frequent class would be, and in at least twice as many as the classes as
    named are of the rows where one of both is right; by a sign test for all ways to exchange classes. Assignment: H. Kuhn,
    Naval Research Logistics Quarterly 2, 1955.
    """
    from scipy.optimize import linear_sum_assignment

    rows, classes = probabilities.shape
    predicted = probabilities.argmax(axis=1)
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (predicted, label), 1)
    _, of = linear_sum_assignment(table, maximize=True)
    moved = of != np.arange(classes)
    if not moved.any():
        return None
    places = np.arange(classes)
    better, worse = int(table[places, of][moved].sum()), int(table[places, places][moved].sum())
    log_ways = lgamma(classes + 1)
    right, fits = int(np.trace(table)), int(table[places, of].sum())
    usual = int(np.bincount(label, minlength=classes).max())
    if (
        better < TIMES_AS_OFTEN * worse
        or excess(float(better), float(better + worse), 0.5 * (better + worse)) + log_ways > np.log(UNLIKELY)
        or wilson(fits, rows)[0] <= usual / rows
    ):
        return None
    return Exchange(tuple(of.tolist()), right, fits, rows)
