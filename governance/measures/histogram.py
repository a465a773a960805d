"""Histograms with edges that a person would choose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
TAIL = 0.005
"""Share of values at either end that may be gathered into one open bin, when they would stretch the scale."""


@dataclass(frozen=True)
class Histogram:
    """Counts of values in bins of equal width; the first and last may be open."""

    edges: NDArray[np.float64]
    """(bins + 1,)."""
    counts: NDArray[np.int64]
    """(bins,)."""
    open_low: bool
    """Whether the first bin also holds everything below it."""
    open_high: bool
    whole: bool
    """Whether values are whole numbers."""

    def count(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """How many of `values` (n,), finite, stand in each bin; the end bins take what lies beyond them."""
        step = float(self.edges[1] - self.edges[0])
        position = np.clip(((values - self.edges[0]) / step).astype(np.int64), 0, self.edges.size - 2)
        # Division may round a value across its edge; the edge decides.
        position -= (values < self.edges[position]) & (position > 0)
        position += (values >= self.edges[position + 1]) & (position < self.edges.size - 2)
        return np.bincount(position, minlength=self.edges.size - 1)

    @property
    def labels(self) -> tuple[str, ...]:
        """`10 to 20` per bin (from its lower edge to just below its upper), `10 to 19` or `10` for whole numbers."""
        step = float(self.edges[1] - self.edges[0])
        names = [self._label(low, high, step) for low, high in zip(self.edges[:-1], self.edges[1:], strict=True)]
        if self.open_low:
            names[0] = f"< {_text(float(self.edges[1]), step)}"
        if self.open_high:
            names[-1] = f"≥ {_text(float(self.edges[-2]), step)}"
        return tuple(names)

    def _label(self, low: float, high: float, step: float) -> str:
        if self.whole and step == 1:
            return f"{low:.0f}"
        return f"{_text(low, step)} to {_text(high - 1 if self.whole else high, step)}"


def histogram(values: NDArray[np.float64], bins: int = 12) -> Histogram | None:
    """Counts of `values` (n,), finite, in about `bins` bins of round width; None when they do not vary.

    When the outermost TAIL of the values would stretch the scale to more than twice its length, the end bin is open.
    """
    if values.size == 0:
        return None
    with np.errstate(all="ignore"):  # the largest floats overflow between two quantiles
        low, inner_low, inner_high, high = (float(v) for v in np.quantile(values, [0, TAIL, 1 - TAIL, 1]))
    if low == high or not math.isfinite(inner_low + inner_high):
        return None
    whole = bool(np.all(values == np.floor(values)))
    inner = inner_high - inner_low
    open_low, open_high = inner > 0 and inner_low - low > inner, inner > 0 and high - inner_high > inner
    start, end = inner_low if open_low else low, inner_high if open_high else high
    # Beyond what floats can tell apart there are no edges to draw.
    if not math.isfinite(end - start) or (end - start) / bins < 8 * np.spacing(max(abs(start), abs(end))):
        return None
    step = round_step((end - start) / bins)
    if whole:
        step = 1.0 if end - start < bins + 2 else max(1.0, float(math.floor(step)))
    first = math.floor(start / step)
    # Whole numbers and closed ends need room for the largest value below the last edge.
    last = max(math.floor(end / step) + 1, first + 2) if whole or open_high else max(math.ceil(end / step), first + 1)
    edges = np.arange(first, last + 1, dtype=np.float64) * step
    empty = Histogram(edges, np.zeros(edges.size - 1, dtype=np.int64), open_low, open_high, whole)
    return replace(empty, counts=empty.count(values))


def round_step(step: float) -> float:
    """The next of 1, 2, 2.5, 5, 10 times a power of ten that is no smaller than `step` > 0."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * factor for factor in STEPS if power * factor >= step * (1 - 1e-9))


def _text(value: float, step: float) -> str:
    """With as many decimals as tell one edge from the next."""
    if abs(value) >= 1e7 or step < 1e-5:
        return f"{value:.4g}"
    decimals = max(0, -math.floor(math.log10(step)) + (1 if f"{step:e}".startswith("2.5") else 0))
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text


def variance_explained(values: NDArray[np.float64], code: NDArray[np.int64], groups: Sequence[int]) -> float:
    """Share of the variance of `values` (n,), finite, that lies between the `groups` of `code` (n,): eta squared."""
    inside = np.isin(code, groups)
    numbers, codes = values[inside], code[inside]
    if numbers.size == 0 or not (scale := float(np.abs(numbers).max())):
        return 0.0
    numbers = numbers / scale  # squares of very large numbers would overflow
    total = float(((numbers - numbers.mean()) ** 2).sum())
    if total <= 0:
        return 0.0
    counts = np.bincount(codes)
    means = np.bincount(codes, weights=numbers) / np.maximum(counts, 1)
    return float((counts * (means - numbers.mean()) ** 2)[counts > 0].sum()) / total
