import pytest

from governance.measures.null_codes import null_codes, possible_null_codes

SHOPS = {"Branch 1": 200, "Branch 2": 180, "Market": 90}
STONES = {"granite": 200, "brick": 180, "wood": 30}
CODES = {"CA": 90, "NY": 80, "TX": 60, "OH": 40}


@pytest.mark.parametrize("code", ["k.A.", "k. A.", "s/o", "n/d", "tbd", "TBD", ".", "missing"])
def test_what_is_no_word_of_the_list_codes_a_missing_value(code):
    assert null_codes(SHOPS | {code: 9}, 0) == {code: "missing"}


@pytest.mark.parametrize(
    ("counts", "possible"),
    [
        (SHOPS | {"none": 9, "unknown": 4}, {"none", "unknown"}),
        (STONES | {"none": 9, "missing": 8, "unknown": 40}, {"none", "missing", "unknown"}),
        (STONES | {"none": 60, "Keine": 3}, {"Keine"}),  # as frequent as a level
        (STONES | {"none": 300, "NONE": 5}, set()),  # another writing of a level
        (STONES | {"unknown": 300}, set()),
        (STONES | {"ND": 9, "NR": 3}, {"ND", "NR"}),
        (CODES | {"ND": 9, "NR": 3, "NA": 4}, set()),
        (STONES | {"ND": 9, "US": 30}, set()),  # codes beside words
        ({"20GP": 90, "40HC": 80, "unknown": 3}, set()),  # of another type than the rest
        ({"A": 90, "C": 80, "G": 70, "T": 60, "AT": 9, "-": 9}, {"-"}),
        ({"+": 90, "-": 80}, set()),
    ],
)
def test_what_may_be_a_level_as_well_is_told_apart(counts, possible):
    assert null_codes(counts, 0) == {}
    assert possible_null_codes(counts, {}).keys() == possible


def test_a_sign_among_single_signs_is_sure_beside_digits_only():
    assert null_codes({"1": 90, "2": 80, "3": 70, "-": 4}, 0) == {"-": "missing"}
    assert null_codes({"A": 90, "C": 80, "?": 4, "-": 4}, 3) == {"?": "missing"}


def test_a_word_is_no_level_among_addresses_and_may_be_one_among_single_signs():
    pages = {f"https://example.org/{page}": 9 for page in range(30)}
    assert null_codes(pages | {"unknown": 4}, 0) == {"unknown": "missing"}
    classes = {"A": 90, "C": 80, "G": 70}
    assert null_codes(classes | {"missing": 4}, 0) == {"missing": "missing"}
    for word, cells, possible in (("none", 4, {"none"}), ("unknown", 30, {"unknown"}), ("none", 40, set())):
        assert null_codes(classes | {word: cells}, 0) == {}
        assert possible_null_codes(classes | {word: cells}, {}).keys() == possible
