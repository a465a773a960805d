"""From which chance on a pattern is significant, when so many are tried."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.trigger_patterns import Patterns
from governance.measures.trigger_test import Background, most_per_row

OVER_REPRESENTED = (1e-4, 1e-2)
"""Patterns with a smaller chance to be held so often stand out before any label is looked at, more or less."""

FULL_SHARE, FULL_ROWS = 0.01, 10
"""An attack plants about so many of the rows; with fewer it does little."""


def limits_of(
    patterns: Patterns, usual: Background, least: int, false_alarms: float
) -> tuple[NDArray[np.float64], int]:
    """(patterns,) logarithm of the chance below which each is significant, and how many tests share it.

    Patterns that far more rows hold than is usual share a third of it, those that more do another, all others the last
    (weights that hang on no label keep the promise: C. Genovese et al., Biometrika 93, 2006).
    """
    stratum = np.searchsorted(OVER_REPRESENTED, patterns.chance, side="right")
    limits, tests = np.zeros(patterns.size), 0
    sizes, strata = np.diff(patterns.start), np.unique(stratum)
    for one in strata.tolist():
        part = stratum == one
        share = false_alarms / strata.size
        count = _tests(sizes[part], usual, least, share)
        limits[part] = np.log(share / count)
        tests += count
    return limits, max(tests, 1)


def prior_of(patterns: Patterns, rows: int) -> NDArray[np.float64]:
    """(patterns,) logarithm of the odds that each is a trigger, before any label is looked at, in a set of so many `rows`.

    One is expected among all, and each kind of pattern has an equal share of that. Within a kind, the odds of the
    second most over-represented are half of those of the first, of the third a third, and so on (weights of G. Zipf's
    kind: a single value is one of a few, a pair one of thousands). A value or pair of fewer rows than an attacker needs
    has less: 1 % of all rows, or ten.
    """
    odds = np.empty(patterns.size)
    kinds = np.unique(patterns.kind)
    full = min(FULL_SHARE * rows, FULL_ROWS)
    for kind in kinds.tolist():
        part = patterns.kind == kind
        some = _by_rank(patterns.chance[part])
        if kind in {"value", "values"}:
            some *= np.minimum(np.diff(patterns.start)[part] / full, 1.0) ** 2
        odds[part] = some / (some.sum() * kinds.size)
    return np.log(odds)


def _by_rank(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """(patterns,) 1 over the rank of each, the smallest first; those with the same chance share theirs."""
    order = np.argsort(chance, kind="stable")
    _, place, count = np.unique(chance, return_inverse=True, return_counts=True)
    return np.asarray((np.bincount(place[order], weights=1 / np.arange(1, chance.size + 1)) / count)[place], np.float64)


def _tests(sizes: NDArray[np.int64], usual: Background, least: int, false_alarms: float) -> int:
    """How many tests to correct for.

    A pattern with so few rows that it could never be significant takes no chance, and is not counted (R. Tarone,
    Biometrics 46, 1990). Sizes of patterns hang on no label.
    """
    per_row = max(float(most_per_row(usual).max()), 1e-9)
    for rows in range(least, int(sizes.max(initial=least)) + 1):
        tests = max(int((sizes >= rows).sum()) * usual.labels.size, 1)
        if rows * per_row >= np.log(tests / false_alarms):
            return tests
    return max(sizes.size * usual.labels.size, 1)
