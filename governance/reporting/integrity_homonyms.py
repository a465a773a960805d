"""Rows that break rules between columns, and which of them do so as two things share the value that decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray


class Break(NamedTuple):
    """One row breaks one dependency."""

    decides: str
    decided: str
    majority: int
    """Code of the value that the decided cell should hold."""
    elsewhere: bool
    """Whether the decided cell holds what other rows hold: only then can the deciding one be wrong."""
    loose: bool
    doubtful: bool


def without_shared(
    frame: pl.DataFrame,
    codes: Mapping[str, NDArray[np.int64]],
    broken: dict[int, list[Break]],
    second: Mapping[tuple[str, str], NDArray[np.int64]],
    told: Collection[str] = (),
) -> dict[int, list[Break]]:
    """`broken`, by row, without the dependencies that a row breaks because its deciding value is that of two things.

    `codes`: by column, those of each row's value (n,), in the order of its values, -1 for missing. `second`: by deciding
    and decided column, rows whose second value others confirm. Where sources tell of the same things in the columns `told`,
    several that copy the same mistake are no other thing.
    """
    import numpy as np

    from governance.measures.shared_values import Decided, rows_of_another_thing

    strict: dict[str, dict[str, list[tuple[int, Break]]]] = {}
    for row, breaks in sorted(broken.items()):
        for one in breaks:
            if not one.loose and not {one.decides, one.decided} <= set(told):
                strict.setdefault(one.decides, {}).setdefault(one.decided, []).append((row, one))
    for name, other in second:
        if name in strict and not {name, other} <= set(told):
            strict[name].setdefault(other, [])
    strict = {name: rules for name, rules in strict.items() if len(rules) > 1}
    levels = {
        name: frame[name].drop_nulls().unique().sort().cast(str).to_list()
        for name in sorted({decided for rules in strict.values() for decided in rules})
    }
    broken_by: dict[tuple[str, str], set[int]] = {}
    for row, breaks in broken.items():
        for one in breaks:
            broken_by.setdefault((one.decides, one.decided), set()).add(row)
    shared: set[tuple[int, str]] = set()
    for name, rules in strict.items():
        decided = []
        for other, cells in rules.items():
            back = broken_by.get((other, name), set())
            rows = np.array([row for row, _ in cells], dtype=np.int64)
            expected = np.array([one.majority for _, one in cells], dtype=np.int64)
            elsewhere = np.array([one.elsewhere for _, one in cells], dtype=bool)
            disputed = np.array([row in back for row, _ in cells], dtype=bool)
            confirmed = second.get((name, other), rows[:0])
            decided.append(Decided(codes[other], levels[other], rows, expected, elsewhere, disputed, confirmed))
        shared |= {(row, name) for row in np.flatnonzero(rows_of_another_thing(codes[name], decided)).tolist()}
    left = {row: [one for one in breaks if (row, one.decides) not in shared] for row, breaks in broken.items()}
    return {row: breaks for row, breaks in left.items() if breaks}
