"""Codes of missing values among the values of a column: signs, abbreviations and words that people and programs write.

Some of them are words of a language, or codes of something else, as well: no garage, Namibia, a base that is missing in
an allele. They count where something else shows that values are missing, and may be a level elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from governance.measures.machine_codes import addresses
from governance.measures.none_as_level import written_alike

WORDS_THAT_CAN_MEAN = frozenset("none void na nil missing . unknown unbekannt unspecified inconnu inconnue".split()) | {
    "not applicable", "not known", "keine angabe", "not specified", "not recorded", "nicht bekannt", "non renseigné",
    "desconocido", "desconocida", "sconosciuto", "onbekend", "okänd", "ukjent", "ukendt", "desconhecido", "nieznany",
}  # fmt: skip
"""Words that can also be a level: Namibia's code, no garage. They count beside other missing values."""
NULL_CODES = WORDS_THAT_CAN_MEAN | frozenset(
    "? ?? - -- --- .. * n/a n.a. n.a nan null (null) (none) #n/a #na <na> unk n/k #value! #ref! #div/0! undefined k.a. k.a "
    "n/d n.d. n.d n/v n.v. n.b. s/o s.o. s/d tbd t.b.d.".split()
) | {
    "not available", "no data", "k. a.", "n. a.", "n. d.", "n. v.", "s. o.", "to be determined", "to be confirmed",
    "to be announced",
}  # fmt: skip
"""Codings of a missing value, in lower case."""
NO_OTHER_MEANING = frozenset({"missing", "nil", "."})
"""Of these, what is no level where it is written as no level is: `missing` among `North` and `South`."""
NONE = frozenset(
    "none keine keiner keines aucun aucune ninguno ninguna nessuno nessuna nenhum nenhuma geen ingen".split()
)
"""Words for none: a level where they are as frequent as one."""
LETTERS = frozenset("na nd nr nk nv ns ka dk tba tbc xx xxx xxxx".split())
"""Letters that stand for such words (not determined, not reported), and for other things among codes of letters."""
SIGNS = frozenset("- . *".split())
"""Of the codes, signs that can be a value where values are one sign: no base in an allele, a negative result."""
A_LEVEL = 0.25
"""Share of the known cells from which what can be a level is one, whatever stands beside it."""
RARER = 3
"""How many times rarer than levels are on average a word for none is that may code a missing value."""
REPEATED = 5
"""Cells that a level has at least."""
MOSTLY = 0.5
"""Share of the other cells that makes a column one of words, or of single signs."""
ALL_WORDS = 0.9
"""The same of a column of words that letters alone are none of."""
_WORD = re.compile(r"[^\W\d_]{3,}")


def null_codes(counts: Mapping[str, int], nulls: int) -> dict[str, str]:
    """Values that code a missing one. `nulls`: cells of the column that are missing as such."""
    rows = sum(counts.values())
    coded = {value: value.strip().casefold() for value in counts}
    codes = {value for value, code in coded.items() if code in NULL_CODES}
    signs = {value for value in codes if coded[value] in SIGNS and _of_single_signs(counts, codes)}
    found = {
        value
        for value in codes - signs
        if not (coded[value] in WORDS_THAT_CAN_MEAN and counts[value] >= A_LEVEL * rows)
    }
    sure = nulls > 0 or any(coded[value] not in WORDS_THAT_CAN_MEAN for value in found)
    kept = found if sure else _standing_apart(found, coded, counts)
    # A column that is nothing but codes says nothing about what its other values look like.
    few = sum(counts[value] for value in kept) < 0.9 * rows
    return {value: "missing" for value in counts if value in kept} if few else {}


def possible_null_codes(counts: Mapping[str, int], known: Collection[str]) -> dict[str, str]:
    """Values beside the `known` codes that code a missing value or are a level: nothing shows which of the two.

    Only in columns of words and of single signs; among numbers such a word is of another type than the rest.
    """
    rows = sum(counts.values())
    coded = {value: value.strip().casefold() for value in counts if value not in known}
    levels = {code for value, code in coded.items() if counts[value] >= A_LEVEL * rows}
    # None and NONE beside a frequent none are other writings of it.
    asked = {value for value, code in coded.items() if code in NULL_CODES | NONE and code not in levels}
    letters = {value for value, code in coded.items() if code in LETTERS and code not in levels}
    rest = counts.keys() - known - asked - letters
    single = _of_single_signs(counts, {*known, *asked})
    found = {value for value in asked if coded[value] in SIGNS and single}
    if single or _share(rest, counts, _WORD.search) >= MOSTLY:
        others = [value for value in rest if counts[value] >= REPEATED]
        found |= {value for value in asked - letters if coded[value] not in NONE or _rare(value, others, counts)}
    if _share(rest, counts, _WORD.search) >= ALL_WORDS and not any(_is_code(value) for value in rest):
        found |= letters
    return {value: "missing" for value in counts if value in found}


def _standing_apart(found: Collection[str], coded: Mapping[str, str], counts: Mapping[str, int]) -> set[str]:
    """Of words that could be levels, those that are written as no level of the column is."""
    rest = counts.keys() - found
    machines = addresses({value: counts[value] for value in rest})
    if _share(rest, counts, machines.__contains__) >= ALL_WORDS:
        return {value for value in found if _WORD.search(value)}
    if _of_single_signs(counts, found):  # beside the classes A to G none may be one more
        return {value for value in found if coded[value] in NO_OTHER_MEANING - SIGNS}
    if _share(rest, counts, _WORD.search) < MOSTLY:
        return set()
    levels = [value for value in rest if counts[value] >= REPEATED]
    return {value for value in found if coded[value] in NO_OTHER_MEANING and levels and not _as_levels(value, levels)}


def _as_levels(value: str, levels: Iterable[str]) -> bool:
    """Whether a value is a word in the capitals that a level has."""
    return any(sign.isalpha() for sign in value) and any(written_alike(value, level) for level in levels)


def _rare(value: str, levels: Collection[str], counts: Mapping[str, int]) -> bool:
    """Whether a value is far rarer than levels are on average."""
    cells = counts[value] + sum(counts[level] for level in levels)
    return RARER * counts[value] * (len(levels) + 1) < cells


def _of_single_signs(counts: Mapping[str, int], codes: Collection[str]) -> bool:
    """Whether most values but `codes` are one sign that is no digit."""
    rest = counts.keys() - codes
    return _share(rest, counts, lambda value: len(value.strip()) == 1 and not value.strip().isdigit()) >= MOSTLY


def _share(values: Collection[str], counts: Mapping[str, int], holds: Callable[[str], object]) -> float:
    """Share of the cells of these values that hold what is asked for."""
    cells = sum(counts[value] for value in values)
    return sum(counts[value] for value in values if holds(value)) / cells if cells else 0.0


def _is_code(value: str) -> bool:
    """Whether a value is a few capitals, with or without digits, as ND and Q4 are."""
    return len(value.strip()) <= 4 and value.isupper()
