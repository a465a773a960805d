"""What columns of a table show beside each other: broken dependencies, swapped and shifted cells, dates in the wrong order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.reporting.integrity_dates import date_order
from governance.reporting.integrity_exceptions import by_another_column, without_overlap
from governance.reporting.integrity_homonyms import Break, without_shared
from governance.reporting.integrity_reports import of_reports
from governance.reporting.integrity_rules import DATES, STRINGS, Damage, measured, wordy
from governance.reporting.integrity_shifts import shifted_words
from governance.reporting.integrity_swaps import swapped_words

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.reporting.integrity_levels import RowLevels

MAX_DECIDING = 25
"""Columns that are tried as one side of a dependency: those whose values repeat most."""

MAX_LEVELS = 200
"""Values of a column that can have been written behind those of another one."""
JOINED = 1 / 3
EXCEPTIONS = ", but the rows that break it may have their reasons"


def of_pairs(
    frame: pl.DataFrame, columns: list[SnapshotColumn], levels: RowLevels, told_of: Sequence[Damage] = ()
) -> list[Damage]:
    """What columns show beside each other: dependencies, swapped and shifted words, the order of dates.

    A dependency of a cell that `told_of` corrects already is kept when that is done, and no finding.
    """
    from governance.measures.functional_dependencies import dependency, dependency_of_few, scatters

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
    second: dict[tuple[str, str], NDArray[np.int64]] = {}
    empty: dict[tuple[str, int], tuple[str, int]] = {}
    numbers = {name: found for name in codes if (found := _numbers(frame[name])) is not None}
    taken = {name for name in numbers if not frame[name].dtype.is_integer()}
    reports = of_reports(frame, columns, codes)
    thing, told = (None, set()) if reports is None else (reports.thing, {reports.thing, *reports.told})
    for a, b in permutations(sorted(codes), 2):
        # A measurement decides nothing, unless it has few values.
        one = (None if a in taken else dependency(codes[a], codes[b])) or dependency_of_few(codes[a], codes[b])
        if one is None or ({a, b} <= told and (one.loose or b == thing)):
            continue  # the sources tell more of it
        if b in numbers and scatters(
            numbers[b][one.broken], _numbers_of(one.majority, codes[b], numbers[b]), numbers[b]
        ):
            continue
        one, told_apart = by_another_column(without_overlap(one, numbers.get(a), codes[b]), codes[a], levels, a, b)
        if one.second.size and not one.loose:
            second[a, b] = one.second
        if b in taken:  # a measurement that was not taken is no damage
            one = replace(one, missing=one.missing[:0], implied=one.implied[:0])
        for row, code in zip(one.missing.tolist(), one.implied.tolist(), strict=True):
            empty.setdefault((b, row), (a, code))
        doubtful = (told_apart | one.doubtful).tolist()
        cells = zip(one.broken.tolist(), one.majority.tolist(), one.elsewhere.tolist(), doubtful, strict=True)
        for row, code, known, unsure in cells:
            broken.setdefault(row, []).append(Break(a, b, code, known, one.loose, unsure))
    corrected = {
        (one.column, row)
        for one in told_of
        if not one.loose
        for row, meant in zip(one.rows.tolist(), one.suggestion, strict=True)
        if meant
    }
    left = _without(broken, corrected)
    kept = _blamed(frame, without_shared(frame, codes, left, second, told))
    return [
        *kept,
        *(() if reports is None else reports.damage),
        *_implied(frame, empty),
        *_joined(frame, columns),
        *swapped_words(frame, columns),
        *shifted_words(frame, columns),
        *date_order(frame, columns, levels),
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


def _without(broken: dict[int, list[Break]], corrected: set[tuple[str, int]]) -> dict[int, list[Break]]:
    """`broken`, without what cells by column and row explain."""
    left = {
        row: [one for one in breaks if not {(one.decides, row), (one.decided, row)} & corrected]
        for row, breaks in broken.items()
    }
    return {row: breaks for row, breaks in left.items() if breaks}


def _blamed(frame: pl.DataFrame, broken: dict[int, list[Break]]) -> list[Damage]:
    """The fewest cells that explain the broken dependencies of each row: first the one in most of them."""
    import numpy as np

    found: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
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
            # Of two columns that decide each other, and that no third one speaks of, either cell may be the wrong one.
            either = {one.decides for one in about if one.decided == name and one.elsewhere} & {
                one.decided for one in about if one.decides == name and one.elsewhere
            }
            if len(either) == 1 and len(about) == 2:
                for cell, by in ((name, *either), (*either, name)):
                    found.setdefault((cell, by, f", or it decides {by}"), []).append((row, ""))
                left = [one for one in left if one not in about]
                continue
            known = [one for one in about if one.decided == name]
            chosen = min(known, key=lambda one: (one.loose, one.decides), default=None)
            shown = "" if chosen is None else words[name][chosen.majority]
            by = chosen.decides if chosen is not None else about[0].decided
            doubtful = EXCEPTIONS if all(one.doubtful for one in about) else ""
            found.setdefault((name, by, doubtful), []).append((row, shown))
            left = [one for one in left if one not in about]
    return [
        Damage("broken_dependency", name, np.array([row for row, _ in cells], dtype=np.int64),
               [text for _, text in cells], f" ({by} decides it{doubtful})", bool(doubtful))
        for (name, by, doubtful), cells in sorted(found.items())
    ]  # fmt: skip


def _numbers(series: pl.Series) -> NDArray[np.float64] | None:
    """The numbers of a column of numbers, with or without their unit; None when it is none."""
    import polars as pl

    from governance.measures.encoding import to_numbers

    if series.dtype.is_numeric():
        return to_numbers(series)
    if not measured(series):
        return None
    return to_numbers(
        series.str.extract(r"([+-]?\d+(?:[.,]\d+)?)").str.replace(",", ".").cast(pl.Float64, strict=False)
    )


def _numbers_of(
    wanted: NDArray[np.int64], codes: NDArray[np.int64], numbers: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The numbers that codes (k,) stand for, from those of every row (n,)."""
    import numpy as np

    of_code = np.full(int(codes.max()) + 1, np.nan)
    of_code[codes[codes >= 0]] = numbers[codes >= 0]
    return of_code[wanted]


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
