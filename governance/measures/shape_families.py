"""Rare shapes that are a way to write of their own: `12345-6789` among `12345`, `6x330ml` among `330ml`, `SW1A 3AA`.

Damage hits cells one by one; what adds a part to a usual value behind a mark, or is written again and again in a way that
is many signs from the usual ones, was written so on purpose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

from governance.measures.misspellings import distance
from governance.measures.string_damage import shape
from governance.measures.written_quantities import read_with_unit

REPEATED = 3
"""Cells from which a shape, or a value, is written again and again."""
FAR = 3
"""Signs by which the length or the kinds of signs of such a shape must differ from each usual one."""
A_LEVEL = 5
"""Cells from which a code is a level, where no slip in one sign makes it of a more frequent one."""
USUAL = 0.05
"""Share of the cells from which a shape is a usual one."""
_PARTS = re.compile(r"[^\W_]+(?:[.:,][^\W_]+)*|[\W_]+")
_PACK = re.compile(r"\d+ ?x ?(?=[\d.]+ ?[a-z])", re.IGNORECASE)


def families(odd: Collection[str], counts: Mapping[str, int]) -> set[str]:
    """Of values of a rare shape, those whose shape is one of a family. `counts` holds all values of the column."""
    rows = sum(counts.values())
    shapes: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for value, count in counts.items():
        shapes[_form(value)] += count
        kinds[_kinds(value)] += count
    usual = {one for one, count in shapes.items() if count >= USUAL * rows}
    odd = set(odd)
    common = Counter({kind: count for kind, count in kinds.items() if count >= USUAL * rows})
    cells: Counter[str] = Counter()
    for value in odd:
        cells[shape(value, capitals=True)] += counts[value]
    again = {
        value
        for value in odd
        if cells[shape(value, capitals=True)] >= REPEATED and all(_apart(_kinds(value), one) >= FAR for one in common)
    }
    sizes: dict[str, tuple[int, int]] = {}
    for value in counts.keys() - odd:
        if (form := _form(value)) in usual:
            low, high = sizes.get(form, (len(value), len(value)))
            sizes[form] = min(low, len(value)), max(high, len(value))
    units: Counter[tuple[str, str]] = Counter()
    unit = {value: (one.kind, one.notation) for value in odd for one in read_with_unit(value)}
    for value, written in unit.items():
        units[written] += counts[value]
    again |= {value for value, written in unit.items() if units[written] >= REPEATED}
    return again | {value for value in odd if _form(value) in sizes or _adds(value, sizes)}


def own_codes(odd: Collection[str], counts: Mapping[str, int]) -> set[str]:
    """Of values of a rare shape, codes of letters and digits that many cells repeat: `22G1` among `20GP` and `40HC`.

    They are as long as a more frequent value, and two signs or more from each of these: a slip takes one.
    """
    found = set()
    for value in odd:
        if counts[value] < A_LEVEL or not value.isalnum() or value.isalpha() or value.isdigit():
            continue
        others = [other for other, cells in counts.items() if cells > counts[value] and len(other) == len(value)]
        near = (distance(value.casefold(), other.casefold()) < 2 for other in counts if counts[other] > counts[value])
        if others and not any(near):
            found.add(value)
    return found


def _adds(value: str, usual: Mapping[str, tuple[int, int]]) -> bool:
    """Whether a value is a usual one with a part of letters or digits before or behind it, and a mark between.

    `usual` holds the least and the most signs of the values of each usual shape; one more or less is usual too.
    """
    without = _PACK.sub("", value, count=1)
    if without != value and _form(without) in usual:
        return True
    parts = _PARTS.findall(value)
    for place in range(1, len(parts) - 1):
        if parts[place][0].isalnum():
            continue
        for kept, added in ((parts[:place], parts[place + 1 :]), (parts[place + 1 :], parts[:place])):
            text = "".join(kept)
            low, high = usual.get(_form(text), (len(text) + 2, 0))
            if any(part[0].isalnum() for part in added) and low - 1 <= len(text) <= high + 1:
                return True
    return False


def _form(value: str) -> str:
    """The shape of a value with a number with a point as one without."""
    return shape(re.sub(r"(?<![\d.])(\d+)\.(\d+)(?![\d.])", r"\1\2", value.strip()))


def _kinds(value: str) -> str:
    """The kinds of the signs of a value, one by one: 9 for digits, a for letters."""
    return "".join("9" if sign.isdigit() else "a" if sign.isalpha() else sign for sign in value)


def _apart(one: str, other: str) -> int:
    """Signs by which two strings differ at least: in their lengths, or in how many of each kind they have."""
    first, second = Counter(one), Counter(other)
    return max((first - second).total(), (second - first).total())
