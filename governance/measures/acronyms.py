"""Acronyms among words, which are written in capitals because they are short for something: ICU, USA, AT&T, U.S.A."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

ESTABLISHED, RARER = 5, 3
"""Cells of an acronym that a column has, and how many times as many as those of its letters in other capitals."""
_SHORT = re.compile(r"[A-Z]{1,4}(?:[ -]?\d{1,3})?|(?:[A-Z]{1,2}[&./-]){1,4}[A-Z]{0,2}")
"""Few letters, with a number behind or signs between."""
_FIVE = re.compile(r"[A-Z]{5}")
"""As UNHCR: as many words have five letters, one that hardly a cell has is none."""


def established(odd: Collection[str], counts: Mapping[str, int]) -> set[str]:
    """Of values in `odd` capitals, acronyms that are frequent and hardly ever written otherwise."""
    cells: Counter[str] = Counter()
    for value, rows in counts.items():
        cells[value.casefold()] += rows
    return {
        value
        for value in odd
        if (_SHORT.fullmatch(value) or _FIVE.fullmatch(value))
        and counts[value] >= max(ESTABLISHED, RARER * (cells[value.casefold()] - counts[value]))
    }


def possible(odd: Mapping[str, str], counts: Mapping[str, int]) -> dict[str, str]:
    """Values that may be short for something: of few letters, and in no other capitals in the column (`odd`: in which)."""
    return {value: "" for value, meant in odd.items() if _SHORT.fullmatch(value) and meant not in counts}
