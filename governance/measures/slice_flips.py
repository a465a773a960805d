"""Labels of one class that were turned into another within one slice of the data: a segment, a source, an annotator.

A slice is compared with what the rest of its rows says, learnt without the slice's column and from neighbours outside
it. The share of turned labels is what honest differences leave (slice_mixture). It is tested by the ratio of the
likelihoods with and without it, which for a share at its bound is half a chi-squared of one degree of freedom (H. Chernoff,
On the Distribution of the Likelihood Ratio, Annals of Mathematical Statistics 25, 1954), and its interval is where the
ratio to the likeliest share is small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import erfc

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.slice_mixture import Mixture, chances, fitted, turned_share

FITTED_ROWS = 1000
"""Rows of a slice, evenly spaced, that are judged: a share of turned labels is then known to some hundredths."""
WORTH = 2.0
"""What a share of turned labels has to add to the fit when no honest difference is let be, before more is asked."""
HALF_INTERVAL = 1.92
"""Logarithms of the likelihood by which it falls to either end of a 95 % interval."""
EVERY = 0.95
"""A share of turned labels that may be as high is all of them, as an honest rule would have it."""
SLIP = 0.01
"""Labels that are wrong at random, as far as the first look goes."""


@dataclass(frozen=True)
class Slice:
    """Rows of a slice that stand for all of it, and what is asked of them."""

    rows: NDArray[np.int64]
    """Positions; at most FITTED_ROWS."""
    logits: NDArray[np.float64]
    """(sources, rows, classes) of the honest classes."""
    label: NDArray[np.int64]
    weight: NDArray[np.float64]
    """(rows,) 1, or 1 over the rows of the same group."""


@dataclass(frozen=True)
class Flips:
    """Rows of one class turned into another in one slice."""

    before: int
    label: int
    rows: NDArray[np.int64]
    """Positions of the rows that were judged and have the label."""
    posterior: NDArray[np.float64]
    """(rows,) chance that each was turned, given what the rest of it says and how many were."""
    asked: float
    """Units of the rows that were judged that were of the class before, by the fit."""
    share: float
    """How many of those carry the label."""
    log_p: float
    """For this slice and these classes alone."""
    mixture: Mixture
    """The fit."""

    def among(self, rows: NDArray[np.int64], logits: NDArray[np.float64]) -> Flips:
        """The same, of other `rows` of the slice that have the label, with their `logits` (sources, rows, classes)."""
        return replace(self, rows=rows, posterior=_posterior(self.mixture, logits, (self.before, self.label)))


def judged_rows(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the `rows` of a slice, positions, that stand for all of it."""
    return rows[evenly_spaced(rows.size, FITTED_ROWS)]


def worth_asking(
    logits: NDArray[np.float64], label: NDArray[np.int64], weight: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Two classes each of which the one may have been turned into the other, were there no honest differences in the slice;
    `logits` (rows, classes). What adds nothing to the fit there is not asked further, as most slices and classes are not."""
    classes = logits.shape[1]
    plain = (1 - SLIP) * chances(logits) + SLIP / classes
    return [
        (a, b)
        for a in range(classes)
        for b in range(classes)
        if a != b and (label == b).any() and turned_share(plain, label, weight, (a, b))[1] > WORTH
    ]


def flips(given: Slice) -> list[Flips]:
    """For each two classes, how many rows of the one were turned into the other."""
    pairs = worth_asking(given.logits[0], given.label, given.weight)
    if not pairs:
        return []
    clean = fitted(given.logits, given.label, given.weight)
    found = [_flipped(given, clean, pair) for pair in pairs]
    return [one for one in found if one.log_p < np.log(0.5)]


def flips_again(given: Slice, one: Flips) -> Flips:
    """As `one`, of a slice of which more is known."""
    return _flipped(given, fitted(given.logits, given.label, given.weight), (one.before, one.label))


def told_from(given: Slice, one: Flips, share: float) -> bool:
    """Whether `share` lies outside the 95 % interval of that of `one`."""
    other = fitted(given.logits, given.label, given.weight, (one.before, one.label), share)
    return one.mixture.fit - other.fit > HALF_INTERVAL


def _flipped(given: Slice, clean: Mixture, pair: tuple[int, int]) -> Flips:
    a, b = pair
    mixture = fitted(given.logits, given.label, given.weight, pair)
    mine = np.flatnonzero(given.label == b)
    posterior = _posterior(mixture, given.logits[:, mine], pair)
    gain = max(mixture.fit - clean.fit, 0.0)
    log_p = float(np.log(max(erfc(gain**0.5) / 2, 1e-300)))
    asked = float(given.weight @ mixture.honest(given.logits)[:, a])
    return Flips(a, b, given.rows[mine], posterior, asked, mixture.share, log_p, mixture)


def _posterior(mixture: Mixture, logits: NDArray[np.float64], pair: tuple[int, int]) -> NDArray[np.float64]:
    """(rows,) chance that each was turned, of rows with the label, by their `logits` (sources, rows, classes)."""
    chance = mixture.honest(logits)
    was, now = mixture.share * chance[:, pair[0]], chance[:, pair[1]]
    return np.asarray(was / (was + now), dtype=np.float64)
