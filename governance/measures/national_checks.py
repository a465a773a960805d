"""Whether a bare number, without separators and in upper case, satisfies the rule of its kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from governance.measures.check_digits import (
    luhn,
    mod_11_2,
    mod_11_10,
    plain_digits,
    weighted,
)


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
    born_late = number[6] in "3478" and number[:2] >= "20"  # numbers given since October 2020 are random
    return (born_late and _short_day(number[:6])) or _kr_rrn_bare(number)


def _kr_rrn_bare(number: str) -> bool:
    """Without a dash a day alone is no evidence: articles of one maker all begin with the same digits."""
    check = (11 - weighted(number[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10
    return _short_day(number[:6]) and check == int(number[12])


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


def _ar_cuit(number: str) -> bool:
    check = 11 - weighted(number[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return number[:2] in {"20", "23", "24", "27"} and check != 10 and check % 11 == int(number[10])


def _hk_id(number: str) -> bool:
    bare = number.translate({ord("("): None, ord(")"): None})
    signs = bare[:-1].rjust(8)
    total = sum((36 if sign == " " else int(sign, 36)) * (9 - place) for place, sign in enumerate(signs))
    return "0123456789A"[-total % 11] == bare[-1]


def _mx_rfc(number: str) -> bool:
    return _short_day(number[4:10])


def _vin(number: str) -> bool:
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    signs = [int(sign) if sign.isdigit() else values[sign] for sign in number]
    rest = sum(sign * weight for sign, weight in zip(signs, weights, strict=True)) % 11
    return "0123456789X"[rest] == number[8] and len(set(number)) > 3


CHECKS: dict[str, Callable[[str], bool]] = {
    "us_ssn": _us_ssn, "gb_nino": _gb_nino, "gb_nhs": _gb_nhs, "de_tax": _de_tax, "fr_nir": _fr_nir, "es_dni": _es_dni, "it_cf": _it_cf,
    "nl_bsn": _nl_bsn, "be_nn": _be_nn, "se_pnr": _se_pnr, "fi_hetu": _fi_hetu, "no_fnr": _no_fnr, "dk_cpr": _dk_cpr, "pl_pesel": _pl_pesel,
    "pt_nif": _pt_nif, "br_cpf": _br_cpf, "cn_ric": _cn_ric, "kr_rrn": _kr_rrn, "kr_rrn_bare": _kr_rrn_bare, "sg_nric": _sg_nric, "au_tfn": _au_tfn, "au_medicare": _au_medicare,
    "za_id": _za_id, "tr_id": _tr_id, "mx_curp": _mx_curp, "cl_rut": _cl_rut, "ie_pps": _ie_pps, "at_svnr": _at_svnr, "ro_cnp": _ro_cnp,
    "cz_rc": _cz_rc, "bg_egn": _bg_egn, "th_id": _th_id, "jp_my": _jp_my, "ca_sin": _ca_sin, "ar_cuit": _ar_cuit, "hk_id": _hk_id,
    "mx_rfc": _mx_rfc, "vin": _vin,
}  # fmt: skip
