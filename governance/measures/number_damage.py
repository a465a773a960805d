"""Numbers that stand for something else: codes of missing values, values in another unit, and with the wrong sign."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.mirrored_values import FEW as FEW_NEGATIVE
from governance.measures.special_functions import gammaincc, ndtri

CODES = (-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999, -1e6, 1e9, 9999999)
FACTORS = (1000.0, 100.0, 0.001, 0.01)
"""Kilo and centi, both ways: the usual mix-ups whose size leaves no doubt."""
TENFOLD = (10.0, 0.1)
"""A lost or misplaced decimal point: two kinds of things may differ by as much."""
GAP, GAP_OF_TENFOLD = 0.2, 0.5
"""Logarithm of the least ratio between the heaps, in that of the factor."""
BOUNDED, LIGHT = 1.5, 1.25
"""A side of a column is bounded when its end is at most so many times as far from the median as its outer tenth begins,
and has a light tail when it ends before so many times where a normal one would."""
MAX_SHARE = 0.1
"""What more cells than this do is how the column is."""
FEW = 6
"""Cells; fewer that are too small may be the end of a column that reaches down to zero."""
TWO_DIGITS = 10
SMALL = 0.1
SLACK = 0.5
"""Logarithm of how much beyond the middle 98 % a value may lie that was brought back to the usual unit."""
BY_CHANCE, NO_TAIL = 1e-4, 2.5e-3
"""What the column's own tail does with a smaller chance is no part of it: a heap of other units, negative values."""
SCALE = 10
"""Different values of a scale, at most."""
MEMBERS, EACH = 12, 10
"""Different values of a column whose values are members of a list, at most, and cells that each has on average, at least."""
LEAST = 30
"""Cells; with fewer, what is usual cannot be told."""
ALIKE = 0.05
"""Chance that as many cells of the column hold one number, from which on it is no wonder when mistaken ones do too."""


def sentinels(values: NDArray[np.float64]) -> list[float]:
    """Codes among `values` (n,), NaN for missing, that lie far beyond all other values.

    A code counts when it occurs at least twice (from -99 down once), and is below zero where no other value is, or lies
    beyond a gap wider than all that the middle 98 % of the other values span. A scale of few steps may begin at -1:
    beside 0 it is a code only among six values or more, and beside 1 among three. Codes hide each other, as -1 does
    beside -999 and 999 beside 9999: those that were found are left out, and the rest are looked at again.
    """
    known = values[np.isfinite(values)]
    if known.size < LEAST:
        return []
    codes = [code for code in CODES if (known == code).sum() >= (1 if code <= -99 else 2)]
    below_zero = [code for code in codes if code < 0]
    found: list[float] = []
    while more := [code for code in codes if code not in found and _is_code(known, code, found, below_zero)]:
        found += more
    return sorted(map(float, found))


def _is_code(known: NDArray[np.float64], code: float, found: list[float], below_zero: list[float]) -> bool:
    """Whether `code` lies far beyond the `known` values (n,) that are no codes; all those `below_zero` are looked at together."""
    here = known == code
    others = known[~here & ~np.isin(known, found)]
    if here.mean() > MAX_SHARE or others.size < LEAST:
        return False
    low, high = np.quantile(others, [0.01, 0.99])
    # Below zero where nothing else is, or beyond a gap as wide as nearly all else together.
    rest = others[~np.isin(others, below_zero)]
    below = code < 0 and rest.size >= LEAST and (rest >= 0).all()
    if below and (code <= -99 or np.unique(rest).size >= (6 if rest.min() < 1 else 3)):
        return True
    return bool((code - others.max() if code > 0 else others.min() - code) > max(high - low, 1e-12))


def few_values(known: NDArray[np.float64]) -> bool:
    """Whether the `known` values (n,) are a list of a few, such as floors, ratings or sizes of packs, and no measure."""
    different = np.unique(known).size
    return different <= MEMBERS and known.size >= EACH * different


def next_below(others: NDArray[np.float64], value: float) -> bool:
    """Whether `value` is one step below a scale, the few different values of `others` (n,): a basement is below floor 0.

    Its place does not tell it from a code or a slipped sign. The steps of a scale are even, but where a level is not used.
    """
    steps = np.diff(np.unique(others))
    even = steps.size > 1 and few_values(others) and steps.min() == np.median(steps)
    return bool(even and np.isclose(others.min() - value, steps.min()))


def tenfold(values: NDArray[np.float64], *, whole: bool = False) -> tuple[NDArray[np.bool_], float]:
    """As `unit_mixups`, by one of TENFOLD, in two values or more: decimal points that were lost, or a second kind of things."""
    found, factor = unit_mixups(values, whole=whole, factors=TENFOLD)
    return (found, factor) if found.sum() > 1 else (np.zeros(values.shape, dtype=bool), 1.0)


def unit_mixups(
    values: NDArray[np.float64], *, whole: bool = False, factors: tuple[float, ...] = FACTORS
) -> tuple[NDArray[np.bool_], float]:
    """Which `values` (n,) are by one of the factors too large or too small, and the factor; 1.0 when none is.

    Where the column has values on both sides of zero, sizes are compared that are not small beside the median one, and
    only those too large are looked for. Their middle 98 % must span less than a third of the factor, and the far heap, by the
    factor nearer, must lie within it but for a tenth. Between the heaps must be a gap that the column's own tail does not make: in a tail
    that falls as a power does, the logarithm of the ratio of the k-th to the next largest value is exponential with
    rate k times the power (A. Renyi, 1953), which is B. Hill's estimate from the outer tenth (1975). Of `whole`
    numbers those too small count only where there are FEW and more and each has two digits: 0 and 1 are smaller than most
    by nature.
    """
    nothing = np.zeros(values.shape, dtype=bool), 1.0
    size = np.abs(values)
    known, both = np.isfinite(values) & (values != 0), bool((values < 0).any())
    if known.sum() < LEAST:
        return nothing
    if both:
        known &= size > SMALL * np.median(size[known])
    logs = np.log(size[known])
    for factor in factors:
        if both and factor < 1:
            continue
        step = abs(float(np.log(factor)))
        outward = logs if factor > 1 else -logs
        far = _beyond_gap(outward, float(np.median(outward)) + step / 4)
        if not far.any() or far.mean() > MAX_SHARE:
            continue
        if whole and factor < 1 and (far.sum() < FEW or logs[far].min() < np.log(TWO_DIGITS)):
            continue
        usual = outward[~far]
        low, high = np.quantile(usual, [0.01, 0.99])
        back = outward[far] - step
        # On a scale of few steps, what is in another unit is one of the steps.
        steps = np.unique(usual)
        if steps.size <= SCALE and np.isclose(back[:, None], steps).any(axis=1).mean() < 0.9:
            continue
        fits = ((back >= low - SLACK) & (back <= high + SLACK)).mean() >= 0.9 and high - low < step - np.log(3)
        gap, tail = outward[far].min() - usual.max(), np.quantile(usual, 0.9)
        outer = int((usual >= tail).sum())
        mean = max(float(usual[usual >= tail].mean() - tail), 1e-9)
        # Towards zero every ratio is within reach of a column that ends near it, unless many cells are that small.
        lowest, tenth = np.exp(-usual.max()), np.exp(-tail)
        if factor < 1 and far.sum() < FEW and lowest <= tenth - lowest:
            continue
        # The mean is itself an estimate, from `outer` values: the ratio has the tail of a power.
        chance = (1 + far.sum() * gap / mean / outer) ** -outer
        if fits and gap > (GAP_OF_TENFOLD if factor in TENFOLD else GAP) * step and chance < BY_CHANCE:
            result = np.zeros(values.shape, dtype=bool)
            result[np.flatnonzero(known)[far]] = True
            return result, factor
    return nothing


def one_number(values: NDArray[np.float64], far: NDArray[np.bool_]) -> bool:
    """Whether the `far` ones of `values` (n,), two or more, are one and the same number, as a sensor's code -127 is.

    A mistaken unit keeps different values different. So they are a code unless as many of the column's other values would
    be the same by chance, as on a scale of few steps, where they tell nothing.
    """
    found, others = values[far], values[np.isfinite(values) & ~far]
    if found.size < 2 or not others.size or (found != found[0]).any():
        return False
    shares = np.unique(others, return_counts=True)[1] / others.size
    return float((shares**found.size).sum()) < ALIKE


def _beyond_gap(outward: NDArray[np.float64], least: float) -> NDArray[np.bool_]:
    """The values beyond the widest gap among those from `least` on."""
    order = np.sort(outward)
    start = max(int(np.searchsorted(order, least)), 1)
    if start >= order.size:
        return np.zeros(outward.shape, dtype=bool)
    place = start + int(np.diff(order)[start - 1 :].argmax())
    return np.asarray(outward >= order[place])


def sign_slips(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which `values` (n,), NaN for missing, are below zero in a column where all else is above.

    A column that merely reaches below zero has its tail there. So the negative values must lie farther below the others
    than an exponential tail goes, fitted to the lower half between its quantiles 0.7 and 0.9: beyond the lowest of the
    others, their excesses then add up to a gamma variable. And the lower side must be a bounded one, as that of amounts
    is, or end, like the upper one, before the slips do: before a third of the way where the upper side has a heavy tail. None is larger, but
    for its sign, than all others. In a list of few values its twin is one of them, and it is not the next one below.
    """
    nothing = np.zeros(values.shape, dtype=bool)
    known = np.isfinite(values)
    negative, others = known & (values < 0), values[known & (values >= 0)]
    count, positive = int(negative.sum()), others[others > 0]
    if (
        not count
        or positive.size < LEAST
        or count > max(FEW_NEGATIVE * known.sum(), 1)
        or 2 * positive.size < others.size
    ):
        return nothing
    median, top = float(np.median(positive)), float(positive.max())
    below = median - values[known & (values <= median)]
    # An exponential tail has its mean excess between any two of its quantiles.
    excess = max(float(np.diff(np.quantile(below, [0.7, 0.9]))[0]) / np.log(3), 1e-3 * median)
    beyond = (others.min() - values[negative]) / excess
    # Amounts have a bounded side towards zero; else the other side says how far such a column reaches by itself.
    down, up = np.quantile(below, 0.9), float(np.quantile(positive, 0.9)) - median
    bounded = median - others.min() <= BOUNDED * down and top - median > 2 * (median - others.min())
    light = top - median <= LIGHT * float(ndtri(1 - 1 / positive.size) / ndtri(0.9)) * up
    reach = (top - median) * (1 if light else 3)
    mirrored = float(np.median(median - values[negative])) >= reach
    if gammaincc(count, beyond.sum()) > NO_TAIL or not (bounded or mirrored):
        return nothing
    if not few_values(others):
        return negative & (values >= -top)
    # Without the sign, it must be a member of a short list; one step below its lowest it may be another member.
    slips = [
        value for value in np.unique(values[negative]).tolist() if -value in others and not next_below(others, value)
    ]
    return np.asarray(negative & np.isin(values, slips))
