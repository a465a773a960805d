"""Whether rows that break the order of two dates are slips, or the order is one that many keep and some do not.

What is shipped was ordered before; most bills are paid before they are due, and some later. Few breaks are slips in either
case but where they lie about zero, as the end of what varies does. Many are slips where they lie far from zero, as no tail
does that begins there, and perhaps where they lie as far on the other side as the others on this one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import bdtrc, ndtr, pdtrc

LEAST = 50
"""Rows; with fewer, no order is told."""
FEW, MOST = 0.02, 0.1
"""Share of the rows up to which breaks are slips wherever they lie; and from which no order is kept."""
MOSTLY_EQUAL = 0.9
WIDTHS = (0.25, 0.5)
"""Quantiles of the rows in order that give the width of the intervals."""
UP_TO = (1.0, 0.75, 0.5)
"""Quantiles of the breaks up to which they are looked at."""
CHANCE, CHANCE_OF_END = 0.002, 0.02
"""So rarely may any tail lie as the breaks do; and the end of the rows that are in order, which is asked of notes only."""
ALIKE = 0.01
"""Chance of the distance between two distributions from which on they are taken for one."""
NEARER = 0.05
"""Chance that so many lie so near zero, from which on they do not."""


class Breaks(NamedTuple):
    """Rows that break an order."""

    rows: NDArray[np.bool_]
    """(rows,)"""
    sure: bool
    """Whether no other way of how the two may vary explains them."""


def breaks_of_order(apart: NDArray[np.float64]) -> Breaks:
    """Rows of `apart` (rows,), how far the second lies behind the first (any unit, NaN for missing), that are below zero by a slip."""
    known = apart[np.isfinite(apart)]
    back, ahead = -known[known < 0], known[known > 0]
    nothing = Breaks(np.zeros(apart.shape, dtype=bool), sure=False)
    if known.size < LEAST or not 0 < back.size <= MOST * known.size or (known == 0).mean() >= MOSTLY_EQUAL:
        return nothing
    broken = Breaks(apart < 0, sure=True)
    step = float(np.abs(known[known != 0]).min())
    if _far(back, step):
        return broken
    if back.size <= FEW * known.size:
        return broken._replace(sure=not _nearer(back, ahead))
    return nothing if _end_of_others(back, ahead, step) or not _alike(back, ahead) else broken._replace(sure=False)


def _far(back: NDArray[np.float64], step: float) -> bool:
    """Whether a density that falls from zero on has hardly a chance to leave so few of `back` (k,) near zero, given in such steps.

    Of all such densities the even one leaves the fewest there: below one of the values, the others then lie in its nearer
    half as often as not, and before their first with the share of the way that is left.
    """
    values = np.sort(back - step)
    tests = [(place, values[place]) for place in {int(share * (values.size - 1)) for share in UP_TO} if place]
    for place, value in tests:
        near = int((values[:place] <= value / 2).sum())
        chance = (
            min(float(bdtrc(place - near - 1, place, 0.5)), float(1 - values[0] / value) ** place) if value > 0 else 1.0
        )
        if 2 * len(tests) * chance < CHANCE:
            return True
    return False


def _end_of_others(back: NDArray[np.float64], ahead: NDArray[np.float64], step: float) -> bool:
    """Whether `back` (k,) may be the end of what `ahead` (n,) is the rest of: of a log-concave density, whose logarithm falls ever faster.

    So from one interval to the next it falls at least as it does from the first beyond zero to the last before it.
    """
    for width in np.quantile(ahead, WIDTHS):
        near, beyond = int((back <= width).sum()), int((back > width).sum())
        fall = min((near + 1) / int((ahead <= width).sum()), 0.5) ** (width / (width + step))
        if beyond and float(pdtrc(beyond - 1, (near + 1) * fall / (1 - fall))) < CHANCE_OF_END / len(WIDTHS):
            return False
    return True


def _nearer(back: NDArray[np.float64], ahead: NDArray[np.float64]) -> bool:
    """Whether `back` (k,) lie nearer zero than `ahead` (n,) do: the ranks among them, by the normal approximation of their sum."""
    order = np.sort(ahead)
    place = (np.searchsorted(order, back) + np.searchsorted(order, back, side="right")) / 2 / order.size
    return float(ndtr((place.mean() - 0.5) * np.sqrt(12 * back.size))) < NEARER


def _alike(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether both (k,) and (n,) may come of one distribution, by the test of Kolmogorov and Smirnov."""
    both = np.union1d(one, other)
    shares = (np.searchsorted(np.sort(part), both, side="right") / part.size for part in (one, other))
    distance = float(np.abs(np.subtract(*shares)).max())
    return bool(2 * np.exp(-2 * distance**2 * one.size * other.size / (one.size + other.size)) > ALIKE)
