"""Labels of one class that were turned into another within one slice of the data: a segment, a source, an annotator.

A slice is compared with what the rest of its rows says, learnt without the slice's column and from neighbours outside
it. The share of turned labels is what honest differences leave (slice_mixture). It is tested by the ratio of the
likelihoods with and without it, which for a share at its bound is half a chi-squared of one degree of freedom (H. Chernoff,
On the Distribution of the Likelihood Ratio, Annals of Mathematical Statistics 25, 1954), and its interval is where the
ratio to the likeliest share is small.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.slice_mixture import Mixture, chances, fitted, turned_share

FITTED_ROWS = 3000
"""Rows of a slice, evenly spaced, that a mixture is fitted to."""
WORTH = 0.5
"""What a share of turned labels has to add to the fit when no honest difference is let be, before more is asked."""
HALF_INTERVAL = 1.92
"""Logarithms of the likelihood by which it falls to either end of a 95 % interval."""
EVERY = 0.95
"""A share of turned labels that may be as high is all of them, as an honest rule would have it."""
SLIP = 0.01
"""Labels that are wrong at random, as far as the first look goes."""


@dataclass(frozen=True)
class Slice:
    """Rows of a slice, and what is asked of them."""

    rows: NDArray[np.int64]
    """Positions."""
    logits: NDArray[np.float64]
    """(sources, rows, classes) of the honest classes."""
    label: NDArray[np.int64]
    weight: NDArray[np.float64]
    """(rows,) 1, or 1 over the rows of the same group."""

    def fitted_rows(self) -> Slice:
        """At most FITTED_ROWS of them, that weigh as much as all."""
        if self.rows.size <= FITTED_ROWS:
            return self
        some = evenly_spaced(self.rows.size, FITTED_ROWS)
        return Slice(self.rows[some], self.logits[:, some], self.label[some], self.weight[some])


@dataclass(frozen=True)
class Flips:
    """Rows of one class turned into another in one slice."""

    before: int
    label: int
    rows: NDArray[np.int64]
    """Positions of all rows of the slice with the label."""
    posterior: NDArray[np.float64]
    """(rows,) chance that each was turned, given what the rest of it says and how many were."""
    asked: float
    """Units of the slice that were of the class before, by the fit."""
    share: float
    """How many of those carry the label."""
    log_p: float
    """For this slice and these classes alone."""
    fit: float
    """Logarithm of the likelihood at `share`."""

    @property
    def turned(self) -> float:
        """Units that were turned, by the fit."""
        return self.share * self.asked


def flips(given: Slice) -> list[Flips]:
    """For each two classes, how many rows of the one were turned into the other."""
    some = given.fitted_rows()
    classes = given.logits.shape[2]
    # A slice without honest differences: what adds nothing there is not asked further, as most slices and classes are not.
    plain = (1 - SLIP) * chances(some.logits[0]) + SLIP / classes
    pairs = [
        (a, b)
        for a in range(classes)
        for b in range(classes)
        if a != b and (some.label == b).any() and turned_share(plain, some.label, some.weight, (a, b))[1] > WORTH
    ]
    if not pairs:
        return []
    clean = fitted(some.logits, some.label, some.weight)
    found = [_flipped(given, fitted(some.logits, some.label, some.weight, pair), clean, pair) for pair in pairs]
    return [one for one in found if one.log_p < np.log(0.5)]


def flips_again(given: Slice, one: Flips) -> Flips:
    """As `one`, of a slice of which more is known."""
    some = given.fitted_rows()
    clean = fitted(some.logits, some.label, some.weight)
    pair = one.before, one.label
    return _flipped(given, fitted(some.logits, some.label, some.weight, pair), clean, pair)


def told_from(given: Slice, one: Flips, share: float) -> bool:
    """Whether `share` lies outside the 95 % interval of that of `one`."""
    some = given.fitted_rows()
    other = fitted(some.logits, some.label, some.weight, (one.before, one.label), share)
    return one.fit - other.fit > HALF_INTERVAL


def _flipped(given: Slice, mixture: Mixture, clean: Mixture, pair: tuple[int, int]) -> Flips:
    a, b = pair
    chance = mixture.honest(given.logits)
    mine = np.flatnonzero(given.label == b)
    was, now = mixture.share * chance[mine, a], chance[mine, b]
    gain = max(mixture.fit - clean.fit, 0.0)
    log_p = float(np.log(max(erfc(gain**0.5) / 2, 1e-300)))
    asked = float(given.weight @ chance[:, a])
    return Flips(a, b, given.rows[mine], was / (was + now), asked, mixture.share, log_p, mixture.fit)
