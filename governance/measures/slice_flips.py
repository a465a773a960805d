"""Labels that were turned into one class within one slice of the data: a segment, a source, an annotator.

A row counts as turned when its label is c and the rest of it speaks against c as strongly as the typical row of other
classes does. Rows near the border between classes, which honest labels cross both ways, do not count, so that a slice
that is merely hard to label is not taken for one that was tampered with.

What the rest of a row says is learnt from other folds. Where a small slice has an honest share of its own, and more than
that share in one fold by chance, the other folds teach too low a share, and the rows of that fold contradict it all at
once: they are one witness. A slice that was tampered with is so in every fold, so that the others have to say so too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.intervals import wilson
from governance.measures.trigger_test import CONTRADICTS, excess

SAID_AGAIN = 0.05
"""Level at which folds but the one with most rows that count as turned are beyond chance."""


@dataclass(frozen=True)
class Flips:
    """Rows turned into one class in one slice."""

    label: int
    turned: int
    """Rows that count as turned."""
    rows: NDArray[np.int64]
    """Positions of all rows of the slice with the label."""
    posterior: NDArray[np.float64]
    """(rows,) chance that each was turned, given what the rest of it says and how many were."""
    asked: float
    """Units in the slice that look like other classes, whatever their label."""
    share: float
    """How many of those carry the label."""
    low: float
    """Lower end of its 95 % interval (Wilson)."""
    elsewhere: float
    """The same outside the slice."""
    log_p: float
    """For this slice and class alone."""
    said_again: bool
    """Whether folds but the one with most rows that count as turned are beyond chance too."""


def flips(
    contradiction: NDArray[np.float64],
    odds: NDArray[np.float64],
    label: NDArray[np.int64],
    inside: NDArray[np.bool_],
    weight: NDArray[np.float64],
    fold: NDArray[np.int64],
) -> list[Flips]:
    """For each class, how often rows `inside` the slice that speak against it carry it, beside the rows outside.

    `contradiction` (rows, classes) 0 to 1, and `odds` (rows, classes), logarithms of the odds against each class, both
    without the slice's own column; `weight` (rows,) 1, or 1 over the rows of the same group; `fold` (rows,) is judged by
    a model of its own. Tail: the binomial with the rate outside, that rate at its upper 95 % end. Posterior: of rows of other classes in the slice, the share that
    was turned is what the label's share there has beyond its share outside; honest rows carry the label by the odds.
    """
    return flips_of(contradiction, odds, label, [inside], weight, fold)[0]


def flips_of(
    contradiction: NDArray[np.float64],
    odds: NDArray[np.float64],
    label: NDArray[np.int64],
    slices: Sequence[NDArray[np.bool_]],
    weight: NDArray[np.float64],
    fold: NDArray[np.int64],
) -> list[list[Flips]]:
    """As flips, for each of several slices by the same column."""
    found: list[list[Flips]] = [[] for _ in slices]
    for number in range(contradiction.shape[1]):
        speaks, own = contradiction[:, number], label == number
        if own.all() or not own.any():
            continue
        typical = max(float(np.median(speaks[~own])), CONTRADICTS)
        strong = np.flatnonzero(speaks >= typical)
        turned = own[strong]
        for inside, flipped in zip(slices, found, strict=True):
            one = _flipped(number, strong, turned, odds[:, number], own, inside, weight, fold)
            if one is not None:
                flipped.append(one)
    return found


def _flipped(
    number: int,
    strong: NDArray[np.int64],
    turned: NDArray[np.bool_],
    odds: NDArray[np.float64],
    own: NDArray[np.bool_],
    inside: NDArray[np.bool_],
    weight: NDArray[np.float64],
    fold: NDArray[np.int64],
) -> Flips | None:
    """One slice and class; `strong` are the rows that look like other classes, and `turned` says which carry it."""
    here, units = inside[strong], weight[strong]
    asked, outside = float(units[here].sum()), float(units[~here].sum())
    hits, usual = float(units[here & turned].sum()), float(units[~here & turned].sum())
    if hits == 0 or outside == 0:
        return None
    # Three more events than were seen is the upper end that a Poisson count of none has at 95 %.
    rate = min((usual + 3) / (outside + 3), 0.999)
    share, elsewhere = hits / asked, usual / outside
    log_p = excess(hits, asked, rate * asked) if share > rate else 0.0
    mine, counted = fold[strong][here], units[here]
    found = np.bincount(mine, weights=counted * turned[here])
    left = mine != int(found.argmax())
    others = float(counted[left].sum())
    again = excess(hits - float(found.max()), others, rate * others)
    low = wilson(round(hits), round(asked))[0]
    labelled = np.flatnonzero(inside & own)
    posterior = np.zeros(labelled.size)
    if share > elsewhere:
        chance = (share - elsewhere) / max(1 - elsewhere, 1e-9) * np.exp(np.clip(odds[labelled], -30, 30))
        posterior = chance / (1 + chance)
    count = int((here & turned).sum())
    return Flips(
        number, count, labelled, posterior, asked, share, low, elsewhere, float(log_p), again <= np.log(SAID_AGAIN)
    )
