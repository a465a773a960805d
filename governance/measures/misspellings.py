"""Misspellings: rare values of a column that are an edit or two from a frequent one. Values in, values out.

As in `string_damage`, the distinct values of one column come with their counts, and the damaged ones are given with what
each probably should be.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from governance.measures.coded_slips import doubtful_slips
from governance.measures.special_functions import bdtrc

_LONG_WORD = re.compile(r"[^\W\d_]{4}")
LONGEST, SENTENCE = 80, 300
"""Characters; spelling is not judged in longer strings, and in a column of few values up to the second."""
FEW_VALUES = 500
IN_SENTENCE, SLIP_IN = 40, 4
"""Signs from which a value is a sentence, and letters of the word of one that a slip must be in: of `class a` and `class b` none is one."""
FREQUENT = 5
"""A value must occur so often to be what another one was meant to be,"""
RATIO = 10
"""and so many times more often than it."""
MAX_VALUES = 50_000
NATURAL = 0.04
"""When more than this share of the frequent values have a frequent near twin, near values are misspellings only if
such a rate does not explain how many of the rare ones are near."""
UNLIKELY = 1e-3
MOST_OF_RARE = 0.5
"""Where this share of the rare values is near a frequent one, FREQUENT times as often is enough: the others are slips."""
SHORT_RATIO = 30
"""How many times more often a value must occur than one of three letters that misses one of its four."""


def misspellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Rare values one edit (two in ten letters or more) from a value that is at least RATIO times as frequent.

    Edits are of letters: values that differ in a digit are different things, and codes need several different slips
    (`coded_slips`). Candidates share a string that one
    deletion leaves (W. Garbe's SymSpell); the distance is Damerau's, F. Damerau, CACM 7, 1964.
    """
    if len(counts) > MAX_VALUES:
        return {}
    longest = SENTENCE if len(counts) <= FEW_VALUES else LONGEST
    frequent = {v: n for v, n in counts.items() if n >= FREQUENT and len(v) <= longest}
    index: dict[str, list[str]] = defaultdict(list)
    for value in sorted(frequent):
        for left in _deletions(value):
            index[left].append(value)
    twins = sum(
        any(
            other != value
            and RATIO * counts[other] > counts[value]
            and RATIO * counts[value] > counts[other]
            and _near(value, other)
            for left in _deletions(value)
            for other in index[left]
        )
        for value in frequent
    )
    sure, likely, rare = {}, {}, 0
    for value, count in counts.items():
        if len(value) > longest or len(value) < 3 or (value in frequent and count * RATIO > max(frequent.values())):
            continue
        rare += 1
        candidates = {other for left in _deletions(value) for other in index.get(left, ())}
        near = [other for other in candidates if counts[other] >= FREQUENT * count and _near(value, other)]
        if near:
            likely[value] = max(near, key=lambda other: (counts[other], other))
            if counts[likely[value]] >= (RATIO if min(len(value), len(likely[value])) > 3 else SHORT_RATIO) * count:
                sure[value] = likely[value]
    natural = twins / max(len(frequent), 1)
    if len(likely) > MOST_OF_RARE * rare and bdtrc(len(likely) - 1, rare, min(max(2 * natural, 0.05), 1)) < UNLIKELY:
        return _sure(likely)
    if natural > NATURAL and bdtrc(len(sure) - 1, rare, min(2 * natural, 1.0)) > UNLIKELY:
        return {}
    return _sure(sure)


def _sure(slips: dict[str, str]) -> dict[str, str]:
    doubtful = doubtful_slips(slips)
    return {value: meant for value, meant in slips.items() if value not in doubtful}


def _deletions(value: str) -> set[str]:
    return {value, *(value[:place] + value[place + 1 :] for place in range(len(value)))}


def _near(first: str, second: str) -> bool:
    if re.sub(r"\D", "", first) != re.sub(r"\D", "", second) and not _letter_for_digit(first, second):
        return False
    if first.casefold() == second.casefold():
        return False  # that is a variant of case
    shorter = min(len(first), len(second))
    coded = any(sign.isdigit() for sign in first + second) and not _LONG_WORD.search(first)
    if coded and not _letter_for_digit(first, second):
        return False  # another letter makes another code
    if shorter >= IN_SENTENCE and not _in_long_words(first, second):
        return False
    long_enough = shorter >= 4 or (shorter == 3 and len(first) != len(second))
    return long_enough and distance(first, second) <= (2 if shorter >= 10 else 1)


def _in_long_words(first: str, second: str) -> bool:
    """Whether all words that are not the same in both have `SLIP_IN` letters or more."""
    one, other = first.split(), second.split()
    pairs = zip(one, other, strict=True) if len(one) == len(other) else ()
    return all(a == b or min(len(a), len(b)) >= SLIP_IN for a, b in pairs)


def _letter_for_digit(first: str, second: str) -> bool:
    """Whether one has a letter where the other has a digit: a slip of the finger or of a reader."""
    if len(first) != len(second):
        return False
    places = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    return len(places) == 1 and places[0][0].isdigit() != places[0][1].isdigit()


def distance(first: str, second: str) -> int:
    """Edits (insert, delete, replace, swap of neighbours) that turn one string into the other."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        following = [i]
        for j, b in enumerate(second, 1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
