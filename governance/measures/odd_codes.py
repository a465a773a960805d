"""Cells that are no code in a column of codes of one shape: `Germany` and `DEU` among `DE`, `FR` and `IT`.

Words of a language have many lengths. Where nearly all cells are a few capitals, of one number, and there are several of
them, what else stands there says the thing in words, or comes from another list of codes, which are those of the column
with more letters. That the list itself has rare codes of another length (`USDT` among `USD`) is possible.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

CODE = re.compile(r"[A-Z]{2,4}")
WORD = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
LEAST_CODES, LEAST_CELLS = 5, 100
"""Different codes, and cells, that a column of codes has at least."""
MOST = 0.95
"""Share of the cells that are codes of one length."""
LONGER = 2
"""How many times as long as a code a word is that is none."""
LEAST_OTHERS = 2
"""First letters of codes of another length from which they may be another list's: USDT and USDC are both from USD."""
ANY = frozenset(
    "other others misc miscellaneous mixed none various international global worldwide remote online all any unknown unspecified total rest multiple "
    "missing undefined default sonstige sonstiges andere anderes divers autre autres otro otros otra altro altri inne outro outros overig".split()
)
"""Words for what has no code."""


class OddCodes(NamedTuple):
    """Values that are no codes of the column's list."""

    sure: set[str]
    """Words, and codes of another list of the same things."""
    unsure: set[str]
    """Codes of another length that may be in the list."""


def odd_codes(counts: Mapping[str, int]) -> OddCodes:
    """The values that are no codes, where nearly all of the others are. `counts` holds the cells of each value."""
    rows = sum(counts.values())
    lengths: Counter[int] = Counter()
    for value, cells in counts.items():
        if CODE.fullmatch(value):
            lengths[len(value)] += cells
    nothing = OddCodes(set(), set())
    if rows < LEAST_CELLS or not lengths:
        return nothing
    length, cells = lengths.most_common(1)[0]
    codes = {value for value in counts if len(value) == length and CODE.fullmatch(value)}
    odd = sorted(set(counts) - codes)
    if cells < MOST * rows or len(codes) < LEAST_CODES or not odd:
        return nothing
    others = [value for value in odd if CODE.fullmatch(value)]
    # One that happens to begin and go on as a code says little; several, and all of them, are another list.
    several = len({one[0] for one in others}) >= LEAST_OTHERS
    listed = several and all(any(_shortens(code, one) for code in codes) for one in others)
    odd = [value for value in odd if value.casefold() not in ANY]
    sure = {value for value in odd if _is_word(value, length) or (listed and value in others)}
    return OddCodes(sure, set(odd) - sure)


def _is_word(value: str, length: int) -> bool:
    """Whether a value is a word, and neither a code of the column's `length` nor one a little longer."""
    letters = sum(sign.isalpha() for sign in value)
    return WORD.fullmatch(value) is not None and letters >= LONGER * length + value.isupper()


def _shortens(code: str, other: str) -> bool:
    """Whether a longer code begins as `code` and goes on with its letters, in order: `ESP` as `ES`."""
    rest = iter(other[1:])
    return len(code) < len(other) and code[0] == other[0] and all(letter in rest for letter in code[1:])
