"""Slips in codes, as GPL-3.0 and image/jpeg are: another letter often makes another code, so that one slip says little.

As in `string_damage`, values in, values out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SEVERAL = 3
"""Different slips in the codes of a column, from which they are slips and no other codes."""
_CODE = re.compile(r"[^\s]*(?:\d|/)[^\s]*")
_NAMESAKES = re.compile(r"\bMa?c(?=[A-Z])")


def doubtful_slips(slips: Mapping[str, str]) -> set[str]:
    """Values of `slips` (with what each was taken for) that may well be right: other codes, and Mac beside Mc in a name.

    A letter in place of a digit, or the other way round, is a slip in a code too.
    """
    namesakes = {value for value, meant in slips.items() if _NAMESAKES.sub("", value) == _NAMESAKES.sub("", meant)}
    edits = {value: edit for value, meant in slips.items() if (edit := _edit_of_code(value, meant))}
    return namesakes | (set(edits) if len(set(edits.values())) < SEVERAL else set())


def _edit_of_code(value: str, meant: str) -> tuple[str, str] | None:
    """What was left out and what was put in, where it was in a code; None where it was in a word, or of a digit."""
    one, other = value.split(), meant.split()
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a != b] if len(one) == len(other) else []
    if not pairs or not all(_CODE.fullmatch(b) for _, b in pairs):
        return None
    written, right = pairs[0]
    start = 0
    while start < min(len(written), len(right)) and written[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(written), len(right)) - start and written[-1 - end] == right[-1 - end]:
        end += 1
    edit = written[start : len(written) - end], right[start : len(right) - end]
    return None if any(sign.isdigit() for sign in "".join(edit)) else edit
