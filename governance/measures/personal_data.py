"""Personal data and secrets in one text: spans with a kind and a score, by form, checksum and the words around.

Patterns are not a proof: a hit says "this looks like", and no hit never says "there is none". Names and places in
running text are not looked for; that takes a language model. Columns of names are found by `column_evidence`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from governance.measures.account_numbers import (
    AFTER,
    BEFORE,
    BY_CHANCE,
    CARD_WORDS,
    find_cards,
    find_ibans,
    find_wallets,
)
from governance.measures.device_addresses import find_macs
from governance.measures.ip_addresses import find_ips, said_to_be_address
from governance.measures.national_ids import NATIONAL_IDS, NationalId, holds
from governance.measures.phone_numbers import find_phones, said_to_be_other
from governance.measures.secrets import ISSUED_GATE, find_tokens, find_url_credentials
from governance.measures.separators import FIELD_ENDS, FIELD_STARTS, found_written, plain

Found = tuple[int, int, float]
"""Start, end, score from 0 to 1. Score 0: it has the shape, and the checksum says that it is not."""
Finder = Callable[[str], Iterable[Found]]


@dataclass(frozen=True)
class Kind:
    """One kind of personal data or secret."""

    name: str
    title: str
    """Plural, for people."""
    find: Finder
    gate: str
    """A cheap pattern (RE2 syntax, no look-around) that every text with a hit matches; most other texts do not."""
    secret: bool = False
    grave: bool = False
    """Whether it names one person or opens an account by itself."""
    chance: float = 0.0
    """Share of random numbers of its shape that pass; 0 when the form alone tells."""


@dataclass(frozen=True)
class Span:
    """One hit: `text[start:end]`."""

    start: int
    end: int
    kind: str
    score: float


_EMAIL = re.compile(
    r"(?<![\w.+-])(?!git@[\w.-]+:)\w[\w.+%'’~-]{0,63}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}"
    r"(?!(?i:png|jpe?g|gif|svg|webp|css|js|json|html?|py|md|txt|pdf|t?gz|zip|service|socket|timer|mount|target|local|localdomain|lan)\b)[^\W\d_]{2,24}(?![\w@])"
)
"""Pictures for finer screens (icon@2x.png), units of systemd, names within a house and git's addresses are none."""
_TLD = (
    r"com|org|net|edu|gov|mil|int|info|biz|name|pro|museum|coop|aero|app|dev|xyz|online|site|shop|store|tech|cloud|blog|io|ai"
    r"|uk|de|fr|es|nl|eu|ch|ru|jp|cn|br|au|ca|nz|dk|se|fi|cz|pt|gr|hu|ro|bg|hr|ie|lu|lt|lv|ee|ua|tr|il|ae|za|kr|tw|hk|sg"
    r"|th|vn|ph|mx|ar|cl|pe|ve|gov\.\w\w|co\.\w\w"
)
_WEB = re.compile(
    r"(?i:\b(?:https?|ftp)://[^\s<>\"']+|\bwww\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"']*)?)"
    rf"|(?<![\w@./-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.)+(?:{_TLD})(?![\w@-]|\.\w)(?:/[^\s<>\"']*)?"
)
_DAY = (
    r"(?:(?:19|20)\d\d\. ?\d{1,2}\. ?\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|\d{1,2}\. \d{1,2}\. ?(?:19|20)\d\d|\d{1,2} \d{1,2} (?:19|20)\d\d|\d{1,2}-[^\W\d_]{3,9}-(?:19|20)\d\d"
    r"|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|(?:明治|大正|昭和|平成|令和) ?(?:\d{1,2}|元)年 ?\d{1,2}月 ?\d{1,2}日|(?:19|20)\d\d ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일]|(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d(?!\d)"
    r"|\d{1,2}(?:st|nd|rd|th|\.|º)? (?:of |de )?[^\W\d_]{3,10}\.?,? (?:de |del )?(?:19|20)?\d\d(?!\d)|[^\W\d_]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d)"
)
_BORN = (
    r"(?<![^\W_])(?:born|birth[\s_]?(?:date|dt)|date[\s_]?of[\s_]?birth|birthday|d[./]?o[./]?b\b\.?|geboren|geb\.(?:[- ]?dat(?:um|\.)?)?|geburts(?:datum|tag)|nées?\b|né\(e\)|né\b"
    r"|naissance|nací\b|nacid[oa]|nacimiento|f\. ?nac\.|nasceu|ur\.|д\.р\.|(?-i:[Nn]at[oa])\b|nascita|nascid[oa]|nascimento|(?:data )?nasc\.|fec\. ?nac\.|născut\w*|naștere\w*|nașterii|nar\.|geboorte\w*|föd\w*|fød\w*|fodselsdato|urodz\w*|narozen\w*|született|születés\w*|syntyn\w*"
    r"|syntymä\w*|doğum\w*|рожд\w*|родил\w*|生年月日|出生\w*|생년월일)|\((?:b|geb)\.(?= )|(?<=, )b\.(?= )|(?<![\w*])\*(?= ?\d\d?\.\d\d?\.(?:19|20)\d\d|\d\d?\. ?[^\W\d_]{3,9} (?:19|20)\d\d)"
)
_BETWEEN = r"(?:\W+(?:on|is|was|le|a|am|el|il|the|in|it(?:['’]?s)?|as|listed|given|recorded|value|op|em|den|dne|dnia|tarihi|ist|der|la|idő|dátum\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b)*"
_PLACE = r"(?:\W+(?:in|a|à|en|em|te|zu)\W+(?-i:[A-ZÀ-Þ][\w'’-]+(?:[ -][A-ZÀ-Þ][\w'’-]+){0,2}))?"
_BIRTH = re.compile(rf"(?i:(?:{_BORN}){_PLACE}{_BETWEEN}(?:\s*\([^()\d]{{1,25}}\))?\W{{0,4}}({_DAY}))")
_BIRTH_AFTER = re.compile(rf"(?i:({_DAY})\W+(?:in (?-i:[A-Z])\w+ )?geboren\b|({_DAY}) ?(?:生まれ|出生|생|г\.р\.))")
_DOCUMENT = re.compile(
    r"(?i:\b(passport|pass(?:eport|aporte|port)?-?(?:nr|no)|reisepass(?:nummer)?|(?:personal)?ausweis(?:nummer|-?nr\.?)?|driver'?s?’?s? licen[cs]e|driving licen[cs]e|licen[cs]e plate|fahrerlaubnis|führerschein)"
    r"(?:\W+(?:number|no|nr|num|id|is|was|of|my|the|n°|#))*\W{1,4})((?=[A-Za-z0-9-]{0,14}\d{2})[A-Za-z]{0,3}\d[A-Za-z0-9-]{3,15}|[A-Z9]{5}\d{6}[A-Z9]{2}\d[A-Z]{2})\b"
)


_NUMBER = re.compile(r"\d(?:[ ./-]?\d){3,}")


def _emails(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        yield match.start(), match.end(), 0.95


def _webs(text: str) -> Iterator[Found]:
    for match in _WEB.finditer(text):
        yield match.start(), match.start() + len(match[0].rstrip(".,;:!?)]}'")), 0.75


def _births(text: str) -> Iterator[Found]:
    for form in (_BIRTH, _BIRTH_AFTER):
        for match in form.finditer(text):
            place = match.lastindex or 1
            yield match.start(place), match.end(place), 0.85


def _documents(text: str) -> Iterator[Found]:
    for match in _DOCUMENT.finditer(text):
        yield match.start(2), match.end(2), 0.85


def _national(rule: NationalId) -> Finder:
    form = re.compile(rf"(?<![\w+./-])(?<!\d ){FIELD_STARTS}(?:{rule.shape})(?!\w|[-./]\d| \d){FIELD_ENDS}", re.ASCII)
    words = re.compile(rf"(?i){rule.words}")

    def find(text: str) -> Iterator[Found]:
        announced: bool | None = None
        for match in form.finditer(text):
            if not holds(rule, match[0]):
                yield match.start(), match.end(), 0.0
                continue
            if announced is None:
                announced = found_written(words, text)
            other = said_to_be_other(text, match.start(), person=True)
            near = _nearest if other else _beside
            if announced and found_written(words, near(text, match.start(), match.end())):
                yield match.start(), match.end(), 0.97 - rule.chance / 100
                continue
            digits = match[0].isdigit()
            telling = rule.telling and not (rule.only_parted and digits and len(match[0]) <= 10)
            if telling and not other:
                yield match.start(), match.end(), (BY_CHANCE if digits else 0.86) - rule.chance / 10
            else:
                yield match.start(), match.end(), 0.1  # a whole column of such may still tell

    return find


def _beside(text: str, start: int, end: int) -> str:
    return text[max(0, start - BEFORE) : start] + " " + text[end : end + AFTER]


def _nearest(text: str, start: int, end: int) -> str:
    """As `_beside`, without the words that have a number of their own: in `SSN 219-09-9999, part 673-11-1017` the first."""
    before, after = text[max(0, start - BEFORE) : start], text[end : end + 2 * AFTER]
    after = "" if _NUMBER.search(after) else after[:AFTER]
    return f"{_NUMBER.split(before)[-1]} {after}"


def _gate(rule: NationalId) -> str:
    """The rule's shape without what RE2 lacks: any separator where it asks for the same one again."""
    shape = rule.shape.replace(r"\1", "[ -]?").replace(r"\d", "[0-9]")
    return rf"(?:^|[^0-9A-Za-z_])(?:{shape})(?:$|[^0-9A-Za-z_])"


KINDS: tuple[Kind, ...] = (
    Kind("email", "e-mail addresses", _emails, "@"),
    Kind("phone", "telephone numbers", find_phones, r"[0-9](?:[ ()./+-]{0,3}[0-9]){6}"),
    Kind("card", "payment card numbers", find_cards, r"[0-9](?:[ -]?[0-9]){11}", grave=True, chance=0.1),
    Kind("iban", "bank account numbers (IBAN)", find_ibans, r"[A-Za-z]{2}[0-9]{2}[ .-]?[A-Za-z0-9]", grave=True),
    Kind("ip_address", "IP addresses", find_ips, r"[0-9]\.[0-9]+\.[0-9]+\.[0-9]|[0-9A-Fa-f:]:[0-9A-Fa-f:]*:"),
    Kind("mac_address", "MAC addresses", find_macs, r"[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]|[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.|(?i:mac|bssid|ethernet)"),
    Kind("web_address", "web addresses", _webs, r"://|[wW]\.|[A-Za-z0-9]\.[A-Za-z]{2}"),
    Kind("date_of_birth", "dates of birth", _births, r"(?i:born|birth|d[./]?o[./]?b|geb|né|naiss|nac[ií]|nat[oa]|nasc|f[öø]d|fodsel|năs|naș|nar\.|fec|urodz|naroz|szület|synty|doğum)|\(b\. |, b\. |\*|생|г\.р\.|ur\. |f\. ?nac|F\. ?Nac|д\.р\.|рожд|родил|生年月日|生まれ|出生|생년월일"),
    Kind("document_number", "passport and licence numbers", _documents, r"(?i)pass|ausweis|licen[cs]e|führerschein|fahrerlaubnis", grave=True),
    Kind("wallet", "wallet addresses", find_wallets, r"[13LMDA9][1-9A-HJ-NP-Za-km-z]{25}|bc1|ltc1|0x"),
    Kind("url_credentials", "web addresses with a password", find_url_credentials, r"://[^ /]*:[^ /]*@", secret=True),
    Kind("token", "keys and tokens", find_tokens, ISSUED_GATE, secret=True),
    *(
        Kind(rule.name, f"{rule.title}s", _national(rule), _gate(rule), grave=True, chance=rule.chance)
        for rule in NATIONAL_IDS
    ),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}
_WORDS_OF = {rule.name: re.compile(rule.words) for rule in NATIONAL_IDS} | {"card": CARD_WORDS}
LIKELY = 0.5
"""Score from which a span counts as a hit."""


def announces(kind: str, words: str) -> bool:
    """Whether `words` (small letters, apart) announce numbers of `kind`."""
    if kind == "ip_address":
        return said_to_be_address(words)
    return kind in _WORDS_OF and _WORDS_OF[kind].search(words) is not None


def find(text: str, kinds: Iterable[Kind] = KINDS, least: float = LIKELY) -> list[Span]:
    """The spans of `text` that look like personal data or secrets, in order, none overlapping another.

    Where two kinds claim the same signs, the higher score wins, then the longer span, then the kind named first.
    """
    text = plain(text)
    found = [
        Span(start, end, kind.name, score) for kind in kinds for start, end, score in kind.find(text) if score >= least
    ]
    return without_overlaps(found)


def without_overlaps(found: list[Span]) -> list[Span]:
    """The best of overlapping spans, in order of their start."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda s: (-s.score, s.start - s.end, s.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
