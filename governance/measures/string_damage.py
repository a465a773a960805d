"""Damage that one string shows by itself or beside the other values of its column. Values in, values out.

Every function takes the distinct values of one column with their counts, and gives the damaged values, each with what
it probably should be (`""` when that cannot be told). Rows never enter, so a million rows cost no more than their
distinct values.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping

from governance.measures.machine_codes import of_random_codes

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_THOUSANDS = re.compile(r"\s*[+-]?\d{1,3}(?:([,.'’\u00a0\u202f ])\d{3})(?:\1\d{3})*\s*")
MOJIBAKE = re.compile(
    "\ufffd|[\u00c2\u00c3\u00e2\u00f0][\u0080-\u00bf\u20ac\u201a-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u0152\u0153"
    "\u0160\u0161\u017d\u017e\u0178\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201d\u2122]|\u00ef\u00bb\u00bf"
    "|&(?:amp|lt|gt|quot|nbsp|#\\d+);|[\u0000-\u0008\u000b\u000c\u000e-\u001f]"
)
"""Two signs that UTF-8 read as Windows-1252 gives for one, the sign for an unreadable one, escapes of web pages."""
_OTHER_LEADS = re.compile("[\u00c4\u00c5\u00ce\u00cf\u00d0\u00d1][^\x00-\x7f]")
"""The same of Polish, Czech, Turkish, Greek and Cyrillic letters. As these signs are letters, the whole value must be UTF-8."""
_MARK_BELOW = re.compile(r"[A-Za-z.][\u0316-\u0322\u0324-\u0326\u0329-\u033f]")
"""A letter with a mark under or through it that Unicode has no letter for: what is left of one read in a wrong code page."""
FEW_MARKED = 0.1
"""Share of the values up to which such letters are damage; with more, the column is in a script that has them."""
_EDGES = re.compile(r"^\s|\s$|\s{2,}|[\u00a0\u200b\ufeff]")
_QUOTED = re.compile(
    r"\s*{0}+(?P<both>[^{1}]+){0}+\s*|\s*{0}+(?P<begun>[^{1}]+)|(?P<ended>[^{1}]*[^{1}\d]){0}+\s*".format(
        '["“”„«»]', '"“”„«»'
    )
)
LETTERS = 3
"""With fewer, capitals mean nothing."""
WORD = 4
"""With fewer letters, signs between them tell two abbreviations apart."""
RARER = 3
"""A variant that so many times fewer cells hold is taken for a slip."""
FREQUENT = 5
"""Cells from which on a value that is no slip is one of two spellings in use."""
ABBREVIATED = 0.01
"""Share of the values of a column with a word of two to four capitals from which such words are abbreviations there."""
_ABBREVIATION = re.compile(r"\b[A-Z]{2,4}\b")
_ABBREVIATIONS = re.compile(r"(?:[^A-Za-z]|(?<![A-Za-z])[A-Za-z]{1,4}(?![A-Za-z]))+")


def stray_whitespace(counts: Mapping[str, int], *, inside: bool = True) -> dict[str, str]:
    """Values with a space at an end, two in a row, or one that is not seen; not when most cells are like that.

    Without `inside`, as in sentences, where some put two after a full stop, two in a row count beside the same with one.
    """
    found = {
        value: re.sub(r"\s+", " ", re.sub("[\u200b\ufeff]", "", value)).strip()
        for value in counts
        if _EDGES.search(value)
    }
    few = sum(counts[value] for value in found) <= 0.5 * sum(counts.values())
    if not few:
        return {}
    return {
        value: clean
        for value, clean in found.items()
        if value != clean and clean and (inside or clean in counts or value.strip() != value)
    }


def encoding_damage(counts: Mapping[str, int]) -> dict[str, str]:
    """Values that were written in one encoding and read in another, or hold what no keyboard types."""
    found = _marked_below(counts)
    for value in counts:
        sure = MOJIBAKE.search(value) is not None
        if not sure and not _OTHER_LEADS.search(value):
            continue
        if sure:
            plain = html.unescape(value)
            found[value] = plain if plain != value and not MOJIBAKE.search(plain) else ""
        for encoding in ("cp1252", "latin-1"):
            try:
                repaired = _bytes_of(value, encoding).decode("utf-8")
            except UnicodeError:
                continue
            if repaired != value:
                found[value] = repaired
                break
    return found


def _bytes_of(value: str, encoding: str) -> bytes:
    """`value` in `encoding`; the five bytes that Windows-1252 leaves open pass as themselves, as they do in browsers."""
    return b"".join(sign.encode("latin-1") if "\x80" <= sign <= "\x9f" else sign.encode(encoding) for sign in value)


def _marked_below(counts: Mapping[str, int]) -> dict[str, str]:
    marked = [
        value for value in counts if not value.isascii() and _MARK_BELOW.search(unicodedata.normalize("NFC", value))
    ]
    return dict.fromkeys(marked, "") if len(marked) <= FEW_MARKED * len(counts) else {}


def case_variants(counts: Mapping[str, int]) -> dict[str, str]:
    """Values that differ from a far more frequent one in capitals, or in the signs between the words, only."""
    return {value: usual for value, usual in _spelt_alike(counts) if RARER * counts[value] <= counts[usual]}


def frequent_variants(counts: Mapping[str, int]) -> dict[str, str]:
    """As case_variants, of values that are frequent too: two files that write one answer in two ways, or two answers."""
    return {
        value: usual
        for value, usual in _spelt_alike(counts)
        if RARER * counts[value] > counts[usual] and counts[value] >= FREQUENT and _same_numbers(value, usual)
    }


def _spelt_alike(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Values with the most frequent one that differs from them in capitals, or in the signs between the words, only."""
    alike: dict[str, list[str]] = defaultdict(list)
    for value in counts:
        key = re.sub(r"[\s_.,'’-]+", " ", _unquoted(value).casefold()).strip()
        together = key.replace(" ", "")
        # Of words, a sign may be between them or not, as in E-Bike and ebike; in codes it is part of the code.
        if key := together if together.isalpha() and len(together) >= WORD else key:
            alike[key].append(value)
    for values in alike.values():
        usual = max(values, key=lambda value: (counts[value], value))
        for value in values:
            different = re.sub(r"\s+", " ", value).strip() != re.sub(r"\s+", " ", usual).strip()
            # Signs between digits are part of the number: 1.5 is not 15 and not 1-5.
            if different and not re.search(r"\d\W+\d", value + usual):
                yield value, usual


def _unquoted(value: str) -> str:
    """The value without quotation marks around it, or at one end of it; behind a number such a sign means inches."""
    quoted = _QUOTED.fullmatch(value)
    return quoted["both"] or quoted["begun"] or quoted["ended"] if quoted else value


def _same_numbers(value: str, usual: str) -> bool:
    """Whether both have letters, and the same numbers with the same signs: -1 kg is not 1 kg."""
    lettered = all(re.search(r"[^\W\d_]", one) for one in (value, usual))
    signed = r"(?<![^\W_])-?\d+"
    return lettered and re.findall(signed, value) == re.findall(signed, usual)


def odd_capitals(counts: Mapping[str, int]) -> dict[str, str]:
    """Values in capitals, or without any, in a column where hardly a cell is written so."""
    rows: Counter[str] = Counter()
    for value, count in counts.items():
        rows[_capitals(value)] += count
    usual, most = max(rows.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if most < 0.9 * sum(rows.values()) or usual == "" or (usual == "mixed" and of_random_codes(counts)):
        return {}
    change = {"upper": str.upper, "lower": str.lower, "mixed": str.title}[usual]
    odd = [value for value in counts if _capitals(value) not in {usual, ""}]
    # Where abbreviations stand within other values, as in East India IPA, one may stand alone.
    within = sum(bool(_ABBREVIATION.search(value)) for value in counts if _capitals(value) == usual == "mixed")
    if within >= ABBREVIATED * len(counts):
        odd = [value for value in odd if not (value.isupper() and _ABBREVIATIONS.fullmatch(value))]
    return {value: change(value) for value in odd}


def _capitals(value: str) -> str:
    letters = [sign for sign in value if sign.isalpha()]
    if len(letters) < LETTERS:
        return ""
    return "upper" if value.isupper() else "lower" if value.islower() else "mixed"


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
    # A number is a number: 3 and -0.5 are of the shape of 2.25, and 1,234,567 of that of 12.
    shaped = {
        value: "9" if _NUMBER.fullmatch(value) or _THOUSANDS.fullmatch(value) else form(value) for value in counts
    }
    shapes: Counter[str] = Counter()
    for value, count in counts.items():
        shapes[shaped[value]] += count
    usual = {one for one, count in shapes.items() if count >= max(0.05 * rows, 3)}
    if sum(shapes[one] for one in usual) < 0.9 * rows or len(usual) > 3:
        return {}
    return {value: "" for value in counts if shaped[value] not in usual}
