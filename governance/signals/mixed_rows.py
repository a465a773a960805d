"""Near copies in tables of categories and numbers: pairs that agree in more than chance would give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Modality, Role
from governance.signals.settings import FALSE_SHARE

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.measures.chance_agreement import Mixed
    from governance.signals.text_rows import TextRows
    from governance.snapshot import Snapshot

Pairs = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.float64]"]

FEW_VALUES = 12
"""A whole number of so few values is a category: it is a code or a count, and its neighbours are no nearer than others."""
LEAST_ROWS = 30
PAIRS = 200_000
"""Pairs of rows by which it is told whether times come in bursts."""
_NAMED = {ColumnType.CATEGORY, ColumnType.BOOLEAN, ColumnType.STRING}
_TIMES = {ColumnType.DATE, ColumnType.DATETIME}
_MEASURED = {ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.DATE, ColumnType.DATETIME}


def mixed_pairs(snapshot: Snapshot, frame: pl.DataFrame, near: Pairs, texts: TextRows | None = None) -> Pairs | None:
    """Of the pairs that are `near`, and of those that are equal in all columns but one, the ones beyond chance.

    Of rows that hold `texts`, those that have like ones, whose set counts as one more level; rows of like texts and the
    same levels are looked at too. None for tables without categories and texts, or without numbers.
    """
    import numpy as np

    from governance.measures.chance_agreement import all_but_one_equal, beyond_chance, expected_by_chance
    from governance.measures.record_linkage import block_pairs

    read = _table(snapshot, frame, texts)
    if read is None:
        return None
    written, strings, table = read
    first, second = all_but_one_equal(table)
    rows = frame.height
    pairs = np.union1d(first * rows + second, near[0] * rows + near[1])
    if texts is not None:
        level = np.unique(table.full, return_inverse=True)[1].astype(np.int64)
        pairs = np.union1d(pairs, block_pairs(level, rows))
        pairs = pairs[texts.same_but_typos(pairs // rows, pairs % rows)]
    first, second = pairs // rows, pairs % rows
    one, other = table.numbers[first], table.numbers[second]
    equal = ((one == other) | (np.isnan(one) & np.isnan(other))).all(axis=1)
    equal &= (written[first] == written[second]).all(axis=1)
    # Equal rows are counted elsewhere, and however many, they say nothing of rows that differ.
    first, second, pairs = first[~equal], second[~equal], pairs[~equal]
    if first.size == 0:
        return first, second, np.empty(0)
    # Strings of rows that distances point to are known to be alike.
    alike = np.isin(pairs, near[0] * rows + near[1])[:, None] & strings
    expected = expected_by_chance(table, first, second, alike)
    if texts is not None:
        expected = expected * _in_bursts(snapshot, frame, texts, first, second)
    kept = beyond_chance(expected, FALSE_SHARE)
    return first[kept], second[kept], 1 / (1 + expected[kept])


def _in_bursts(
    snapshot: Snapshot, frame: pl.DataFrame, texts: TextRows, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(pairs,) how many times as often rows are so near in time as even spreading has it, told by rows of unlike texts:
    those are no copies."""
    import numpy as np

    from governance.measures.bursts import bursts
    from governance.measures.encoding import to_numbers

    rng = np.random.default_rng(0)
    one, other = rng.integers(0, frame.height, (2, PAIRS))
    set_of = texts.like.component
    unlike = set_of[one] != set_of[other]
    result = np.ones(first.size)
    for column in snapshot.features:
        if column.type not in _TIMES:
            continue
        times = to_numbers(frame[column.name])
        usual, asked = np.abs(times[one] - times[other])[unlike], np.abs(times[first] - times[second])
        gaps = np.diff(np.unique(times[np.isfinite(times)]))
        step = float(gaps.min()) if gaps.size else 0.0
        told = bursts(usual[np.isfinite(usual)], np.nan_to_num(asked, nan=np.inf), step)
        result = np.maximum(result, told)
    return result


def _table(
    snapshot: Snapshot, frame: pl.DataFrame, texts: TextRows | None
) -> tuple[NDArray[np.int64], NDArray[np.bool_], Mixed] | None:
    """The levels as they are written (rows, categories), which of them are strings, and the table with the levels that
    were meant."""
    import numpy as np
    import polars as pl

    from governance.measures.chance_agreement import mixed
    from governance.measures.encoding import to_numbers, value_codes

    if snapshot.modality is not Modality.TABULAR or frame.height < LEAST_ROWS:
        return None
    columns = [c for c in snapshot.features if c.resolved_role not in {Role.TEXT, Role.IMAGE}]
    columns = [
        c for c in columns if c.type is not ColumnType.TEXT and c.distinct > 1 and not identifies(c, snapshot.rows)
    ]
    named = [c.name for c in columns if is_named(c)]
    measured = [c.name for c in columns if c.type in _MEASURED and not is_named(c)]
    if not measured or (not named and texts is None):
        return None
    coded = [value_codes(frame[name]) for name in named]
    every = coded if texts is None else [*coded, value_codes(pl.Series(texts.texts))]
    written = np.column_stack(every)
    meant = written.copy()
    for place, name in enumerate(named):
        if (spelt := _spelt(frame[name])) is not None:
            meant[:, place] = value_codes(spelt)
    strings = np.array([column.type is ColumnType.STRING for column in columns if is_named(column)], dtype=bool)
    if texts is not None:
        meant[:, -1], strings = texts.like.component, np.append(strings, True)
    numbers = np.column_stack([to_numbers(frame[name]) for name in measured])
    numbers[np.isinf(numbers)] = np.nan  # as for the features
    return written, strings, mixed(meant, numbers)


def is_named(column: SnapshotColumn) -> bool:
    """Whether its values are levels: categories, strings and whole numbers of few values."""
    return column.type in _NAMED or (column.type is ColumnType.INTEGER and column.distinct <= FEW_VALUES)


def identifies(column: SnapshotColumn, rows: int) -> bool:
    """Whether it is a whole number that names each of the `rows`, as an identifier does."""
    return column.type is ColumnType.INTEGER and column.distinct == rows


def _spelt(series: pl.Series) -> pl.Series | None:
    """Levels as they were probably meant: a rare one that is a letter from a frequent one is a slip of it. None: as written."""
    import polars as pl

    from governance.measures.misspellings import misspellings

    if series.dtype != pl.String:
        return None
    counted = series.drop_nulls().value_counts()
    slips = misspellings(dict(zip(counted[series.name].to_list(), counted["count"].to_list(), strict=True)))
    return series.replace(slips) if slips else None
