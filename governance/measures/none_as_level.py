"""When the word `none` is a level of its column, as no allergy or no garage is, and when it codes a missing value.

A code of a missing value takes the place of any value, so it turns up in lists of any kind, and in capitals of its own:
Python writes `None` beside `nuts` and `milk`. A level `none` stands in a closed list of words, is written as they are, and
has a share of its own, which has nothing to do with how many cells are missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

MOST_LEVELS = 12
"""Different words up to which a column is a closed list."""
REPEATED = 5
"""Cells that a level has at least."""
RARER = 3
"""How many times as frequent as each way to miss a level is, and how many times rarer than the rarest other level."""


class NoneLevels(NamedTuple):
    """Writings of `none` among the codes of a column."""

    sure: set[str]
    """A level: far more frequent than any way in which values are missing."""
    maybe: set[str]
    """A level as well as a code: as frequent as levels are, and as missing values are."""


def none_as_level(counts: Mapping[str, int], codes: Collection[str], nulls: int) -> NoneLevels:
    """Of the `codes` of missing values, those that say `none` and are, or may be, a level.

    `counts` holds the cells of each value, `nulls` is how many cells are missing as such.
    """
    nothing = NoneLevels(set(), set())
    # A word that a few cells have is a slip of a level, or of nothing.
    levels = {value: cells for value, cells in counts.items() if value not in codes and cells >= REPEATED}
    none = {value for value in codes if value.strip().casefold() == "none" and counts[value] >= REPEATED}
    none = {value for value in none if any(written_alike(value, level) for level in levels)}
    rest = sum(cells for value, cells in counts.items() if value not in codes)
    listed = 2 <= len(levels) <= MOST_LEVELS and sum(levels.values()) >= 0.9 * rest
    if not none or not listed or any(sign.isdigit() for level in levels for sign in level):
        return nothing
    missing = max([nulls, *(counts[code] for code in codes if code not in none)], default=0)
    sure = {value for value in none if counts[value] >= RARER * missing}
    likely = {value for value in none if RARER * counts[value] >= min(levels.values())}
    return NoneLevels(sure, likely - sure)


def written_alike(value: str, level: str) -> bool:
    """Whether both are written in the same capitals."""
    if level.islower() or level.isupper():
        return value.islower() == level.islower() and value.isupper() == level.isupper()
    return value[:1].isupper() == level[:1].isupper()
