"""Days of the calendar in the ways that tables write them: `2001-05-03`, `3 May 2001`, `May 3, 2001`, `03.05.01`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection

from governance.measures.written_quantities import Reading

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SHORT = 3
PIVOT = 69
"""Years of two digits from which they are of 1900: POSIX.1-2017, strptime."""
_TAIL = r"(?P<tail>\s*\([^()]*\))?\s*"
_SIGNS = re.compile(r"\s*(?P<a>\d{1,4})(?P<sign>[-/.])(?P<b>\d{1,2})(?P=sign)(?P<c>\d{1,4})" + _TAIL)
_DAY_FIRST = re.compile(
    r"\s*(?P<d>\d{1,2})(?:st|nd|rd|th)?(?P<sign>\.? |-)(?P<m>[A-Za-z]{3,9})\.?,?[ -](?P<y>\d{4}|\d{2})" + _TAIL
)
_MONTH_FIRST = re.compile(r"\s*(?P<m>[A-Za-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})" + _TAIL)
_ORDERS = ("ymd", "dmy", "mdy")


def read_day(value: str) -> tuple[Reading, ...]:
    """A day, counted from the first one of year 1; what stands in brackets behind it is left out.

    Where day and month may stand in either order, there is a reading of each.
    """
    found = _SIGNS.fullmatch(value)
    if found:
        parts = (found["a"], found["b"], found["c"])
        ways = []
        for order in _ORDERS:
            told = dict(zip(order, parts, strict=True))
            if len(told["y"]) in {2, 4} and (len(told["y"]) == 4 or order != "ymd"):
                ways.append((f"{order}{found['sign']}{len(told['y'])}", _number(told["y"], int(told["m"]), told["d"])))
        return tuple(Reading(way, "", day) for way, day in ways if day)
    found = _DAY_FIRST.fullmatch(value)
    order = "d" + found["sign"] if found else "M"
    found = found or _MONTH_FIRST.fullmatch(value)
    if found is None:
        return ()
    name = found["m"].capitalize()
    month = next((place for place, one in enumerate(MONTHS, 1) if name in {one, one[:SHORT]}), 0)
    day = _number(found["y"], month, found["d"])
    styles = {size for size in ("long", "short") if name == (MONTHS[month - 1] if size == "long" else name[:SHORT])}
    return tuple(Reading(f"{order}{style}{len(found['y'])}", "", day) for style in sorted(styles)) if day else ()


def _number(year: str, month: int, day: str) -> float:
    full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= PIVOT else 2000)
    try:
        return float(datetime.date(full, month, int(day)).toordinal())
    except ValueError:
        return 0.0


def write_day(quantity: float | str, notation: str, like: Collection[str]) -> str:
    """A day in the notation, with zeros before short numbers, and what stands behind it in brackets, as `like` has them."""
    day = datetime.date.fromordinal(int(quantity))
    year = str(day.year)[-int(notation[-1]) :]
    wide = 2 if any(re.search(r"(?<!\d)0\d\D|\D0\d(?!\d)", value) for value in like) else 1
    tails = {value[value.index("(") - 1 :] if "(" in value else "" for value in like}
    tail = next(iter(tails)) if len(tails) == 1 else ""
    month, number = f"{day.month:0{wide}d}", f"{day.day:0{wide}d}"
    if notation[:3] in _ORDERS:
        told = {"y": year, "m": month, "d": number}
        return notation[3].join(told[part] for part in notation[:3]) + tail
    name = MONTHS[day.month - 1] if "long" in notation else MONTHS[day.month - 1][:SHORT]
    if notation[0] == "M":
        return f"{name} {number}, {year}{tail}"
    sign = re.split("long|short", notation[1:])[0]
    return f"{number}{sign}{name}{'-' if sign == '-' else ' '}{year}{tail}"
