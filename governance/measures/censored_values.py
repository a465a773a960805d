"""Numbers that are told as a limit only: `<20`, `>500`, `5 or more`, `<1:10`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from governance.measures.string_damage import shape

_LIMIT = re.compile(
    r"\s*(?:(?:<=|>=|[<>≤≥]|(?:over|under|above|below|up to|at least|at most|less than|more than)\s)\s*(?P<after>\S.*?)"
    r"|(?P<before>\S.*?)\s*(?:\+|\s(?:or|and) (?:more|less|fewer|over|under|above|below|older|younger)))\s*",
    re.IGNORECASE,
)
ALIKE = 0.5
"""Share of the cells that must have the shape of the limit without its sign for it to be one of the same numbers."""


def censored_values(counts: Mapping[str, int]) -> dict[str, str]:
    """Values that say that a number lies below or above a limit, in a column of such numbers.

    What they are in full nobody knows, so nothing is suggested. Source of the term: D. Helsel. Statistics for Censored
    Environmental Data. Wiley, 2012.
    """
    limits = {}
    for value in counts:
        found = _LIMIT.fullmatch(value)
        limit = (found["after"] or found["before"]) if found else ""
        if limit and any(sign.isdigit() for sign in limit):
            limits[value] = _form(limit)
    if not limits:
        return {}
    rows = sum(counts.values())
    forms: dict[str, int] = {}
    for value, count in counts.items():
        if value not in limits:
            forms[_form(value)] = forms.get(_form(value), 0) + count
    return {value: "" for value, form in limits.items() if forms.get(form, 0) >= ALIKE * rows}


def _form(value: str) -> str:
    """The shape of a value with a number with a point as one without."""
    return shape(re.sub(r"(\d)\.(?=\d)", r"\1", value.strip()))
