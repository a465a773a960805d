"""Whether groups differ from each other beyond chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import Task
from governance.reporting.group_profile import Profile, Rate, Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Gap:
    """How far one rate differs between the groups of a column."""

    column: str
    what: str
    """`outcome`, `incomplete` or `doubted`."""
    highest: Profile
    lowest: Profile
    high: Rate
    low: Rate
    effect: float
    """Difference of shares, or of means in standard deviations."""
    significant: bool
    """Whether some group differs from the rest beyond chance, allowing for all groups."""
    scale: float = 1.0
    """The standard deviation of the rows, which a difference of means is divided by; 1 for shares."""
    unit: str = "share"
    """Of the effect: `share`, or `sd` for means."""


def gaps(single: list[Profile], rows: Rows, task: Task, false_alarms: float) -> list[Gap]:
    """For each column and rate, the two groups that differ most, and whether any differs beyond chance."""
    from governance.measures.multiplicity import holm

    tested: list[tuple[Profile, str, float]] = []
    for what, values, share in measured(rows, task):
        tested += [
            (p, what, _p_value(values, p, rows, share)) for p in single if p.told and rate_of(p, what).value is not None
        ]
    adjusted = holm([p_value for _, _, p_value in tested])
    found = []
    for column, what in sorted({(p.slice.columns[0], what) for p, what, _ in tested}):
        own = [
            (p, q)
            for (p, of, _), q in zip(tested, adjusted, strict=True)
            if of == what and p.slice.columns[0] == column
        ]
        if len(own) < 2:
            continue
        ordered = sorted((p for p, _ in own), key=lambda p: (rate_of(p, what).value or 0.0, p.slice.label))
        lowest, highest = ordered[0], ordered[-1]
        effect = (rate_of(highest, what).value or 0.0) - (rate_of(lowest, what).value or 0.0)
        scale, unit = 1.0, "share"
        if what == "outcome" and task is Task.REGRESSION and rows.outcome is not None:
            scale, unit = spread_of(rows.outcome), "sd"
        significant = min(q for _, q in own) <= false_alarms
        high, low = rate_of(highest, what), rate_of(lowest, what)
        found.append(Gap(column, what, highest, lowest, high, low, effect / scale, significant, scale, unit))
    return found


def measured(rows: Rows, task: Task) -> Iterator[tuple[str, NDArray[np.float64], bool]]:
    """What groups are compared by: its name, the values of rows, NaN where unknown, and whether they are 0 or 1."""
    every = (("outcome", rows.outcome), ("incomplete", rows.incomplete.astype("float64")), ("doubted", rows.doubted))
    for what, values in every:
        if values is not None and (values > 0).any():
            yield what, values, what != "outcome" or task is not Task.REGRESSION


def rate_of(profile: Profile, what: str) -> Rate:
    """The rate `what` of a group."""
    found: Rate = getattr(profile, what)
    return found


def spread_of(values: NDArray[np.float64]) -> float:
    """The standard deviation of what is known; 1 where nothing varies."""
    import numpy as np

    return float(np.nanstd(values)) or 1.0


def _p_value(values: NDArray[np.float64], profile: Profile, rows: Rows, share: bool) -> float:
    """That the group does not differ from all other rows."""
    import numpy as np

    from governance.measures.homogeneity import compare_counts, design_effect

    inside = np.zeros(values.size, dtype=bool)
    inside[profile.slice.rows] = True
    known = np.isfinite(values)
    here, there = values[known & inside], values[known & ~inside]
    if min(here.size, there.size) < 2:
        return 1.0
    if share:
        counts = [np.array([part.size - part.sum(), part.sum()]) for part in (here, there)]
        effect = 1.0
        if rows.units is not None:
            effect = design_effect(np.where(known, values, -1).astype(np.int64), ~inside, rows.units, True)
        return compare_counts(counts[0], counts[1], ordered=True, design_effect=effect).p_value
    from governance.measures.mean_gaps import means_differ

    return means_differ(values[known], inside[known], None if rows.units is None else rows.units[known])
