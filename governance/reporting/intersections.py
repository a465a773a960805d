"""Groups by two columns that differ from what their two groups make expected, and those without a single row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from governance.dataset import Task
from governance.evidence import Finding, Level
from governance.reporting.group_differences import measured, rate_of, spread_of
from governance.reporting.group_profile import Profile, Rows
from governance.reporting.slicing import MISSING, RARE

if TYPE_CHECKING:
    from numpy.typing import NDArray

ABSENT = 0.01
"""Chance that any intersection is said to have no row where two columns have nothing to do with each other."""
NAMED = 3
"""Intersections without a row that a finding names."""


@dataclass(frozen=True)
class Departure:
    """An intersection whose rate is not what its two groups have elsewhere."""

    what: str
    """`outcome`, `incomplete` or `doubted`."""
    profile: Profile
    expected: float
    """The rate that all other intersections make expected, when what each group adds to shares or means adds up."""
    effect: float
    """Rate less expected: a difference of shares, or of means in standard deviations."""


def departures(
    single: list[Profile], pairs: list[Profile], rows: Rows, task: Task, notable: float, false_alarms: float
) -> list[Departure]:
    """For each pair of columns and each rate, the intersection that departs most: either way for the outcome, upwards for
    missing values and doubted labels. By `notable` at least, and beyond chance, all intersections and rates allowed for."""
    from governance.measures.interaction import cell_departures
    from governance.measures.multiplicity import holm

    asked: list[tuple[tuple[str, ...], Departure, float]] = []
    for what, values, share in measured(rows, task):
        known = np.flatnonzero(np.isfinite(values))
        units = None if rows.units is None else rows.units[known]
        scale = 1.0 if share else spread_of(values)
        for columns in dict.fromkeys(profile.slice.columns for profile in pairs):
            one, other = (_codes([p for p in single if p.slice.columns == (name,)], rows.count) for name in columns)
            found = cell_departures(values[known], one[known], other[known], units)
            for profile in pairs:
                rate = rate_of(profile, what).value
                if profile.slice.columns != columns or not profile.told or rate is None:
                    continue
                own = profile.slice.rows[0]
                departs, p_value = found[int(one[own]), int(other[own])]
                expected = rate - departs
                expected = min(max(expected, 0.0), 1.0) if share else expected
                asked.append((columns, Departure(what, profile, expected, (rate - expected) / scale), p_value))
    adjusted = holm([p_value for *_, p_value in asked])
    best: dict[tuple[str, tuple[str, ...]], Departure] = {}
    for (columns, departure, _), p_value in zip(asked, adjusted, strict=True):
        size = _size(departure)
        key = (departure.what, columns)
        if p_value <= false_alarms and size >= notable and (key not in best or size > _size(best[key])):
            best[key] = departure
    return [best[key] for key in sorted(best)]


def _size(departure: Departure) -> float:
    return abs(departure.effect) if departure.what == "outcome" else departure.effect


def _codes(groups: list[Profile], count: int) -> NDArray[np.int64]:
    """(rows,) which group of one column each row is in."""
    codes = np.zeros(count, dtype=np.int64)
    for number, profile in enumerate(groups):
        codes[profile.slice.rows] = number
    return codes


def without_rows(single: list[Profile], rows: Rows) -> Iterator[Finding]:
    """A note for each pair of columns of which groups never come together though chance would hardly keep them apart."""
    groups: dict[str, list[Profile]] = {}
    for profile in single:
        if not profile.slice.label.endswith((f": {MISSING}", f": {RARE}")):
            groups.setdefault(profile.slice.columns[0], []).append(profile)
    cells = [(a, b) for one, other in combinations(groups, 2) for a in groups[one] for b in groups[other]]
    empty: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for a, b in cells:
        share = b.slice.rows.size / max(rows.count, 1)
        if (1 - share) ** a.units > ABSENT / len(cells) or (
            1 - a.slice.rows.size / rows.count
        ) ** b.units > ABSENT / len(cells):
            continue
        if not np.intersect1d(a.slice.rows, b.slice.rows, assume_unique=True).size:
            columns = (a.slice.columns[0], b.slice.columns[0])
            empty.setdefault(columns, []).append((a.slice.rows.size * share, f"{a.slice.label} and {b.slice.label}"))
    for columns, found in empty.items():
        found.sort(key=lambda item: (-round(item[0], 6), item[1]))
        named = "; ".join(
            f"“{label}” (about {expected:,.0f} rows were to be expected)" for expected, label in found[:NAMED]
        )
        more = f"; and {len(found) - NAMED} more" if len(found) > NAMED else ""
        yield Finding(
            rule="representation/empty_intersection", level=Level.NOTE,
            message=f"Groups of {columns[0]} and {columns[1]} without a row in common, where independence would give some: {named}{more}.",
            remedy="Collect rows of these people, or say in the datasheet that nothing here speaks of them; where they cannot "
            "exist, nothing is to be done.",
            columns=tuple(sorted(columns)), count=len(found), of=sum((a.slice.columns[0], b.slice.columns[0]) == columns for a, b in cells),
        )  # fmt: skip
