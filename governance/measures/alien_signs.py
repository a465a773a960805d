"""Signs that belong to no word: `Smith'*` beside Smith, `98000.0` beside 98000. Values in, values out.

As in `string_damage`, a function takes the distinct values of one column with their counts, and gives the damaged
values, each with what it probably should be.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping

from governance.measures.special_functions import bdtrc

KNOWN = frozenset("'’‘`´-‐‑–—.,&/()\"“”„«»_+:;·@|")
"""Signs of names, of lists and between words, and those that handles and addresses have."""
WORDS, LEAST = 0.95, 30
"""Share of the cells that must begin with a letter, and how many, for a column to be one of words."""
LETTERS = 3
"""With fewer, a sign makes another code: A* and A are two grades."""
FEWEST = 3
"""Different values with the sign that the column also holds without it."""
HONEST, BY_CHANCE = 0.1, 1.5e-3
"""Share of honest values with a sign that also stand without it, at most; and the chance of so many (binomial)."""
MOST = 0.3
"""Share of the cells of such values with the sign, from which it makes other values: Fat % beside Fat."""
AT_RANDOM = 0.5
"""Part of the values that a sign in as many cells would hit at random, that it must have hit."""
UNKNOWN = 0.1
"""The same where the values seldom repeat, so that they cannot be held against the same without it."""
LONE = 100
"""Different values from which a column is looked at so."""
NEVER = frozenset("*^~§¤¬¦")
"""Signs that no name ends or begins with, or has within a word."""
WHOLE = 0.9
"""Share of the cells that must be whole numbers for a few with zeros behind a point to be another writing."""
_POINT_ZERO = re.compile(r"([+-]?\d+)\.0+")
_WHOLE = re.compile(r"[+-]?\d+")


def alien_signs(counts: Mapping[str, int]) -> tuple[dict[str, str], dict[str, str]]:
    """Values of a column of words with a sign that is no part of them; the second part is less sure.

    An honest sign belongs to a value (Yahoo!), which then hardly stands without it, and is in few values of a column. One
    that was added hits values at random, the frequent ones most, so that most stand without it as well, and more often. Where values do not
    repeat, a sign counts that no name has, at an end or within a word of few cells.
    """
    rows = sum(counts.values())
    wordy = sum(count for value, count in counts.items() if value.lstrip("¿¡\"'([").strip()[:1].isalpha())
    if rows < LEAST or wordy < WORDS * rows:
        return {}, {}
    bearing: dict[str, list[str]] = defaultdict(list)
    for value in counts:
        if sum(sign.isalpha() for sign in value) >= LETTERS:
            for sign in set(value) - KNOWN:
                if _is_sign(sign):
                    bearing[sign].append(value)
    sure: dict[str, str] = {}
    likely: dict[str, str] = {}
    for sign, values in sorted(bearing.items()):
        cells = sum(counts[value] for value in values)
        plain = {value: _without(value, sign) for value in values}
        twins = {known for value in values if (known := _known(plain[value], counts))}
        chance = bdtrc(len(twins) - 1, len(values), HONEST)
        apart = sum(counts[one] for one in twins)
        hit = sum(1 - (1 - cells / rows) ** count for value, count in counts.items() if sign not in value)
        if len(twins) >= max(FEWEST, AT_RANDOM * hit) and chance < BY_CHANCE and cells <= MOST * (cells + apart):
            sure |= {value: _known(plain[value], counts) or plain[value][-1] for value in values}
        elif sign in NEVER and len(values) > 1 and cells <= UNKNOWN * rows and len(counts) >= LONE:
            likely |= {value: plain[value][-1] for value in values if _outside(value, sign)}
    return sure, {value: meant for value, meant in likely.items() if value not in sure}


def _is_sign(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PS"


def _without(value: str, sign: str) -> tuple[str, str]:
    """The value without the sign and brackets that held nothing else, and without what else stands at its ends then."""
    bare = " ".join(re.sub(r"\(\s*\)|\[\s*\]", "", value.replace(sign, "")).split())
    return bare, bare.strip("'’`\"*-_ ")


def _known(plain: tuple[str, str], counts: Mapping[str, int]) -> str:
    return next((one for one in plain if one in counts), "")


def _outside(value: str, sign: str) -> bool:
    """Whether the sign is at an end of the value, or between two letters."""
    return value[0] == sign or value[-1] == sign or re.search(rf"[^\W\d_]{re.escape(sign)}+[^\W\d_]", value) is not None


def point_zeros(counts: Mapping[str, int]) -> dict[str, str]:
    """Whole numbers written with zeros behind a point, in a column of texts that has no other parts of numbers."""
    whole = sum(rows for value, rows in counts.items() if _WHOLE.fullmatch(value))
    found = {value: pointed[1] for value in counts if (pointed := _POINT_ZERO.fullmatch(value))}
    parts = any(re.fullmatch(r"[+-]?\d+[.,]\d+", value) and value not in found for value in counts)
    cells = sum(counts[value] for value in found)
    return found if whole >= WHOLE * (sum(counts.values())) and cells <= (1 - WHOLE) * whole and not parts else {}
