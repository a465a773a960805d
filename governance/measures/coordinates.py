"""Places on a grid, written as numbers: national grids, UTM, MGRS, and degrees as ISO 6709 and receivers write them.

Sources: Ordnance Survey, Guide to coordinate systems in Great Britain, 2020 (letters of the squares on land; the Irish
Grid has one letter); NGA.STND.0037, Universal grids, 2014 (UTM and MGRS); ISO 6709:2022 (annex H).
"""

from __future__ import annotations

import re

_LAND = "HPTUWXYZ NABCDFGHJKLMNORSTUWXYZ OV SCDEHJKMNOPRSTUVWXYZ TAFGLMQRV"
_BRITISH = "|".join(f"{row[0]}[{row[1:]}]" for row in _LAND.split())
_HALVES = "(?:{})".format("|".join(rf"\d{{{n}}} ?\d{{{n}}}" for n in (5, 4, 3)))
"""As many digits eastward as northward."""
_BAND = "[C-HJ-NP-X]"
FORM = (
    rf"\b(?:(?:{_BRITISH}) ?{_HALVES}"
    # A phone, a mobile and a fax have such a letter before their number as well.
    rf"|[A-EGHJ-LNOQ-SU-Z] ?{_HALVES}"
    rf"|\d{{1,2}}{_BAND} ?[A-HJ-NP-Z]{{2}} ?{_HALVES}"
    rf"|\d{{1,2}} ?{_BAND} ?E? ?0?\d{{6}}(?:\.\d+)?(?: ?m? ?E)?[ ,;/]{{0,3}}N? ?0?\d{{7}}(?:\.\d+)?(?: ?m? ?N)?"
    r"|[NSEW] ?\d{1,3}[ °]{1,2}\d{1,2}\.\d{2,})\b"
    r"|[+-]\d\d\.\d{4,}[+-]\d{3}\.\d{4,}"
)
"""A regular expression without look-around, of places in capitals."""
_PLACE = re.compile(rf"(?<![\w.+-])(?:{FORM})(?![\w-]|[./]\d| \d)", re.ASCII)


def is_place(text: str, start: int, end: int) -> bool:
    """Whether the number `text[start:end]` is part of a place on a grid, by its form."""
    near = max(0, start - 20)
    return any(
        near + place.start() < end and start < near + place.end() for place in _PLACE.finditer(text[near : end + 20])
    )
