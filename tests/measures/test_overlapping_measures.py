import numpy as np

from governance.measures.functional_dependencies import dependency
from governance.measures.overlapping_measures import held_near

MIDDLE = np.array([360, 470, 620, 900, 520, 700, 550])


def broken(number, code):
    _, a = np.unique(number, return_inverse=True)
    return dependency(a, code).broken


def test_rarer_grades_where_two_overlap_are_no_slips():
    random = np.random.default_rng(2)
    grade = random.choice(7, 800, p=[0.42, 0.2, 0.12, 0.09, 0.07, 0.05, 0.05])
    strength = np.rint(random.normal(MIDDLE[grade], 15))
    rows = broken(strength, grade)
    assert rows.size
    assert held_near(strength, grade, rows, 3, 20).mean() > 0.9


def test_slips_in_states_that_lie_side_by_side_stay_slips():
    random = np.random.default_rng(0)
    zips, place = np.sort(random.choice(90_000, 60, replace=False)), random.integers(60, size=900)
    states = np.sort(random.integers(8, size=60))
    state = states[place]
    wrong = random.choice(900, 18, replace=False)
    state[wrong] = (state[wrong] + random.integers(1, 8, 18)) % 8
    rows = broken(zips[place], state)
    assert rows.size >= 16
    assert not held_near(zips[place].astype(float), state, rows, 3, 20).any()


def test_codes_whose_neighbours_tell_something_else_are_no_measure():
    random = np.random.default_rng(0)
    place = random.integers(60, size=900)
    town = random.integers(8, size=60)[place]
    town[:9] = (town[:9] + 1) % 8
    assert not held_near(place.astype(float), town, broken(place, town), 3, 20).any()
