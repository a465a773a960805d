import pytest

from governance.measures.misspellings import misspellings
from governance.measures.stand_ins import of_known_words, stand_ins


@pytest.mark.parametrize(
    "wrong", ["acuxe care hospixals", "acutx carx hospitals", "acutexcarexhospitals", "hcute hare hospitals"]
)
def test_one_letter_for_several_of_a_long_value_points_to_it(wrong):
    assert stand_ins({"acute care hospitals": 30, "long term care": 20, wrong: 2}) == {wrong: "acute care hospitals"}


@pytest.mark.parametrize(
    "other",
    [
        "acude care hospidars",  # two letters for two
        "acute care hospitalx",  # one letter: a misspelling, which is another one's matter
        "xcxtx cxrx hxspxtxls",  # too many to know
        "ACUTE CARE HOSPITALS",
    ],
)
def test_other_differences_of_a_long_value_are_no_stand_in(other):
    assert stand_ins({"acute care hospitals": 30, "long term care": 20, other: 2}) == {}


def test_in_short_words_two_letters_may_mean_something():
    assert stand_ins({"patients of group aa": 30, "patients of group bb": 2}) == {}


def test_codes_of_which_one_letter_took_every_place():
    assert stand_ins({"al": 355, "xl": 7, "ax": 5}) == {"xl": "al", "ax": "al"}
    answers = {"yes": 334, "no": 25, "yxs": 4, "yex": 3, "xes": 1, "nx": 1}
    assert stand_ins(answers) == {"yxs": "yes", "yex": "yes", "xes": "yes", "nx": "no"}


@pytest.mark.parametrize(
    "counts",
    [
        {"CA": 355, "GA": 7, "CO": 5},  # neighbours by two letters
        {"AL": 355, "AK": 9, "AZ": 5, "AR": 2},
        {"MA": 355, "MI": 7, "IA": 5, "NY": 3, "TX": 3, "WY": 2},  # most of what is rare is something else
        {"MA": 355, "MI": 7, "IA": 5, "IL": 3},  # the letter is in other codes
        {"al": 355, "xl": 7},  # at one place: it may be a code
        {"yes": 334, "no": 25, "nes": 4, "yns": 3, "yen": 1},  # a letter that other values have
        {"usd": 300, "aud": 9, "cad": 5},
        {"al": 30, "ax": 25, "xl": 20},  # none is rare
        {},
    ],
)
def test_honest_codes_are_no_stand_ins(counts):
    assert stand_ins(counts) == {}


def test_sentences_that_repeat_are_spelt_like_words():
    sentences = {
        "surgery patients who were taking heart drugs called beta blockers before they came to the hospital": 30,
        "patients who got treatment at the right time within a day before they came to the hospital, class a": 30,
    }
    wrong = "surgery patients who were taking heart drugs called beta blockers before they came to the hoxpital"
    other = "patients who got treatment at the right time within a day before they came to the hospital, class b"
    assert set(misspellings(sentences | {wrong: 1, other: 1})) == {wrong}


def test_a_name_that_other_values_have_too_is_known():
    counts = {"Schulte, Emma": 30, "Vogel, Ella": 8, "Schulte, Ella": 2, "Schulte, Exxa": 1}
    found = stand_ins(counts)
    assert found == {"Schulte, Ella": "Schulte, Emma", "Schulte, Exxa": "Schulte, Emma"}
    assert of_known_words(found, counts) == {"Schulte, Ella": "Schulte, Emma"}
