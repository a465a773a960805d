import pytest

from governance.measures.none_as_level import none_as_level

FOODS = {"nuts": 300, "milk": 120, "eggs": 60}


@pytest.mark.parametrize(
    ("counts", "nulls", "sure", "maybe"),
    [
        (FOODS | {"none": 90, "?": 4, "n/a": 6}, 2, {"none"}, set()),  # a share of its own
        (FOODS | {"none": 40}, 30, set(), {"none"}),  # as frequent as levels are, and as missing values are
        (FOODS | {"none": 5}, 30, set(), set()),  # rarer than any level
        (FOODS | {"None": 90, "?": 4}, 0, set(), set()),  # in Python's capitals
        ({"Nuts": 300, "Milk": 120, "None": 90, "?": 4}, 0, {"None"}, set()),
        ({f"town{'abcdefghijklmnop'[one]}": 30 for one in range(16)} | {"none": 90, "?": 4}, 0, set(), set()),
        ({"12": 40, "13": 50, "none": 30, "?": 4}, 0, set(), set()),  # a number has no such level
        (FOODS | {"unknown": 90, "?": 4}, 0, set(), set()),
    ],
)
def test_none_is_a_level_where_it_is_one_of_a_list(counts, nulls, sure, maybe):
    codes = {"none", "None", "?", "n/a", "unknown"} & counts.keys()
    assert none_as_level(counts, codes, nulls) == (sure, maybe)
