"""Numbers of which some have a unit behind them: `15000.0 kg` among `14200.0`, or 14200.0 among many such, which makes the
column one of text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from governance.measures.word_slips import UNITS, unit_of
from governance.measures.written_quantities import UNITS as QUANTITY_UNITS

MOST = 0.45
"""Share of the cells up to which others than plain numbers are in a column of numbers."""
ALL, ONE_UNIT = 0.95, 0.6
"""Share of the cells that are numbers, with a unit or without, and of those with a unit that have the same one, at least."""
OUTSIDE, FEW = 0.1, 5
"""Share of the values with a unit that may lie beyond the others, as the largest of all may be one of them; of fewer, none."""
SIGNS = "%‰°$€£¥"
"""Signs that are units by themselves; of letters one alone may be a part of a code, as in house numbers."""
KNOWN = (
    {unit_of(written) for line in UNITS for written in line.split()}
    | QUANTITY_UNITS.keys()
    | set(SIGNS)
    | set(
        "°c °f kwh mwh wh kw mw mv kv ma hz khz mhz ghz kb mb gb tb pa hpa kpa mpa bar mbar psi mmhg km/h mph kn m/s".split()
    )
    | set(
        "m2 m3 cm2 km2 m² m³ cm² km² ha ppm ppb bpm rpm mmol mol mg/dl mmol/l g/l mg/l db kj kcal cal px dpi chf gbp".split()
    )
)
"""Units by the name that `word_slips.unit_of` gives them: BIPM. The International System of Units, 2019, and usual others."""
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*")
_WITH_UNIT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(\D{1,20}\d?)\s*")


class LeftOut(NamedTuple):
    """Plain numbers among such with a unit."""

    values: list[str]
    known: bool = True
    """Whether what the others have is a unit, and no word that may belong to some and not to others: 1.4 beside 1.6 TDI."""
    near: bool = True
    """Whether they lie among the others; else they may be in another unit."""


def units_written_out(counts: Mapping[str, int]) -> dict[str, str]:
    """Values of `counts` with their number alone, in a column of numbers; nothing where they have several units.

    The numbers must lie within those that have none: 15 t among kilograms is in another unit, and not only written out.
    """
    plain = {value: float(value) for value in counts if _NUMBER.fullmatch(value)}
    if sum(counts[value] for value in plain) < (1 - MOST) * sum(counts.values()) or not plain:
        return {}
    low, high = min(plain.values()), max(plain.values())
    found = {value: one for value, one in _with_unit(counts).items() if _is_known(*one[1:])}
    outside = sum(not low <= float(number) <= high for number, _, _ in found.values())
    if len({unit for _, _, unit in found.values()}) != 1 or outside > OUTSIDE * len(found) * (len(found) >= FEW):
        return {}
    return {value: number for value, (number, _, _) in found.items()}


def units_left_out(counts: Mapping[str, int]) -> LeftOut:
    """Plain numbers of `counts` in a column in which about half of the numbers or more have one unit; nothing
    where numbers are not nearly all there is, or have no unit in common.

    `12 oz`, `12 ounces` and `12 OZ. Bag` have one unit. Among those with a unit lies the middle one of the plain numbers
    where the unit was only left out.
    """
    plain = sorted((value for value in counts if _NUMBER.fullmatch(value)), key=lambda value: (float(value), value))
    carrying = _with_unit(counts) if plain else {}
    cells, bare = sum(counts.values()), sum(counts[value] for value in plain)
    carried = sum(counts[value] for value in carrying)
    if not carrying or bare + carried < ALL * cells or bare >= (1 - MOST) * cells:
        return LeftOut([])
    rows: dict[str, int] = {}
    for value, (_, _, unit) in carrying.items():
        rows[unit] = rows.get(unit, 0) + counts[value]
    unit = max(rows, key=lambda one: (rows[one], one))
    usual = [written for _, written, one in carrying.values() if one == unit]
    known = all(_is_known(written, unit) for written in usual)
    numbers = [float(number) for number, _, _ in carrying.values()]
    near = min(numbers) <= float(plain[len(plain) // 2]) <= max(numbers)
    a_word = len(unit) > 1 and all(written.replace(" ", "").replace(".", "").isalpha() for written in usual)
    if rows[unit] < ONE_UNIT * carried or not (known or (a_word and near)):
        return LeftOut([])
    return LeftOut(plain, known, near)


def _with_unit(counts: Mapping[str, int]) -> dict[str, tuple[str, str, str]]:
    """Number of each value that has something behind it, what that is as it is written, and its unit."""
    found = {value: match for value in counts if (match := _WITH_UNIT.fullmatch(value))}
    return {
        value: (match[1], written, unit_of(written))
        for value, match in found.items()
        if not _NUMBER.fullmatch(value) and (written := match[2].strip())
    }


def _is_known(written: str, unit: str) -> bool:
    """Whether it is a unit; one capital by itself is a width of shoes, or a part of a code."""
    return unit in KNOWN and not (len(written) == 1 and written.isupper())
