"""One letter that stands in for others: `heaxt attack`, `acuxe care hospixals`, `xl` and `ax` for `al`.

As in `string_damage`, a function takes the distinct values of one column with their counts, and gives the damaged
values, each with what it probably should be.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from governance.measures.misspellings import FREQUENT, RATIO

LONG = 8
"""Signs from which a value can show by itself that one letter stands for two others or more."""
MOST = 3
"""One in so many signs may be replaced; with more, hardly anything of the frequent value is left."""
WORD = 4
"""Letters of the word that a replaced one must be in: `class i` and `class v` are two classes."""
SHORT = 3
"""Signs up to which `misspellings` is silent, as one letter of so few makes another code."""
RARER = 3
"""How many times more often the frequent value occurs than a long one that shows it by itself."""
EXPLAINED = 0.5
"""Share of the rare values of a column that one letter must explain before it does so in short ones."""
FEW = 0.05
"""Share of the cells from which a value is not rare in a column that another one fills nearly alone."""
_WORD = re.compile(r"[^\W\d_]+")
MOST_PAIRS = 500_000
"""Of a rare and a frequent value: with more, the column is not looked at, which would take seconds."""


def stand_ins(counts: Mapping[str, int]) -> dict[str, str]:
    """Rare values that are a frequent one, but for places that all hold one and the same letter.

    Two such places or more, in a value of `LONG` signs or more, cannot be chance. In short values a single one could be
    another code: AL and AK are both states. There the letter must stand at two places of one frequent value, in two
    values, be in no value that it does not explain, and explain half of what is rare: the letters of honest codes do not.
    """
    found = _in_long(counts)
    return found | _in_short({value: rows for value, rows in counts.items() if value not in found})


def of_known_words(found: Mapping[str, str], counts: Mapping[str, int]) -> dict[str, str]:
    """Those found whose words other values have too: of names, Ella in place of Emma is a name of its own."""
    words = {word for value in counts if value not in found for word in _WORD.findall(value)}
    return {value: meant for value, meant in found.items() if words.issuperset(_WORD.findall(value))}


def _in_long(counts: Mapping[str, int]) -> dict[str, str]:
    frequent: dict[int, list[str]] = defaultdict(list)
    for value in sorted(counts):
        if counts[value] >= FREQUENT and len(value) >= LONG:
            frequent[len(value)].append(value)
    pairs = sum(len(frequent.get(len(value), ())) for value in counts)
    if pairs > MOST_PAIRS:
        return {}
    found: dict[str, str] = {}
    for value, rows in counts.items():
        meant = [
            other
            for other in frequent.get(len(value), ())
            if counts[other] >= RARER * rows
            and len(places := _replaced(value, other)) > 1
            and MOST * len(places) <= len(value)
            and all(_in_word(other, place) for place in places)
        ]
        if meant:
            found[value] = max(meant, key=lambda other: (counts[other], other))
    return found


def _replaced(value: str, other: str) -> list[int]:
    """The places at which `value` holds one letter, the same at all of them, and `other` something else."""
    letter, places = "", []
    for place, (sign, meant) in enumerate(zip(value, other, strict=True)):
        if sign == meant:
            continue
        if not sign.isalpha() or (letter and sign != letter) or sign.casefold() == meant.casefold():
            return []
        letter = sign
        places.append(place)
    return places


def _in_word(value: str, place: int) -> bool:
    """Whether the place is a sign between words, or in one of `WORD` letters or more."""
    if not value[place].isalnum():
        return True
    return any(
        word.start() <= place < word.end() and word.end() - word.start() >= WORD for word in _WORD.finditer(value)
    )


def _in_short(counts: Mapping[str, int]) -> dict[str, str]:
    most = max(counts.values(), default=0)
    usually = FEW * sum(counts.values())
    frequent = {v for v, rows in counts.items() if rows >= FREQUENT and (RATIO * rows > most or rows >= usually)}
    rare = sorted(value for value in counts if value not in frequent)
    short = sorted(value for value in frequent if 2 <= len(value) <= SHORT)
    usual = {sign.casefold() for value in frequent for sign in value}
    if len(short) < len(frequent) or len(short) * len(rare) > MOST_PAIRS:
        return {}
    # By the letter, and by the value that is meant: at which places it stands, and in which values.
    seen: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    explained: dict[str, dict[str, str]] = defaultdict(dict)
    for value, other, letter, places in _near(rare, short, counts):
        if letter.casefold() in usual:
            continue
        if len(places) == 1:
            seen[letter][other] |= set(places)
        if value not in explained[letter] or counts[other] > counts[explained[letter][value]]:
            explained[letter][value] = other
    letters = {letter: found for letter, found in explained.items() if any(len(p) > 1 for p in seen[letter].values())}
    best = max(letters, key=lambda letter: (len(letters[letter]), letter), default="")
    if not best or len(letters[best]) < EXPLAINED * len(rare):
        return {}
    alone = not any(best.casefold() in value.casefold() for value in rare if value not in letters[best])
    return letters[best] if alone else {}


def _near(rare: list[str], short: list[str], counts: Mapping[str, int]) -> Iterator[tuple[str, str, str, list[int]]]:
    for value in rare:
        for other in short:
            if len(value) == len(other) and counts[other] >= RATIO * counts[value]:
                places = _replaced(value, other)
                if places and len(places) < len(value):
                    yield value, other, value[places[0]], places
