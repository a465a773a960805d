"""Times of the day in the ways that tables write them: `3:20 p.m.`, `15:20`, `Dec 1 3:20 PM`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DAY = r"(?:[A-Za-z]{3,9}\.? \d{1,2}(?:,? \d{4})?|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?|[A-Z][a-z]{2})"
_CLOCK = re.compile(
    rf"\s*(?P<before>{_DAY},?[ T]\s*)?(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d(?:\.\d+)?))?"
    rf"(?P<half>\s*[ap](?:\.?\s?m\.?)?)?(?P<after>\s*\(?{_DAY}\)?)?\s*",
    re.IGNORECASE,
)
NOON = 12
HOURS = 24


def clock_time(value: str) -> tuple[str, float] | None:
    """The notation of a time of the day and its minutes since midnight; None when `value` is none.

    A day beside the time belongs to the notation: days of one flight are the same in every source. How many digits an
    hour has, and whether seconds are told, does not.
    """
    found = _CLOCK.fullmatch(value)
    if found is None:
        return None
    hour, half = int(found["hour"]), found["half"] or ""
    if (half and not 1 <= hour <= NOON) or hour >= HOURS:
        return None
    if half:
        hour = hour % NOON + (NOON if "p" in half.lower() else 0)
    day = "day before" if found["before"] else "day behind" if found["after"] else ""
    minutes = 60.0 * hour + int(found["minute"]) + float(found["second"] or 0) / 60
    return f"{day}|{half.replace('p', 'a').replace('P', 'A')}", minutes


def write_clock(minutes: float, notation: str, like: Iterable[str]) -> str:
    """`minutes` since midnight in a notation; empty where it names a day, which nobody knows."""
    day, _, half = notation.partition("|")
    if day:
        return ""
    hour, minute = divmod(int(minutes), 60)
    late = hour >= NOON
    shown = (hour % NOON or NOON) if half else hour
    width = 2 if any(value.strip().startswith("0") for value in like) else 1
    mark = half.replace("a", "p").replace("A", "P") if late else half
    return f"{shown:0{width}d}:{minute:02d}{mark}"
