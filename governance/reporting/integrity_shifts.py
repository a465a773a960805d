"""Rows whose words stand in other columns than their own, as when a cell was left out before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.reporting.integrity_rules import Damage, wordy

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn

MOST = 0.1
"""Share of the rows from which this is how the table is."""
RARE = 0.01
"""Share of the rows of a column up to which a word may be there by mistake, though no other column has it."""
UNKNOWN = ""


def shifted_words(frame: pl.DataFrame, columns: list[SnapshotColumn]) -> list[Damage]:
    """Rows in which two or more columns of words hold words of others; one finding, and each cell with its own word."""
    import numpy as np
    import polars as pl

    from governance.measures.shifted_rows import NOWHERE, by_chance, homes_of_words, sources

    names = [
        column.name for column in columns if wordy(column, frame.height) and 2 <= column.distinct <= 0.5 * frame.height
    ]
    known = [frame[name].drop_nulls().cast(pl.String).value_counts(name="_rows").rows() for name in names]
    counts: list[dict[str, int]] = [{str(word): int(rows) for word, rows in one} for one in known]
    homes = homes_of_words(counts)
    foreign = np.zeros((frame.height, len(names)), dtype=bool)
    for place, (name, words) in enumerate(zip(names, homes, strict=True)):
        if words:
            foreign[:, place] = frame[name].cast(pl.String).is_in(list(words)).fill_null(False).to_numpy()
    asked = np.flatnonzero(foreign.sum(axis=1) >= 2)
    if not 0 < asked.size <= MOST * frame.height:
        return []
    found: list[dict[str, tuple[int, str]]] = []
    for row, cells in zip(asked.tolist(), frame.select(names).cast(pl.String)[asked.tolist()].rows(), strict=True):
        there = [words.get(cell, []) for words, cell in zip(homes, cells, strict=True)]
        free = [
            bool(home) or cell is None or one[cell] <= RARE * frame.height
            for home, cell, one in zip(there, cells, counts, strict=True)
        ]
        if (source := sources(there, free)) is not None:
            right = [UNKNOWN if place == NOWHERE else cells[place] for place in source]
            moved = (here for here, place in enumerate(source) if place != here)
            found.append({names[here]: (row, right[here]) for here in moved})
    if not found or by_chance(len(found), foreign):
        return []
    return [
        Damage("shifted_cells", name, np.array([row for row, _ in told], dtype=np.int64), [word for _, word in told],
               together="shifted_words")
        for name in names
        if (told := [row[name] for row in found if name in row])
    ]  # fmt: skip
