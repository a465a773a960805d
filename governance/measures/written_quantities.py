"""What one cell says whatever the notation: a duration, a number, a number with its unit, a code of digits.

Each `read_...` gives the ways in which one value can be read, and each `write_...` writes a quantity in a notation, as the
values in `like` are written. A value that two notations write alike, as 655 without and with marks between thousands,
has a reading of each.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple


class Reading(NamedTuple):
    """One way to read a value."""

    notation: str
    kind: str
    """Only quantities of one kind can be compared: kilograms are never metres."""
    quantity: float | str


_HOURS = r"h|hr|hrs|hour|hours|std"
_MINUTES = r"m|min|mins|minute|minutes"
_DURATION = re.compile(
    rf"(?:(?P<h>\d+(?:\.\d+)?)(?P<hours>\s*(?:{_HOURS})(?![A-Za-z])\.?))?"
    rf"(?P<between>(?:,| and)?\s*)(?:(?P<m>\d+(?:\.\d+)?)(?P<minutes>\s*(?:{_MINUTES})(?![A-Za-z])\.?))?",
    re.IGNORECASE,
)
_COLON = re.compile(r"(\d{1,2}):([0-5]\d)")
HOUR = 60
_PLAIN = re.compile(r"([+-]?)(\d+)(\.\d+)?")
_MARKS = ",'’\u00a0\u202f "
_GROUPED = re.compile(rf"([+-]?)(\d{{1,3}}(?:([{_MARKS}])\d{{3}})(?:\3\d{{3}})*)(\.\d+)?")
THOUSAND = 1000
DIGITS = 7
"""Digits from which marks between them are a way to write, as in phone numbers, and no sign of what the number is."""
_MARKED = re.compile(r"[+(]?\d(?:[ ./()–-]{0,2}\d)*[ ./–-]?[\dXx]")
_RANGE = re.compile(r"(\d+)(\s*[-–—‒−]\s*)(\d+)")
UNITS = {
    unit: (kind, factor)
    for kind, units in {
        "mass": {"µg": 1e-6, "μg": 1e-6, "ug": 1e-6, "mcg": 1e-6, "mg": 1e-3, "g": 1.0, "kg": 1e3, "lb": 453.59237,
                 "lbs": 453.59237, "oz": 28.349523125},
        "volume": {"µl": 1e-6, "ul": 1e-6, "ml": 1e-3, "cl": 1e-2, "dl": 0.1, "l": 1.0},
        "length": {"mm": 1e-3, "cm": 1e-2, "m": 1.0, "km": 1e3, "in": 0.0254, "ft": 0.3048},
    }.items()
    for unit, factor in units.items()
}  # fmt: skip
"""Units of one dimension and how much of its first one each is: BIPM. The International System of Units, 2019, and the
international agreement of 1959 on yard and pound."""
_WITH_UNIT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+))(\s*)([^\W\d_]{1,3})\.?\s*")


def read_duration(value: str) -> tuple[Reading, ...]:
    """Hours and minutes, in minutes. `45 min` is written so with hours and without."""
    colon = _COLON.fullmatch(value.strip())
    if colon:
        return (Reading("h:mm", "", float(HOUR * int(colon[1]) + int(colon[2]))),)
    found = _DURATION.fullmatch(value.strip())
    if found is None or not (found["h"] or found["m"]):
        return ()
    minutes = HOUR * float(found["h"] or 0) + float(found["m"] or 0)
    ways = [Reading("h min", "", minutes)] if found["h"] or minutes < HOUR else []
    if not found["h"]:
        ways.append(Reading("min", "", minutes))
    return tuple(ways)


def write_duration(quantity: float | str, notation: str, like: Collection[str]) -> str:
    """Minutes in the words that the first of `like` with both hours and minutes, or with minutes alone, uses."""
    minutes = float(quantity)
    if notation == "h:mm":
        return f"{int(minutes // HOUR)}:{int(minutes % HOUR):02d}"
    found = (_DURATION.fullmatch(value.strip()) for value in like)
    wanted = ("h", "m") if notation == "h min" else ("m",)
    one = next((match for match in found if match and all(match[part] for part in wanted)), None)
    if one is None:
        return ""
    if notation == "min":
        return f"{minutes:g}{one['minutes']}"
    return f"{int(minutes // HOUR)}{one['hours']}{one['between']}{minutes % HOUR:g}{one['minutes']}"


def read_grouped(value: str) -> tuple[Reading, ...]:
    """A number with marks between thousands or without. `1,655` and `1655` are told apart, 655 is written alike."""
    plain, grouped = _PLAIN.fullmatch(value), _GROUPED.fullmatch(value)
    if grouped:
        digits = re.sub(r"\D", "", grouped[2])
        return (Reading(f"1{grouped[3]}000", "", float(grouped[1] + digits + (grouped[4] or ""))),)
    if plain is None or (len(plain[2]) > 1 and plain[2][0] == "0"):
        return ()
    number = float(value)
    marks = ("", *_MARKS) if abs(number) < THOUSAND else ("",)
    return tuple(Reading(f"1{mark}000", "", number) for mark in marks)


def write_grouped(quantity: float | str, notation: str, like: Collection[str]) -> str:
    """A number with the mark of the notation between thousands."""
    del like
    number = float(quantity)
    shown = f"{int(number):,}" if number.is_integer() else f"{number:,}"
    return shown.replace(",", notation[1:-3])


def read_digits(value: str) -> tuple[Reading, ...]:
    """A code of `DIGITS` digits or more, by its digits; the notation is where the marks between them stand."""
    text = value.strip()
    digits = re.sub(r"[^\dXx]", "", text)
    if len(digits) < DIGITS or not _MARKED.fullmatch(text) or re.fullmatch(r"\d+\.\d+", text):
        return ()
    return (Reading(re.sub(r"[\dXx]", "9", text), str(len(digits)), digits.upper()),)


def write_digits(quantity: float | str, notation: str, like: Collection[str]) -> str:
    """The digits with the marks of the notation between them."""
    del like
    digits = iter(str(quantity))
    return "".join(next(digits, "") if sign == "9" else sign for sign in notation)


def read_range(value: str) -> tuple[Reading, ...]:
    """Two numbers with a dash between them; the notation is the dash."""
    found = _RANGE.fullmatch(value.strip())
    return (Reading(found[2], "", f"{found[1]} {found[3]}"),) if found else ()


def write_range(quantity: float | str, notation: str, like: Collection[str]) -> str:
    """The two numbers with the dash of the notation between them."""
    del like
    return str(quantity).replace(" ", notation)


def read_with_unit(value: str) -> tuple[Reading, ...]:
    """A number with a unit of `UNITS`, in the first unit of its dimension."""
    found = _WITH_UNIT.fullmatch(value)
    unit = found[3].casefold() if found else ""
    if found is None or unit not in UNITS:
        return ()
    kind, factor = UNITS[unit]
    return (Reading(unit, kind, float(found[1]) * factor),)


def write_with_unit(quantity: float | str, notation: str, like: Collection[str]) -> str:
    """A quantity in the unit of the notation, to four digits."""
    found = next((match for value in like if (match := _WITH_UNIT.fullmatch(value))), None)
    return f"{float(quantity) / UNITS[notation][1]:.4g}{found[2] if found else ' '}{found[3] if found else notation}"
