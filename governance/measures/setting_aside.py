"""Which levels differ, once those that are known to differ are set aside?

Each level is contrasted with rows like its own, and where one level's labels are too high, the others' are too low beside
them. So the level that stands out most is set aside with its rows, and the others are judged anew among themselves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from governance.measures.conditional_association import Codes, Comparison, Floats, compare_levels
from governance.measures.turned_labels import Expected

MOST_STEPS = 8
"""Levels that are set aside one by one at most; what then stands out does so beside all that remain."""
LATER_DRAWS = 199
"""Draws of each further step: whether a level stands out at all is told by the first."""


def compare_in_steps(
    outcome: Floats,
    level: Codes,
    strata: Codes,
    *,
    levels: int,
    alpha: float,
    faults: bool = False,
    groups: Codes | None = None,
    least: int = 20,
    draws: int = 499,
    seed: int = 0,
    tested: Expected | None = None,
) -> Comparison:
    """As `compare_levels`, one level after the other: each that stands out at `alpha` is set aside before the next is told.

    A step is only taken after a rejection, and each is at `alpha`, so that the chance of accusing any level that does not differ from others
    stays that of one step (R. Marcus, E. Peritz, K. Gabriel, Biometrika 63, 1976). A level that is set aside keeps what was
    said of it, others have what the last step says. Of two levels none can be set aside: each differs from the other. With
    `faults`, where only more of the first outcome is bad, levels with more come first.
    """

    def compared(rows: NDArray[np.int64], many: int) -> Comparison:
        return compare_levels(
            outcome[rows], level[rows], strata[rows], levels=levels, groups=None if groups is None else groups[rows],
            least=least, draws=many, seed=seed, tested=None if tested is None else tested.rows(rows),
        )  # fmt: skip

    rows = np.arange(level.size)
    found = compared(rows, draws)
    aside = np.zeros(levels, dtype=np.bool_)
    now, highest = found, 0.0
    for _ in range(MOST_STEPS):
        judged = np.isfinite(now.difference).any(axis=1)
        standing = np.flatnonzero(judged & (now.adjusted <= alpha))
        if not standing.size or judged.sum() <= 2:
            break
        if faults and (worse := standing[now.difference[standing, 0] > 0]).size:
            standing = worse
        worst = standing[now.extreme[standing].argmax()]
        aside[worst] = True
        highest = max(highest, float(now.adjusted[worst]))
        rows = rows[level[rows] != worst]
        now = compared(rows, min(draws, LATER_DRAWS))
        found = _joined(found, now, aside, highest)
    return found


def _joined(before: Comparison, now: Comparison, aside: NDArray[np.bool_], least_p: float) -> Comparison:
    """What was said of the levels `aside`, and what is said `now` of the others, whose p-values are `least_p` at least."""
    kept = aside[:, None]
    return replace(
        before,
        difference=np.where(kept, before.difference, now.difference),
        error=np.where(kept, before.error, now.error),
        rows=np.where(aside, before.rows, now.rows),
        adjusted=np.where(aside, before.adjusted, np.maximum(now.adjusted, least_p)),
        extreme=np.where(aside, before.extreme, now.extreme),
    )
