"""Numbers of accounts in text: payment cards, IBANs and wallets, each by its form and its check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.measures.check_digits import base58_check, iban, luhn
from governance.measures.phone_numbers import said_to_be_other
from governance.measures.separators import apart

BEFORE, AFTER = 50, 25
"""Signs before and after a number among which a word that announces it is looked for."""
BY_CHANCE = 0.7
"""Score of a bare number whose checksum holds and that nothing else announces: chance makes such numbers too."""
_CARD = re.compile(r"(?<![\w.+-])(?<!\d )\d(?:[ -]?\d){11,18}(?![\w-]|\.\d)", re.ASCII)
_CARD_GROUPS = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1?\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5}", re.ASCII)
_IIN = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11,13}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|(?:2131|1800)\d{11}|35\d{14}|62\d{14,17}"
    r"|(?:50[0-9]\d|5[6-9]\d\d|6[0-9]\d\d|0604)\d{8,15}",
    re.ASCII,
)
CARD_WORDS = re.compile(
    r"(?i)card|visa|master|amex|american express|discover|diners|maestro|\bcc\b|karte|carte|tarjeta"
)
_IBAN = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=IBAN))[A-Za-z]{2}\d\d(?:[ .-]?[A-Za-z0-9]){11,30}", re.ASCII)
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
_WALLET = re.compile(
    r"(?<!\w)(?:[13LMDA9][1-9A-HJ-NP-Za-km-z]{25,34}|(?:bc|ltc)1[02-9ac-hj-np-z]{11,71}|0x[0-9a-fA-F]{40})(?!\w)",
    re.ASCII,
)


def find_cards(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of card numbers (Luhn, known issuers); score 0 for runs of digits that are none."""
    for match in _CARD.finditer(text):
        # An expiry date or a code may follow after a space: shorter runs are tried as well.
        ends = [
            match.end(),
            *sorted((match.start() + cut.start() for cut in re.finditer(r"[ -]", match[0])), reverse=True),
        ]
        for end in ends:
            digits = re.sub(r"\D", "", text[match.start() : end])
            if len(digits) >= 12 and _IIN.fullmatch(digits):
                said = CARD_WORDS.search(around(text, match.start(), end)) is not None
                grouped = _CARD_GROUPS.fullmatch(text[match.start() : end]) is not None
                if luhn(digits) and len(set(digits)) > 1:
                    if not said and not grouped and said_to_be_other(text, match.start()):
                        continue
                    # Other groups are more often scores and orders, and few digits the number of an article.
                    short = not grouped and (len(digits) in {12, 13} or len(digits) != end - match.start())
                    yield match.start(), end, 0.95 if said else 0.9 if grouped else 0.1 if short else BY_CHANCE
                    break
        else:
            yield match.start(), match.end(), 0.0


def find_ibans(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of IBANs, with or without spaces, dots or hyphens."""
    for match in _IBAN.finditer(text):
        length = IBAN_LENGTHS.get(match[0][:2].upper(), 0)
        places = [place for place, sign in enumerate(match[0]) if sign.isalnum()]
        if not length or len(places) < length:
            continue
        end = match.start() + places[length - 1] + 1
        ended = end >= len(text) or not text[end].isalnum()
        if ended and iban(re.sub(r"[ .-]", "", text[match.start() : end]), IBAN_LENGTHS):
            yield match.start(), end, 0.98


def find_wallets(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of Bitcoin, Litecoin, Dogecoin and Ethereum addresses."""
    for match in _WALLET.finditer(text):
        if match[0].startswith(("bc1", "ltc1", "0x")) or base58_check(match[0]):
            yield match.start(), match.end(), 0.9


def around(text: str, start: int, end: int) -> str:
    """What stands just before and after `text[start:end]`."""
    return apart(text[max(0, start - BEFORE) : start] + " " + text[end : end + AFTER])
