from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.account_numbers import IBAN_LENGTHS
from governance.measures.check_digits import base58_check, ean_13, iban, luhn, mod_11_2, mod_11_10, verhoeff


@pytest.mark.parametrize(
    ("rule", "valid"),
    [
        (luhn, "79927398713"),  # the example in Luhn's patent, as usually given
        (luhn, "4111111111111111"),
        (verhoeff, "2363"),  # Verhoeff's example
        (ean_13, "7569217076985"),
        (mod_11_10, "86095742719"),
        (mod_11_2, "11010519491231002X"),
        (base58_check, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),  # the first block
    ],
)
def test_published_examples_hold_and_every_single_digit_error_is_seen(rule, valid):
    assert rule(valid)
    for place, sign in enumerate(valid):
        if sign.isdigit():
            for other in "0123456789":
                if other != sign:
                    assert not rule(valid[:place] + other + valid[place + 1 :])


@pytest.mark.parametrize(
    "number",
    [
        "GB82WEST12345698765432",
        "DE89370400440532013000",
        "FR1420041010050500013M02606",
        "NL91ABNA0417164300",
        "MT84MALT011000012345MTLCAST001S",
    ],
)
def test_ibans_of_the_registry_hold_and_a_swap_does_not(number):
    assert iban(number, IBAN_LENGTHS)
    assert not iban(number[:-2] + number[-1] + number[-2], IBAN_LENGTHS) or number[-1] == number[-2]
    assert not iban(number + "0", IBAN_LENGTHS)


@given(st.text(max_size=30))
def test_rules_are_total(text):
    for rule in (luhn, verhoeff, ean_13, mod_11_10, mod_11_2, base58_check, lambda t: iban(t, IBAN_LENGTHS)):
        if len(text) > 1:
            rule(text)


@given(st.integers(min_value=0, max_value=10**15))
def test_one_of_ten_last_digits_satisfies_luhn(number):
    assert sum(luhn(f"{number:015d}{last}") for last in range(10)) == 1
