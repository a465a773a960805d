"""Near copies in tables of numbers alone, or of categories alone: rows of which one value was lost or replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from governance.dataset import ColumnType, Modality, Role
from governance.signals.settings import FALSE_SHARE

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.equal_but_one import ButOne
    from governance.signals.near_copies import Pairs
    from governance.snapshot import Snapshot

LEAST_ROWS = 30
BY_NATURE, LEAST_PAIRS = 0.8, 10
"""From so many pairs on, of which so large a share differ in the same column, they are taken for records of one thing: what
was measured anew differs, and what describes the thing does not. Values that are lost or mistaken are so in any column."""

MOST_PAIRS = 100_000
"""Where more pairs differ in one column, such pairs are usual, and it is not asked how alike they are."""


class ChangedCells(NamedTuple):
    """Rows that are equal in all columns but one, beyond chance."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    score: NDArray[np.float64]
    aside: NDArray[np.int64]
    """Pairs that are left out, as first * rows + second."""
    differ_in: dict[str, int]
    """Pairs that are left out as records of one thing, by the column that they differ in."""

    def left(self, pairs: Pairs, rows: int) -> Pairs:
        """Those of `pairs` that are not left out; `rows` in all."""
        import numpy as np

        first, second, score = pairs
        kept = ~np.isin(first * rows + second, self.aside)
        return first[kept], second[kept], score[kept]


def changed_cells(
    snapshot: Snapshot, frame: pl.DataFrame, near: Pairs, apart: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> ChangedCells | None:
    """Pairs of rows of `frame` with one value of the other row changed; None for what is no table, or too small for it.

    Where most pairs that differ in one column are `near` each other in that too, it was not measured anew. Where it is
    a string, it also says something how alike both are; how often near rows that are no copies (`apart`) are so.
    """
    import numpy as np

    from governance.measures.chance_agreement import beyond_chance
    from governance.measures.encoding import value_codes
    from governance.measures.equal_but_one import LEAST_COLUMNS, equal_but_one

    if snapshot.modality is not Modality.TABULAR or frame.height < LEAST_ROWS:
        return None
    columns = [c for c in snapshot.features if c.type not in {ColumnType.TEXT, ColumnType.IMAGE} and c.distinct > 1]
    names = [c.name for c in columns if c.resolved_role is not Role.TEXT and not _identifies(c.type, c.distinct, frame)]
    if len(names) < LEAST_COLUMNS:
        return None
    found = equal_but_one(np.column_stack([value_codes(frame[name]) for name in names]))
    expected = found.expected * _likeness(frame, names, found, apart)
    kept = beyond_chance(expected, FALSE_SHARE)
    counted = np.bincount(found.column[kept], minlength=len(names))
    most = int(counted.argmax())
    differ_in, one_column = {}, np.zeros(kept.size, dtype=bool)
    here = kept & (found.column == most)
    close = np.isin(found.first * frame.height + found.second, near[0] * frame.height + near[1])
    if counted[most] >= max(LEAST_PAIRS, BY_NATURE * counted.sum()) and 2 * (here & close).sum() < counted[most]:
        differ_in, one_column = {names[most]: int(counted[most])}, here
        kept &= ~here
    aside = found.first[one_column] * frame.height + found.second[one_column]
    return ChangedCells(found.first[kept], found.second[kept], 1 / (1 + expected[kept]), aside, differ_in)


def _likeness(
    frame: pl.DataFrame, names: Sequence[str], found: ButOne, apart: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> NDArray[np.float64]:
    """(pairs,) how often strings of the column in which a pair differs are as alike as there; 1 for what is no string."""
    import numpy as np
    import polars as pl

    from governance.measures.alike_strings import ALIKE, UsualLikeness, likeness

    result = np.ones(found.first.size)
    for place in np.unique(found.column[np.isfinite(found.expected)]).tolist():
        values = frame[names[place]]
        here = np.flatnonzero(found.column == place)
        if values.dtype != pl.String or here.size > MOST_PAIRS:
            continue
        strings = values.to_list()
        told = likeness(strings, (found.first[here], found.second[here]))
        if (like := np.flatnonzero(told >= ALIKE)).size:
            result[here[like]] = UsualLikeness(strings, apart).share(told[like])
    return result


def _identifies(kind: ColumnType, distinct: int, frame: pl.DataFrame) -> bool:
    return kind is ColumnType.INTEGER and distinct == frame.height
