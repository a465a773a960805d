"""What two columns of a table show beside each other: broken dependencies, swapped cells, dates in the wrong order."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from governance.dataset import ColumnType
from governance.reporting.integrity_rules import DATES, STRINGS, Damage, wordy

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn

MAX_DECIDING = 25
"""Columns that are tried as one side of a dependency: those whose values repeat most."""

MAX_LEVELS = 200
"""Values of a column that can have been written behind those of another one."""
JOINED = 1 / 3
ISO_DAY = r"^\s*(\d{4}-\d{1,2}-\d{1,2})(?:[ T].*)?$"
MOSTLY_DAYS = 0.8
"""Share of a column's cells that must name a day for it to be one of dates that others made one of words."""


def of_pairs(frame: pl.DataFrame, columns: list[SnapshotColumn]) -> list[Damage]:
    """What two columns show beside each other: dependencies, swapped cells, the order of dates."""
    from governance.measures.functional_dependencies import dependency

    rows = frame.height
    repeated = [
        column
        for column in columns
        if (wordy(column, rows) or column.type in {ColumnType.INTEGER, ColumnType.NUMBER, *DATES})
        and 2 <= column.distinct <= 0.6 * rows
    ]
    repeated = sorted(repeated, key=lambda column: (column.distinct, column.name))[:MAX_DECIDING]
    codes = {column.name: _codes(frame[column.name]) for column in repeated}
    broken: dict[int, list[Break]] = {}
    empty: dict[tuple[str, int], tuple[str, int]] = {}
    for a, b in permutations(sorted(codes), 2):
        if frame[a].dtype.is_float():
            continue  # a measurement decides nothing
        one = dependency(codes[a], codes[b])
        if one is None:
            continue
        for row, code in zip(one.missing.tolist(), one.implied.tolist(), strict=True):
            empty.setdefault((b, row), (a, code))
        for row, code, known in zip(one.broken.tolist(), one.majority.tolist(), one.elsewhere.tolist(), strict=True):
            broken.setdefault(row, []).append(Break(a, b, code, known, one.loose))
    kept = _blamed(frame, broken)
    return [
        *kept,
        *_implied(frame, empty),
        *_joined(frame, columns),
        *_swapped(frame, columns),
        *_date_order(frame, columns),
    ]


def _implied(frame: pl.DataFrame, empty: dict[tuple[str, int], tuple[str, int]]) -> list[Damage]:
    """Cells that are missing although another column gives their value."""
    import numpy as np

    found = []
    for name in sorted({column for column, _ in empty}):
        levels = frame[name].drop_nulls().unique().sort().cast(str).to_list()
        cells = sorted((row, by, code) for (column, row), (by, code) in empty.items() if column == name)
        rows = np.array([row for row, _, _ in cells], dtype=np.int64)
        by = ", ".join(sorted({one for _, one, _ in cells}))
        found.append(
            Damage("implied_value", name, rows, [levels[code] for _, _, code in cells], f" (by {by})", loose=True)
        )
    return found


class Break(NamedTuple):
    """One row breaks one dependency."""

    decides: str
    decided: str
    majority: int
    """Code of the value that the decided cell should hold."""
    elsewhere: bool
    """Whether the decided cell holds what other rows hold: only then can the deciding one be wrong."""
    loose: bool


def _blamed(frame: pl.DataFrame, broken: dict[int, list[Break]]) -> list[Damage]:
    """The fewest cells that explain the broken dependencies of each row: first the one in most of them."""
    import numpy as np

    found: dict[tuple[str, str, bool], list[tuple[int, str]]] = {}
    levels = {one.decided: None for breaks in broken.values() for one in breaks}
    words = {name: frame[name].drop_nulls().unique().sort().cast(str).to_list() for name in levels}
    for row, breaks in sorted(broken.items()):
        left = breaks
        while left:
            # Strict dependencies outweigh loose ones; of two cells in as many, the decided one is named.
            votes: dict[str, float] = {}
            for one in left:
                weight = 0.1 if one.loose else 1.0
                votes[one.decided] = votes.get(one.decided, 0.0) + 1.01 * weight
                votes[one.decides] = votes.get(one.decides, 0.0) + weight * one.elsewhere
            name = max(votes, key=lambda name: (round(votes[name], 6), name))
            about = [one for one in left if name in {one.decides, one.decided}]
            known = [one for one in about if one.decided == name]
            chosen = min(known, key=lambda one: (one.loose, one.decides), default=None)
            shown = "" if chosen is None else words[name][chosen.majority]
            by = chosen.decides if chosen is not None else about[0].decided
            loose = all(one.loose for one in about)
            found.setdefault((name, by, loose), []).append((row, shown))
            left = [one for one in left if one not in about]
    return [
        Damage("broken_dependency", name, np.array([row for row, _ in cells], dtype=np.int64),
               [text for _, text in cells], f" ({by} decides it)", loose)
        for (name, by, loose), cells in sorted(found.items())
    ]  # fmt: skip


def _codes(series: pl.Series) -> NDArray[np.int64]:
    import numpy as np
    import polars as pl

    return np.asarray(series.rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1, dtype=np.int64)


def _joined(frame: pl.DataFrame, columns: list[SnapshotColumn]) -> list[Damage]:
    """Cells that end with a level of another column, in rows where that one is missing: `Madison WI` and nothing.

    It is what happened to a column when a third of the rows that miss a level are so, and hardly any that has one.
    """
    import numpy as np
    import polars as pl

    words = [column for column in columns if column.type in STRINGS]
    found = []
    for first, second in permutations(words, 2):
        if not second.nulls or second.distinct > MAX_LEVELS:
            continue
        levels = frame[second.name].drop_nulls().cast(pl.String).unique().to_list()
        empty = frame[second.name].is_null()
        rows = np.flatnonzero(empty.to_numpy())
        last = _last_word(frame[first.name].gather(rows.tolist()))
        ends = last.is_in(levels).fill_null(False).to_numpy()
        if ends.sum() < 2 or ends.mean() < JOINED:
            continue
        usual = _last_word(frame[first.name].filter(~empty)).is_in(levels).sum()
        if usual > 0.01 * frame.height:
            continue
        rows, level = rows[ends], last.filter(pl.Series(ends)).to_list()
        whole = frame[first.name].gather(rows.tolist()).to_list()
        left = [text.strip()[: -len(end)].strip() for text, end in zip(whole, level, strict=True)]
        found.append(Damage("joined_cells", first.name, rows, left, f" ({second.name})"))
        found.append(Damage("implied_value", second.name, rows, level, f" (by {first.name})", loose=True))
    return found


def _last_word(values: pl.Series) -> pl.Series:
    import polars as pl

    return values.cast(pl.String).str.extract(r"\s(\S+)\s*$")


def _swapped(frame: pl.DataFrame, columns: list[SnapshotColumn]) -> list[Damage]:
    """Rows in which two columns of words each hold a value that only the other one usually has."""
    import numpy as np

    words = [column for column in columns if wordy(column, frame.height) and 2 <= column.distinct <= 0.5 * frame.height]
    found = []
    counts = {column.name: dict(frame[column.name].drop_nulls().value_counts(name="_rows").rows()) for column in words}
    for place, first in enumerate(words):
        for second in words[place + 1 :]:
            a, b = counts[first.name], counts[second.name]
            # What stands far more often in the other column belongs there.
            to_b = [value for value, rows in b.items() if rows >= 10 * max(a.get(value, 0), 1) and value in a]
            to_a = [value for value, rows in a.items() if rows >= 10 * max(b.get(value, 0), 1) and value in b]
            here = frame[first.name].is_in(to_b).fill_null(False) & frame[second.name].is_in(to_a).fill_null(False)
            rows = np.flatnonzero(here.to_numpy())
            if 0 < rows.size <= 0.1 * frame.height:
                for one, other in ((first, second), (second, first)):
                    shown = frame[other.name].gather(rows.tolist()).cast(str).to_list()
                    found.append(Damage("swapped_cells", one.name, rows, shown, f" (with {other.name})"))
    return found


def _date_order(frame: pl.DataFrame, columns: list[SnapshotColumn]) -> list[Damage]:
    """Pairs of dates of which one is never before the other, but for a few rows."""
    import numpy as np
    import polars as pl

    dates = {column.name: frame[column.name] for column in columns if column.type in DATES}
    days = {column.name: made for column in columns if (made := _days_in_words(column, frame[column.name])) is not None}
    found = []
    for first, second in permutations([column.name for column in columns if column.name in dates | days], 2):
        if first in days or second in days:  # words are read to the day, so the other one counts to the day too
            one, other = ((dates | days)[name].cast(pl.Date) for name in (first, second))
        else:
            one, other = dates[first].cast(dates[second].dtype), dates[second]
        known = (one.is_not_null() & other.is_not_null()).to_numpy()
        wrong = (other < one).fill_null(False).to_numpy()
        equal = (other == one).fill_null(False).to_numpy()
        if known.sum() >= 50 and 0 < wrong.sum() <= 0.02 * known.sum() and equal.sum() < 0.9 * known.sum():
            rows = np.flatnonzero(wrong)
            found.append(Damage("date_order", second, rows, [""] * rows.size, f" ({first} comes first)"))
    return found


def _days_in_words(column: SnapshotColumn, series: pl.Series) -> pl.Series | None:
    """The days of a column of dates that a few other cells made one of words; missing where a cell names no day."""
    import polars as pl

    if column.type not in STRINGS:
        return None
    day = series.cast(pl.String).str.extract(ISO_DAY).str.to_date("%Y-%m-%d", strict=False)
    known = series.len() - series.null_count()
    return day if known and day.count() >= MOSTLY_DAYS * known else None
