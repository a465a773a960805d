"""What a form of writing is called in a sentence that anybody can read."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from governance.measures.writing import Form

SHOWN_LETTERS = 30
"""A word is cut after so many."""
SHOWN_CODES = 3
"""Letters of one word that are told by their code at most."""
CONTROLS = {"\t": "tab", "\n": "line break", "\r": "carriage return", "\x0b": "vertical tab", "\x0c": "form feed"}


def form_words(form: Form, *, public: bool) -> str:
    """A form in words. What is not a letter or digit, and letters beyond ASCII, are told by code and name, never as they are.

    A word is named only where its column is `public`.
    """
    from governance.measures.writing import WAYS, key

    if form.kind == "way":
        return WAYS[form.what]
    if form.kind == "sign":
        return f"the sign {sign_name(form.what)}"
    word = form.what
    odd = list(dict.fromkeys(letter for letter in word if not letter.isascii()))
    manner = _case(word) if word.isascii() else _codes(odd)
    said = key(word)[:SHOWN_LETTERS]
    if not public or not said.isascii():
        return f"one word, as a rule written otherwise, {manner}"
    return f"the word {said} {manner}" + (f" ({word[:SHOWN_LETTERS]})" if word.isascii() else "")


def sign_name(sign: str) -> str:
    """Code and name of one character, as `U+200B (zero width space)`."""
    name = unicodedata.name(sign, CONTROLS.get(sign, "without a name"))
    return f"U+{ord(sign):04X} ({name.lower()})"


def _case(word: str) -> str:
    if word.isupper():
        return "in CAPITALS"
    if word.islower():
        return "in lower case"
    return "with a capital first letter" if word == word.capitalize() else "with capitals inside it"


def _codes(odd: list[str]) -> str:
    more = f" and {len(odd) - SHOWN_CODES} more" if len(odd) > SHOWN_CODES else ""
    return "with " + ", ".join(sign_name(letter) for letter in odd[:SHOWN_CODES]) + more
