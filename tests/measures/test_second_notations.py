import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.abbreviations import shortens
from governance.measures.second_notations import QUANTITIES, WORDS, second_notations
from governance.measures.written_days import read_day, write_day
from governance.measures.written_quantities import read_digits, read_duration, read_grouped, write_digits, write_grouped


def once(values):
    return dict.fromkeys(values, 1)


def sure(counts, ways=QUANTITIES):
    return second_notations(counts, ways).sure


MINUTES = [f"{one} min" for one in range(70, 170)]
DAYS = [datetime.date(1990, 1, 1) + datetime.timedelta(days=97 * one) for one in range(100)]


@pytest.mark.parametrize("others", [1, 5, 60])
def test_durations_in_hours_among_minutes(others):
    counts = once(MINUTES) | {f"{1 + one // 60} hr. {one % 60} min.": 1 for one in range(20, 20 + others)}
    found = sure(counts)
    assert len(found) == others
    assert found["1 hr. 20 min."] == "80 min"


def test_short_durations_are_written_alike_in_both_notations():
    counts = once([f"{one // 60} h {one % 60} min" for one in range(61, 160)] + [f"{one} min" for one in range(20, 60)])
    assert sure(counts) == {}
    assert sure(counts | {"95 min": 1}) == {"95 min": "1 h 35 min"}
    assert sure(once([f"{one} min" for one in range(5, 60)] + ["1 h", "2 h"])) == {}


@pytest.mark.parametrize("others", [2, 30])
def test_days_in_another_notation(others):
    counts = once(f"{day.day} {day:%B %Y} (USA)" for day in DAYS)
    found = sure(counts | once(str(day) for day in DAYS[20 : 20 + others]))
    assert len(found) == others
    assert found[str(DAYS[20])] == f"{DAYS[20].day} {DAYS[20]:%B %Y} (USA)"


def test_days_and_years_alone_are_no_two_notations():
    counts = once(str(day) for day in DAYS) | {"1995": 5, "1996": 4}
    assert sure(counts) == {}


@pytest.mark.parametrize("share", [3, 40])
def test_marks_between_digits(share):
    right = [f"212/555-{1000 + one}" for one in range(100)]
    wrong = [one.replace("/", "-") for one in right[:share]]
    found = sure(once(right[share:] + wrong))
    assert found == dict(zip(wrong, right[:share], strict=True))


def test_dashes_of_ranges():
    right = [f"{one}-{one + 9}" for one in range(100, 160)]
    assert sure(once(right) | {"577–593": 1, "12 - 14": 1}) == {"577–593": "577-593", "12 - 14": "12-14"}


def test_area_codes_of_two_lengths_and_ranges_are_no_two_notations():
    assert (
        sure(once([f"030 {7000000 + one}" for one in range(80)] + [f"0351 {700000 + one}" for one in range(20)])) == {}
    )
    assert sure(once([f"{one}-{one + 9}" for one in range(1000, 1100)])) == {}
    assert (
        sure(once([f"{10**6 + one}.{one % 90 + 10}" for one in range(80)] + [str(10**8 + one) for one in range(9)]))
        == {}
    )


def test_marks_between_thousands():
    right = [f"{one:,}" for one in range(300, 40000, 397)]
    assert sure(once(right)) == {}
    assert sure(once(right) | {"1655": 1, "17556": 1}) == {"1655": "1,655", "17556": "17,556"}
    plain = [str(one) for one in range(300, 40000, 397)]
    assert sure(once(plain) | {"1,655": 2}) == {"1,655": "1655"}


def test_units_are_told_apart_where_they_do_not_agree_and_never_surely():
    heavy = once(f"{one} kg" for one in range(50, 110))
    found = second_notations(heavy | {"165 lb": 1, "180 lb": 1}, QUANTITIES)
    assert found.sure == {}
    assert found.unsure == {"165 lb": "74.84 kg", "180 lb": "81.65 kg"}
    doses = {"5 mg": 30, "10 mg": 30, "20 mg": 9, "0.5 mg": 4, "1 g": 4, "100 mcg": 3, "5 mL": 2}
    assert second_notations(doses, QUANTITIES) == ({}, {})
    assert second_notations({f"{one} {unit}": 3 for one in range(2, 30) for unit in ("kg", "g")}, QUANTITIES) == (
        {},
        {},
    )


def test_times_of_day():
    right = [f"{one % 12 or 12}:{one * 7 % 60:02d} {'a.m.' if one < 12 else 'p.m.'}" for one in range(24)]
    wrong = {"Dec 1 3:20 PM": 2, "15:20": 1, "12/01/2011 12:05 AM": 1}
    found = sure(dict.fromkeys(right, 5) | wrong)
    assert found == {"Dec 1 3:20 PM": "3:20 p.m.", "15:20": "3:20 p.m.", "12/01/2011 12:05 AM": "12:05 a.m."}
    assert sure(once([f"{one:02d}:{one * 7 % 60:02d}:11" for one in range(24)] + ["10:11:12.123456", "9:11:00"])) == {}


def test_words_in_full_and_shortened():
    right = [f"{one} {name} {way}" for one in range(30) for name, way in (("Oak", "St."), ("Elm", "Ave."))]
    wrong = [one.replace("St.", "Street").replace("Ave.", "Avenue") for one in right[:20]]
    found = sure(once(right + wrong), WORDS)
    assert found == dict(zip(wrong, right[:20], strict=True))


def test_codes_and_names_of_levels():
    codes = {"eng": 700, "spa": 50, "fre": 40, "ger": 30}
    found = sure(codes | {"English": 160, "Spanish": 12, "French": 9}, WORDS)
    assert found == {"English": "eng", "Spanish": "spa", "French": "fre"}
    assert sure({"M": 40, "F": 50, "Male": 9, "Female": 5}, WORDS) == {"Male": "M", "Female": "F"}
    cities = {"San Francisco": 90, "Las Vegas": 80, "Los Angeles": 50}
    assert sure(cities | {"S.F.": 9, "LV": 5}, WORDS) == {"S.F.": "San Francisco", "LV": "Las Vegas"}
    assert sure(cities | {"LV": 5}, WORDS) == {}
    assert sure({"USA": 60, "USA,UK": 9, "France": 20, "United States": 6, "United States,UK": 1}, WORDS) == {
        "United States": "USA",
        "United States,UK": "USA,UK",
    }


@pytest.mark.parametrize(
    "counts",
    [
        {"Niger": 50, "Nigeria": 9, "Mali": 20, "Malta": 3, "Iran": 40, "Iraq": 9},
        {"INFO": 500, "WARN": 40, "WARNING": 9, "trace": 4, "Trace route": 3},
        {"Man City": 300, "Man United": 9, "Inter Milan": 200, "AC Milan": 20, "Paris SG": 90, "Paris FC": 9},
        once(f"{first} {last}" for first in "Ana Ben Cas Dee Eva".split() for last in "Li Lindt Ng Nguyen Wu".split()),
        {"AL": 90, "AK": 9, "Alabama": 1, "CA": 40},
        once(f"{one} {two}" for one in ("Blue", "Red", "Green") for two in ("Shirt", "Shirts", "Short", "Shorts")),
    ],
)
def test_names_that_look_like_abbreviations_of_each_other(counts):
    assert sure(counts, WORDS) == {}


def test_small_letters_beside_the_same_values():
    right = [f"{one}'s Grill" for one in "Bob Ann Carl Dora Emil Fay Gus Hal Ida Jan Kim Lou".split()]
    wrong = [one.lower() for one in right[:5]]
    assert sure(once(right + wrong), WORDS) == dict(zip(wrong, right, strict=False))
    assert sure({"VISA": 40, "Mastercard": 40, "PayPal": 9, "apple pay": 9}, WORDS) == {}


def test_more_than_45_percent_is_no_second_notation():
    assert sure(once(MINUTES[:54] + [f"1 hr. {one} min." for one in range(10, 56)])) == {}


@given(st.dates(min_value=datetime.date(1970, 1, 1), max_value=datetime.date(2068, 12, 31)))
def test_a_day_is_read_as_it_was_written(day):
    for notation in ("ymd-4", "dmy.4", "mdy/2", "d long4", "d-short2", "Mlong4"):
        shown = write_day(day.toordinal(), notation, [])
        assert (notation, float(day.toordinal())) in {(one.notation, one.quantity) for one in read_day(shown)}


@given(st.integers(0, 10**12))
def test_numbers_and_digits_are_read_as_they_were_written(number):
    for notation in ("1,000", "1'000", "1000"):
        shown = write_grouped(number, notation, [])
        assert (notation, float(number)) in {(one.notation, one.quantity) for one in read_grouped(shown)}
    digits = f"{number % 10**7:07d}"
    assert read_digits(write_digits(digits, "999-9999", []))[0].quantity == digits


@given(st.text(max_size=12))
def test_any_text_can_be_tried(text):
    for read in (read_day, read_duration, read_grouped, read_digits):
        assert all(isinstance(one.notation, str) for one in read(text))
    assert second_notations({text: 20, text + "a": 3}, (*QUANTITIES, *WORDS)) is not None
    assert not shortens(text, text)
