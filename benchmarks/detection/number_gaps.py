"""Means of a number by group: how often a gap is false where no group differs, and how often an interval holds the mean.

For `representation.py`. Rows are independent, or come in groups that share half of their variance (of the logarithm, where
numbers are lognormal); such a group lies in one of the two compared, or its rows in both.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from governance.dataset import Task
from governance.measures.intervals import mean_interval, wilson
from governance.reporting.group_differences import gaps
from governance.reporting.group_profile import Profile, Rate, Rows, rate
from governance.reporting.slicing import Slice

ROWS = ("300 independent rows", "200 groups of 4 rows, each on one side", "200 groups of 4 rows, most on both sides")
SHARES, TARGETS = (0.5, 0.2), ("normal", "lognormal")
SKEWED: dict[str, tuple[Callable[[np.random.Generator, int], NDArray[np.float64]], float]] = {
    "normal": (lambda random, n: random.normal(2, 1, n), 2.0),
    "exponential": (lambda random, n: random.exponential(1, n), 1.0),
    "lognormal, sigma 1": (lambda random, n: random.lognormal(0, 1, n), math.exp(0.5)),
    "lognormal, sigma 1.5": (lambda random, n: random.lognormal(0, 1.5, n), math.exp(1.125)),
}


def unequal(random: np.random.Generator, kind: str, share: float, target: str) -> tuple[list[Profile], Rows]:
    """A table of two groups, the first with `share` of the rows, and a target that hangs on neither."""
    grouped = kind != ROWS[0]
    units = np.repeat(np.arange(200), 4) if grouped else np.arange(300)
    first = (random.random(200) < share)[units] if kind == ROWS[1] else random.random(units.size) < share
    values = random.normal(size=units.size)
    if grouped:
        values = math.sqrt(0.5) * (values + random.normal(size=200)[units])
    values = np.exp(values) if target == "lognormal" else values
    known = units if grouped else None
    rows = Rows(units.size, np.zeros(units.size, np.int64), known, units < 0, values, "mean of y")
    single = []
    for level, inside in (("one", first), ("other", ~first)):
        place = np.flatnonzero(inside)
        single.append(
            Profile(
                Slice(("group",), (f"group = {level}",), place), Rate(), np.unique(units[place]).size, True, (place.size,),
                rate(values, place, known, share=False), Rate(), Rate(),
            )
        )  # fmt: skip
    return single, rows


def false_gaps(seed: int, runs: int) -> None:
    """Print how often a gap of means is beyond chance where there is none."""
    print(
        f"\nGaps of means beyond chance where no group differs, {runs} tables of two groups each (promised: at most 0.05).\n"
    )
    print("| rows | smaller group | target | false gaps |\n|---|---|---|---|")
    for number, (kind, share, target) in enumerate(product(ROWS, SHARES, TARGETS)):
        alarms = 0
        for run in range(runs):
            single, rows = unequal(np.random.default_rng([seed, 400 + number, run]), kind, share, target)
            alarms += any(gap.significant for gap in gaps(single, rows, Task.REGRESSION, 0.05))
        low, high = wilson(alarms, runs)
        print(f"| {kind} | {share:.0%} | {target} | {alarms / runs:.3f} ({low:.3f}-{high:.3f}) |", flush=True)


def skewed_means(seed: int, runs: int) -> None:
    """Print how often the interval of a mean holds it, and how often Student's does."""
    print(f"\nCoverage of the 95 % interval of a mean, {runs:,} groups each.\n")
    print("| numbers | rows | covers the mean | Student's interval |\n|---|---|---|---|")
    for number, (kind, n) in enumerate(product(SKEWED, (30, 50, 100, 300))):
        draw, truth = SKEWED[kind]
        hits = np.zeros(2, dtype=np.int64)
        for run in range(runs):
            values = draw(np.random.default_rng([seed, 500 + number, run]), n)
            ours, students = rate(values, np.arange(n), None, share=False), mean_interval(values)
            hits += [(ours.low or 0) <= truth <= (ours.high or 0), students[0] <= truth <= students[1]]
        cells = [f"{k / runs:.3f} ({wilson(int(k), runs)[0]:.3f}-{wilson(int(k), runs)[1]:.3f})" for k in hits]
        print(f"| {kind} | {n} | {' | '.join(cells)} |", flush=True)
