"""What stands between the parts of a number and the words of a name, as people, word processors and programs write it."""

from __future__ import annotations

import re

_SPACES, _HYPHENS = "\u00a0\u2007\u2009\u202f", "\u2010\u2011\u2012\u2013\u2212"
UNUSUAL = f"[{_SPACES}{_HYPHENS}]"
"""Spaces that do not break, thin ones, and dashes: word processors and web pages put them into numbers."""
_PLAIN = str.maketrans(dict.fromkeys(_SPACES, " ") | dict.fromkeys(_HYPHENS, "-"))
FIELD_STARTS, FIELD_ENDS = r"(?:(?<!\d,)|(?<=\d{4},))", r"(?!,\d{1,3}(?![\w/-]))"
"""Around a number (regular expressions): a comma beside it parts fields or sentences, unless it groups digits by thousands."""
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])|_")


def plain(text: str) -> str:
    """`text` with plain spaces and hyphens in place of unusual ones: sign for sign, so that positions stay."""
    return text.translate(_PLAIN)


def apart(text: str) -> str:
    """`phoneNumber` and `phone_number` as `phone Number` and `phone number`: for looking up words, not positions."""
    return _JOINT.sub(" ", text)


def found_apart(form: re.Pattern[str], text: str) -> bool:
    """Whether `form` is in `text` as it stands, or with its words apart."""
    return form.search(text) is not None or ((split := apart(text)) != text and form.search(split) is not None)


def found_written(form: re.Pattern[str], text: str) -> bool:
    """As `found_apart`, or with the dots taken out of abbreviations: `D.N.I.` is `DNI`."""
    if found_apart(form, text):
        return True
    short = _DOTTED.sub(lambda match: match[0].replace(".", "") + " ", text)
    return short != text and form.search(short) is not None
