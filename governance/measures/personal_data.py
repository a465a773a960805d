"""Personal data and secrets in one text: spans with a kind and a score, by form, checksum and the words around.

Patterns are not a proof: a hit says "this looks like", and no hit never says "there is none". Names and places in
running text are not looked for; that takes a language model. Columns of names are found by `column_evidence`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from governance.measures.check_digits import base58_check, iban, luhn
from governance.measures.national_ids import NATIONAL_IDS, NationalId, holds
from governance.measures.phone_numbers import find_phones, said_to_be_other
from governance.measures.secrets import TOKEN_GATE, find_tokens, find_url_credentials

Found = tuple[int, int, float]
"""Start, end, score from 0 to 1. Score 0: it has the shape, and the checksum says that it is not."""
Finder = Callable[[str], Iterable[Found]]
BEFORE, AFTER = 50, 25
"""Signs before and after a number among which a word that announces it is looked for."""
BY_CHANCE = 0.7
"""Score of a bare number whose checksum holds and that nothing else announces: chance makes such numbers too."""


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
    r"(?<![\w.+-])\w[\w.!#$%&'*+/=?^`{|}~-]{0,63}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w@])"
)
_CARD = re.compile(r"(?<![\w.,+-])(?<!\d )\d(?:[ -]?\d){11,18}(?![\w-]|[.,]\d)", re.ASCII)
_IIN = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11,13}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|(?:2131|1800)\d{11}|35\d{14}|62\d{14,17}"
    r"|(?:50[0-9]\d|5[6-9]\d\d|6[0-9]\d\d|0604)\d{8,15}",
    re.ASCII,
)
_CARD_WORDS = re.compile(
    r"(?i)card|visa|master|amex|american express|discover|diners|maestro|\bcc\b|karte|carte|tarjeta"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?:[ -]?[A-Za-z0-9]){11,30}", re.ASCII)
IBAN_LENGTHS = {
    code: int(length)
    for code, length in re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29"
        " ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20"
        " LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29"
        " PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
        " YE30",
    )
}
"""Country to the length of its IBAN (SWIFT's registry)."""
_IP4 = re.compile(
    r"(?<![\w.-])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\w-]|\.\d)",
    re.ASCII,
)
_IP6 = re.compile(
    r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])", re.ASCII
)
_IP_WORDS = re.compile(r"(?i)\bip\b|\baddress|\bhost|\bserver|\bfrom\b|\bnetwork|\bip_")
_VERSION_WORDS = re.compile(r"(?i)(?:\bv|version|release|build|section|chapter|firmware|driver)\W*$")
_MAC = re.compile(
    r"(?<![\w:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])|(?<![\w.])(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}(?![\w.])",
    re.ASCII,
)
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
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}"
    r"|\d{1,2}(?:st|nd|rd|th|\.)? (?:of )?[^\W\d_]{3,9}\.?,? (?:19|20)\d\d|[^\W\d_]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d)"
)
_BIRTH = re.compile(
    rf"(?i:\b(?:born|birth\s?date|date of birth|birthday|d\.?o\.?b\b\.?|geboren|geb\.|geburtsdatum|née?\b|naissance|nacid[oa]|nacimiento|nat[oa])"
    rf"(?:\W+(?:on|is|was|le|am|el|il|the|in|it)\b)*\W{{0,4}}({_DAY}))"
)
_DOCUMENT = re.compile(
    r"(?i:\b(passport|pass(?:eport|aporte|port)?-?(?:nr|no)|reisepass|driver'?s?’?s? licen[cs]e|driving licen[cs]e|licen[cs]e plate|fahrerlaubnis|führerschein)"
    r"(?:\W+(?:number|no|nr|num|id|is|was|of|my|the|n°|#))*\W{1,4})((?=[A-Za-z0-9-]{0,14}\d{2})[A-Za-z]{0,3}\d[A-Za-z0-9-]{3,15})\b"
)
_WALLET = re.compile(
    r"(?<!\w)(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,71}|0x[0-9a-fA-F]{40})(?!\w)", re.ASCII
)


def _emails(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        yield match.start(), match.end(), 0.95


def _cards(text: str) -> Iterator[Found]:
    for match in _CARD.finditer(text):
        # An expiry date or a code may follow after a space: shorter runs are tried as well.
        ends = [
            match.end(),
            *sorted((match.start() + cut.start() for cut in re.finditer(r"[ -]", match[0])), reverse=True),
        ]
        for end in ends:
            digits = re.sub(r"\D", "", text[match.start() : end])
            if len(digits) >= 12 and _IIN.fullmatch(digits):
                said = _CARD_WORDS.search(_around(text, match.start(), end)) is not None
                grouped = len(digits) != end - match.start()
                if luhn(digits) and len(set(digits)) > 1:
                    if not said and not grouped and said_to_be_other(text, match.start()):
                        continue
                    yield match.start(), end, 0.95 if said else 0.9 if grouped else BY_CHANCE
                    break
        else:
            yield match.start(), match.end(), 0.0


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        length = IBAN_LENGTHS.get(match[0][:2].upper(), 0)
        places = [place for place, sign in enumerate(match[0]) if sign.isalnum()]
        if not length or len(places) < length:
            continue
        end = match.start() + places[length - 1] + 1
        ended = end >= len(text) or not text[end].isalnum()
        if ended and iban(re.sub(r"[ -]", "", text[match.start() : end]), IBAN_LENGTHS):
            yield match.start(), end, 0.98


def _ips(text: str) -> Iterator[Found]:
    for match in _IP4.finditer(text):
        before = text[max(0, match.start() - BEFORE) : match.start()]
        if _VERSION_WORDS.search(before):
            continue
        small = all(int(octet) < 20 for octet in match[0].split("."))
        yield match.start(), match.end(), 0.4 if small and not _IP_WORDS.search(before) else 0.85
    for match in _IP6.finditer(text):
        candidate = match[0]
        if sum(bool(group) for group in candidate.split(":")) < 2 or not any(sign.isdigit() for sign in candidate):
            continue
        try:
            ipaddress.IPv6Address(candidate)
        except ValueError:
            continue
        yield match.start(), match.end(), 0.9


def _macs(text: str) -> Iterator[Found]:
    for match in _MAC.finditer(text):
        yield match.start(), match.end(), 0.88


def _webs(text: str) -> Iterator[Found]:
    for match in _WEB.finditer(text):
        yield match.start(), match.start() + len(match[0].rstrip(".,;:!?)]}'")), 0.75


def _births(text: str) -> Iterator[Found]:
    for match in _BIRTH.finditer(text):
        yield match.start(1), match.end(1), 0.85


def _documents(text: str) -> Iterator[Found]:
    for match in _DOCUMENT.finditer(text):
        yield match.start(2), match.end(2), 0.85


def _wallets(text: str) -> Iterator[Found]:
    for match in _WALLET.finditer(text):
        if match[0][0] not in "13" or base58_check(match[0]):
            yield match.start(), match.end(), 0.9


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - BEFORE) : start] + " " + text[end : end + AFTER]


def _national(rule: NationalId) -> Finder:
    form = re.compile(rf"(?<![\w+.,/-])(?<!\d )(?:{rule.shape})(?!\w|[-./,]\d| \d)", re.ASCII)
    words = re.compile(rf"(?i){rule.words}")

    def find(text: str) -> Iterator[Found]:
        announced: bool | None = None
        for match in form.finditer(text):
            if not holds(rule, match[0]):
                yield match.start(), match.end(), 0.0
                continue
            if announced is None:
                announced = words.search(text) is not None
            if announced and words.search(_around(text, match.start(), match.end())):
                yield match.start(), match.end(), 0.97 - rule.chance / 100
            elif rule.telling and not (match[0].isdigit() and said_to_be_other(text, match.start())):
                yield match.start(), match.end(), (BY_CHANCE if match[0].isdigit() else 0.86) - rule.chance / 10
            else:
                yield match.start(), match.end(), 0.1  # a whole column of such may still tell

    return find


def _gate(rule: NationalId) -> str:
    """The rule's shape without what RE2 lacks: any separator where it asks for the same one again."""
    shape = rule.shape.replace(r"\1", "[ -]?").replace(r"\d", "[0-9]")
    return rf"(?:^|[^0-9A-Za-z_])(?:{shape})(?:$|[^0-9A-Za-z_])"


KINDS: tuple[Kind, ...] = (
    Kind("email", "e-mail addresses", _emails, "@"),
    Kind("phone", "telephone numbers", find_phones, r"[0-9](?:[ ()./+-]{0,3}[0-9]){6}"),
    Kind("card", "payment card numbers", _cards, r"[0-9](?:[ -]?[0-9]){11}", grave=True, chance=0.1),
    Kind("iban", "bank account numbers (IBAN)", _ibans, r"[A-Za-z]{2}[0-9]{2}[ -]?[A-Za-z0-9]", grave=True),
    Kind("ip_address", "IP addresses", _ips, r"[0-9]\.[0-9]+\.[0-9]+\.[0-9]|[0-9A-Fa-f:]:[0-9A-Fa-f:]*:"),
    Kind("mac_address", "MAC addresses", _macs, r"[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]|[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\."),
    Kind("web_address", "web addresses", _webs, r"://|[wW]\.|[A-Za-z0-9]\.[A-Za-z]{2}"),
    Kind("date_of_birth", "dates of birth", _births, r"(?i:\b(?:born|birth|d\.?o\.?b|geb|née?\b|naiss|naci|nat[oa]\b))"),
    Kind("document_number", "passport and licence numbers", _documents, r"(?i)pass|licen[cs]e|führerschein|fahrerlaubnis", grave=True),
    Kind("wallet", "wallet addresses", _wallets, r"[13][1-9A-HJ-NP-Za-km-z]{25}|bc1|0x"),
    Kind("url_credentials", "web addresses with a password", find_url_credentials, r"://[^ /]*:[^ /]*@", secret=True),
    Kind("token", "keys and tokens", find_tokens, TOKEN_GATE, secret=True),
    *(
        Kind(rule.name, f"{rule.title}s", _national(rule), _gate(rule), grave=True, chance=rule.chance)
        for rule in NATIONAL_IDS
    ),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}
LIKELY = 0.5
"""Score from which a span counts as a hit."""


def find(text: str, kinds: Iterable[Kind] = KINDS, least: float = LIKELY) -> list[Span]:
    """The spans of `text` that look like personal data or secrets, in order, none overlapping another.

    Where two kinds claim the same signs, the higher score wins, then the longer span, then the kind named first.
    """
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
