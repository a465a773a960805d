"""Numbers of which some have a unit behind them: `15000.0 kg` among `14200.0`, or 14200.0 among many such, which makes the
column one of text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from governance.measures.written_quantities import UNITS, read_with_unit

MOST = 0.45
"""Share of the cells up to which others than plain numbers are in a column of numbers."""
ALL, ONE_UNIT = 0.95, 0.6
"""Share of the cells that are numbers, with a unit or without, and of those with a unit that have the same one, at least."""
SIGNS = "%‰°$€£¥"
"""Signs that are units by themselves; of letters one alone may be a part of a code, as in house numbers."""
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*")
_WITH_UNIT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(\D{1,8}\d?)\s*")


def units_written_out(counts: Mapping[str, int]) -> tuple[dict[str, str], str]:
    """Values of `counts` with their number alone, and the one unit, as it is written; nothing where there are several.

    The number must lie within those that have none: 15 t among kilograms is in another unit, and not only written out.
    """
    plain = {value: float(value) for value in counts if _NUMBER.fullmatch(value)}
    if sum(counts[value] for value in plain) < (1 - MOST) * sum(counts.values()) or not plain:
        return {}, ""
    low, high = min(plain.values()), max(plain.values())
    found = {
        value: (match[1], match[2].strip())
        for value in counts
        if value not in plain and (match := _WITH_UNIT.fullmatch(value)) and any(read_with_unit(value))
    }
    units = {unit for _, unit in found.values()}
    if len(units) != 1 or not all(low <= float(number) <= high for number, _ in found.values()):
        return {}, ""
    return {value: number for value, (number, _) in found.items()}, units.pop()


def units_left_out(counts: Mapping[str, int]) -> list[str]:
    """Plain numbers of `counts` in a column in which about half of the numbers or more have one unit; nothing
    where numbers are not nearly all there is, or have no unit in common.

    The middle one of the plain numbers must lie within the others: what is in another unit was not only left without.
    """
    plain = sorted(value for value in counts if _NUMBER.fullmatch(value))
    units: dict[str, int] = {}
    numbers = []
    for value, rows in counts.items():
        if value not in plain and (match := _WITH_UNIT.fullmatch(value)):
            numbers.append(float(match[1]))
            unit = match[2].strip().rstrip(".").casefold()
            units[unit] = units.get(unit, 0) + rows
    cells, bare, carried = sum(counts.values()), sum(counts[value] for value in plain), sum(units.values())
    if not plain or not units or bare + carried < ALL * cells or bare >= (1 - MOST) * cells:
        return []
    unit = max(units, key=lambda one: (units[one], one))
    # oz, ounce and OZ. Bag are one unit, which begins with the same letter.
    alike = sum(rows for other, rows in units.items() if other[:1] == unit[:1])
    is_unit = unit in UNITS or unit in SIGNS or (len(unit) > 1 and unit.replace(" ", "").isalpha())
    middle = sorted(map(float, plain))[len(plain) // 2]
    if alike < ONE_UNIT * carried or not is_unit or not min(numbers) <= middle <= max(numbers):
        return []
    return plain
