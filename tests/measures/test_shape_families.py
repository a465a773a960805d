import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.censored_values import censored_values
from governance.measures.shape_families import families, own_codes

ZIPS = {f"{one}": 3 for one in range(10000, 10100)}


@pytest.mark.parametrize(
    ("usual", "odd"),
    [
        (ZIPS, {"12345-6789": 1}),
        (ZIPS, {"SW1A 3AA": 2, "SW1A 4AA": 2}),
        ({f"{one}": 3 for one in range(1, 150)}, {"3-5": 1}),
        ({"5 mg": 90, "10 mg": 80, "20 mg": 40}, {"0.5 mg": 5, "100 mcg": 6, "5 mL": 3}),
        ({"330ml": 90, "500ml": 80}, {"6x330ml": 2}),
        ({"1.2.0": 90, "1.2.1": 80}, {"1.10.0-rc1": 2}),
        ({f"{one:02d}:15:00": 9 for one in range(24)}, {"10:15:00.123456": 1}),
        ({"10-20k": 90, "20-50k": 80}, {"prefer not to say": 4}),
        ({"36": 60, "37": 50, "38.5": 9}, {"42 1/3": 9}),
    ],
)
def test_rare_shapes_that_are_meant(usual, odd):
    assert families(odd, usual | odd) == set(odd)


@pytest.mark.parametrize("odd", ["1O345", "123x5", "12345-*", "Mar-79"])
def test_damaged_codes_are_no_family(odd):
    assert families([odd], ZIPS | {odd: 1}) == set()


def test_limits_of_numbers():
    numbers = {f"{one}": 3 for one in range(20, 200)}
    limits = {"<20": 5, ">500": 2, "5 or more": 3, "≥ 300": 1, "over 500": 1, "200+": 2}
    assert set(censored_values(numbers | limits)) == set(limits)
    assert set(censored_values({"1:10": 50, "1:20": 40, "<1:10": 3, ">1:640": 2})) == {"<1:10", ">1:640"}
    assert censored_values({"<10k": 50, "10-20k": 60, ">100k": 9}) == {}
    assert censored_values({"A+": 50, "B+": 60, "AB+": 9}) == {}
    assert censored_values({"low": 50, "12": 3, "<5": 1}) == {}


@given(st.text(max_size=12))
def test_any_text_can_be_tried(text):
    assert families([text], ZIPS | {text: 1}) <= {text}
    assert set(censored_values(ZIPS | {text: 1})) <= {text}


def test_a_code_that_many_cells_repeat_and_no_slip_explains_is_a_level():
    boxes = {"20GP": 150, "40GP": 140, "40HC": 300, "22G1": 16, "45R1": 4, "20G9": 9, "n/v": 9, "T99": 9}
    odd = {"22G1", "45R1", "20G9", "n/v", "T99"}
    assert own_codes(odd, boxes) == {"22G1"}
