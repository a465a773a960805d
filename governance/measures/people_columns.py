"""Whether a column holds names of people, so that two spellings that differ by a letter may be two people.

Three signs: the column is called after names (`last_name`), after what somebody does or is to somebody (`author`,
`owner`), or its values look like names by their form and hold given names. What a column is called never suffices:
an `owner` may be a kind of firm, a `contact` a channel, so the values must be names by their form as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from governance.measures.column_evidence import (
    COLUMN_VALUES,
    NAMED_FITS,
    NAMES_SHARE,
    fits,
    kind_of_column,
    looks_like_names,
    snake,
)
from governance.measures.people_names import called_after_people, parts_of, share_of_full

_ONE = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*")
_SAINT = re.compile(r"(?i)(?:saint|sainte|st|ste|san|santa|santo|sankt|sao|são)\b\.?")
"""What places and houses that are called after somebody begin with."""
_THINGS = re.compile(
    r"(?:^|_)(?:city|town|place|county|region|state|country|street|road|school|hospital|clinic|church|station|venue|stadium|hotel|brand|make|model"
    r"|product|item|title|film|movie|book|song|album|band|team|club|company|firm|store|shop|ship|vessel|boat|horse|plant|species|cultivar"
    r"|variety|award|prize|ort|stadt|schule|marke|produkt|artikel|titel|firma|ville|marque|produit|ciudad|marca|producto|titulo)s?(?:_|\d|$)"
)
"""Columns of things, which may be called after people."""
FREQUENT, MANY = 5, 10
"""Cells of a value, and so many values of as many cells, from which words alone are surnames: levels of a list are fewer."""
NEARLY_ALL = 0.9
"""Share of full names from which the values alone tell it, where given names are among them."""
LEAST = 20
"""Distinct values without which they tell nothing."""


def holds_people(name: str, counts: Mapping[str, int]) -> bool:
    """Whether the column `name` with these values holds names of people. `counts` holds the cells of each value."""
    distinct = sorted(counts)
    step = max(1, -(-len(distinct) // COLUMN_VALUES))
    some = distinct[::step]
    found = kind_of_column(name, some, words=True, number=False)
    if found is not None and found[0].kind == "person_name" and found[1] != "values":
        return True
    if found is not None and found[0].kind != "person_name":
        return False
    parts = parts_of(some)
    full = share_of_full(parts)
    if called_after_people(snake(name)):
        often = [value for value, cells in counts.items() if cells >= FREQUENT]
        surnames = len(often) >= MANY and sum(_ONE.fullmatch(one) is not None for one in often) >= NAMED_FITS * len(
            often
        )
        return (full >= NAMED_FITS or surnames) and fits("person_name", parts) >= NAMED_FITS
    if len(some) < LEAST or full < NEARLY_ALL or _THINGS.search(snake(name)):
        return False
    bare = ["" if _SAINT.match(part) else part for part in parts]
    return looks_like_names(bare) >= NAMES_SHARE
