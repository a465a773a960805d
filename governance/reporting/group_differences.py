"""Whether groups differ from each other, or from a declared population, beyond chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.dataset import Task
from governance.reporting.group_profile import Profile, Rate, Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot


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


@dataclass(frozen=True)
class Population:
    """One level beside the declared target population."""

    column: str
    level: str
    declared: float
    found: Rate
    off: bool


def gaps(single: list[Profile], rows: Rows, task: Task, false_alarms: float) -> list[Gap]:
    """For each column and rate, the two groups that differ most, and whether any differs beyond chance."""
    from governance.measures.group_gaps import holm

    tested: list[tuple[Profile, str, float]] = []
    for what, values in (
        ("outcome", rows.outcome),
        ("incomplete", rows.incomplete.astype("float64")),
        ("doubted", rows.doubted),
    ):
        if values is None or not (values > 0).any():
            continue
        share = what != "outcome" or task is not Task.REGRESSION
        tested += [
            (p, what, _p_value(values, p, rows, share)) for p in single if p.told and _rate(p, what).value is not None
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
        ordered = sorted((p for p, _ in own), key=lambda p: (_rate(p, what).value or 0.0, p.slice.label))
        lowest, highest = ordered[0], ordered[-1]
        effect = (_rate(highest, what).value or 0.0) - (_rate(lowest, what).value or 0.0)
        if what == "outcome" and task is Task.REGRESSION and rows.outcome is not None:
            effect /= _spread(rows.outcome)
        significant = min(q for _, q in own) <= false_alarms
        found.append(Gap(column, what, highest, lowest, _rate(highest, what), _rate(lowest, what), effect, significant))
    return found


def _rate(profile: Profile, what: str) -> Rate:
    found: Rate = getattr(profile, what)
    return found


def _spread(values: NDArray[np.float64]) -> float:
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
    from governance.measures.group_gaps import mean_above

    units = (
        None if rows.units is None else np.unique(rows.units[known & inside], return_inverse=True)[1].astype(np.int64)
    )
    bound = float(there.mean())  # of many more rows, so its own error hardly counts; where not, the test is too bold
    upper = mean_above(here, bound, units)
    return min(1.0, 2 * min(upper, mean_above(-here, -bound, units)))


def populations(
    snapshot: Snapshot, declared: Mapping[str, Mapping[str, float]], rows: Rows, notable: float
) -> list[Population]:
    """Each declared level beside its share of known rows. Off beyond chance (99.9 %, for there are many) and by more
    than `notable` of the declared share."""
    import polars as pl

    from governance.measures.intervals import wilson, wilson_of_groups

    found = []
    for column, levels in sorted(declared.items()):
        text = snapshot.frame(column).select(pl.col(column).cast(pl.String)).collect().to_series()
        known = text.is_not_null().to_numpy()
        for level, share in sorted(levels.items()):
            held = (text == level).fill_null(False).to_numpy()[known]
            units = None if rows.units is None else rows.units[known]

            def interval(at: float, held: NDArray[np.bool_] = held, units: Any = units) -> tuple[float, float]:
                return wilson(int(held.sum()), held.size, at) if units is None else wilson_of_groups(held, units, at)

            low, high = interval(0.95)
            wide_low, wide_high = interval(0.999)
            value = float(held.mean()) if held.size else 0.0
            off = held.size > 0 and not wide_low <= share <= wide_high and abs(value - share) > notable * share
            found.append(Population(column, level, share, Rate(value, low, high, int(held.size)), off))
    return found
