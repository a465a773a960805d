"""Levels of the other columns, which may foretell what looks damaged: a shop is closed on Sundays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn

    Levels = Callable[[], dict[str, NDArray[np.int64]]]

REPEATING = 0.6
"""Distinct values of a column, as a share of its rows, up to which they are levels; of other numbers the sign is one."""
MANY = 0.02
"""Share of the rows from which those that break a rule are asked whether they are a kind of their own: one source that
got its columns wrong looks like that too."""


def levels(frame: pl.DataFrame, columns: list[SnapshotColumn], *asked: str) -> dict[str, NDArray[np.int64]]:
    """By column but those `asked`, each row's level (n,), a missing one being one too: its values if they repeat, else its sign."""
    import numpy as np
    import polars as pl

    found = {}
    for column in columns:
        series = frame[column.name]
        repeats = column.distinct <= REPEATING * frame.height
        if column.name in asked or not repeats | column.type.numeric:
            continue
        level = series if repeats else series.cast(pl.Float64).sign()
        ranks = level.rank("dense").cast(pl.Int64).fill_null(0).to_numpy()
        found[column.name] = np.asarray(ranks, dtype=np.int64)
    return found


class Foretold(NamedTuple):
    """Rows that another column foretells."""

    rows: NDArray[np.bool_]
    """(n,)"""
    why: str
    """In words that follow a reason; empty where there are none."""


def kinds_of_their_own(
    broken: NDArray[np.bool_], known: int, frame: pl.DataFrame, columns: list[SnapshotColumn], *asked: str
) -> Foretold:
    """Those of many `broken` rows (n,), of so many `known`, that a level of a column but those `asked` foretells."""
    import numpy as np

    from governance.measures.foretold_rows import foretold

    if broken.sum() <= MANY * known:
        return Foretold(np.zeros(broken.shape, dtype=bool), "")
    told, by = foretold(broken, levels(frame, columns, *asked))
    return Foretold(told, as_foretold(by) if by else "")


def as_foretold(by: list[str]) -> str:
    """`, as a and b foretell`."""
    return f", as {' and '.join(by)} foretell{'s' if len(by) == 1 else ''}"
