"""Telephone numbers in text: forms that stand for themselves, and forms that need a word beside them.

Written after the national conventions of ITU-T E.123; no list of numbering plans is used, so a number that was never
given to anybody counts as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.measures.coordinates import is_place
from governance.measures.separators import FIELD_ENDS, FIELD_STARTS, apart, found_apart

_END = r"(?:(?:,? ?(?:x|ext\.?|extension|durchwahl|#) ?\d{1,6})(?!\d))?(?![\w@]|[./-]\d)" + FIELD_ENDS
_START = r"(?<![\w.+@#$€£/-])(?<![$€£] )(?<!\d )" + FIELD_STARTS
_TELLING = [
    # +44 (0)20 7946 0018, +1-202-555-0143, +49 30/901820: a plus and the code of a country. No sentence ends within.
    r"(?<![\w+])(?:\(\+[1-9]\d{0,2}\)|\+\(?[1-9]\d{0,2}\)?)(?:(?:[ .\-/]{0,2}(?<!\. )| / )(?:\(\d{1,5}\)|\d{1,5})){1,6}"
    + _END,
    # 0049 30 901820, 001-202-555-0143x12: the same with noughts.
    _START + r"00 ?[1-9]\d{0,2}(?:[ .\-/]\(?\d{1,8}\)?){2,6}" + _END,
    # (202) 555-0143, 202.555.0143, 1-202-555-0143, 8 (495) 555-0143
    r"(?<![\w.+@#$€£/-])(?:[18][-. ]?)?(?:\(\d{3}\)[ -]?|\d{3}[-. ])\d{3}[-. ]\d{4}" + _END,
    # (02) 9374 4000, (030) 901820, 0(562) 581 41 83, (06)35/314-3233, 8 (495) 555-01-43
    r"(?<![\w+])(?:0|8 ?)?\(0?\d{1,5}\)[ ./-]?\d{2,5}(?:[ ./-]?\d{2,5}){1,4}" + _END,
    # 020 7946 0018, 06-12345678, 01.23.45.67.89, 0474/46 48 39, 089 / 96 05 19: a leading nought, and groups.
    _START
    + r"0[1-9]\d{0,4}(?:-\d(?=-\d{3}-\d{4}))?(?:(?: ?/ ?|[ -])\d{2,8}|(?:[. ]\d\d){4})(?:[ .-]\d{2,5}){0,4}"
    + _END,
]
_WEAK = [
    _START + r"(?:8[ -])?\d{2,5}(?:[ ./-]\d{2,5}){1,5}" + _END,
    _START + r"\d{7,15}" + _END,
    _START + r"\d{3,4}[-/ ]\d{6,8}" + _END,
    _START + r"\d\d[- ]\d[/ ]\d{3}[ -]\d{3,4}" + _END,
]
_NEEDS = ("+", "00", "", "(", "0")
"""What each form cannot do without: most texts are spared most searches."""
_TELLING_FORMS = tuple(re.compile(form, re.ASCII) for form in _TELLING)
_WEAK_FORMS = tuple(re.compile(form, re.ASCII) for form in _WEAK)
_NAMED = (
    r"\b(?:tele)?phones?\b|\btel\b|\bmob\b|\bmobi\w*|\bph\b(?=[.:])|\bhp:|\bcell ?phone\b|\bcell\b|\bfax\b|\bwhatsapp\b|\bsms\b|\bmsisdn\b|\bhotline\b"
    r"|\bmessages? (?:to|from|on|at)\b|\btexted\b|\btext me\b|\b(?:my|mio|mon|mi|meine|mijn|min|meu) (?:phone )?(?:number|numero|numéro|número|nummer)\b|\bcontact n(?:o|umber|r)\b|\bmój numer\b|\bjoindre\b|연락처|เบอร์"
    r"|\btél\b|\bpuh\b|\bpuhelin\w*|\bsoita\b|\bbel (?:me|mij|ons)\b|\brappel\w*|\bsuna[țt]i\w*|\bdzwoń\w*|\b(?:erreichbar|rückruf)\W+(?:bitte\W+)?unter\b"
    r"|\bt[eé]l[eé]?f\w*|\bt[eé]l[eé]phone\b|\btlf\b|\btfno\b|\bhandy\w*|\bgsm\b|\bnatel\b|\btelem[oó]vel\b|\bmóvil\b|\bcontacto\b|\bappel\w*|\bll[aá]m\w+|\bchiam\w+"
    r"|\bm[aá]rcame\b|\bcell?ulare?\b|\bfone\b|\bligue\b|\bkom\.|\bjoignable\b|\bzadzwo\w+|\bdzwoni\w+|\bvolejte\b|\brufnummer\b|\bportable\b"
    r"|\bтел\w*|\bмоб\w*|\bзвон\w+|τηλ|κινητ|手机|电话|電話|联系方式|携帯|전화|\bm: |\bt: "
)
_WORDS = re.compile(_NAMED, re.IGNORECASE)
_DIRECTLY = re.compile(
    rf"(?:{_NAMED})\W{{0,4}}(?:(?:is|no|nr|number|nummer|at|on|al|è|to|na|au|unter|value|para|pod|på|la|op)\W{{1,3}}){{0,2}}$",
    re.IGNORECASE,
)
_VERBS = re.compile(
    r"\b(?:call(?:ed|ing|s)?|dial(?:l?ed|l?ing)?|reach(?:ed|able)?|ring|text(?:ing)?|contact(?:ed|ing)?|number is)"
    r"(?:\W{1,3}(?:på|til|mig|meg|me|us|him|her|them|back|now|again|at|on|to|the|office|home|my|our|your|his|their|this|number|is|or|please|today|directly|anytime)){0,5}\W{1,3}$",
    re.IGNORECASE,
)
"""Verbs take a number right after them; what else they stand near is counted, not called."""
_STEMS = (
    *"phone tel tél tlf tfno mob ph: ph. hp: cell fax whatsapp sms msisdn hotline messag text number numer numéro número nummer contact".split(),
    *"handy gsm natel móvil appel llam llám chiam marcame márcame celul fone ligue kom. joignable joindre zadzwo dzwoni".split(),
    *"volejte portable rufnummer call dial reach ring тел моб звон τηλ κινητ 手机 电话 電話 联系方式 携帯 전화 연락처 เบอร์".split(),
    "m: ", "t: ", "puh", "soita", "bel ", "rappel", "suna", "dzwoń", "unter",
)  # fmt: skip
"""Of all words that announce a number: texts without any of them are spared the slower searches."""
_THOUSANDS = re.compile(r"\+?\d{1,3}(?:[ .]\d{3})+")
_CODES = re.compile(r"0\d{3}-\d{4}(?:-\d\d)?|\d{5}-\d{3,4}-\d\d|\d{3}-\d{5}-\d\d|\d\d-\d{4}-\d\d")
"""Two times of a day, and codes of drugs and parts."""
_ROUND = re.compile(r"(?:\d00[-. ]){2}\d000")
"""Bounds of ranges."""
_AS_A_PERSON = re.compile(r"\d{3}([- ])\d\d\1\d{4}")
"""Three, two and four digits: a leading nought makes a US social security number no telephone number."""
_COUNTED = "0123456789012345"
_OTHER = (
    r"(?:order|invoice|build|seed|reference|(?:ref|acct)\.?|ticket|serial|version|isbn|issn|doi|upc|ean|gtin|siret|siren|ein|abn|nip|transaction|timestamp|epoch|(?<![a-z])ts|art\.|article|artikel\w*|drug|product|hrb|sample|ndc|asin|account|case|item|model|part|sku|card|iban"
    r"|vat|tracking|batch|lot|(?<![a-z])cas|(?<![a-z])hs|(?<![a-z])sn|s/n|gene|zip|postcode|postal|\bcep|\bplz|amount|population|year|function|commande|zamówienie|ordine|pedido|rechnung\w*|factur[ae]|faktur[ay]|fattura|kundennummer|room|blz|bestell\w*|vorgang\w*|auftrag\w*"
    r"{more})(?:[^\w.!?]|(?:no|nr|n°)\.?|number|nummer|code|id|is|was)*$"
)
_NO_PHONE = re.compile(_OTHER.replace("{more}", "|id|tax|ssn|policy"), re.IGNORECASE)
_NO_PERSON = re.compile(_OTHER.replace("{more}", "|(?<=tax )id|policy"), re.IGNORECASE)
_DATE = re.compile(
    r"(?:^|\D)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|\d{1,2} \d{1,2} (?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?:$|[^\d./-])"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:[ /-](?:19|20)\d\d)+")
_NEXT = re.compile(
    r"(?i)(?: / | |, )(?=(?:[0-3]?\d[./-][01]?\d[./-](?:(?:19|20)\d\d|\d\d)(?![./-]?\d)|(?:19|20)\d\d[./-][01]?\d[./-][0-3]?\d(?!\d)"
    r"|[0-2]?\d[:h][0-5]\d|[0-2]?\d ?(?:uhr\b|[ap]\.?m\b|o'clock|h\b)))|(?P<apart> / )"
)
"""Where the next field begins: a day, a time, or what a slash sets apart from a number that is complete."""
_COMPLETE, _COMPLETE_BEFORE_SLASH = 7, 9
"""Digits from which on a number may end before a day or a time; and before a slash, which also parts a code from its number."""
_OWN_NUMBER = re.compile(r"\d(?:[ ()./-]{0,2}\d){5,}\)?(?:[^.!?;\n\d]{0,30}[^\W\d_]{4})?[.!?;] ")
"""The end of a sentence that has a number of its own. `Tel.` ends none."""
_NEXT_SENTENCE = re.compile(r"[.!?;] ")
BEFORE, AFTER = 45, 20
"""Signs before and after a number among which a word that announces it is looked for."""


def find_phones(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of each number in `text`; 0.8 by its form, 0.6 by a word beside it. Spans may overlap.

    Written as a US social security number, it has 0.7 by its form, less than such a number has that is possible as one.
    """
    for form, sign in zip(_TELLING_FORMS, _NEEDS, strict=True):
        if sign not in text:
            continue
        for match in form.finditer(text):
            start, end = match.start(), _end_of_number(text, match)
            number = text[start:end]
            if (
                8 <= _digits(number) <= 15
                and not _DATE.match(number)
                and not _CODES.fullmatch(number)
                and not _ROUND.fullmatch(number)
                and not (_digits(number) < 10 and _THOUSANDS.fullmatch(number))
                and not said_to_be_other(text, start)
                and not (is_place(text, start, end) and not _said_directly(text, start))
            ):
                alike = _AS_A_PERSON.fullmatch(number) and not _said_directly(text, start)
                yield start, end, 0.7 if alike else 0.8
    if not _may_announce(text):
        return
    for form in _WEAK_FORMS:
        for match in form.finditer(text):
            start, end = match.start(), _end_of_number(text, match)
            number = text[start:end]
            digits = _digits(number)
            if (
                not 7 <= digits <= (15 if number.startswith("00") else 13)
                or _DATE.match(number)
                or _YEARS.fullmatch(number)
            ):
                continue
            if _CODES.fullmatch(number) or number in _COUNTED or said_to_be_other(text, start):
                continue
            before, after = _beside(text, start, end)
            if not _may_announce(f"{before} {after}") and not _may_announce(apart(f"{before} {after}")):
                continue
            if found_apart(_DIRECTLY, before):
                yield start, end, 0.75
            elif (
                not _THOUSANDS.fullmatch(number)
                and (_VERBS.search(before) or found_apart(_WORDS, f"{before} {after}"))
                and not is_place(text, start, end)
            ):
                yield start, end, 0.6


def _beside(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a number in its line, and in the line before when its own holds nothing before it.

    A sentence that has a number of its own announces that one, and none of the next sentence.
    """
    before, after = text[max(0, start - BEFORE) : start], text[end : end + AFTER]
    lines = before.split("\n")
    while len(lines) > 1 and not lines[-1].strip(" \t-*>|"):
        lines.pop()
    return _OWN_NUMBER.split(lines[-1])[-1], _NEXT_SENTENCE.split(after.split("\n")[0])[0]


def _said_directly(text: str, start: int) -> bool:
    """Whether a word right before `start` says that a telephone number follows."""
    return found_apart(_DIRECTLY, text[max(0, start - BEFORE) : start])


def _may_announce(text: str) -> bool:
    """Whether any word that announces a number may stand in `text`, which is told in a tenth of the time."""
    small = text.casefold()
    return any(stem in small for stem in _STEMS)


def _end_of_number(text: str, match: re.Match[str]) -> int:
    """Where the number ends: before the next field, and before a bracket that closes what opened before it."""
    for field in _NEXT.finditer(text, match.start()):
        if field.start() >= match.end():
            break
        least = _COMPLETE_BEFORE_SLASH if field["apart"] else _COMPLETE
        if _digits(text[match.start() : field.start()]) >= least:
            return field.start()
    return match.end() - (match[0].endswith(")") and match[0].count(")") > match[0].count("("))


def _digits(text: str) -> int:
    return sum(sign.isdigit() for sign in re.split(r"x|ext|#", text)[0])


def said_to_be_other(text: str, start: int, *, person: bool = False) -> bool:
    """Whether the words just before `start` say that the number there is an order's, a version's or the like.

    With `person` the question is whether it is another than the number of a person: an id may be one.
    """
    return (_NO_PERSON if person else _NO_PHONE).search(apart(text[max(0, start - 24) : start])) is not None
