"""How public numbers are distributed within groups of people: quartiles, and no value that few people share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.evidence import Figure, Table
from governance.reporting.column_summaries import numbers_in_order
from governance.reporting.group_profile import Profile, Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

SHOWN_COLUMNS = 6
"""Columns whose quartiles are shown: those whose medians differ most between groups."""
SHOWN_GROUPS = 12
"""Groups, the same number of each sensitive column."""


@dataclass(frozen=True)
class Quartiles:
    """One column in one group."""

    group: str
    values: int
    quartiles: tuple[float, float, float]
    """Rounded to a tenth of the column's spread or finer, so that hardly any is exactly what somebody has."""


@dataclass(frozen=True)
class Distribution:
    """One column in all groups."""

    column: str
    unit: str
    groups: tuple[Quartiles, ...]
    apart: float
    """Largest difference of two medians, in interquartile ranges of all rows."""


def distributions(
    snapshot: Snapshot, single: list[Profile], rows: Rows, min_rows: int
) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    """Quartiles of public numeric features per group of each sensitive column; nothing where there is none.

    Groups, and columns within a group, with fewer than `min_rows` independent units are withheld.
    """
    shown = _shown_groups([profile for profile in single if profile.told])
    numeric = [c for c in snapshot.features if c.type.numeric and not c.private]
    found = [
        Distribution(column.name, column.unit or "", groups, apart)
        for column in numeric
        for groups, apart in [_measured(column.name, numbers_in_order(snapshot, column.name), shown, rows, min_rows)]
        if groups
    ]
    found.sort(key=lambda one: -one.apart)  # stable: equal ones stay in the order of the columns
    if not found:
        return (), ()
    rest = _left_out(len(found) - SHOWN_COLUMNS, len([p for p in single if p.told]) - len(shown), single, min_rows)
    return _shown(found[:SHOWN_COLUMNS], rest)


def _shown_groups(told: list[Profile]) -> list[Profile]:
    """At most SHOWN_GROUPS of `told`, as many of each sensitive column, in their order."""
    columns = list(dict.fromkeys(profile.slice.columns[0] for profile in told))
    each = max(2, SHOWN_GROUPS // max(len(columns), 1))
    kept = [p for column in columns for p in [one for one in told if one.slice.columns[0] == column][:each]]
    return kept[:SHOWN_GROUPS]


def _measured(
    name: str, values: NDArray[np.float64], shown: list[Profile], rows: Rows, min_rows: int
) -> tuple[tuple[Quartiles, ...], float]:
    """The quartiles of each group that has enough values, and how far apart the medians are."""
    import numpy as np

    known = values[np.isfinite(values)]
    if known.size < min_rows:
        return (), 0.0
    with np.errstate(all="ignore"):
        low, high = np.quantile(known, [0.25, 0.75]).tolist()
        spread = (high - low) or float(known.max() - known.min())
    if not math.isfinite(spread) or spread <= 0:
        return (), 0.0
    found = []
    for profile in shown:
        if name in profile.slice.columns:
            continue  # a group by a column's own values says nothing of them
        inside = profile.slice.rows[np.isfinite(values[profile.slice.rows])]
        units = inside.size if rows.units is None else np.unique(rows.units[inside]).size
        if units >= min_rows:
            with np.errstate(all="ignore"):  # the largest floats overflow between two quantiles
                own = np.quantile(values[inside], [0.25, 0.5, 0.75]).tolist()
            if not all(math.isfinite(quartile) for quartile in own):
                continue
            first, middle, last = (_rounded(quartile, spread) for quartile in own)
            found.append(Quartiles(profile.slice.label, int(inside.size), (first, middle, last)))
    medians = [one.quartiles[1] for one in found]
    return tuple(found), (max(medians) - min(medians)) / spread if medians else 0.0


def _rounded(value: float, spread: float) -> float:
    """`value` to the power of ten below a tenth of `spread`."""
    return float(round(value, -math.floor(math.log10(max(spread / 10, math.ulp(0.0)))))) + 0.0


def _left_out(columns: int, groups: int, single: list[Profile], min_rows: int) -> str:
    """End of a caption: what is not shown."""
    small = sum(not profile.told for profile in single)
    parts = [f"{columns} more columns, whose medians differ less, are left out"] if columns > 0 else []
    parts += [f"{groups} more groups are left out"] if groups > 0 else []
    parts += [f"{small} groups of fewer than {min_rows} independent units are withheld"] if small else []
    return "".join(f"; {part}" for part in parts)


def _shown(found: list[Distribution], rest: str) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    caption = f"Quartiles of numbers in each group, rounded, the most different first{rest}"
    lines = tuple(
        (f"{one.column} ({one.unit})" if one.unit else one.column, group.group, group.values, *group.quartiles)
        for one in found
        for group in one.groups
    )
    table = Table(
        name="distributions", caption=caption, columns=("column", "group", "values", "q25", "median", "q75"), rows=lines
    )
    first = found[0]
    high = max(first.groups, key=lambda group: group.quartiles[1])
    low = min(first.groups, key=lambda group: group.quartiles[1])
    figure = Figure(
        name="distributions", caption="Median (dot) and quartiles (ends of the line) of numbers in each group",
        kind="interval", table="distributions", x="group", y=("median", "q25", "q75"), by="column",
        alt=f"Medians differ most in {first.column}: {low.quartiles[1]:g} in {low.group}, {high.quartiles[1]:g} in {high.group}.",
    )  # fmt: skip
    return (table,), (figure,)
