import pytest

from governance.measures import string_damage
from governance.measures import word_slips as slips
from governance.measures.coded_endings import own_levels

CLASSES = {f"{year}{letter}": 50 for year in range(5, 13) for letter in "abc"}
HOUSES = {f"{number}{letter}": 2 for number in range(1, 120) for letter in "ab"}
WIDTHS = {f"{size}M": 60 for size in range(6, 13)}
CUPS = {f"{band}{cup}": 40 for band in (32, 34, 36, 38) for cup in "ABC"}


@pytest.mark.parametrize(
    "codes",
    [
        CLASSES | {"6d": 48},  # one class more
        CLASSES | {"6xy": 30},
        HOUSES | {"7d": 1, "35d": 1, "101e": 1},  # a letter of a series, however rare
        WIDTHS | {"7W": 4, "9W": 5, "8N": 3, "9EE": 3},  # of one usual letter, others that repeat
        CUPS | {"32DD": 4, "36DD": 6},
        {f"{size} {width}": 40 for size in range(6, 13) for width in ("D", "EE")} | {"7 B": 4, "9 EEEE": 3},
        {"20GP": 150, "40GP": 140, "40HC": 300, "20RF": 12, "40RH": 5},
        {"2T": 90, "3T": 80, "4T": 70, "5T": 60, "6X": 9},
    ],
)
def test_a_code_of_a_number_and_letters_has_no_odd_unit(codes):
    assert slips.odd_endings(codes) == slips.levels_in_other_units(codes) == {}


DOSES = {f"{dose} mg": 40 for dose in range(50, 950, 50)}


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        (DOSES, {"100 mgs": 3, "250 mgs": 4, "300 mgs": 1}),
        ({"12 oz": 600, "16 oz": 300, "8.4 oz": 8}, {"12 ounces": 20, "16 ounces": 9, "12 ozz": 5}),
        ({f"{kilos} kg": 5 for kilos in range(40, 110)}, {"80 kgs": 1, "75 kgs": 2, "61 stone": 1}),
        ({f"{watts}W": 90 for watts in (25, 40, 60, 100)}, {"40 watts": 3, "60kW": 4, "25Q": 1}),
        ({"20GP": 150, "40GP": 140, "40HC": 300}, {"20GQ": 1, "40Hx": 4, "20H C": 3}),
        ({"20KG": 150, "40KG": 140, "40LB": 300}, {"20OZ": 6, "40OZ": 9}),
        ({f"{metres} m": 30 for metres in range(1, 30)}, {"4 n": 4, "9 n": 3, "11 n": 3}),
    ],
)
def test_a_unit_written_otherwise_is_odd_though_some_numbers_repeat(usual, other):
    assert slips.odd_endings(usual | other).keys() == other.keys()


def test_a_level_in_another_unit_is_told_apart():
    assert slips.odd_endings(DOSES | {"1 g": 20}) == {}
    assert slips.levels_in_other_units(DOSES | {"1 g": 20}) == {"1 g": ""}


def test_a_value_of_a_rare_shape_that_repeats_as_others_do_is_a_level():
    posts = {f"SW{number} 3{letter}A": 9 for number in range(1, 16) for letter in "ABCD"} | {
        "SW1A 1AA": 9,
        "SW7 3-A": 1,
    }
    odd = string_damage.odd_shapes(posts)
    assert odd.keys() == {"SW1A 1AA", "SW7 3-A"}
    assert own_levels(odd, posts) == {"SW1A 1AA"}
