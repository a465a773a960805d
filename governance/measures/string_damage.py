"""Damage that one string shows by itself or beside the other values of its column. Values in, values out.

Every function takes the distinct values of one column with their counts, and gives the damaged values, each with what
it probably should be (`""` when that cannot be told). Rows never enter, so a million rows cost no more than their
distinct values.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from scipy.special import bdtrc

NULL_CODES = frozenset(
    "? ?? - -- --- . .. * n/a na n.a. n.a nan null none nil missing (null) (none) #n/a #na <na> unk n/k #value! #ref! "
    "#div/0! undefined void".split()
) | {"not available", "not applicable", "no data"}
"""Codings of a missing value, in lower case."""
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_LONG_WORD = re.compile(r"[^\W\d_]{4}")
WORDS_THAT_CAN_MEAN = frozenset({"none", "void", "na", "nil", "missing", "not applicable", "."})
"""Of these, words that can also be a level: Namibia's code, no garage. They count only beside other missing values."""
MOJIBAKE = re.compile(
    "\ufffd|[\u00c2\u00c3\u00e2\u00f0][\u0080-\u00bf\u20ac\u201a-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u0152\u0153"
    "\u0160\u0161\u017d\u017e\u0178\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201d\u2122]|\u00ef\u00bb\u00bf"
    "|&(?:amp|lt|gt|quot|nbsp|#\\d+);|[\u0000-\u0008\u000b\u000c\u000e-\u001f]"
)
"""Two signs that UTF-8 read as Windows-1252 gives for one, the sign for an unreadable one, escapes of web pages."""
_EDGES = re.compile(r"^\s|\s$|\s{2,}|[\u00a0\u200b\ufeff]")
LONGEST = 80
"""Characters; spelling is not judged in longer strings."""
FREQUENT = 5
"""A value must occur so often to be what another one was meant to be,"""
RATIO = 10
"""and so many times more often than it."""
LETTERS = 3
"""With fewer, capitals mean nothing."""
MAX_VALUES = 50_000
NATURAL = 0.04
"""When more than this share of the frequent values have a frequent near twin, near values are misspellings only if
such a rate does not explain how many of the rare ones are near."""
UNLIKELY = 1e-3
MOST_OF_RARE = 0.5
"""Where this share of the rare values is near a frequent one, FREQUENT times as often is enough: the others are slips."""
SHORT_RATIO = 30
"""How many times more often a value must occur than one of three letters that misses one of its four."""


def null_codes(counts: Mapping[str, int], nulls: int) -> dict[str, str]:
    """Values that code a missing one. `nulls`: cells of the column that are missing as such."""
    rows = sum(counts.values())
    found = {value: "missing" for value in counts if value.strip().casefold() in NULL_CODES}
    sure = nulls > 0 or any(value.strip().casefold() not in WORDS_THAT_CAN_MEAN for value in found)
    kept = found if sure else {}
    # A column that is nothing but codes says nothing about what its other values look like.
    return kept if sum(counts[value] for value in kept) < 0.9 * rows else {}


def stray_whitespace(counts: Mapping[str, int]) -> dict[str, str]:
    """Values with a space at an end, two in a row, or one that is not seen; not when most cells are like that."""
    found = {
        value: re.sub(r"\s+", " ", re.sub("[\u200b\ufeff]", "", value)).strip()
        for value in counts
        if _EDGES.search(value)
    }
    few = sum(counts[value] for value in found) <= 0.5 * sum(counts.values())
    return {value: clean for value, clean in found.items() if value != clean and clean} if few else {}


def encoding_damage(counts: Mapping[str, int]) -> dict[str, str]:
    """Values that were written in one encoding and read in another, or hold what no keyboard types."""
    found = {}
    for value in counts:
        if not MOJIBAKE.search(value):
            continue
        found[value] = ""
        for encoding in ("cp1252", "latin-1"):
            try:
                repaired = value.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
            if repaired != value:
                found[value] = repaired
                break
    return found


def case_variants(counts: Mapping[str, int]) -> dict[str, str]:
    """Values that differ from a more frequent one in capitals, or in the signs between the words, only."""
    alike: dict[str, list[str]] = defaultdict(list)
    for value in counts:
        if key := re.sub(r"[\s_.,'’-]+", " ", value.casefold()).strip():
            alike[key].append(value)
    found = {}
    for values in alike.values():
        usual = max(values, key=lambda value: (counts[value], value))
        for value in values:
            different = re.sub(r"\s+", " ", value).strip() != re.sub(r"\s+", " ", usual).strip()
            # Signs between digits are part of the number: 1.5 is not 15 and not 1-5.
            if different and 3 * counts[value] <= counts[usual] and not re.search(r"\d\W+\d", value + usual):
                found[value] = usual
    return found


def odd_capitals(counts: Mapping[str, int]) -> dict[str, str]:
    """Values in capitals, or without any, in a column where hardly a cell is written so."""
    rows: Counter[str] = Counter()
    for value, count in counts.items():
        rows[_capitals(value)] += count
    usual, most = max(rows.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if most < 0.9 * sum(rows.values()) or usual == "":
        return {}
    change = {"upper": str.upper, "lower": str.lower, "mixed": str.title}[usual]
    return {value: change(value) for value in counts if _capitals(value) not in {usual, ""}}


def _capitals(value: str) -> str:
    letters = [sign for sign in value if sign.isalpha()]
    if len(letters) < LETTERS:
        return ""
    return "upper" if value.isupper() else "lower" if value.islower() else "mixed"


def misspellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Rare values one edit (two in ten letters or more) from a value that is at least RATIO times as frequent.

    Edits are of letters: values that differ in a digit are different things. Candidates share a string that one
    deletion leaves (W. Garbe's SymSpell); the distance is Damerau's, F. Damerau, CACM 7, 1964.
    """
    if len(counts) > MAX_VALUES:
        return {}
    frequent = {v: n for v, n in counts.items() if n >= FREQUENT and len(v) <= LONGEST}
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
        if len(value) > LONGEST or len(value) < 3 or (value in frequent and count * RATIO > max(frequent.values())):
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
        return likely
    if natural > NATURAL and bdtrc(len(sure) - 1, rare, min(2 * natural, 1.0)) > UNLIKELY:
        return {}
    return sure


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
    long_enough = shorter >= 4 or (shorter == 3 and len(first) != len(second))
    return long_enough and distance(first, second) <= (2 if shorter >= 10 else 1)


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


def shape(value: str, *, capitals: bool = False) -> str:
    """The kinds of signs in `value`, runs as one: `12.5 oz` is `9.9 a`. With `capitals` told apart, `Ab1` is `Aa9`."""
    kinds = [
        "9" if c.isdigit() else ("A" if capitals and c.isupper() else "a") if c.isalpha() else " " if c.isspace() else c
        for c in value
    ]
    return "".join(
        kind
        for place, kind in enumerate(kinds)
        if place == 0 or kind != kinds[place - 1] or not (kind.isalnum() or kind == " ")
    )


def odd_shapes(counts: Mapping[str, int]) -> dict[str, str]:
    """Values whose shape is rare in a column of codes or numbers written as text.

    Such a column has digits in nearly every cell, and hardly more than a handful of shapes that make up nearly all. In
    codes of few letters and no space, capitals belong to the shape.
    """
    rows = sum(counts.values())
    if sum(count for value, count in counts.items() if any(c.isdigit() for c in value)) < 0.8 * rows:
        return {}
    found = _rare(counts, shape)
    short = sum(n for value, n in counts.items() if " " not in value and sum(c.isalpha() for c in value) <= 3)
    return found | (_rare(counts, lambda value: shape(value, capitals=True)) if short >= 0.95 * rows else {})


def _rare(counts: Mapping[str, int], form: Callable[[str], str]) -> dict[str, str]:
    rows = sum(counts.values())
    # A number is a number: 3 and -0.5 are of the shape of 2.25.
    shaped = {value: "9" if _NUMBER.fullmatch(value) else form(value) for value in counts}
    shapes: Counter[str] = Counter()
    for value, count in counts.items():
        shapes[shaped[value]] += count
    usual = {one for one, count in shapes.items() if count >= max(0.05 * rows, 3)}
    if sum(shapes[one] for one in usual) < 0.9 * rows or len(usual) > 3:
        return {}
    return {value: "" for value in counts if shaped[value] not in usual}
