"""Values that two things share: two books of one title, two towns of one name.

Where such a value decides much else, the rows of the rarer thing break every one of these rules at once. So do rows in
which several cells are damaged, or the one that decides. They are told apart by what the rows hold:

- Rows that hold the same as each other, and as no row with another deciding value, confirm each other: damage hardly
  hits two rows in the same way.
- A row alone is another thing where two values or more are no slips of what is expected, each usual for its column: it
  stands in other rows, or as many other values stand as seldom. They must break their rules together far oftener than
  damage that hits each column by itself would make them (a binomial of the product of the shares).

Neither holds where values say that the deciding one is wrong, or where they stand together with another of it.
Literature: I. Bhattacharya, L. Getoor. Collective Entity Resolution in Relational Data. ACM TKDD 1, 2007 (what is beside a
name tells which of its bearers is meant).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from governance.measures.edit_distance import likeness
from governance.measures.functional_dependencies import LEAST_GROUP
from governance.measures.special_functions import bdtrc

LEAST = 2
"""Values of a row that must speak for another thing, and rows that confirm each other."""
SLIP = 0.2
"""Likeness to what is expected from which a value that hardly stands elsewhere is a slip of it: two fifths of its signs."""
RARE_VALUES = 5
"""Values in fewer than LEAST_GROUP rows that a column has at least, and as many as break the rule, where such are usual."""
BY_CHANCE = 0.01
"""How seldom damage that hits each column, or each row, by itself may break so many rules at once."""


class Decided(NamedTuple):
    """A column that another one decides, but for a few rows that break the rule."""

    codes: NDArray[np.int64]
    """(n,) codes of its values, -1 for missing."""
    levels: Sequence[str]
    """What each code stands for."""
    rows: NDArray[np.int64]
    """(k,) positions of the rows that break the rule."""
    expected: NDArray[np.int64]
    """(k,) code that each of them should hold."""
    elsewhere: NDArray[np.bool_]
    """(k,) whether what each holds is what the rows of another deciding value hold."""
    disputed: NDArray[np.bool_]
    """(k,) whether what each holds decides another value of the deciding column than the row has."""
    second: NDArray[np.int64]
    """(m,) positions of further rows that hold a second value which other rows confirm: it breaks no rule, and tells of
    another thing."""


def rows_of_another_thing(deciding: NDArray[np.int64], decided: Sequence[Decided]) -> NDArray[np.bool_]:
    """Which rows (n,) break the rules because two things share a value of the column `deciding` (n,), codes, -1 for missing."""
    found = np.zeros(deciding.size, dtype=bool)
    if len(decided) < LEAST or not deciding.size:
        return found
    breaks, shares = np.zeros((len(decided), deciding.size), dtype=bool), np.zeros(len(decided))
    no_slip, ordinary, disputed = breaks.copy(), breaks.copy(), breaks.copy()
    for place, one in enumerate(decided):
        breaks[place, one.rows] = breaks[place, one.second] = True
        shares[place] = (one.rows.size + one.second.size) / deciding.size
        no_slip[place, one.second] = ordinary[place, one.second] = True
        seldom = np.bincount(one.codes + 1)[one.codes[one.rows] + 1] < LEAST_GROUP
        slip = ~one.elsewhere & (likeness(one.levels, one.codes[one.rows], one.expected) >= SLIP)
        no_slip[place, one.rows] = ~slip & ~one.disputed
        usual = one.elsewhere | (seldom & _has_rare_values(one))
        ordinary[place, one.rows] = usual & ~slip & ~one.disputed
        disputed[place, one.rows] = one.disputed
    broken = np.zeros(deciding.size, dtype=bool)
    broken[np.concatenate([one.rows for one in decided])] = True
    several = np.flatnonzero(broken & (no_slip.sum(axis=0) >= LEAST) & (disputed.sum(axis=0) < LEAST))
    alike = _Alike(deciding, [one.codes for one in decided])
    for row in several.tolist():
        asked = np.flatnonzero(no_slip[:, row])
        here, away, tuples = alike.rows(row, asked)
        if here >= LEAST and not away:
            found[row] = True
        elif here >= LEAST:
            # As many wrong deciding values, each for itself, would hardly meet in one of them with the same others.
            wrong = int(breaks[asked].all(axis=0).sum())
            share = alike.share(row) * (here + away) / deciding.size
            found[row] = not disputed[:, row].any() and tuples * bdtrc(here - 1, max(wrong, here), share) < BY_CHANCE
        else:
            asked = np.flatnonzero(ordinary[:, row])
            if asked.size < LEAST or alike.rows(row, asked)[1]:
                continue
            together = int(breaks[asked].all(axis=0).sum())
            found[row] = bdtrc(together - 1, deciding.size, float(np.prod(shares[asked]))) < BY_CHANCE
    return found


def _has_rare_values(one: Decided) -> bool:
    """Whether values in few rows are usual in a column: as many of them keep the rule as break it."""
    rare = np.flatnonzero(np.bincount(one.codes[one.codes >= 0]) < LEAST_GROUP)
    rare = rare[np.isin(rare, one.codes)]
    broken = np.isin(rare, one.codes[one.rows]).sum()
    return bool(rare.size - broken >= max(RARE_VALUES, broken))


class _Alike:
    """Looks up the rows that hold the same as one."""

    def __init__(self, deciding: NDArray[np.int64], columns: Sequence[NDArray[np.int64]]) -> None:
        self.deciding, self.columns = deciding, columns
        self.order = [np.argsort(one, kind="stable") for one in columns]
        self.sorted = [one[order] for one, order in zip(columns, self.order, strict=True)]
        self.groups = np.bincount(deciding + 1)

    def rows(self, row: int, asked: NDArray[np.int64]) -> tuple[int, int, int]:
        """How many rows hold what `row` holds in the columns `asked`, with its deciding value and with another; and how many
        pairs of a deciding value and such a tuple there may be at most."""
        spans = [
            tuple(np.searchsorted(self.sorted[one], self.columns[one][row], side).item() for side in ("left", "right"))
            for one in asked.tolist()
        ]
        first = min(range(asked.size), key=lambda place: spans[place][1] - spans[place][0])
        rows = self.order[asked[first]][slice(*spans[first])]
        for one in asked.tolist():
            rows = rows[self.columns[one][rows] == self.columns[one][row]]
        here = int((self.deciding[rows] == self.deciding[row]).sum())
        return here, rows.size - here, self.groups.size * int(max(self.sorted[one][-1] + 1 for one in asked.tolist()))

    def share(self, row: int) -> float:
        """The share of rows that have the deciding value of `row`."""
        return float(self.groups[self.deciding[row] + 1] / self.deciding.size)
