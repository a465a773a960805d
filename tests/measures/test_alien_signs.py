import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.alien_signs import alien_signs, point_zeros

NAMES = [
    f"{first}{last}" for first in ("An", "Ber", "Cla", "Do", "Er", "Fe") for last in ("na", "ta", "ra", "mund", "ik")
]


@pytest.mark.parametrize("share", [0.02, 0.05, 0.2])
@pytest.mark.parametrize("added", ["'*", "*", " #", "$$", " (?)", " [?]", "(!)"])
def test_a_sign_that_was_put_behind_names_is_taken_away(share, added):
    random = np.random.default_rng(0)
    cells = [name + added if random.random() < share else name for name in random.choice(NAMES, 1000)]
    values, rows = np.unique(cells, return_counts=True)
    sure, likely = alien_signs(dict(zip(values.tolist(), rows.tolist(), strict=True)))
    assert sure == {value: value[: -len(added)] for value in values.tolist() if value.endswith(added)}
    assert not likely


def test_where_names_do_not_repeat_a_sign_that_no_name_has_is_less_sure():
    names = {f"{one}{other}".title(): 1 for one in NAMES for other in NAMES[:10]}
    sure, likely = alien_signs(names | {"Smith*": 1, "*Jones": 1, "Mil*er": 1})
    assert not sure
    assert likely == {"Smith*": "Smith", "*Jones": "Jones", "Mil*er": "Miler"}
    assert alien_signs(names | {"Yahoo!": 1, "Who?": 1, "Smith*": 1}) == ({}, {})


@pytest.mark.parametrize(
    "counts",
    [
        {"OK": 570, "OK*": 12, "ERR": 12, "N/C": 6},
        {"A*": 30, "A": 40, "B*": 30, "B": 50, "C*": 9, "C": 40},
        {"A+": 200, "A-": 30, "O+": 230, "B+": 60, "AB+": 20},
        {"C": 60, "C++": 60, "C#": 30, "F#": 6, "Java": 90, "JavaScript": 60},
        {"O'Brien": 30, "OBrien": 20, "Jean-Luc": 30, "Jean Luc": 9, "St. Ives": 40, "St Ives": 30},
        {"Yahoo!": 50, "Google": 50, "Jeopardy!": 3, "Jeopardy": 1},
        {
            "Protein": 50,
            "Protein %": 50,
            "Fat": 60,
            "Fat %": 40,
            "Carbs": 50,
            "Carbs %": 50,
            "Water": 400,
        },  # names of measures
        {"Basic": 90, "Basic!": 20, "Pro": 80, "Pro!": 30, "Max": 70, "Max!": 60},
        {f"https://{name}.org/{page}" + ("?id=abc" if name == "Anna" else ""): 1 for name in NAMES for page in NAMES},
        {f"{name} {place}" + (" [old]" if name == place else ""): 1 for name in NAMES for place in NAMES},
        {"AT&T": 30, "Barnes & Noble": 40, "red/white": 20, "red": 30},
        {f"{name} ({place})": 5 for name in NAMES for place in ("USA", "UK")} | dict.fromkeys(NAMES, 20),
    ],
)
def test_signs_of_names_and_of_levels_are_none(counts):
    assert alien_signs(counts) == ({}, {})


def test_zeros_behind_a_point_among_whole_numbers_are_another_writing():
    whole = {str(salary): 9 for salary in range(20000, 99000, 1000)}
    assert point_zeros(whole | {"98000.0": 3, "n/a": 2}) == {"98000.0": "98000"}
    assert point_zeros(whole | {"98000.0": 3, "98000.5": 2}) == {}
    assert point_zeros({"250": 50, "250.0": 50}) == {}


def test_a_sign_in_few_of_many_values_that_all_repeat_was_put_there_on_purpose():
    plans = dict.fromkeys(NAMES, 40)
    assert alien_signs(plans | {f"{name} #": 10 for name in NAMES[:3]})[0] == {}
    assert len(alien_signs(plans | {f"{name} #": 2 for name in NAMES})[0]) == len(NAMES)


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.integers(1, 40), max_size=40))
def test_only_values_of_the_column_are_named_and_never_letters_alone(counts):
    sure, likely = alien_signs(counts)
    assert sure.keys() | likely.keys() <= counts.keys()
    assert not any(value.isalpha() for value in sure | likely)
