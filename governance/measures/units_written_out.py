"""Numbers with a unit behind them in a column of numbers: `15000.0 kg` among `14200.0`, which makes the column one of text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from governance.measures.written_quantities import read_with_unit

MOST = 0.45
"""Share of the cells up to which others than plain numbers are in a column of numbers."""
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
