"""Words that a column writes in full and shortened, learnt from the column itself: `Street` and `St.`, `eng` and `English`.

Distinct values of one column come with their counts. A pair of words is learnt where values are the same but for it, or
where several levels of the column are the first letters of others.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

from governance.measures.written_quantities import Reading

LEAST_PAIRS = 3
"""Values that must be the same but for one word, and hold no third word in its place, for two words to be one."""
LEAST_LEVELS = 2
"""Levels that must be the first letters of others for a column to hold codes beside names."""
SHORTER = 2
"""Letters that an abbreviation without a full stop must save: Shirt is none of Shirts."""
CODE = 3
"""Letters that a code of a name has at most."""
COVERED, MOSTLY = 0.95, 0.5
"""Share of the cells that such codes and names must be, where codes are of one letter, and of more: a column of first
names has Max beside Maxim, and Ole beside Olena."""
MAX_VALUES = 50_000
_ITEMS = re.compile(r"\s*[,;/|]\s*")


def read_abbreviated(counts: Mapping[str, int]) -> dict[str, tuple[Reading, ...]]:
    """Every value with its words as they are usually written; the notation tells whether it was written so."""
    if len(counts) > MAX_VALUES:
        return {}
    levels = _codes(counts)
    words = _pairs(counts)
    items = {} if words else _initials(counts)
    if not (levels or words or items):
        return {}
    read: dict[str, tuple[Reading, ...]] = {}
    for value in counts:
        usual = levels.get(value, value)
        usual = " ".join(words.get(word, word) for word in usual.split(" "))
        for other, meant in items.items():
            usual = re.sub(rf"(^|[,;/|]\s*){re.escape(other)}(?=$|\s*[,;/|])", rf"\g<1>{meant}", usual)
        read[value] = (Reading("usual" if usual == value else "other", "", usual),)
    return read


def shortens(short: str, full: str) -> bool:
    """Whether a word begins as another one and has some of its other letters, in order: `Blvd.` of `Boulevard`."""
    plain = short.rstrip(".").casefold()
    long = full.casefold()
    saved = 1 if short.endswith(".") else SHORTER
    if not (plain.isalpha() and long.isalpha() and len(plain) >= 2 and len(long) - len(plain) >= saved):
        return False
    letters = iter(long)
    return plain[0] == long[0] and all(letter in letters for letter in plain)


def _pairs(counts: Mapping[str, int]) -> dict[str, str]:
    """Words that stand in values that are the same but for them, each with the more frequent of the two."""
    at: dict[tuple[str, str], set[str]] = defaultdict(set)
    rows: Counter[str] = Counter()
    for value, count in counts.items():
        words = value.split(" ")
        if len(words) < 2:
            continue
        for place, word in enumerate(words):
            rows[word] += count
            if len(word) >= 2 and word[0].isalpha():
                at[" ".join(words[:place]), " ".join(words[place + 1 :])].add(word)
    seen: Counter[tuple[str, str]] = Counter()
    for fillers in at.values():
        if len(fillers) != 2:  # where a third word stands too, the place says nothing: first names before Li and Lindt
            continue
        one, other = sorted(fillers, key=lambda word: (len(word.rstrip(".")), word))
        if shortens(one, other):
            seen[one, other] += 1
    return _directed({pair for pair, count in seen.items() if count >= LEAST_PAIRS}, rows)


def _codes(counts: Mapping[str, int]) -> dict[str, str]:
    """Levels that are the first letters of others: eng and English, M and Male."""
    low = {value: value.casefold() for value in counts if value.isalpha()}
    pairs: dict[int, set[tuple[str, str]]] = defaultdict(set)
    by_code: dict[str, list[str]] = defaultdict(list)
    for value in low:
        if len(value) <= CODE:
            by_code[low[value]].append(value)
    for value, name in low.items():
        for size in range(1, CODE + 1):
            if len(name) >= size + SHORTER:
                pairs[size] |= {(code, value) for code in by_code.get(name[:size], ()) if len(code) == size}
    rows = sum(counts.values())
    for size, found in sorted(pairs.items(), reverse=True):
        single = Counter(code for code, _ in found)
        found = {(code, name) for code, name in found if single[code] == 1}
        cells = sum(counts[value] for value in {one for pair in found for one in pair})
        if len(found) >= LEAST_LEVELS and cells >= (COVERED if size == 1 else MOSTLY) * rows:
            codes, names = (sum(counts[pair[side]] for pair in found) for side in (0, 1))
            return {pair[codes > names]: pair[codes <= names] for pair in found}
    return {}


def _initials(counts: Mapping[str, int]) -> dict[str, str]:
    """Items of lists that begin with the first letters of others' words: USA and United States."""
    rows: Counter[str] = Counter()
    around: dict[str, set[str]] = defaultdict(set)
    for value, count in counts.items():
        items = _ITEMS.split(value.strip())
        for place, item in enumerate(items):
            rows[item] += count
            around[item].add("|".join([*items[:place], "_", *items[place + 1 :]]))
    names = [item for item in rows if len(item.split()) > 1 and all(word[:1].isupper() for word in item.split())]
    firsts = {name: "".join(word[0] for word in name.split()) for name in names}
    pairs: Counter[tuple[str, str]] = Counter()
    for short in rows:
        plain = short.replace(".", "")
        if not (plain.isalpha() and plain.isupper() and 2 <= len(plain) <= CODE + 1):
            continue
        meant = [name for name in names if plain.startswith(firsts[name])]
        if len(meant) == 1:
            exact = plain == firsts[meant[0]]
            shared = len(around[short] & around[meant[0]])
            pairs[short, meant[0]] = shared if exact or shared >= LEAST_LEVELS else 0
    if pairs.total() < LEAST_LEVELS:
        return {}
    return _directed({pair for pair, shared in pairs.items() if shared}, rows)


def _directed(pairs: set[tuple[str, str]], rows: Mapping[str, int]) -> dict[str, str]:
    """The rarer word of each pair with the more frequent one, where no word is in two pairs."""
    times = Counter(word for pair in pairs for word in pair)
    found = {}
    for pair in pairs:
        if times[pair[0]] == times[pair[1]] == 1:
            rarer, usual = sorted(pair, key=lambda word: (rows[word], word))
            found[rarer] = usual
    return found
