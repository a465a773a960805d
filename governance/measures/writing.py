"""How texts are written, beside what words they hold: capitals, spacing, signs, and letters that only look alike.

Words are compared in lower case, so that a trigger of capitals, blanks or look-alike letters would stand in no word. Here
each text is a set of forms: signs that are not letters or digits; words that are not written as they mostly are; and
ways of writing that do not hang on a word. Mining looks at no label. Sources: general categories and names of Unicode 16;
on scripts mixed within a word, Unicode Technical Standard 39 (Security Mechanisms), section 5.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from governance.measures.words import unspaced

LOOK_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u04bb\u043a\u043c\u0442\u0432\u043d"
    "\u03b1\u03b5\u03bf\u03c1\u03c5\u03c7\u03b9\u03ba\u03bd\u03c4\u03b2\u03b7",
    "aeopcyxijsdqhkmtbhaeopuxikvtbn",
)
"""Cyrillic and Greek letters in lower case, and the Latin ones that they or their capitals look like (UTS 39, confusables)."""
SHOUTED, LETTERS = 0.8, 8
"""A text is in capitals when this share of its letters are, and it has so many."""
WAYS = {
    "capitals": "a word in CAPITALS",
    "mixed_case": "a word with capitals inside it",
    "mixed_script": "a word with letters of different scripts",
    "styled": "a word in letters of an unusual width or style",
    "apart": "an accent stored apart from its letter",
    "shouted": "most letters in CAPITALS",
    "lower": "no capital letter",
    "two_blanks": "several blanks in a row",
    "first_blank": "a blank at the beginning",
    "last_blank": "a blank at the end",
    "blank_before_sign": "a blank before a punctuation mark",
    "no_blank_after_sign": "no blank after a punctuation mark",
}
"""Ways of writing that do not hang on a word, and what they are called."""
_WORD = re.compile(r"[^\W_]+(?:[\u200b-\u200d\u2060\ufeff\u00ad][^\W_]+)*")
_HIDDEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_SPACING = (
    ("two_blanks", re.compile(r"\s\s")),
    ("blank_before_sign", re.compile(r"[^\S\n][,.;:!?](?=\s|\Z)")),
    ("no_blank_after_sign", re.compile(r"[,;:!?](?=[^\W\d_])(?<=[^\W\d_].)")),
)
_PLAIN = frozenset(" " + string.ascii_letters + string.digits)
_BIT = {name: 1 << at for at, name in enumerate(WAYS)}
_MIXED = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}


class Form(NamedTuple):
    """One way in which a text can be written."""

    kind: str
    """`way` (of WAYS), `word` (written unlike it mostly is) or `sign` (one character)."""
    what: str
    """The way, the word as it is written, or the character."""


class Writing(NamedTuple):
    """The forms of texts."""

    row: NDArray[np.int64]
    form: NDArray[np.int64]
    """(held,) each form of each text once: the text, ascending, and the index into `forms`."""
    forms: tuple[Form, ...]
    """Ways first, so that of forms of the same texts the most general is named, then words, then signs."""

    @property
    def ways(self) -> int:
        """How many of the forms are ways."""
        return sum(form.kind == "way" for form in self.forms)


def writing(texts: Sequence[str]) -> Writing:
    """The forms of `texts`."""
    number: dict[str, int] = {}  # of words as they are written, in the order in which they came
    ways_of: list[int] = []
    ways: list[int] = []
    words: list[int] = []
    sizes: list[int] = []
    signs: list[tuple[int, str]] = []
    for row, text in enumerate(texts):
        found = set() if unspaced(text) else set(_WORD.findall(text))
        bits = _spacing(text)
        for word in found:
            at = number.setdefault(word, len(ways_of))
            if at == len(ways_of):
                ways_of.append(_ways_of_word(word))
            bits |= ways_of[at]
            words.append(at)
        sizes.append(len(found))
        ways.append(bits | _case(text, found))
        signs += [(row, sign) for sign in set(text) - _PLAIN if not sign.isalnum()]
    word = np.array(words, dtype=np.int64)
    odd = _odd(list(number), np.bincount(word, minlength=len(number)))
    every = np.array(ways, dtype=np.int64)
    rows, forms, names = [np.empty(0, np.int64)], [np.empty(0, np.int64)], list[Form]()
    for name, bit in _BIT.items():
        rows.append(np.flatnonzero(every & bit))
        forms.append(np.full(rows[-1].size, len(names)))
        names.append(Form("way", name))
    place = np.full(len(number), -1)
    listed = sorted(odd)
    place[[number[one] for one in listed]] = len(names) + np.arange(len(listed))
    names += [Form("word", one) for one in listed]
    kept = place[word] >= 0
    rows.append(np.repeat(np.arange(len(texts)), sizes)[kept])
    forms.append(place[word][kept])
    at_sign = {sign: len(names) + at for at, sign in enumerate(sorted({sign for _, sign in signs}))}
    rows.append(np.array([row for row, _ in signs], dtype=np.int64))
    forms.append(np.array([at_sign[sign] for _, sign in signs], dtype=np.int64))
    names += [Form("sign", sign) for sign in at_sign]
    every_row, form = np.concatenate(rows), np.concatenate(forms)
    order = np.lexsort((form, every_row))
    return Writing(every_row[order], form[order], tuple(names))


def _odd(words: Sequence[str], texts: NDArray[np.int64]) -> list[str]:
    """Those of `words` that are not written as most texts write them; `texts` (words,) hold each.

    Of as many texts with either, the first in the alphabet is the usual one, whatever the order of rows.
    """
    keys = [key(word) for word in words]
    usual: dict[str, tuple[int, str]] = {}
    for name, word, count in zip(keys, words, texts.tolist(), strict=True):
        one = (-count, word)
        if name not in usual or one < usual[name]:
            usual[name] = one
    return [word for name, word in zip(keys, words, strict=True) if usual[name][1] != word]


def key(word: str) -> str:
    """What a word says, however it is written: in lower case, letters as they look, nothing hidden in it."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKC", _HIDDEN.sub("", word)).casefold()
    return plain.translate(LOOK_ALIKE) if len(scripts(plain)) > 1 else plain


def scripts(word: str) -> frozenset[str]:
    """Alphabets that the letters of a word are of: Latin, Greek, Cyrillic or another, by the names of the letters."""
    return frozenset(
        unicodedata.name(letter, "?").split()[0].split("-")[0]
        for letter in unicodedata.normalize("NFKC", word)
        if letter.isalpha() and letter not in "\u00b5\u00aa\u00ba"
    )


def _ways_of_word(word: str) -> int:
    """Bits of the ways in which a word is written."""
    bits = 0
    if word.isupper() and sum(map(str.isalpha, word)) > 1:
        bits |= _BIT["capitals"]
    elif word[1:] != word[1:].lower():
        bits |= _BIT["mixed_case"]
    if not word.isascii():
        if len(scripts(word) & _MIXED) > 1:
            bits |= _BIT["mixed_script"]
        if unicodedata.normalize("NFC", word) != unicodedata.normalize("NFKC", word):
            bits |= _BIT["styled"]
    return bits


def _spacing(text: str) -> int:
    """Bits of how a text is spaced, and of accents that are stored apart."""
    bits = 0
    for name, spaced in _SPACING:
        if spaced.search(text):
            bits |= _BIT[name]
    if text[:1].isspace():
        bits |= _BIT["first_blank"]
    if text[-1:].isspace():
        bits |= _BIT["last_blank"]
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        bits |= _BIT["apart"]
    return bits


def _case(text: str, words: set[str]) -> int:
    """Bits of texts in one case."""
    if text == text.lower():
        return _BIT["lower"] if text.upper() != text else 0
    letters = sum(map(len, words))
    capitals = sum(len(word) for word in words if word.isupper())
    return _BIT["shouted"] if letters >= LETTERS and capitals >= SHOUTED * letters else 0
