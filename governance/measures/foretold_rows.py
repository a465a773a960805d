"""Which of some marked rows another column's level foretells: refunds among amounts, closed days among sales.

What slips does so at random. Where nearly all rows of a level are marked, and by chance so many would not be, the mark
belongs to the level.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import bdtrc

PURE = 0.9
"""Share of the rows of a level that are marked, from which the level means the mark."""
BY_CHANCE = 1e-3
"""That any of the levels of all columns has so many marked rows (Bonferroni)."""
FEWEST = 2
"""Rows of a level; one row says nothing."""


def foretold(
    marked: NDArray[np.bool_], columns: Mapping[str, NDArray[np.integer[Any]]], pure: float = PURE
) -> tuple[NDArray[np.bool_], list[str]]:
    """Those of the `marked` rows (n,) that a level of one of the columns foretells, and the names of these columns.

    A level means the mark from a share `pure` of its rows on. `columns`: by name, the code of each row's level (n,), counted from 0. A level's marked rows are held against a
    binomial of the share of all rows that are marked, one at most once; that rows are drawn without another's return
    makes the true chance smaller still.
    """
    explained = np.zeros(marked.shape, dtype=bool)
    share = float(marked.mean()) if marked.size else 0.0
    if not 0 < share < 1:
        return explained, []
    counted = {
        name: (np.bincount(codes), np.bincount(codes[marked], minlength=int(codes.max()) + 1))
        for name, codes in columns.items()
    }
    tests = sum(int((rows >= FEWEST).sum()) for rows, _ in counted.values())
    names = []
    for name, (rows, hits) in counted.items():
        told = [
            level
            for level in np.flatnonzero((rows >= FEWEST) & (hits >= pure * rows)).tolist()
            if tests * bdtrc(int(hits[level]) - 1, int(rows[level]), share) < BY_CHANCE
        ]
        here = marked & np.isin(columns[name], told)
        if here.any():
            names.append(name)
            explained |= here
    return explained, names
