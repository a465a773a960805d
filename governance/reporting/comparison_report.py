"""How a model changed against another on the same rows, overall and per slice, as numbers, metrics and a table."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from governance.canonical import DECIMALS
from governance.evidence import Metric, Table
from governance.measures.multiplicity import holm
from governance.measures.paired_comparison import Paired, compare_pairs
from governance.modelling.results import SMALLEST_SHOWN, Part, Results
from governance.reporting.group_report import score_name, score_words
from governance.reporting.slicing import slices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WHOLE = "all rows in common"
_RANGES = 4
_MOST_SLICES = 60


@dataclass(frozen=True)
class Change:
    """One slice, and how the harm changed on it."""

    label: str
    columns: tuple[str, ...]
    paired: Paired
    before: float
    after: float
    """Mean harm: share of mistakes, or mean absolute error."""
    told: bool
    """Whether it has enough independent units to be compared."""
    adjusted: float = 1.0
    """p-value after allowing for how many were compared."""


def measured_changes(
    results: Results,
    part: Part,
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    *,
    level: float,
    minimum_rows: int,
    draws: int,
    seed: int,
) -> tuple[Change, ...]:
    """The whole first, then classes, then groups of people; p-values adjusted by Holm's method over all told."""
    import numpy as np

    moved = np.round(after - before, DECIMALS)  # what was frozen is rounded; beyond that nothing changed

    def measured(label: str, columns: tuple[str, ...], rows: NDArray[np.int64]) -> Change:
        units = None
        if part.units is not None:
            units = np.unique(part.units[rows], return_inverse=True)[1].astype(np.int64)
        paired = compare_pairs(moved[rows], units, shares=results.classification, level=level, draws=draws, seed=seed)
        means = float(before[rows].mean()), float(after[rows].mean())
        return Change(label, columns, paired, *means, told=paired.units >= minimum_rows)

    changes = [measured(WHOLE, (), np.arange(part.rows))]
    if results.classification:
        for code, name in enumerate(results.class_names):
            rows = np.flatnonzero(part.label == code)
            if rows.size >= SMALLEST_SHOWN:
                changes.append(measured(f"class {name}", (), rows))
    if results.sensitive:
        changes += [measured(s.label, s.columns, s.rows) for s in slices(results, part, _RANGES, minimum_rows)]
    told = [place for place, change in enumerate(changes) if change.told]
    for place, adjusted in zip(told, holm([changes[place].paired.p_worse for place in told]), strict=True):
        changes[place] = replace(changes[place], adjusted=adjusted)
    return tuple(changes)


def whole_change(changes: tuple[Change, ...]) -> Change:
    """The change on all rows."""
    return changes[0]


def harm_words(results: Results, change: Change) -> str:
    """`Accuracy is 0.912 and was 0.935, 0.023 worse (95 % 0.004 to 0.041)`."""
    name = score_words(results).capitalize()
    shown = (1 - change.after, 1 - change.before) if results.classification else (change.after, change.before)
    unit = f" {results.target_unit}" if results.target_unit and not results.classification else ""
    paired = change.paired
    interval = "" if paired.low is None else f" (95 % {paired.low:.3g} to {paired.high:.3g})"
    return f"{name} is {shown[0]:.3g}{unit} and was {shown[1]:.3g}{unit}, {paired.change:.3g} worse{interval}"


def change_metrics(
    results: Results, part: Part, whole: Change, before: NDArray[np.float64], after: NDArray[np.float64]
) -> tuple[Metric, ...]:
    """Score of both models on the rows in common, the change with its interval, and what would have been noticed."""
    import numpy as np

    name, paired = score_name(results), whole.paired
    unit = "share" if results.classification else results.target_unit
    units = None if part.units is None else paired.units
    better = "higher" if results.classification else "lower"
    scores = (1 - whole.after, 1 - whole.before) if results.classification else (whole.after, whole.before)
    # As a change of the score: accuracy falls when mistakes rise.
    sign = -1 if results.classification else 1
    low, high = paired.low, paired.high
    ends = (None, None) if low is None or high is None else (sign * high, sign * low) if sign < 0 else (low, high)
    interval = (
        ("95 % Bonett and Price" if paired.method.startswith("McNemar") else "95 % Student")
        if ends[0] is not None
        else ""
    )
    words = name.replace("_", " ")
    rest = {"n": part.rows, "independent_units": units, "unit": unit, "group": "rows in common"}
    moved = int((np.round(after - before, DECIMALS) != 0).sum())
    return (
        Metric(name=name, value=scores[0], better=better, meaning=f"{words} of this model", **rest),
        Metric(name=f"approved_{name}", value=scores[1], better="neither", meaning=f"{words} of the approved model", **rest),
        Metric(
            name=f"{name}_change", value=sign * paired.change, low=ends[0], high=ends[1], interval=interval, better=better,
            meaning="this model's minus the approved one's, in the same rows; " + paired.method, **rest,
        ),
        Metric(
            name="noticeable_change", value=paired.noticeable if math.isfinite(paired.noticeable) else None,
            better="lower", meaning="a change for the worse that would be noticed in 80 of 100 cases, about, on the whole",
            note="" if math.isfinite(paired.noticeable) else "no row changed, so nothing says how much rows vary", **rest,
        ),
        Metric(
            name="rows_changed", value=float(moved), unit="rows", n=part.rows, group="rows in common",
            meaning="rows on which one of both is more wrong than the other",
        ),
    )  # fmt: skip


def change_table(results: Results, part: Part, changes: tuple[Change, ...]) -> Table:
    """Every slice, worst first after the whole; what is left out is counted."""
    ordered = sorted(changes[1:], key=lambda one: (not one.told, one.adjusted, -one.paired.change, one.label))
    shown = [changes[0], *ordered[:_MOST_SLICES]]
    left_out = len(changes) - len(shown)
    name = score_words(results)
    sign = -1 if results.classification else 1
    rows = []
    for one in shown:
        scores = (1 - one.before, 1 - one.after) if results.classification else (one.before, one.after)
        word = "worse" if one.paired.change > 0 else "better" if one.paired.change < 0 else "the same"
        status = f"{word} (p = {one.adjusted:.2g})" if one.told else "cannot tell: too few rows"
        rows.append(
            (one.label, one.paired.rows, *(round(s, 4) for s in scores), round(sign * one.paired.change, 4), status)
        )
    more = f"; {left_out} more slices are left out" if left_out else ""
    return Table(
        name="changes",
        caption=f"{name[0].upper()}{name[1:]} on {part.split}, of the approved model and of this one, on the same rows. "
        f"p: one-sided, that it is no worse, adjusted for all comparisons{more}.",
        columns=("slice", "rows", "approved", "this_model", "change", "verdict"),
        rows=tuple(rows),
    )
