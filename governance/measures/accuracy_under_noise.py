"""What an accuracy that was measured against noisy labels says about the true one.

A label is wrong with probability `noise`. Only agreement with the labels is seen; truth would be agreement with what
the labels should be. Without an assumption each wrong label can hide one row, in either direction, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

Interval = tuple[float, float]


@dataclass(frozen=True)
class Bounds:
    """Ends between which the true accuracy lies."""

    low: float
    high: float


def worst_case(accuracy: Interval, noise: Interval) -> Bounds:
    """Whatever rows the wrong labels are on: |true - measured| <= noise, row by row.

    `accuracy` and `noise` are intervals, or values given twice. The bounds hold when both hold, so two intervals of
    95 % give at least 90 %.
    """
    return Bounds(max(0.0, accuracy[0] - noise[1]), min(1.0, accuracy[1] + noise[1]))


def symmetric(accuracy: float, noise: float, classes: int) -> float | None:
    """The true accuracy when wrong labels are drawn evenly from the other classes, whatever the row.

    measured = true (1 - noise) + (1 - true) noise / (classes - 1), solved for true. Values beyond 0 and 1 are kept: they
    say that the assumption, or the noise, is wrong. None when noise is so high that labels say nothing:
    noise >= (classes - 1) / classes. Source: D. Angluin and P. Laird, Machine Learning 2, 1988. Raises ValueError.
    """
    if classes < 2 or not 0 <= noise <= 1:
        raise ValueError(f"{classes} classes and noise {noise}: needs two classes, and a share")
    scale = 1 - noise * classes / (classes - 1)
    return (accuracy - noise / (classes - 1)) / scale if scale > 0 else None


def symmetric_bounds(accuracy: Interval, noise: Interval, classes: int) -> Bounds | None:
    """Bounds under the same assumption, for intervals: it is monotone in both, so its ends lie at their corners."""
    corners = [symmetric(one, rate, classes) for one in accuracy for rate in noise]
    known = [corner for corner in corners if corner is not None]
    if len(known) < len(corners):
        return None
    return Bounds(min(1.0, max(0.0, min(known))), max(0.0, min(1.0, max(known))))
