"""By which factor a heap of mistaken numbers is too large or too small: the one that brings it among the others, if one does."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WEIGHTS = (
    dict.fromkeys((10.0, 100.0, 1000.0), 4.0)
    | {60.0: 2.0}
    | dict.fromkeys((7.0, 12.0, 24.0, 3600.0), 1.0)
    | dict.fromkeys((2.54, 25.4, 3.2808399, 304.8, 1 / 0.45359237, 453.59237, 28.349523, 1.609344, 1609.344), 0.1)
)
"""How usual each factor is beside the others: decimal points that were lost, percent and kilo; minutes; days, months, weeks
and seconds in an hour; inches, feet, pounds, ounces and miles."""
OTHER, WIDEST = 1.0, 10_000.0
"""Weight of all other factors together, which are as likely from 1 to the widest, in their logarithm."""
SURE, LIKELY = 0.9, 0.05
"""Probability from which one factor is the one, and from which it is named beside others."""
BINS, SMOOTH, ANYWHERE = 60, 2, 0.01
"""Bins of the others' logarithms, bins to each side that are averaged, and the probability of a value to lie anywhere."""
ON_GRID, BY_CHANCE = 0.9, 0.01
"""Share of the heap that, brought back, must have no more decimals than the others, and how seldom chance does that."""
MOST_DECIMALS = 6


class Factors(NamedTuple):
    """By which factors a heap may be beyond the others."""

    likely: tuple[float, ...]
    """The usual ones that may be it, the likeliest first."""
    clear: bool
    """Whether the first one is it."""
    other: bool
    """Whether it may be none of them."""


def likely_factors(others: NDArray[np.float64], heap: NDArray[np.float64]) -> Factors:
    """The factors by which `heap` (k,) may be beyond `others` (n,), all but zero.

    Each usual one is weighed by how well the heap, brought back by
    it, lies among the others (by the density of their logarithms), beside all other factors together. Where one leaves no
    more decimals than the others have, and chance would not, those that leave more are out: 582 and 528 seconds
    are 9.7 and 8.8 minutes, and by the factor 100 they would be 5.82 and 5.28.
    """
    logs, far = np.log(np.abs(others)), np.log(np.abs(heap))
    outward = 1 if np.median(far) > np.median(logs) else -1
    usual = [factor**outward for factor in WEIGHTS]
    every = outward * np.linspace(0, np.log(WIDEST), 500)
    fits = _fits(logs, far, np.append(np.log(usual), every))
    scores, rest = fits[: len(usual)] + np.log(list(WEIGHTS.values())), fits[len(usual) :]
    grid, own = _grid(others), _grid(heap)
    whole = [_on_grid(heap, factor, grid, own) for factor in usual] if grid and own else []
    if any(rare for _, rare in whole):
        scores[[not leaves for leaves, _ in whole]] = -np.inf
        rest += np.log(BY_CHANCE)
    top = max(scores.max(), rest.max())
    weights = np.exp(scores - top)
    chance = weights / (weights.sum() + OTHER * np.exp(rest - top).mean())
    order = np.argsort(-chance, kind="stable").tolist()
    clear = bool(chance[order[0]] >= SURE)
    likely = tuple(usual[place] for place in (order[:1] if clear else order) if chance[place] >= LIKELY)
    return Factors(likely, clear, other=bool(1 - chance.sum() >= LIKELY))


def _fits(logs: NDArray[np.float64], far: NDArray[np.float64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each of the `steps` (m,), the log-likelihood of `far` (k,), that much nearer, under the density of `logs` (n,)."""
    width = max((logs.max() - logs.min()) / BINS, 1e-6)
    start = logs.min() - SMOOTH * width
    counts = np.bincount(((logs - start) / width).astype(np.int64), minlength=BINS + 2 * SMOOTH + 1)
    smooth = np.convolve(counts, np.ones(2 * SMOOTH + 1) / (2 * SMOOTH + 1), mode="same") / logs.size / width
    floor = ANYWHERE / np.log(WIDEST)
    density = np.log(np.append((1 - ANYWHERE) * smooth + floor, floor))  # the last one is all that lies outside
    summed = np.zeros(steps.size)
    for one, rows in zip(*np.unique(far, return_counts=True), strict=True):
        place = np.floor((one - steps - start) / width).astype(np.int64)
        place[(place < 0) | (place >= smooth.size)] = smooth.size
        summed += rows * density[place]
    return summed


def _on_grid(heap: NDArray[np.float64], factor: float, grid: float, own: float) -> tuple[bool, bool]:
    """Whether `heap` (k,), multiples of `own`, by `factor` nearer are multiples of `grid`, and whether chance would hardly do that."""
    back, slack = heap / factor / grid, min(own / factor / grid / 2, 0.5)
    leaves = bool((np.abs(back - np.round(back)) <= slack + 1e-6).mean() >= ON_GRID)
    return leaves, leaves and float(2 * slack) ** heap.size < BY_CHANCE


def _grid(values: NDArray[np.float64]) -> float | None:
    """The unit of the last decimal that `values` (n,) have, 1 for whole numbers; None where they have many."""
    for decimals in range(MOST_DECIMALS + 1):
        scaled = values * 10.0**decimals
        if (np.abs(scaled - np.round(scaled)) <= 1e-6 + 1e-9 * np.abs(scaled)).mean() >= ON_GRID:
            return 10.0**-decimals
    return None
