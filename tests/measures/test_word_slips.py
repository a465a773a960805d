import pytest

from governance.measures import string_damage
from governance.measures import word_slips as slips
from governance.measures.misspellings import misspellings


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        ("München", "Muenchen"),
        ("München", "Munchen"),
        ("Straße", "Strasse"),
        ("Łódź", "Lodz"),
        ("Århus", "Aarhus"),
        ("São Paulo", "Sao Paulo"),
        ("Muenchen", "München"),
    ],
)
def test_another_writing_of_letters_with_marks_points_to_the_usual_one(usual, other):
    assert slips.transliterations({usual: 30, other: 5, "Berlin": 20}) == {other: usual}


@pytest.mark.parametrize(
    "counts", [{"Mueller": 30, "Muller": 3}, {"Müller": 30, "Mueller": 25}, {"MÜNCHEN": 3, "München": 30}]
)
def test_what_may_be_two_names_or_is_another_ones_matter_is_no_second_spelling(counts):
    assert slips.transliterations(counts) == {}


def streets():
    return {f"{number} {name} Street": 1 for number in range(1, 60) for name in ("Station", "River", "Church")}


def test_a_misspelt_word_is_found_in_values_that_do_not_repeat():
    wrong = {"7 Statoin Street": 1, "9 River Strxet": 1}
    assert slips.misspelt_words(streets() | wrong) == {
        "7 Statoin Street": "7 Station Street",
        "9 River Strxet": "9 River Street",
    }


def test_where_many_words_are_rare_a_rare_one_is_no_slip():
    rare = {f"{number} {chr(97 + number) * 6}{chr(97 + number // 2) * 3} Street": 1 for number in range(20)}
    assert slips.misspelt_words(streets() | rare | {"9 River Strxet": 1}) == {}


def test_units_written_in_another_way_are_odd_however_many_there_are():
    sizes = {"12.0 oz": 60, "16.0 oz": 20, "12.0 ounce": 8, "12.0 OZ.": 9, "9.5 kg": 1}
    assert slips.odd_endings(sizes) == {"12.0 ounce": "12.0 oz", "12.0 OZ.": "12.0 oz", "9.5 kg": ""}
    assert slips.odd_endings({"5 kg": 40, "500 g": 40}) == {}


def test_a_plural_is_no_other_writing_of_a_unit_and_no_slip():
    waits = {"1 second": 20} | {f"{count} seconds": 20 for count in range(2, 12)}
    assert slips.odd_endings(waits) == {}
    days = {"1 day": 9} | {f"{count} days": 12 for count in range(2, 30)}
    assert slips.misspelt_words(days) == slips.odd_endings(days) == {}
    assert slips.misspelt_words(days | {"4 dxys": 1}) == {"4 dxys": "4 days"}


def test_where_no_writing_of_the_unit_is_usual_no_cell_is_a_number():
    sizes = {"12.0 oz": 40, "12.0 oz.": 35, "16.0 ounce": 30, "16.0 OZ. Silo Can": 4}
    plain = {"12.0 oz": "12.0", "12.0 oz.": "12.0", "16.0 ounce": "16.0", "16.0 OZ. Silo Can": "16.0"}
    assert slips.spelt_units(sizes) == plain


@pytest.mark.parametrize(
    "counts",
    [
        {"12.0 oz": 60, "16.0 oz": 40},  # one writing
        {"12.0 oz": 60, "12.0 oz.": 20, "12.0 ounce": 20},  # one is usual: the others are odd
        {"5 kg": 50, "500 g": 50},  # two units
        {"1 day": 40, "2 days": 30, "3 days": 30},
        {"12": 40, "12.0 oz": 30, "12 oz.": 30},  # many are numbers already
        {"12 A": 30, "14 B": 30, "15 C": 40},
    ],
)
def test_a_way_to_write_numbers_with_units_is_no_damage(counts):
    assert slips.spelt_units(counts) == {}


def test_ranges_that_a_spreadsheet_took_for_dates_and_days_in_another_order():
    pages = {f"{first}-{first + 7}": 1 for first in range(40)}
    assert set(slips.sheet_dates(pages | {"Jul-23": 5, "3-Sep": 1})) == {"Jul-23", "3-Sep"}
    assert slips.sheet_dates({"may": 30, "jun": 30}) == {}
    days = {f"{month}/{day}/99": 1 for month in range(1, 13) for day in range(1, 20)}
    assert set(slips.sheet_dates(days | {"1999-03-04": 9})) == {"1999-03-04"}


def test_slips_are_told_from_rare_values_by_how_many_are_near():
    places = {f"{'abcdefghij'[one] * 3}{'klmnopqrst'[one] * 4}": 8 for one in range(10)}
    wrong = {"aaakxkk": 1, "bbbllxl": 1, "cxcmmmm": 1, "dddnxnn": 1}
    assert set(misspellings(places | wrong)) == set(wrong)
    rare = {f"{'uvwxyz'[one] * 6}": 1 for one in range(6)}
    assert misspellings(places | {"aaakxkk": 1} | rare) == {}


def test_a_letter_more_in_a_short_code_is_another_code_and_a_small_letter_is_odd():
    assert misspellings({"L53": 60, "L53a": 1, "K12": 40}) == {}
    assert set(string_damage.odd_shapes({"A11": 60, "A12": 50, "x11": 2, "Ax2": 1})) == {"x11", "Ax2"}
    assert string_damage.odd_shapes({"1.5": 60, "2.25": 40, "3": 2, "-0.5": 1}) == {}
