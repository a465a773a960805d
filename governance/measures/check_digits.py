"""Check digits: whether a number satisfies the rule by which its issuer guards it against typing errors.

Pure functions over strings of digits (letters where the rule has them), without separators. All are total: a string
of another shape does not satisfy the rule.
"""

from __future__ import annotations

from collections.abc import Sequence

_VERHOEFF_MULTIPLY = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_VERHOEFF_PERMUTE = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def plain_digits(text: str) -> bool:
    """Whether `text` is nothing but the ten ASCII digits, and at least one."""
    return text.isascii() and text.isdigit()


def luhn(digits: str) -> bool:
    """Luhn's rule (ISO/IEC 7812-1, annex B): cards, Canadian SIN, Swedish personnummer, South African ID."""
    if not plain_digits(digits) or len(digits) < 2:
        return False
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def mod_97(text: str) -> bool:
    """ISO/IEC 7064 MOD 97-10 with letters as 10 to 35: `text` is the IBAN with its first four signs moved last."""
    if not (text.isascii() and text.isalnum()):
        return False
    return int("".join(str(int(sign, 36)) for sign in text)) % 97 == 1


def iban(text: str, lengths: dict[str, int]) -> bool:
    """Whether `text` (no spaces) is an IBAN: a country of `lengths`, of that country's length, with its check digits."""
    upper = text.upper()
    return lengths.get(upper[:2]) == len(upper) and mod_97(upper[4:] + upper[:4])


def verhoeff(digits: str) -> bool:
    """Verhoeff's rule over the dihedral group of order ten (Verhoeff, 1969): Aadhaar."""
    if not plain_digits(digits):
        return False
    check = 0
    for position, digit in enumerate(reversed(digits)):
        check = _VERHOEFF_MULTIPLY[check][_VERHOEFF_PERMUTE[position % 8][int(digit)]]
    return check == 0


def mod_11_10(digits: str) -> bool:
    """ISO/IEC 7064 MOD 11,10: the German tax number."""
    if not plain_digits(digits):
        return False
    product = 10
    for digit in digits[:-1]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def mod_11_2(text: str) -> bool:
    """ISO/IEC 7064 MOD 11-2, `X` for ten: the Chinese resident number."""
    if len(text) < 2 or not plain_digits(text[:-1]):
        return False
    total = 0
    for digit in text[:-1]:
        total = (total + int(digit)) * 2 % 11
    return "0123456789X"[(12 - total) % 11] == text[-1].upper()


def weighted(digits: str, weights: Sequence[int]) -> int:
    """The sum of `digits` times `weights`, position by position; both of one length."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def ean_13(digits: str) -> bool:
    """GS1's rule for 13 digits: the Swiss AHV number."""
    return plain_digits(digits) and len(digits) == 13 and weighted(digits, (1, 3) * 6 + (1,)) % 10 == 0


_WALLET_VERSIONS = {0, 5, 22, 30, 48, 50}
"""Bitcoin (1 and 3), Dogecoin (A or 9, and D), Litecoin (L and M)."""


def base58_check(text: str) -> bool:
    """Base58Check: four bytes of a double sha256 guard an address of 20 bytes after its version byte."""
    from hashlib import sha256

    number = 0
    for sign in text:
        place = _BASE58.find(sign)
        if place < 0:
            return False
        number = number * 58 + place
    if number >= 1 << 200:
        return False
    content = number.to_bytes(25, "big")
    return content[0] in _WALLET_VERSIONS and sha256(sha256(content[:21]).digest()).digest()[:4] == content[21:]
