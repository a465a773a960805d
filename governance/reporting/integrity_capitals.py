"""Which words of a column are in other capitals or signs than the rest, and which of them may be written so on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

SHORT = " (or an abbreviation)"
OTHER_NAME = " (or another name)"
OTHER_ADDRESS = " (or another address)"
OWN_WRITING = " (or written so on purpose)"
AGAIN = 3
"""Cells from which a value is written again and again, and that most values of a column of levels have."""


class Writings(NamedTuple):
    """Values in other capitals or signs, and what should stand in their place."""

    sure: dict[str, str]
    maybe: list[tuple[dict[str, str], str]]
    """With why they may be as they should."""


def writings(rest: Mapping[str, int], counts: Mapping[str, int], *, names: bool) -> Writings:
    """Those of the values in `rest`, as nothing else explains them, beside all in `counts`; of `names`, most are doubted."""
    from governance.measures import alien_signs as aliens
    from governance.measures import string_damage as strings
    from governance.measures.acronyms import established, possible
    from governance.measures.machine_codes import addresses

    machines = addresses(rest)
    words = {value: rows for value, rows in rest.items() if value not in machines}
    variants = strings.case_variants(words)
    capitals = strings.odd_capitals(words)
    levels, own = _own_writings(capitals, words)
    known = established(capitals, words) | levels
    capitals = {value: meant for value, meant in capitals.items() if value not in known}
    odd = capitals | variants | aliens.point_zeros(words)
    parted = {value: meant for value, meant in variants.items() if value.casefold() != meant.casefold()}
    short = possible(odd, counts)
    maybe = [(parted if names else {}, OTHER_NAME), (short, SHORT)]
    maybe.append((dict.fromkeys(sorted(own & capitals.keys() - short.keys()), ""), OWN_WRITING))
    links = strings.case_variants({value: rest[value] for value in machines})
    maybe.append(({value: one for value, one in links.items() if value.casefold() == one.casefold()}, OTHER_ADDRESS))
    return Writings(odd, maybe)


def _own_writings(odd: Mapping[str, str], counts: Mapping[str, int]) -> tuple[set[str], set[str]]:
    """Of values in `odd` capitals, levels of a column of levels, and others that are written again and again, in one way.

    A cell whose capitals were lost stands beside cells of the same value that kept theirs; a name in small letters, as
    that of a maker of shoes or of books, stands nowhere in others. Among words in capitals only there are no names.
    """
    from governance.measures.coded_endings import own_levels

    written = Counter(value.casefold() for value in counts)
    again = {
        value
        for value, meant in odd.items()
        if counts[value] >= AGAIN and written[value.casefold()] == 1 and not (meant.isupper() or meant.islower())
    }
    of_levels = sum(rows for rows in counts.values() if rows >= AGAIN)
    levels = own_levels(again, counts) if 2 * of_levels > sum(counts.values()) else set()
    return levels, again - levels
