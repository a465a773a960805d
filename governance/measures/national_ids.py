"""National identity, tax and insurance numbers of 30 countries: shape, checksum, and how often chance passes it.

Each rule gets the bare number: separators removed, letters in upper case. Sources: the issuers' public descriptions,
as gathered in the documentation of python-stdnum (no code of it is used).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from governance.measures.check_digits import (
    ean_13,
    luhn,
    mod_11_2,
    mod_11_10,
    plain_digits,
    verhoeff,
    weighted,
)


@dataclass(frozen=True)
class NationalId:
    """One kind of number."""

    name: str
    """Stable word: `es_dni`."""
    title: str
    """For people: `Spanish DNI or NIE`."""
    shape: str
    """Regular expression of the number with the separators that people write."""
    check: Callable[[str], bool]
    chance: float
    """Share of random numbers of this shape that satisfy the check, as measured; 1 when there is no checksum."""
    telling: bool
    """Whether shape and check alone make it likely; if not, a word beside it or a whole column must say so."""
    words: str
    """Words that announce it (regular expression, small letters)."""
    only_parted: bool = False
    """Whether ten digits or fewer without a separator are too like other numbers to be telling."""


def _day(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day) <= date(2099, 12, 31)
    except ValueError:
        return False


def _short_day(digits: str) -> bool:
    """YYMMDD in some century."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    return _day(2000 + year, month, day) or _day(1900 + year, month, day)


def _us_ssn(number: str) -> bool:
    area, group, serial = number[:3], number[3:5], number[5:]
    if area in {"000", "666"} or group == "00" or serial == "0000" or len(set(number)) == 1 or number == "123456789":
        return False
    if area[0] == "9":  # an individual taxpayer number
        return group in {
            *map(str, range(50, 66)),
            *map(str, range(70, 89)),
            "90",
            "91",
            "92",
            *map(str, range(94, 100)),
        }
    return True


def _gb_nino(number: str) -> bool:
    return number[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def _gb_nhs(number: str) -> bool:
    check = 11 - weighted(number[:9], range(10, 1, -1)) % 11
    return len(set(number)) > 1 and check != 10 and check % 11 == int(number[9])


def _de_tax(number: str) -> bool:
    counts = sorted((number[:10].count(digit) for digit in set(number[:10])), reverse=True)
    return number[0] != "0" and counts[0] in {2, 3} and counts[1:2] == [1] and mod_11_10(number)


def _fr_nir(number: str) -> bool:
    body = number[:13].replace("2A", "19").replace("2B", "18")
    return plain_digits(body + number[13:]) and 97 - int(body) % 97 == int(number[13:])


def _es_dni(number: str) -> bool:
    body = {"X": "0", "Y": "1", "Z": "2"}.get(number[0], number[0]) + number[1:-1]
    return plain_digits(body) and "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23] == number[-1]


_CF_DIGITS = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
_CF_LETTERS = (2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_CF_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (*_CF_DIGITS, *_CF_DIGITS, *_CF_LETTERS), strict=True))


def _it_cf(number: str) -> bool:
    even = sum(int(sign) if sign.isdigit() else ord(sign) - 65 for sign in number[1:15:2])
    return chr(65 + (sum(_CF_ODD[sign] for sign in number[0:15:2]) + even) % 26) == number[15]


def _nl_bsn(number: str) -> bool:
    return number != "000000000" and weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _be_nn(number: str) -> bool:
    month = int(number[2:4]) % 20
    body, check = number[:9], int(number[9:])
    return month <= 12 and int(number[4:6]) <= 31 and check in {97 - int(body) % 97, 97 - int("2" + body) % 97}


def _se_pnr(number: str) -> bool:
    short = number[-10:]
    day = int(short[4:6])
    return _short_day(short[:4] + f"{day - 60 if day > 60 else day:02d}") and luhn(short)


def _fi_hetu(number: str) -> bool:
    day = number[4:6] + number[2:4] + number[:2]
    return _short_day(day) and "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(number[:6] + number[7:10]) % 31] == number[10]


def _no_fnr(number: str) -> bool:
    day = int(number[:2])
    valid_day = _short_day(number[4:6] + number[2:4] + f"{day - 40 if day > 40 else day:02d}")
    first = weighted(number[:10], (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    return valid_day and first == 0 and weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _dk_cpr(number: str) -> bool:
    return _short_day(number[4:6] + number[2:4] + number[:2])  # the checksum is no longer kept to since 2007


def _pl_pesel(number: str) -> bool:
    month = int(number[2:4]) % 20
    day = _short_day(f"{number[:2]}{month:02d}{number[4:6]}")
    return day and weighted(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def _pt_nif(number: str) -> bool:
    check = 11 - weighted(number[:8], range(9, 1, -1)) % 11
    return number[0] in "1235689" and (0 if check > 9 else check) == int(number[8])


def _br_cpf(number: str) -> bool:
    first = weighted(number[:9], range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(number[:10], range(11, 1, -1)) * 10 % 11 % 10
    return len(set(number)) > 1 and (first, second) == (int(number[9]), int(number[10]))


def _cn_ric(number: str) -> bool:
    return _day(int(number[6:10]), int(number[10:12]), int(number[12:14])) and mod_11_2(number)


def _kr_rrn(number: str) -> bool:
    if not _short_day(number[:6]):
        return False
    born_late = number[6] in "3478" and number[:2] >= "20"  # numbers given since October 2020 are random
    return born_late or (11 - weighted(number[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10 == int(number[12])


def _sg_nric(number: str) -> bool:
    total = weighted(number[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(number[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "XWUTRQPNJLK"}.get(number[0], "XWUTRQPNMLK")
    place = 10 - total % 11 if number[0] == "M" else total % 11
    return letters[place] == number[8]


def _au_tfn(number: str) -> bool:
    return number != "000000000" and weighted(number, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def _au_medicare(number: str) -> bool:
    return number[0] in "23456" and weighted(number[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(number[8])


def _za_id(number: str) -> bool:
    return _short_day(number[:6]) and number[10] in "012" and luhn(number)


def _tr_id(number: str) -> bool:
    digits = [int(digit) for digit in number]
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return digits[0] > 0 and digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def _mx_curp(number: str) -> bool:
    signs = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    total = sum(signs.index(sign) * (18 - place) for place, sign in enumerate(number[:17]))
    return _short_day(number[4:10]) and str((10 - total % 10) % 10) == number[17]


def _cl_rut(number: str) -> bool:
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(number[:-1])))
    return "0123456789K"[(11 - total % 11) % 11] == number[-1]


def _ie_pps(number: str) -> bool:
    extra = 9 * (ord(number[8]) - 64) if len(number) == 9 and number[8] != "W" else 0
    return "WABCDEFGHIJKLMNOPQRSTUV"[(weighted(number[:7], range(8, 1, -1)) + extra) % 23] == number[7]


def _at_svnr(number: str) -> bool:
    check = weighted(number, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11
    return check == int(number[3]) and _short_day(number[8:10] + number[6:8] + number[4:6])


def _ro_cnp(number: str) -> bool:
    check = weighted(number[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return number[0] != "0" and _short_day(number[1:7]) and (1 if check == 10 else check) == int(number[12])


def _cz_rc(number: str) -> bool:
    month = int(number[2:4]) % 50 % 20
    old = int(number[:9]) % 11 == 10 and number[9] == "0"  # as it was until 1985
    return _short_day(f"{number[:2]}{month:02d}{number[4:6]}") and (old or int(number) % 11 == 0)


def _bg_egn(number: str) -> bool:
    month = int(number[2:4]) % 20
    check = weighted(number[:9], (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10
    return _short_day(f"{number[:2]}{month:02d}{number[4:6]}") and check == int(number[9])


def _th_id(number: str) -> bool:
    return number[0] != "0" and (11 - weighted(number[:12], range(13, 1, -1)) % 11) % 10 == int(number[12])


def _jp_my(number: str) -> bool:
    rest = weighted(number[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if rest < 2 else 11 - rest) == int(number[11])


def _ca_sin(number: str) -> bool:
    return number[0] not in "08" and luhn(number)


def _always(_: str) -> bool:
    return True


_S = r"[ .-]?"
NATIONAL_IDS: tuple[NationalId, ...] = (
    NationalId("us_ssn", "US social security number", r"\d{3}([- ])\d{2}\1\d{4}", _us_ssn, 0.93, True,
               r"\bssn|\bss#|social security|\bitin\b|taxpayer"),
    NationalId("us_ssn_bare", "US social security number", r"\d{9}", _us_ssn, 0.93, False,
               r"\bssn|\bss#|social security|\bitin\b|taxpayer"),
    NationalId("gb_nino", "UK national insurance number",
               r"[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?\d\d ?\d\d ?\d\d ?[A-Da-d]",
               _gb_nino, 0.98, True, r"nino|national insurance|\bni\b"),
    NationalId("gb_nhs", "UK NHS number", r"\d{3}[ -]\d{3}[ -]\d{4}|\d{10}", _gb_nhs, 0.087, False, r"\bnhs\b"),
    NationalId("de_tax", "German tax number", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", _de_tax, 0.004, True,
               r"steuer|tax|\bidnr\b|\btin\b"),
    NationalId("fr_nir", "French NIR", r"[1278] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[ABab]) ?\d{3} ?\d{3} ?\d\d",
               _fr_nir, 0.01, True, r"\bnir\b|sécurité sociale|securite sociale|insee"),
    NationalId("es_dni", "Spanish DNI or NIE", r"(?:[XYZxyz]-?\d{7}|\d{8}|\d{2}\.\d{3}\.\d{3})[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z]",
               _es_dni, 0.045, True, r"\bdni\b|\bnie\b|\bnif\b"),
    NationalId("it_cf", "Italian codice fiscale",
               r"[A-Za-z]{6}[0-9LMNP-V]{2}[A-EHLMPRSTa-ehlmprst][0-9LMNP-V]{2}[A-Za-z][0-9LMNP-V]{3}[A-Za-z]",
               _it_cf, 0.04, True, r"codice fiscale|cod\. ?fisc|\bcf\b"),
    NationalId("nl_bsn", "Dutch BSN", r"\d{4}[. ]?\d{2}[. ]?\d{3}|\d{3}[ .]\d{3}[ .]\d{3}", _nl_bsn, 0.091, False, r"\bbsn\b|burgerservice|sofinummer"),
    NationalId("be_nn", "Belgian national number", r"\d\d\.?\d\d\.?\d\d[- ]?\d{3}[.]?\d\d", _be_nn, 0.005, True,
               r"rijksregister|registre national|\bniss\b|\binsz\b"),
    NationalId("se_pnr", "Swedish personal number", r"(?:19|20)?\d{6}[-+]?\d{4}", _se_pnr, 0.007, True,
               r"personnummer|personal number|\bpnr\b", only_parted=True),
    NationalId("fi_hetu", "Finnish personal identity code", r"\d{6}[-+ABCDEFUVWXYabcdefuvwxy]\d{3}[0-9A-Ya-y]", _fi_hetu,
               0.001, True, r"hetu|henkilötunnus|personal identity"),
    NationalId("no_fnr", "Norwegian birth number", r"\d{6} ?\d{5}", _no_fnr, 0.0005, True, r"fødselsnummer|fodselsnummer|\bfnr\b"),
    NationalId("dk_cpr", "Danish CPR number", r"\d{6}-?\d{4}", _dk_cpr, 0.037, True, r"\bcpr\b|personnummer", only_parted=True),
    NationalId("pl_pesel", "Polish PESEL", r"\d{11}", _pl_pesel, 0.02, True, r"pesel"),
    NationalId("pt_nif", "Portuguese NIF", r"\d{3} ?\d{3} ?\d{3}", _pt_nif, 0.07, False, r"\bnif\b|contribuinte"),
    NationalId("br_cpf", "Brazilian CPF", r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}", _br_cpf, 0.01, True, r"\bcpf\b"),
    NationalId("in_aadhaar", "Indian Aadhaar number", r"[2-9]\d{3}([ -]?)\d{4}\1\d{4}", verhoeff, 0.1, False, r"aadhaar|aadhar|uidai|आधार"),
    NationalId("in_pan", "Indian PAN", r"[A-Z]{3}[PCHABGJLFT][A-Z]\d{4}[A-Z]", _always, 1.0, True, r"\bpan\b|permanent account"),
    NationalId("cn_ric", "Chinese resident number", r"[1-8]\d{5}(?:19|20)\d{9}[0-9Xx]", _cn_ric, 0.003, True, r"身份证|resident id|chinese id|national id|id(?:entity)? card"),
    NationalId("kr_rrn", "South Korean registration number", r"\d{6}-\d{7}", _kr_rrn, 0.0135, True, r"주민등록|주민번호|\brrn\b"),
    NationalId("sg_nric", "Singapore NRIC or FIN", r"[STFGM]\d{7}[A-Z]", _sg_nric, 0.04, True, r"\bnric\b|\bfin\b"),
    NationalId("ca_sin", "Canadian SIN", r"\d{3}([ -]?)\d{3}\1\d{3}", _ca_sin, 0.08, False, r"\bsin\b|\bs\.i\.n\.|\bnas\b|social insurance"),
    NationalId("au_tfn", "Australian tax file number", r"\d{3} ?\d{3} ?\d{3}", _au_tfn, 0.091, False, r"\btfn\b|tax file"),
    NationalId("au_medicare", "Australian Medicare number", r"[2-6]\d{3} ?\d{5} ?\d", _au_medicare, 0.1, False, r"medicare"),
    NationalId("za_id", "South African identity number", r"\d{6} ?\d{4} ?\d{3}", _za_id, 0.001, True, r"identity n(?:o|umber)|id n(?:o|umber)|national id|(?:african|sa) id\b"),
    NationalId("tr_id", "Turkish identity number", r"[1-9]\d{10}", _tr_id, 0.01, True, r"kimlik|\btckn\b"),
    NationalId("ch_ahv", "Swiss AHV number", r"756\.?\d{4}\.?\d{4}\.?\d{2}", ean_13, 0.1, True, r"\bahv\b|\bavs\b"),
    NationalId("mx_curp", "Mexican CURP", r"[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d", _mx_curp, 0.004, True, r"\bcurp\b"),
    NationalId("cl_rut", "Chilean RUT", r"\d{1,2}\.\d{3}\.\d{3}-[0-9Kk]|\d{7,8}-[0-9Kk]", _cl_rut, 0.091, True, r"\brut\b|\brun\b"),
    NationalId("ie_pps", "Irish PPS number", r"\d{7}[A-W][A-IW]?", _ie_pps, 0.044, True, r"\bpps\b|\bppsn\b"),
    NationalId("at_svnr", "Austrian insurance number", r"[1-9]\d{3} ?\d{6}", _at_svnr, 0.0032, False, r"\bsv-?(?:nr|nummer)\b|sozialvers"),
    NationalId("ro_cnp", "Romanian CNP", r"[1-9]\d{12}", _ro_cnp, 0.0034, True, r"\bcnp\b"),
    NationalId("cz_rc", "Czech or Slovak birth number", r"\d{6}/?\d{4}", _cz_rc, 0.019, True, r"rodné číslo|rodne cislo|\br\.? ?č(?:\.|\b)", only_parted=True),
    NationalId("bg_egn", "Bulgarian EGN", r"\d{10}", _bg_egn, 0.0185, False, r"\begn\b|егн"),
    NationalId("th_id", "Thai identity number", r"[1-8]([ -])\d{4}\1\d{5}\1\d{2}\1\d|[1-8]\d{12}", _th_id, 0.1, False, r"thai id|citizen id|ประชาชน"),
    NationalId("jp_my", "Japanese My Number", r"\d{4}([ -]?)\d{4}\1\d{4}", _jp_my, 0.1, False, r"\bmy ?number\b|マイナンバー|個人番号"),
)  # fmt: skip

_SEPARATORS = re.compile(r"[\s./-]")


def holds(rule: NationalId, text: str) -> bool:
    """Whether `text`, already of the rule's shape, satisfies its check."""
    bare = text if rule.name == "fi_hetu" else _SEPARATORS.sub("", text.replace("+", ""))
    return rule.check(bare.upper())
