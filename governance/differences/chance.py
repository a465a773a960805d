"""Whether two counts differ further than two independent samples of their sizes would by chance. Plain arithmetic.

Versions of a dataset mostly share rows, and then differ by less than independent samples: the answers err towards chance.
Sources: N. Smirnov, Annals of Mathematical Statistics 19, 1948; K. Pearson 1900 with E. Wilson, M. Hilferty, PNAS 17,
1931, for the tail; R. Fisher's exact test for two cells.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_EXPECTED = 5.0
"""Cells of which either side would have fewer rows are counted together."""
_EXACT = 2_000
"""Two cells are compared exactly up to so many rows in the smaller one."""


def of_distance(distance: float, rows: int, others: int) -> float:
    """p-value of Kolmogorov and Smirnov's distance between samples of so many rows; too large rather than too small."""
    if not rows or not others:
        return 1.0
    return min(1.0, 2 * math.exp(-2 * distance**2 * rows * others / (rows + others)))


def of_counts(first: Sequence[int], second: Sequence[int]) -> float:
    """p-value that two samples have one distribution, counted in the same cells."""
    rows, others = sum(first), sum(second)
    cells = sorted(((a, b) for a, b in zip(first, second, strict=True) if a + b), key=sum)
    if not rows or not others or len(cells) < 2:
        return 1.0
    least = _EXPECTED * (rows + others) / min(rows, others)
    rare = [cell for cell in cells[:-1] if sum(cell) < least]
    together = [(sum(a for a, _ in rare), sum(b for _, b in rare))] if rare else []
    cells = [*together, *cells[len(rare) :]]
    if len(cells) == 2:
        smaller = min(cells, key=sum)
        if sum(smaller) <= _EXACT:
            return _exact(*smaller, rows, others)
    share = rows / (rows + others)
    statistic = sum(
        (a - sum((a, b)) * share) ** 2 / (sum((a, b)) * share)
        + (b - sum((a, b)) * (1 - share)) ** 2 / (sum((a, b)) * (1 - share))
        for a, b in cells
    )
    return _tail(statistic, len(cells) - 1)


def _tail(statistic: float, freedom: int) -> float:
    """Of the chi-squared distribution, by Wilson and Hilferty's cube root."""
    spread = 2 / (9 * freedom)
    return math.erfc(((statistic / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(2 * spread)) / 2


def _exact(first: int, second: int, rows: int, others: int) -> float:
    """Twice the smaller tail of the hypergeometric distribution: `first` of `rows`, `second` of `others`."""
    drawn = first + second
    whole = _chosen(rows + others, drawn)

    def chance(count: int) -> float:
        return math.exp(_chosen(rows, count) + _chosen(others, drawn - count) - whole)

    lowest, highest = max(0, drawn - others), min(drawn, rows)
    below = math.fsum(chance(count) for count in range(lowest, first + 1))
    above = math.fsum(chance(count) for count in range(first, highest + 1))
    return min(1.0, 2 * min(below, above))


def _chosen(of: int, count: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)
