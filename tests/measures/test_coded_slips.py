import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.coded_slips import doubtful_slips
from governance.measures.misspellings import misspellings


@pytest.mark.parametrize(
    "counts",
    [
        {"MIT": 300, "GPL-3.0": 120, "LGPL-3.0": 12, "GPL-2.0": 120, "LGPL-2.0": 9},
        {"image/png": 180, "image/jpeg": 180, "image/jpg": 6, "text/html": 180},
        {"McDonald": 144, "Smith": 240, "MacDonald": 12},
        {"mg/dl": 400, "ug/dl": 3},
    ],
)
def test_other_codes_and_other_names_are_no_misspellings(counts):
    assert misspellings(counts) == {}


def test_several_different_slips_in_codes_are_slips():
    slips = {
        "SCIP-INX-1": "SCIP-INF-1",
        "SCXP-INF-2": "SCIP-INF-2",
        "SCIPINF-1": "SCIP-INF-1",
        "SCIP-INFF-2": "SCIP-INF-2",
    }
    assert misspellings({"SCIP-INF-1": 90, "SCIP-INF-2": 80} | dict.fromkeys(slips, 1)) == slips


def test_a_slip_in_a_word_beside_a_code_and_a_letter_for_a_digit_need_no_others():
    assert misspellings({"12 Main Street": 60, "12 Maim Street": 1}) == {"12 Maim Street": "12 Main Street"}
    assert misspellings({"AB-100/x": 60, "AB-1O0/x": 1}) == {"AB-1O0/x": "AB-100/x"}


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=8))
def test_what_is_doubtful_is_one_of_the_slips(slips):
    assert doubtful_slips(slips) <= set(slips)
