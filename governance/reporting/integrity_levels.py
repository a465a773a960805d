"""Levels of the other columns, which may foretell what looks damaged: a shop is closed on Sundays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn


REPEATING = 0.6
"""Distinct values of a column, as a share of its rows, up to which they are levels; of other numbers the sign is one."""
MANY = 0.02
"""Share of the rows from which those that break a rule are asked whether they are a kind of their own: one source that
got its columns wrong looks like that too."""
MOSTLY = 0.5
"""Share of the rows of a level that break the rule, from which they are a kind of their own: where two columns lie close, or
rows by chance as the others do, some of such a kind break none."""


class RowLevels:
    """The levels of a table's columns, each worked out when it is first asked for and kept for all checks."""

    def __init__(self, frame: pl.DataFrame, columns: Sequence[SnapshotColumn]) -> None:
        self._frame = frame
        self._columns = {column.name: column for column in columns}
        self._known: dict[str, NDArray[np.int32]] = {}

    def but(self, *asked: str) -> dict[str, NDArray[np.int32]]:
        """By column but those `asked`, each row's level (n,), a missing one being one too: its values if they repeat, else
        its sign; columns of words that do not repeat have none."""
        return {name: self._of(name) for name in self._columns if name not in asked and self._leveled(name)}

    def _leveled(self, name: str) -> bool:
        return self._repeats(name) or self._columns[name].type.numeric

    def _repeats(self, name: str) -> bool:
        return self._columns[name].distinct <= REPEATING * self._frame.height

    def _of(self, name: str) -> NDArray[np.int32]:
        import numpy as np
        import polars as pl

        if name not in self._known:
            series = self._frame[name]
            level = series if self._repeats(name) else series.cast(pl.Float64).sign()
            self._known[name] = level.rank("dense").fill_null(0).to_numpy().astype(np.int32)
        return self._known[name]


class Foretold(NamedTuple):
    """Rows that another column foretells."""

    rows: NDArray[np.bool_]
    """(n,)"""
    why: str
    """In words that follow a reason; empty where there are none."""


def kinds_of_their_own(broken: NDArray[np.bool_], known: NDArray[np.bool_], levels: RowLevels, *asked: str) -> Foretold:
    """Those of many `broken` rows (n,) that a level of a column but those `asked` foretells; rows not `known` (n,), as a value
    is missing, are asked of nothing."""
    import numpy as np

    from governance.measures.foretold_rows import foretold

    rows = np.zeros(broken.shape, dtype=bool)
    if broken.sum() <= MANY * known.sum():
        return Foretold(rows, "")
    columns = {name: codes[known] for name, codes in levels.but(*asked).items()}
    rows[known], by = foretold(broken[known], columns, MOSTLY)
    return Foretold(rows, as_foretold(by) if by else "")


def as_foretold(by: list[str]) -> str:
    """`, as a and b foretell`."""
    return f", as {' and '.join(by)} foretell{'s' if len(by) == 1 else ''}"
