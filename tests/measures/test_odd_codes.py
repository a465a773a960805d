import numpy as np
import pytest

from governance.measures.odd_codes import odd_codes

COUNTRIES = {"SE": 90, "FI": 80, "AT": 70, "CH": 60, "BE": 50, "PT": 40}


def test_words_and_codes_of_another_list_among_codes():
    found = odd_codes(COUNTRIES | {"Sweden": 4, "CHE": 2, "AUT": 1})
    assert found.sure == {"Sweden", "CHE", "AUT"}
    assert not found.unsure


@pytest.mark.parametrize("other", ["Other", "International", "EU27", "UKX"])
def test_what_may_be_in_the_list_is_doubted_or_passed_over(other):
    found = odd_codes(COUNTRIES | {other: 5})
    assert not found.sure
    assert found.unsure == ({other} if other in {"EU27", "UKX"} else set())


def test_longer_codes_of_one_code_are_no_other_list():
    assert odd_codes({"USD": 90, "EUR": 80, "PLN": 70, "CHF": 50, "SEK": 40, "USDT": 3, "USDC": 2}).sure == set()


@pytest.mark.parametrize(
    "levels",
    ["S M L XL XXL", "GET POST PUT HEAD DELETE", "PDF JPG PNG DOCX TIFF XLSX", "AA UA DL WN B6 F9 NK AS", "ON QC BC"],
)
def test_lists_of_codes_as_they_are_have_no_odd_ones(levels):
    random = np.random.default_rng(5)
    for _ in range(20):
        share = random.dirichlet(np.full(len(levels.split()), 0.8))
        drawn = random.choice(levels.split(), 800, p=share).tolist()
        assert not odd_codes({level: drawn.count(level) for level in set(drawn)}).sure
