"""Units behind some numbers of a column and not behind others, and one unit in many writings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

NO_UNIT = " (or a word that is no unit)"
FAR_OFF = " (far from the others, and perhaps in another unit)"


class Units(NamedTuple):
    """What a rule says of values with or without a unit."""

    rule: str
    found: dict[str, str]
    """Values, and what should stand in their place; empty where nobody can tell."""
    why: str = ""
    """Why they may be as they should, where they may."""


def written_units(counts: Mapping[str, int]) -> list[Units]:
    """One side of a column that is written in two ways: units behind plain numbers, or plain numbers among units.

    Where the unit is written in so many ways that none is usual, the number alone is what all of those should hold: then
    plain numbers are as they should.
    """
    from governance.measures.units_written_out import units_left_out, units_written_out
    from governance.measures.word_slips import spelt_units

    left = units_left_out(counts)
    bare = dict.fromkeys(left.values, "")
    many = spelt_units({value: rows for value, rows in counts.items() if value not in bare})
    if many:
        return [Units("spelt_unit", many)]
    why = NO_UNIT if not left.known else "" if left.near else FAR_OFF
    return [
        Units("written_unit", units_written_out(counts)),
        Units("unit_left_out", bare, why),
    ]
