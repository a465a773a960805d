"""Which letters behind numbers are part of codes, as in the classes 5a to 12c, and which are units.

A unit that is written otherwise stands behind whatever number the cell holds, and so in a small share of the cells of
each. A code is a level: its number and its letters belong together, and it repeats as often as the others do. Letters
of a code are one of a series (seats A to F, shoe widths M, W and EE; containers 20GP, 40HC and 20RF, of as many capitals
each), where another letter is another code.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from governance.measures.written_quantities import UNITS

REPEATED = 3
"""Cells from which a value, or a letter, is written again and again."""
RARER = 3
"""How many times rarer than the others a level may be."""
SERIES = 2
"""Usual letters from which any letter belongs to the series."""
_LETTER = re.compile(r"[^\W\d_]|([A-Z])\1{1,3}")
"""A letter, or a capital again and again, as in sizes of shoes and bras."""
_CAPITALS = re.compile(r"[A-Z]{2,4}")
_MEMBER = re.compile(r"[^\W\d_]{1,2}|([A-Z])\1{2,3}")
_UNIT_LETTERS = frozenset("g l m s h".split())
"""Grams, litres, metres, seconds, hours: of them alone no series is made."""


def coded_endings(ending: Mapping[str, str], counts: Mapping[str, int], usual: Collection[str]) -> set[str]:
    """Endings beside the `usual` ones that are part of a code, and in no other writing than those.

    `ending` holds what stands behind the number of each value, `counts` the cells of each value of the column.
    """
    series = _of_a_series(ending, counts, usual) | _of_capitals(ending, counts, usual)
    return _of_levels(ending, counts, usual) | series


def _of_levels(ending: Mapping[str, str], counts: Mapping[str, int], usual: Collection[str]) -> set[str]:
    """Endings most of whose cells hold a level: the number has it about as often as it has any usual ending."""
    most: dict[str, int] = defaultdict(int)
    for value, written in ending.items():
        if written in usual:
            most[_number(value, written)] = max(most[_number(value, written)], counts[value])
    cells: Counter[str] = Counter()
    levels: Counter[str] = Counter()
    for value, written in ending.items():
        cells[written] += counts[value]
        if counts[value] >= REPEATED and RARER * counts[value] >= most.get(_number(value, written), 0):
            levels[written] += counts[value]
    return {written for written, count in cells.items() if written not in usual and 2 * levels[written] > count}


def _of_a_series(ending: Mapping[str, str], counts: Mapping[str, int], usual: Collection[str]) -> set[str]:
    """Endings of a letter or two in the same case, where all the usual ones are letters that are no unit."""
    if not usual or not all(map(_LETTER.fullmatch, usual)) or set(usual) <= _UNIT_LETTERS:
        return set()
    cells: Counter[str] = Counter()
    for value, written in ending.items():
        same_case = any(one.isupper() == written.isupper() and one.islower() == written.islower() for one in usual)
        if written not in usual and same_case and _MEMBER.fullmatch(written):
            cells[written] += counts[value]
    letters = {written for written in cells if len(written) == 1}
    # Slips of the finger are of many letters, each in a cell or two.
    again = sum(cells[written] for written in letters) >= REPEATED * len(letters)
    series = letters if len(usual) >= SERIES or again else set()
    return series | {written for written in cells.keys() - letters if cells[written] >= REPEATED}


def _of_capitals(ending: Mapping[str, str], counts: Mapping[str, int], usual: Collection[str]) -> set[str]:
    """Endings of as many capitals as all of several usual ones that are no unit, where they are written again and again."""
    lengths = {len(written) if _CAPITALS.fullmatch(written) else 0 for written in usual}
    if len(usual) < SERIES or len(lengths) > 1 or 0 in lengths or any(_may_be_unit(written) for written in usual):
        return set()
    cells: Counter[str] = Counter()
    for value, written in ending.items():
        if written not in usual and {len(written)} == lengths and _CAPITALS.fullmatch(written):
            cells[written] += counts[value]
    return {written for written, count in cells.items() if count >= REPEATED and not _may_be_unit(written)}


def _may_be_unit(written: str) -> bool:
    return written in UNITS or written.casefold() in UNITS


def _number(value: str, written: str) -> str:
    return value.strip().removesuffix(written).strip()


def own_levels(odd: Iterable[str], counts: Mapping[str, int]) -> set[str]:
    """Of values that look `odd`, those that repeat about as often as a cell's value does in the middle of all cells."""
    rows = sum(counts.values())
    seen, middle = 0, 0
    for middle in sorted(counts.values()):
        seen += middle
        if 2 * seen >= rows:
            break
    return {value for value in odd if counts[value] >= REPEATED and RARER * counts[value] >= middle}
