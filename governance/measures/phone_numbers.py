"""Telephone numbers in text: forms that stand for themselves, and forms that need a word beside them.

Written after the national conventions of ITU-T E.123; no list of numbering plans is used, so a number that was never
given to anybody counts as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = r"(?:(?: ?(?:x|ext\.?|extension|#) ?\d{1,6})(?!\d))?(?![\w@]|[.,/-]\d)"
_START = r"(?<![\w.+@#$€£/-])(?<!\d[ ,])"
_TELLING = [
    # +44 (0)20 7946 0018, +1-202-555-0143, +49 30/901820: a plus and the code of a country.
    r"(?<![\w+])\+\(?[1-9]\d{0,2}\)?(?:[ .\-/]{0,2}\(?\d{1,5}\)?){1,6}" + _END,
    # 0049 30 901820, 001-202-555-0143x12: the same with noughts.
    _START + r"00[1-9]\d{0,2}(?:[ .\-/]\(?\d{1,8}\)?){2,6}" + _END,
    # (202) 555-0143, 202.555.0143, 1-202-555-0143
    r"(?<![\w.+@#$€£/-])(?:1[-. ]?)?(?:\(\d{3}\)[ -]?|\d{3}[-. ])\d{3}[-. ]\d{4}" + _END,
    # (02) 9374 4000, (030) 901820, 0(562) 581 41 83
    r"(?<![\w+])0?\(0?\d{1,5}\)[ -]?\d{2,5}(?:[ -]?\d{2,5}){1,4}" + _END,
    # 020 7946 0018, 06-12345678, 01.23.45.67.89, 0474/46 48 39, 089 / 96 05 19: a leading nought, and groups.
    _START + r"0[1-9]\d{0,4}(?:(?: ?/ ?|[ -])\d{2,8}|(?:[. ]\d\d){4})(?:[ .-]\d{2,5}){0,4}" + _END,
]
_WEAK = [
    _START + r"(?:8 )?\d{2,5}(?:[ .-]\d{2,5}){1,5}" + _END,
    _START + r"\d{7,12}" + _END,
]
_NEEDS = ("+", "00", "", "(", "0")
"""What each form cannot do without: most texts are spared most searches."""
_TELLING_FORMS = tuple(re.compile(form, re.ASCII) for form in _TELLING)
_WEAK_FORMS = tuple(re.compile(form, re.ASCII) for form in _WEAK)
_WORDS = re.compile(
    r"\b(?:tele)?phones?\b|\btel\b|\bcall(?:ed|ing|s)?\b|\bmobile\b|\bcell(?:phone)?\b|\bfax\b|\bwhatsapp\b|\bsms\b|\bdial\b|\bmessages? (?:to|from|on|at)\b"
    r"|\breach\b|\bring\b|\btexted\b|\btext me\b|\bmy number\b|\bnumber is\b|\bphone number\b|\bhotline\b|\bcontact\b"
    r"|\btelefon\w*|\bhandy\w*|\btéléphone\b|\btel[eé]fon[oe]\b|\bmóvil\b|\bappel\w*|\bll[aá]m\w+|\bchiam\w+|\bcell(?:ulare|ular)\b|\bzadzwo\w+|\bтел\w*|\brufnummer\b|\bportable\b|手机|电话|電話|携帯|전화|\bm: |\bt: ",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?:order|invoice|reference|(?:ref|acct)\.?|ticket|serial|version|isbn|issn|doi|account|case|item|model|part|sku|id|card|iban"
    r"|tax|vat|ssn|policy|tracking|batch|lot|zip|postcode|amount|population|year)(?:[^\w.!?]|(?:no|nr)\.?|number|code|id|is|was)*$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:^|\D)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|\d{1,2} \d{1,2} (?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?:$|[^\d./-])"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:[ -](?:19|20)\d\d)+")
BEFORE, AFTER = 45, 20
"""Signs before and after a number among which a word that announces it is looked for."""


def find_phones(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of each number in `text`; 0.8 by its form, 0.6 by a word beside it. Spans may overlap."""
    for form, sign in zip(_TELLING_FORMS, _NEEDS, strict=True):
        if sign not in text:
            continue
        for match in form.finditer(text):
            if 8 <= _digits(match[0]) <= 15 and not _DATE.match(match[0]) and not said_to_be_other(text, match.start()):
                yield match.start(), match.end(), 0.8
    if not _WORDS.search(text):
        return
    for form in _WEAK_FORMS:
        for match in form.finditer(text):
            digits = _digits(match[0])
            if not 7 <= digits <= 12 or _DATE.match(match[0]) or _YEARS.fullmatch(match[0]):
                continue
            if said_to_be_other(text, match.start()):
                continue
            around = (
                text[max(0, match.start() - BEFORE) : match.start()] + " " + text[match.end() : match.end() + AFTER]
            )
            if _WORDS.search(around):
                yield match.start(), match.end(), 0.6


def _digits(text: str) -> int:
    return sum(sign.isdigit() for sign in re.split(r"x|ext|#", text)[0])


def said_to_be_other(text: str, start: int) -> bool:
    """Whether the words just before `start` say that the number there is an order's, a version's or the like."""
    return _OTHER.search(text[max(0, start - 24) : start]) is not None
