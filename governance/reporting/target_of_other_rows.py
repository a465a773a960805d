"""Features that repeat the target of an earlier or of a later row in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.measures.target_of_other_rows import OtherRow
    from governance.snapshot import Snapshot

UNIQUE = 0.95
"""Rows are in order when so large a share of them differs in it."""
KEYS = {ColumnType.STRING, ColumnType.CATEGORY, ColumnType.INTEGER}
MOST_KEYS = 20
"""Columns that are tried as what names the series, those of the fewest values first."""
WORDS = {ColumnType.STRING, ColumnType.CATEGORY, ColumnType.TEXT}


@dataclass(frozen=True)
class Order:
    """The order that rows have in time."""

    column: str
    series: str | None
    """What names the series that rows belong to; None for one series."""
    declared: bool
    """Whether it has the role timestamp; else it is a date, or a number that rows were given one after the other."""


@dataclass(frozen=True)
class OtherRows:
    """Features that repeat the target of another row, by name."""

    order: Order | None
    why_not: str = ""
    """Why there is no order."""
    earlier: tuple[tuple[str, OtherRow], ...] = ()
    later: tuple[tuple[str, OtherRow], ...] = ()


def target_of_other_rows(snapshot: Snapshot, columns: list[SnapshotColumn], classes: tuple[str, ...]) -> OtherRows:
    """Which of `columns` repeat the target of another row; `classes` of the target are named, none for numbers."""
    import numpy as np
    import polars as pl

    from governance.measures.encoding import value_codes
    from governance.measures.group_numbers import group_numbers
    from governance.measures.target_of_other_rows import target_of_other_row
    from governance.reporting.feature_against_target import numbers_of

    order = order_of(snapshot)
    if isinstance(order, str) or snapshot.target is None:
        return OtherRows(None, order if isinstance(order, str) else "no target is declared")
    keys = [order.column] if order.series is None else [order.series, order.column]
    wanted = dict.fromkeys([*keys, snapshot.target, *(column.name for column in columns)])
    frame = snapshot.frame(*wanted).drop_nulls(order.column).sort([*keys, "row_id"]).collect()
    series = np.zeros(frame.height, dtype=np.int64) if order.series is None else group_numbers(frame[order.series])
    target = _target(frame[snapshot.target], classes)
    earlier: list[tuple[str, OtherRow]] = []
    later: list[tuple[str, OtherRow]] = []
    for column in columns:
        if column.name == order.column:
            continue
        if classes:
            codes = value_codes(frame[column.name].cast(pl.String))
            values = np.where(codes < 0, np.nan, codes.astype(np.float64))
        elif (numbers := numbers_of(frame[column.name], column)) is not None:
            values = numbers
        else:
            continue
        found = target_of_other_row(values, target, series, len(classes))
        if found is not None:
            (earlier if found.steps < 0 else later).append((column.name, found))
    return OtherRows(order, "", tuple(earlier), tuple(later))


def _target(series: pl.Series, classes: tuple[str, ...]) -> NDArray[np.float64]:
    """(rows,) numbers, or those of classes; NaN where there is none."""
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers

    if not classes:
        numbers = to_numbers(series)
        return np.where(np.isfinite(numbers), numbers, np.nan)
    places = list(range(len(classes)))
    place = series.cast(pl.String).replace_strict(list(classes), places, default=None, return_dtype=pl.Float64)
    return np.asarray(place.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def order_of(snapshot: Snapshot) -> Order | str:
    """The order of rows, by the declared timestamp, else by a date or a serial number; or why there is none.

    The order in which a file holds its rows is not part of a version, and does not count.
    """
    from governance.reporting.split_overlap import moment_column
    from governance.reporting.telling_identifiers import identifier_columns

    declared = moment_column(snapshot)
    dates = [c for c in snapshot.features if c.type in {ColumnType.DATE, ColumnType.DATETIME} and c.distinct > 1]
    numbers = [c for c in identifier_columns(snapshot) if c.type is ColumnType.INTEGER]
    tried = [declared] if declared is not None else [*dates, *numbers]
    tried = [column for column in tried if column.type not in WORDS]
    if not tried:
        return "no column says when rows came to be, or in which order"
    for column in tried:
        for series in _series(snapshot):
            if series == column.name:
                continue  # a number that names groups is no order within them
            keys = [column.name] if series is None else [series, column.name]
            held = snapshot.frame(*keys).select(keys).drop_nulls(column.name).collect()
            if held.height and held.n_unique() >= UNIQUE * held.height:
                return Order(column.name, series, declared is not None)
    return f"rows have equal values of {tried[0].name}, and no column names series in which they differ"


def _series(snapshot: Snapshot) -> list[str | None]:
    """What may name the series: the declared groups, nothing, and columns of values that repeat."""
    grouping = snapshot.grouping
    named = sorted(
        (c for c in (*snapshot.features, *snapshot.with_role(Role.GROUP))
         if c.type in KEYS and 1 < c.distinct <= snapshot.rows / 10 and not c.nulls),
        key=lambda column: column.distinct,
    )  # fmt: skip
    first: list[str | None] = [None] if grouping is None else [grouping.name, None]
    return [*first, *(column.name for column in named[:MOST_KEYS])]
