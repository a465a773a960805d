"""Many p-values at once: adjusted for how many were looked at."""

from __future__ import annotations


def holm(p_values: list[float]) -> list[float]:
    """p-values adjusted so that the chance of one false alarm or more among all stays below the level.

    Source: S. Holm, Scandinavian Journal of Statistics 6, 1979.
    """
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def benjamini_hochberg(p_values: list[float], weights: list[float] | None = None) -> list[float]:
    """p-values adjusted so that, of all that fall below a level, that share at most are expected to be false alarms.

    When nothing differs at all, the chance of any alarm is below the level as well. `weights` say how much of it each
    test may use; they are scaled to a mean of 1 and must not depend on the p-values.
    Sources: Y. Benjamini, Y. Hochberg, JRSS B 57, 1995; C. Genovese, K. Roeder, L. Wasserman, Biometrika 93, 2006.
    """
    if weights is not None:
        mean = sum(weights) / max(len(weights), 1)
        p_values = [min(1.0, p * mean / weight) for p, weight in zip(p_values, weights, strict=True)]
    order = sorted(range(len(p_values)), key=lambda index: -p_values[index])
    adjusted, lowest = [1.0] * len(p_values), 1.0
    for place, index in enumerate(order):
        rank = len(p_values) - place
        lowest = min(lowest, p_values[index] * len(p_values) / rank)
        adjusted[index] = lowest
    return adjusted
