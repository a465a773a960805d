"""Columns whose cells look like personal numbers here and there, and are others by their name or their shape."""

from __future__ import annotations

import random
from datetime import date, timedelta

import polars as pl
import pytest

from governance.measures.check_digits import weighted
from governance.reporting.personal_scan import scan_values


def digits(draw, count):
    return "".join(draw.choice("0123456789") for _ in range(count))


def isbn10(draw):
    body = "3" + digits(draw, 8)
    check = -sum((10 - place) * int(sign) for place, sign in enumerate(body)) % 11
    return body + ("X" if check == 10 else str(check))


OTHERS = {
    "isbn10": isbn10,
    "ver": lambda d: f"{d.randint(1, 20)}.{d.randint(0, 30)}.{d.randint(0, 99)}.{d.randint(0, 250)}",
    "cas": lambda d: f"{digits(d, 5)}-{digits(d, 2)}-{digits(d, 1)}",
    "hs": lambda d: f"{digits(d, 4)}.{digits(d, 2)}.{digits(d, 2)}",
    "day_and_number": lambda d: f"{date(1950, 1, 1) + timedelta(d.randint(0, 20_000)):%y%m%d}-{digits(d, 4)}",
}


def kinds(name, make, count=300):
    draw = random.Random(3)
    values = sorted({make(draw) for _ in range(count)})
    return {hit.kind: hit.rows for hit in scan_values(name, pl.Series(values), pl.Series([1] * len(values)))}


@pytest.mark.parametrize("what", sorted(OTHERS))
@pytest.mark.parametrize("telling", [True, False])
def test_few_cells_of_one_shape_that_pass_are_chance(what, telling):
    assert kinds(what if telling else "x", OTHERS[what]) == {}


def test_the_name_of_a_column_is_a_word_beside_its_values():
    make = lambda d: f"{digits(d, 3)}-{digits(d, 2)}-{digits(d, 4)}"  # noqa: E731
    assert kinds("x", make)["us_ssn"] > 240
    assert kinds("ssn", make)["us_ssn"] > 240
    assert kinds("part_number", make) == {}


@pytest.mark.parametrize("name", ["x", "client_ip", "address"])
def test_addresses_of_machines_stay_found(name):
    make = lambda d: ".".join(str(d.randint(1, 254)) for _ in range(4))  # noqa: E731
    assert kinds(name, make)["ip_address"] > 270


def test_telephone_numbers_of_several_shapes_stay_found():
    make = lambda d: d.choice(["+49 30 ", "020 7946 ", "(212) 555-"]) + digits(d, 4)  # noqa: E731
    assert kinds("x", make)["phone"] > 280


def social_security(draw):
    return f"{draw.randint(1, 665):03d}-{draw.randint(1, 99):02d}-{draw.randint(1, 9999):04d}"


@pytest.mark.parametrize("name", ["ssn", "q_ssn", "q", "national_id"])
def test_social_security_numbers_with_a_leading_nought_are_no_telephone_numbers(name):
    assert set(kinds(name, social_security)) == {"us_ssn"}
    early = lambda d: f"0{d.randint(10, 99)}-{d.randint(10, 99)}-{d.randint(1, 9999):04d}"  # noqa: E731
    assert kinds(name, early) == {"us_ssn": 300}


def test_the_same_digits_in_a_column_of_telephone_numbers_stay_telephone_numbers():
    make = lambda d: f"0{d.randint(10, 99)}-{d.randint(10, 99)}-{d.randint(1, 9999):04d}"  # noqa: E731
    assert kinds("phone", make) == {"phone": 300}


def resident(draw):
    born = date(1950, 1, 1) + timedelta(draw.randint(0, 18_000))
    body = f"{born:%y%m%d}{draw.choice('12')}{digits(draw, 5)}"
    return f"{body}{(11 - weighted(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10}"


def rut(draw):
    body = str(draw.randint(5_000_000, 25_000_000))
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(body)))
    return body + "0123456789K"[(11 - total % 11) % 11]


def firm(draw, first, weights):
    """A Danish or Norwegian firm's number: the same sum, and none is given where it asks for a letter."""
    while True:
        body = first + digits(draw, len(weights) - 1)
        check = (11 - weighted(body, weights) % 11) % 11
        if check < 10:
            return f"{body}{check}"


@pytest.mark.parametrize(("kind", "make"), [("kr_rrn_bare", resident), ("cl_rut_bare", rut)])
def test_numbers_without_their_dashes_are_known_by_a_whole_column(kind, make):
    assert kinds("x", make) == {kind: 300}
    assert kinds("order_number", make) == ({kind: 300} if kind == "kr_rrn_bare" else {})
    draw = random.Random(5)
    other = lambda d: make(d)[:-1] + draw.choice("0123456789")  # noqa: E731
    assert kinds("x", other) == {}


def test_numbers_of_firms_and_articles_that_pass_the_same_sum_are_nobodys():
    assert kinds("x", lambda d: firm(d, d.choice("1234"), (2, 7, 6, 5, 4, 3, 2))) == {}
    assert kinds("x", lambda d: firm(d, "9", (3, 2, 7, 6, 5, 4, 3, 2))) == {}
    assert kinds("x", lambda d: f"4012313{digits(d, 6)}") == {}
    assert kinds("x", lambda d: str(d.randint(1_500_000_000_000, 1_750_000_000_000))) == {}


def test_eight_pairs_are_no_address_of_the_internet():
    pair = lambda d: f"{d.randint(0, 255):02x}"  # noqa: E731
    assert kinds("x", lambda d: ":".join(pair(d) for _ in range(8))) == {}
    assert kinds("ip", lambda d: "2001:db8:" + ":".join(pair(d) for _ in range(6)))["ip_address"] > 290


def test_small_numbers_are_addresses_in_a_column_of_which_most_are():
    first = [8, 62, 84, 91, 134, 185, 203, 212]
    make = lambda d: f"{d.choice(first)}.{d.randrange(255)}.{d.randrange(255)}.{d.randrange(1, 255)}"  # noqa: E731
    assert kinds("x", make) == {"ip_address": 300}
    assert "ip_address" not in kinds("version", make)
    near = lambda d: f"{d.choice('189')}.{d.randint(0, 30)}.{d.randint(0, 20)}.{d.randint(0, 255)}"  # noqa: E731
    assert kinds("x", near) == {}
