"""The checks of a table's cells, one column at a time: which rows, and what they should hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.reporting.integrity_days import of_dates
from governance.reporting.integrity_numbers import of_numbers
from governance.reporting.integrity_rules import DATES, Damage, wordy
from governance.reporting.integrity_strings import of_strings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from governance.manifest import SnapshotColumn
    from governance.reporting.integrity_levels import RowLevels


def of_columns(
    frame: pl.DataFrame, columns: list[SnapshotColumn], levels: RowLevels, swapped: Sequence[Damage] = ()
) -> list[Damage]:
    """What each column shows by itself; numbers that are known to be `swapped` with another column's are told by that only."""
    found: list[Damage] = []
    for column in columns:
        foreign = [row for one in swapped if one.column == column.name for row in one.rows.tolist()]
        if wordy(column, frame.height) or column.type is ColumnType.TEXT:
            found += of_strings(frame[column.name], column, levels)
        elif column.type.numeric and column.resolved_role is not Role.IDENTIFIER:
            found += of_numbers(frame[column.name], column, levels, foreign)
        elif column.type in DATES:
            found += of_dates(column, frame[column.name])
    return found
