"""Rows in which two columns hold each other's values."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from governance.reporting.integrity_levels import kinds_of_their_own
from governance.reporting.integrity_rules import NAMES_ROWS, Damage, wordy

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.reporting.integrity_levels import RowLevels

MOST, IN_COMMON, KNOWN = 0.1, 0.05, 2
"""Share of the rows that can be swapped, share of the others that may hold a word that both columns have, and rows that make
a word known in a column. A pair of words in more rows is no slip."""
MOSTLY_SWAPPED = 2 / 3
"""Share of the rows that another unit explains from which on an exchange does so as well."""


def swapped_words(frame: pl.DataFrame, columns: list[SnapshotColumn]) -> list[Damage]:
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
            rows = np.flatnonzero(here.to_numpy() | _exchanged(frame[first.name], frame[second.name], a, b))
            if 0 < rows.size <= MOST * frame.height:
                found += _both(frame, first, second, rows)
    return found


def _exchanged(first: pl.Series, second: pl.Series, a: dict[str, int], b: dict[str, int]) -> NDArray[np.bool_]:
    """Rows (n,) whose two words are each known in the other column only, of two columns that have hardly a word in common;
    `a` and `b` count the words of each.

    Then the two words of a row say together what a rare one does not alone, being not ten times as often in its own column.
    """
    import numpy as np
    import polars as pl

    nothing = np.zeros(first.len(), dtype=bool)
    rarer = [
        [word for word in here.keys() & there.keys() if here[word] < there[word]] for here, there in ((a, b), (b, a))
    ]
    asked = (first.is_in(rarer[0]) & second.is_in(rarer[1])).fill_null(False)
    pairs = pl.DataFrame({"first": first, "second": second})
    asked &= pairs.select(pl.len().over("first", "second") <= KNOWN).to_series()
    if not 0 < asked.sum() <= MOST * first.len():
        return nothing
    a, b = (dict(one.filter(~asked).drop_nulls().value_counts(name="_rows").rows()) for one in (first, second))
    both = a.keys() & b.keys()
    if max(sum(one[word] for word in both) for one in (a, b)) > IN_COMMON * first.len():
        return nothing
    to_a, to_b = ([word for word, rows in one.items() if rows >= KNOWN and word not in both] for one in (a, b))
    return np.asarray((asked & first.is_in(to_b) & second.is_in(to_a)).fill_null(False).to_numpy(), dtype=bool)


def swapped_numbers(frame: pl.DataFrame, columns: list[SnapshotColumn], levels: RowLevels) -> list[Damage]:
    """Rows in which two columns of numbers, of which one is the higher in nearly all rows, hold each other's numbers."""
    import numpy as np

    from governance.measures.encoding import to_numbers
    from governance.measures.swapped_numbers import swapped_rows

    asked = [column for column in columns if column.type.numeric and column.resolved_role not in NAMES_ROWS]
    numbers = {column.name: to_numbers(frame[column.name]) for column in asked}
    found = []
    for first, second in combinations(asked, 2):
        pair = [numbers[first.name], numbers[second.name]]
        swapped = np.isin(np.arange(frame.height), swapped_rows(*pair))
        if swapped.any() and not any(_in_another_unit(one, swapped) for one in pair):
            # Of a kind in which the order is the other way round, not all rows lie as far on that side as the others on this.
            above = pair[0][swapped][0] > pair[1][swapped][0]
            other_way = pair[0] > pair[1] if above else pair[0] < pair[1]
            known = np.isfinite(pair[0]) & np.isfinite(pair[1])
            kinds = kinds_of_their_own(other_way, known, levels, first.name, second.name)
            found += _both(frame, first, second, np.flatnonzero(swapped & ~kinds.rows))
            found += _both(frame, first, second, np.flatnonzero(swapped & kinds.rows), kinds.why, loose=True)
    return found


def _in_another_unit(values: NDArray[np.float64], swapped: NDArray[np.bool_]) -> bool:
    """Whether `swapped` rows (n,) are some of more in which the values (n,) are in another unit, as of those who are weighed
    in pounds a part weigh what others are tall."""
    from governance.measures.unit_heaps import unit_heap

    heap = unit_heap(values)
    if heap is None:
        return False
    both = int((heap[0] & swapped).sum())
    return bool(both >= 0.9 * swapped.sum() and swapped.sum() < MOSTLY_SWAPPED * heap[0].sum())


def _both(
    frame: pl.DataFrame,
    first: SnapshotColumn,
    second: SnapshotColumn,
    rows: NDArray[np.int64],
    why: str = "",
    *,
    loose: bool = False,
) -> list[Damage]:
    """The cells of both columns in `rows`, each with what stands in the other."""
    return [
        Damage(
            "swapped_cells", one.name, rows, frame[other.name].gather(rows.tolist()).cast(str).to_list(),
            f" (with {other.name}{why})", loose,
        )
        for one, other in ((first, second), (second, first))
        if rows.size
    ]  # fmt: skip
