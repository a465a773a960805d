from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures import string_damage as damage
from governance.measures.misspellings import distance, misspellings
from governance.measures.null_codes import null_codes


def test_codes_of_missing_values_are_found_beside_values():
    assert null_codes({"a": 50, "b": 40, "?": 3, "N/A": 1}, 0) == {"?": "missing", "N/A": "missing"}


def test_a_word_that_can_mean_something_needs_another_missing_value_beside_it():
    assert null_codes({"attached": 50, "none": 8}, 0) == {}
    assert null_codes({"attached": 50, "none": 8}, 3) == {"none": "missing"}


def test_whitespace_of_few_cells_is_stray_and_of_all_a_format():
    assert damage.stray_whitespace({"a b": 50, " a b": 1, "a  b": 2}) == {" a b": "a b", "a  b": "a b"}
    assert damage.stray_whitespace({" a": 50, " b": 40}) == {}


def test_two_spaces_in_a_sentence_count_beside_the_same_with_one():
    counts = {"treated  at home": 30, "sent home": 90, "sent  home": 2, " sent home": 1}
    assert set(damage.stray_whitespace(counts)) == {"treated  at home", "sent  home", " sent home"}
    assert set(damage.stray_whitespace(counts, inside=False)) == {"sent  home", " sent home"}


def test_a_letter_with_a_mark_that_no_script_has_is_read_wrong():
    right = {
        f"{first} {last}": 3 for first in ("Anna", "Bert", "Ciro", "Dora") for last in ("Müller", "Möller", "Céline")
    }
    right |= {f"{first} Smith": 3 for first in "Karl Lena Mia Nora Otto Paul Quin Rosa Sven Tom".split()}
    wrong = {"d\u0329bridement": 1, "H\u0334kan Odeberg": 1}
    assert set(damage.encoding_damage(right | wrong)) == set(wrong)
    # A letter that Unicode has, written as two signs.
    assert damage.encoding_damage(right | {"Timis\u0326oara": 1}) == {}
    # Where many values have them it is how the language is written, and marks above are tones.
    assert damage.encoding_damage({"n\u0329la": 5, "ori\u0329": 4, "ile": 9}) == {}
    assert damage.encoding_damage(right | {"o\u0323\u0301ba": 2, "m\u0300bo": 1}) == {}


def test_short_words_in_capitals_are_abbreviations():
    names = {f"{name} Pale Ale": 1 for name in ("Citra", "Mosaic", "Amber", "Golden", "River", "Ocean", "Mountain")}
    names |= dict.fromkeys(("Boston Lager", "Beach Blonde", "Winter Stout", "East India IPA"), 1)
    counts = dict.fromkeys(names, 9) | {"IPA": 1, "F5 ESB": 1, "SUMMER WHEAT": 1}
    assert set(damage.odd_capitals(counts)) == {"SUMMER WHEAT"}
    del counts["East India IPA"]
    assert set(damage.odd_capitals(counts)) == {"SUMMER WHEAT", "IPA", "F5 ESB"}


@pytest.mark.parametrize("value", ["Zürich", "José", "“quoted”", "naïve – café"])
def test_text_read_in_the_wrong_encoding_is_found_and_mended(value):
    wrong = value.encode("utf-8").decode("cp1252", errors="replace")
    found = damage.encoding_damage({wrong: 1, value: 20})
    assert set(found) == {wrong}
    assert found[wrong] in {value, ""}


@pytest.mark.parametrize("value", ["Ângela", "São Paulo", "Ærø", "âge", "Äpfel", "R&D", "5 € – 6 €"])
def test_right_letters_are_no_damage(value):
    assert damage.encoding_damage({value: 1}) == {}


def test_other_capitals_and_signs_point_to_the_usual_spelling():
    assert damage.case_variants({"New York": 30, "new-york": 2, "NEW YORK": 1, "Boston": 9}) == {
        "new-york": "New York",
        "NEW YORK": "New York",
    }


def test_a_sign_between_the_words_of_one_value_may_be_missing_in_another():
    assert damage.case_variants({"E-Bike": 30, "ebike": 2, "E Bike": 1, "Car": 9}) == {
        "ebike": "E-Bike",
        "E Bike": "E-Bike",
    }


@pytest.mark.parametrize(
    "written", ['"Laptop"', '""Laptop""', '"Laptop', 'Laptop"', "„Laptop“", "«Laptop»", "'Laptop'"]
)
def test_quotation_marks_in_a_cell_are_no_part_of_its_value(written):
    assert damage.case_variants({"Laptop": 300, written: 3, "Monitor": 250}) == {written: "Laptop"}
    assert damage.case_variants({written: 300, '"Monitor"': 250, "„Webcam“": 200}) == {}


@pytest.mark.parametrize(
    "counts",
    [{'Monitor 19"': 5, "Monitor 19": 50}, {'the "old" house': 2, "the old house": 40}, {'"': 3, '""': 30}],
)
def test_quotation_marks_behind_numbers_and_between_words_are_part_of_the_value(counts):
    assert damage.case_variants(counts) == {}


@pytest.mark.parametrize(
    "counts",
    [{"<=50K": 30, ">50K": 5}, {"1.5": 30, "1-5": 1}, {"a": 10, "A": 9}, {"A1-B": 30, "A1B": 2}, {"AB": 30, "A-B": 2}],
)
def test_signs_that_mean_something_make_no_variant(counts):
    assert damage.case_variants(counts) == {}


def test_two_spellings_in_use_are_told_apart_from_slips():
    counts = {"<=50K": 247, "<=50K.": 124, ">50K": 78, ">50K.": 38, "Male": 9, "male": 4, "No": 30, "no": 2}
    counts |= {"1.5": 9, "1-5": 8, "-1": 9, "1": 9, "-2 kg": 9, "2 kg": 9}
    assert damage.frequent_variants(counts) == {"<=50K.": "<=50K", ">50K.": ">50K"}
    assert damage.case_variants(counts) == {"no": "No"}


def test_misspellings_point_to_the_frequent_value():
    assert misspellings({"Birmingham": 60, "Birmingxam": 1, "Brimingham": 2, "Leeds": 40}) == {
        "Birmingxam": "Birmingham",
        "Brimingham": "Birmingham",
    }


@pytest.mark.parametrize(
    "counts",
    [
        {"10th": 60, "11th": 2},  # a digit is another thing
        {"Iran": 43, "Iraq": 20},  # both frequent
        {"Jones": 30, "Joned": 8},  # not rare enough beside it
        {"AB1": 30, "AC1": 1},  # too short
    ],
)
def test_values_that_differ_for_a_reason_are_no_misspellings(counts):
    assert misspellings(counts) == {}


def test_where_near_values_are_natural_nothing_is_said():
    codes = {f"code{letter}{other}": 20 for letter in "abcdef" for other in "abcdef"}
    assert misspellings(codes | {"codezz": 1, "codeaz": 1}) == {}


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_symmetric_zero_for_equals_and_at_most_the_longer(first, second):
    found = distance(first, second)
    assert found == distance(second, first)
    assert (found == 0) == (first == second)
    assert abs(len(first) - len(second)) <= found <= max(len(first), len(second))


def test_neighbours_that_changed_places_are_one_edit():
    assert distance("form", "from") == 1
    assert distance("kitten", "sitting") == 3


def test_shapes_put_runs_together():
    assert damage.shape("12.5 oz") == "9.9 a"
    assert damage.shape("AB-123") == "a-9"


def test_a_rare_shape_among_codes_is_odd_and_among_words_is_not():
    codes = Counter({f"{number}%": 3 for number in range(40)})
    assert damage.odd_shapes({**codes, "high": 1, "4 1": 1}) == {"high": "", "4 1": ""}
    assert damage.odd_shapes({"red": 50, "blue": 40, "blue-green": 1}) == {}


def test_capitals_that_hardly_a_cell_has_are_odd():
    towns = {"Leeds": 30, "York": 30, "BATH": 1, "hull": 1}
    assert damage.odd_capitals(towns) == {"BATH": "Bath", "hull": "Hull"}
    assert damage.odd_capitals({"YES": 30, "no": 30}) == {}


def test_plain_words_are_no_codes_of_a_missing_value():
    counts = {"yes": 500, "no": 480, "data": 20, "applicable": 9, "available": 12, "not": 5}
    assert null_codes(counts, nulls=10) == {}
    assert set(null_codes({"yes": 500, "not available": 9, "no data": 3}, nulls=0)) == {
        "not available",
        "no data",
    }


def test_a_number_with_marks_between_thousands_is_a_number():
    counts = {f"{number:,}": 1 for number in range(10_000, 600_000, 1000)} | {"1,293,221": 1, "6,697,272": 1, "812": 1}
    assert damage.odd_shapes(counts) == {}
    assert damage.odd_shapes(counts | {"12,3456": 1, "votes: 9": 1}).keys() == {"12,3456", "votes: 9"}


def test_escapes_of_web_pages_are_undone():
    assert damage.encoding_damage({"B&amp;Q": 3, "a &lt; b": 1}) == {"B&amp;Q": "B&Q", "a &lt; b": "a < b"}
