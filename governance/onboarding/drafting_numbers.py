"""Rounds drafted limits outward, so that they are short to read and let through all that was seen."""

from __future__ import annotations

import math


def rounded_outward(value: float, *, up: bool, digits: int = 2) -> float:
    """`value` with `digits` significant digits, never nearer to the data: towards +inf when `up`, else -inf."""
    if abs(value) < 1e-300 or not math.isfinite(value):  # smaller ones have no digits to round to
        return value
    places = digits - 1 - math.floor(math.log10(abs(value)))
    factor = 10.0 ** abs(places)
    scaled = value * factor if places >= 0 else value / factor
    whole = math.ceil(scaled - 1e-9) if up else math.floor(scaled + 1e-9)
    result = whole / factor if places >= 0 else whole * factor
    # The last bits of the division may fall short.
    return max(result, value) if up else min(result, value)
