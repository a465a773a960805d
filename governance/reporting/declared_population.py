"""Shares of levels beside a declared target population, and what is wrong with its declaration."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.reporting.group_profile import Rate, Rows
from governance.validation import hint

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

Declared = Mapping[str, Mapping[str, float]]
"""Column to level to its share (0 to 1)."""
CHANCE = 0.001
"""A level is off when chance alone gives a share as far from the declared one this rarely, for levels are many."""
ROUNDED = 0.01
"""Shares that were rounded may sum to so much more or less than 1."""
ALIKE = 0.9
"""Share of letters that two levels have in common from which one is the other misspelt: `female` and `male` have 0.8."""
REST = "undeclared levels"
"""Stands for all levels of the data that are not declared, whose share is what the declared ones leave."""
NAMED = 10
"""So many levels of the data are named at most."""


@dataclass(frozen=True)
class Population:
    """One level beside the declared target population."""

    column: str
    level: str
    declared: float
    found: Rate
    off: bool
    undeclared: str = ""
    """Of a level without a row, in words: which levels the data has instead."""
    rest: str = ""
    """In words, which levels these are, where they are all that are not declared."""

    @property
    def words(self) -> str:
        """`= EU is`, or `in undeclared levels (north, south) is`."""
        return f"in undeclared levels ({self.rest}) is" if self.rest else f"= {self.level} is"


def population_problems(snapshot: Snapshot, declared: Declared) -> list[str]:
    """What is wrong with the declaration, in words."""
    names = {column.name for column in snapshot.columns}
    found = []
    for column, levels in declared.items():
        total = sum(levels.values())
        if not levels or any(not 0 <= share <= 1 for share in levels.values()):
            found.append(f"population of {column!r}: shares must lie between 0 and 1: 0.49 for 49 %")
        elif total > 1 + ROUNDED:
            found.append(f"population of {column!r}: shares must sum to 1 or less; they sum to {total:.3g}")
        elif (
            len(levels) > 1
            and total < 1 - ROUNDED
            and column in names
            and set(_texts(snapshot, column).drop_nulls()) <= set(levels)
        ):
            found.append(
                f"population of {column!r}: all levels of the data are declared, and their shares sum to {total:.3g}; make them "
                "sum to 1, or declare the level that no row has, too, with its share"
            )
        if column not in names:
            found.append(f"population names column {column!r}; there are: {', '.join(sorted(names)[:30])}")
        else:
            found += _unknown_levels(snapshot, column, levels)
    return found


def _unknown_levels(snapshot: Snapshot, column: str, levels: Mapping[str, float]) -> list[str]:
    """Levels that no row has, where rows have an undeclared one that is written alike, or no declared one at all."""
    known = set(_texts(snapshot, column).drop_nulls().to_list())
    absent, undeclared = sorted(set(levels) - known), sorted(known - set(levels))
    if not undeclared:
        return []
    private = snapshot.column(column).private
    found = []
    for level in absent:
        alike = _alike(level, undeclared)
        if alike or len(absent) == len(levels):
            named = alike or hint(level, undeclared) or f"; there are: {', '.join(undeclared[:NAMED])}"
            instead = "" if private else named
            found.append(f"population of {column!r} names level {level!r}, which no row has{instead}")
    return found


def _alike(level: str, undeclared: list[str]) -> str:
    """`; did you mean 'Male'?` when a level is written like this one, else nothing."""
    for one in undeclared:
        if _letters(one) == _letters(level):
            return f"; did you mean {one!r}?"
    digits = [one for one in undeclared if re.findall(r"\d", one) == re.findall(r"\d", level)]
    near = difflib.get_close_matches(level, digits, n=1, cutoff=ALIKE)
    return f"; did you mean {near[0]!r}?" if near else ""


def _letters(level: str) -> str:
    """Letters and digits without case; all of it where there are none."""
    return "".join(c for c in level.casefold() if c.isalnum()) or level


def _texts(snapshot: Snapshot, column: str) -> pl.Series:
    import polars as pl

    return snapshot.frame(column).select(pl.col(column).cast(pl.String)).collect().to_series()


def populations(snapshot: Snapshot, declared: Declared, rows: Rows, notable: float) -> list[Population]:
    """Each declared level beside its share of known rows: off beyond CHANCE and by more than `notable` of its share."""
    found = []
    for column, levels in sorted(declared.items()):
        text = _texts(snapshot, column)
        known = text.is_not_null().to_numpy()
        units = None if rows.units is None else rows.units[known]
        rest = _instead(snapshot, column, text, levels)
        parts = [(level, share, text == level, rest, "") for level, share in sorted(levels.items())]
        if rest and len(levels) > 1:  # beside a single one they say the same as it does
            others = text.is_not_null() & ~text.is_in(list(levels))
            parts.append(
                (REST, max(1 - sum(levels.values()), 0.0), others, "", _undeclared(snapshot, column, text, levels))
            )
        for level, share, cells, instead, of_rest in parts:
            held = cells.fill_null(False).to_numpy()[known]
            value = float(held.mean()) if held.size else 0.0
            off = held.size > 0 and abs(value - share) > notable * share and _beyond_chance(held, share, units)
            low, high = _interval(held, units, 0.95)
            rate = Rate(value, low, high, int(held.size))
            found.append(Population(column, level, share, rate, off, "" if held.any() else instead, of_rest))
    return found


def _instead(snapshot: Snapshot, column: str, text: pl.Series, levels: Mapping[str, float]) -> str:
    """Which levels rows have that are not declared, in words; how many, of a private column."""
    named = _undeclared(snapshot, column, text, levels)
    if not named:
        return ""
    if snapshot.column(column).private:
        return f"; the data has {named} that are not declared"
    return f"; the data has some that are not declared: {named}"


def _undeclared(snapshot: Snapshot, column: str, text: pl.Series, levels: Mapping[str, float]) -> str:
    """The levels that rows have and that are not declared; of a private column their number, and nothing where none is."""
    undeclared = sorted(set(text.drop_nulls().to_list()) - set(levels))
    if snapshot.column(column).private:
        return str(len(undeclared) or "")
    return ", ".join(undeclared[:NAMED])


def _interval(held: NDArray[np.bool_], units: NDArray[np.int64] | None, level: float) -> tuple[float, float]:
    from governance.measures.intervals import wilson, wilson_of_groups

    return wilson(int(held.sum()), held.size, level) if units is None else wilson_of_groups(held, units, level)


def _beyond_chance(held: NDArray[np.bool_], share: float, units: NDArray[np.int64] | None) -> bool:
    """By the exact binomial distribution where rows (rows,) are independent, else by the interval for rows in groups."""
    from governance.measures.group_gaps import binomial_tail

    if units is not None:
        low, high = _interval(held, units, 1 - CHANCE)
        return not low <= share <= high
    count, n = int(held.sum()), held.size
    return 2 * min(binomial_tail(count, n, share), binomial_tail(n - count, n, 1 - share)) < CHANCE
