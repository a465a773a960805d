"""Groups of rows by sensitive columns, with labels that may be shown, and how they compare with the whole."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from governance.dataset import ColumnType
from governance.modelling.results import SMALLEST_SHOWN, Part, Results

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn

FEW_LEVELS = 6
"""Whole numbers with this many distinct values or fewer are codes and not quantities."""
_SAID_IN_FULL = frozenset(
    {"year", "month", "week", "day", "hour", "minute", "second", "metre", "meter", "gram", "kilogram", "pixel", "mile"}
    | {"litre", "liter", "degree", "point", "dollar", "pound", "percentage point"}
)
"""Units that are words, and so have a plural."""
MISSING, RARE = "missing", "rare levels"


@dataclass(frozen=True)
class Slice:
    """Rows of one group."""

    columns: tuple[str, ...]
    labels: tuple[str, ...]
    """One per column: `sex = 1 (male)`, `age: 38 to below 49 years`; no value of a private column."""
    rows: NDArray[np.int64]
    """Positions, ascending."""

    @property
    def label(self) -> str:
        """All labels together."""
        return " and ".join(self.labels)

    @property
    def single(self) -> bool:
        """Whether it is by one column."""
        return len(self.columns) == 1


@dataclass(frozen=True)
class Group:
    """What was measured of one slice: an accuracy, or a mean absolute error."""

    slice: Slice
    units: int
    """Independent units: rows, or groups of rows."""
    value: float
    low: float | None
    high: float | None
    """Ends of the 95 % interval; None when the rows do not vary."""
    told: bool
    """Whether it has enough independent units to be compared."""
    p_value: float
    """That the group is no worse than the bound; 1 when it is not compared."""
    worse: bool = False
    """Whether that is refuted, after allowing for how many groups were compared."""

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.slice.rows.size)


def slices(results: Results, part: Part, ranges: int, minimum_rows: int) -> tuple[Slice, ...]:
    """Groups of `part` by each sensitive column, then by each pair of them.

    Numbers are cut into `ranges` groups of about equal size, or fewer so that each can have `minimum_rows`. Levels of
    fewer than SMALLEST_SHOWN rows are pooled, and pairs of fewer are left out.
    """

    fitting = max(
        2, min(ranges, int((part.independent_units or part.rows) / (1.2 * minimum_rows)))
    )  # cuts are rounded, so groups differ in size
    single = {column.name: single_groups(column, part.sensitive[column.name], fitting) for column in results.sensitive}
    found = [one for groups in single.values() for one in groups]
    for first, second in combinations(single, 2):
        found += pair_groups(single[first], single[second], part.rows)
    return tuple(found)


def pair_groups(first: list[Slice], second: list[Slice], rows: int) -> list[Slice]:
    """Rows that are in one group of `first` and one of `second`, in their order; each row is in exactly one of each."""
    import numpy as np

    cell = np.zeros(rows, dtype=np.int64)
    for place, one in enumerate(first):
        cell[one.rows] = place * len(second)
    for place, one in enumerate(second):
        cell[one.rows] += place
    order = np.argsort(cell, kind="stable")
    ends = np.cumsum(np.bincount(cell, minlength=len(first) * len(second)))
    pairs = []
    for place, members in enumerate(np.split(order, ends[:-1])):
        if members.size >= SMALLEST_SHOWN:
            one, other = first[place // len(second)], second[place % len(second)]
            pairs.append(Slice(one.columns + other.columns, one.labels + other.labels, members))
    return pairs


def compare(
    found: tuple[Slice, ...],
    harm: NDArray[np.float64],
    bound: float,
    part: Part,
    *,
    shares: bool,
    minimum_rows: int,
    false_alarm_rate: float,
) -> tuple[Group, ...]:
    """Each slice's mean of `harm` (rows,) against `bound`: mistakes (`shares`, 0 or 1 each), or absolute errors."""
    from governance.measures.multiplicity import holm

    groups = [_measured(one, harm, bound, part, shares, minimum_rows) for one in found]
    told = [place for place, group in enumerate(groups) if group.told]
    for place, adjusted in zip(told, holm([groups[place].p_value for place in told]), strict=True):
        groups[place] = replace(groups[place], worse=adjusted < false_alarm_rate)
    return tuple(groups)


def _measured(
    one: Slice, harm: NDArray[np.float64], bound: float, part: Part, shares: bool, minimum_rows: int
) -> Group:
    import numpy as np

    from governance.measures.classification_metrics import share_interval
    from governance.measures.group_gaps import binomial_tail, mean_above, mean_interval

    inside = harm[one.rows]
    members = None
    if part.units is not None:
        members = np.unique(part.units[one.rows], return_inverse=True)[1].astype(np.int64)
    count = int(inside.size) if members is None else int(members.max()) + 1
    told, mean = count >= minimum_rows, float(inside.mean())
    p_value = 1.0
    if told and shares and members is None:
        p_value = binomial_tail(int(inside.sum()), int(inside.size), bound)
    elif told:
        p_value = mean_above(inside, bound, members)
    if shares:
        return Group(one, count, 1 - mean, *share_interval(inside == 0, members), told, p_value)
    low, high = mean_interval(inside, members) or (None, None)
    return Group(one, count, mean, low, high, told, p_value)


def single_groups(column: SnapshotColumn, values: pl.Series, ranges: int) -> list[Slice]:
    """Groups of one column; pooled levels and missing values come last."""
    import numpy as np
    import polars as pl

    if column.type in {ColumnType.DATE, ColumnType.DATETIME}:
        values = values.dt.year()
    distinct = values.drop_nulls().n_unique()
    if values.dtype.is_numeric() and distinct > (FEW_LEVELS if values.dtype.is_integer() else 2):
        names, places = _ranges(column, values.cast(pl.Float64).fill_nan(None), ranges)
    else:
        names, places = _levels(column, values)
    names = [*names, f"{column.name}: {RARE}", f"{column.name}: {MISSING}"]
    groups = ((name, np.flatnonzero(places == place)) for place, name in enumerate(names))
    return [Slice((column.name,), (name,), rows) for name, rows in groups if rows.size]


def _levels(column: SnapshotColumn, values: pl.Series) -> tuple[list[str], NDArray[np.int64]]:
    """Names of the levels, sorted (private ones numbered by how frequent they are), and the place of each row."""
    import numpy as np

    texts = [None if value is None else _text(value) for value in values.to_list()]
    counts: dict[str, int] = {}
    for text in texts:
        if text is not None:
            counts[text] = counts.get(text, 0) + 1
    frequent = [text for text in sorted(counts) if counts[text] >= SMALLEST_SHOWN]
    if column.private:
        frequent.sort(key=lambda text: -counts[text])
        names = [f"{column.name}: level {number}" for number in range(1, len(frequent) + 1)]
    else:
        meant = [f"{text} ({column.labels[text]})" if text in column.labels else text for text in frequent]
        names = [f"{column.name} = {text}" for text in meant]
    place: dict[str | None, int] = {text: index for index, text in enumerate(frequent)}
    place[None] = len(names) + 1
    return names, np.array([place.get(text, len(names)) for text in texts], dtype=np.int64)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _ranges(column: SnapshotColumn, values: pl.Series, ranges: int) -> tuple[list[str], NDArray[np.int64]]:
    """Ranges from low to high, and the place of each row. They are cut at rounded quantiles, which are nobody's own
    value, and open at both ends."""
    import numpy as np

    known = values.drop_nulls().to_numpy()
    low, high = np.quantile(known, [0.1, 0.9]).tolist()
    step = ((high - low) or float(known.max() - known.min())) / (5 * ranges)
    whole = bool((known == np.round(known)).all())
    quantiles = np.quantile(known, np.linspace(0, 1, ranges + 1)[1:-1]).tolist()
    cuts = [
        cut for cut in sorted({_rounded(one, step, whole) for one in quantiles}) if known.min() < cut <= known.max()
    ]
    count = len(cuts) + 1
    if not cuts:
        names = [f"{column.name}: any value"]
    elif column.private:
        names = [f"{column.name}: range {index} of {count}" for index in range(1, count + 1)]
    else:
        unit = f" {_many(column.unit)}" if column.unit not in {"", "1"} else ""
        middle = [f"{_number(a)} to below {_number(b)}{unit}" for a, b in pairwise(cuts)]
        ends = [f"below {_number(cuts[0])}{unit}", *middle, f"{_number(cuts[-1])}{unit} and above"]
        names = [f"{column.name}: {end}" for end in ends]
    places = np.searchsorted(np.array(cuts), values.fill_null(math.inf).to_numpy(), side="right").astype(np.int64)
    places[values.is_null().to_numpy()] = count + 1
    return names, places


def _many(unit: str) -> str:
    """`unit` as it is said of many: `years`. Symbols and units of several words stay."""
    return f"{unit}s" if unit in _SAID_IN_FULL else unit


def _rounded(value: float, step: float, whole: bool) -> float:
    """`value` to the power of ten below `step`, so that a cut is easy to read; whole numbers stay whole."""
    digits = -math.floor(math.log10(step))
    return float(round(value, min(digits, 0) if whole else digits))


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"
