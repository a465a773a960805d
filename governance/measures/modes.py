"""The modes of numbers: normal ones whose mixture they are, as temperatures of an engine that drives or stands.

Fitted by expectation and maximisation from quantiles on, so the same in every run; how many there are is told by the
Bayesian information criterion. Source: G. McLachlan, D. Peel. Finite Mixture Models. Wiley, 2000.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced

MOST = 3
"""Modes that are looked for."""
MOST_ROWS = 1000
"""They are looked for in no more rows, evenly spaced in order."""
STEPS, SETTLED = 100, 1e-5
"""Rounds of the fit, and the gain of a row's log-likelihood below which it ends."""
NARROWEST = 0.01
"""Spread of a mode at least, as a share of the spread of all."""


class Mode(NamedTuple):
    """One of the normal distributions in a mixture."""

    share: float
    """Share of the values that belong to it."""
    mean: float
    spread: float
    """Its standard deviation."""


def modes(values: NDArray[np.float64]) -> list[Mode]:
    """The modes of `values` (n,), all finite, from the lowest on; one where a single normal distribution does as well."""
    ordered = np.sort(values)[evenly_spaced(values.size, MOST_ROWS)]
    scale = float(ordered.std())
    if scale == 0:
        return [Mode(1.0, float(ordered[0]), 0.0)]
    x = (ordered - ordered.mean()) / scale
    fits = [_fitted(x, count) for count in range(1, MOST + 1)]
    costs = [(3 * len(fit) - 1) * np.log(x.size) - 2 * height for fit, height in fits]
    best = fits[int(np.argmin(costs))][0]
    return [
        Mode(share, mean * scale + float(ordered.mean()), spread * scale)
        for share, mean, spread in sorted(best, key=lambda one: one.mean)
    ]


def _fitted(x: NDArray[np.float64], count: int) -> tuple[list[Mode], float]:
    """`count` modes of `x` (n,), in order, and the log-likelihood of all."""
    parts = np.array_split(x, count)
    mean = np.array([part.mean() for part in parts])
    spread = np.maximum([part.std() for part in parts], NARROWEST)
    share = np.full(count, 1 / count)
    height = -np.inf
    for _ in range(STEPS):
        logs = np.log(share) - np.log(spread) - ((x[:, None] - mean) / spread) ** 2 / 2 - np.log(2 * np.pi) / 2
        top = logs.max(axis=1)
        row = top + np.log(np.exp(logs - top[:, None]).sum(axis=1))
        before, height = height, float(row.sum())
        if height - before < SETTLED * x.size:
            break
        belongs = np.exp(logs - row[:, None])
        held = np.maximum(belongs.sum(axis=0), 1e-9)
        share, mean = held / x.size, belongs.T @ x / held
        spread = np.maximum(np.sqrt((belongs * (x[:, None] - mean) ** 2).sum(axis=0) / held), NARROWEST)
    return [Mode(*map(float, one)) for one in zip(share, mean, spread, strict=True)], height
