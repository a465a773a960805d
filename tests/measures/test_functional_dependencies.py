import numpy as np
import pytest

from governance.measures.functional_dependencies import dependency, scatters


def keyed(seed=0, rows=400, keys=40):
    random = np.random.default_rng(seed)
    a = random.integers(keys, size=rows)
    return a, random.integers(12, size=keys)[a]


def test_cells_that_break_a_rule_are_named_with_what_the_others_hold():
    a, b = keyed()
    truth = b.copy()
    b[[5, 77]] = (b[[5, 77]] + 1) % 12
    found = dependency(a, b)
    assert found.broken.tolist() == [5, 77]
    assert found.majority.tolist() == truth[[5, 77]].tolist()
    assert found.share == pytest.approx(2 / found.rows)
    assert not found.loose


def test_a_rule_that_nobody_breaks_has_nothing_broken():
    assert dependency(*keyed()).broken.size == 0


@pytest.mark.parametrize("seed", range(100))
def test_chance_makes_no_rule(seed):
    random = np.random.default_rng(seed)
    a = random.integers(random.integers(5, 60), size=300)
    common = random.choice(4, 300, p=[0.94, 0.03, 0.02, 0.01])  # nearly constant: any column would seem to decide it
    assert dependency(a, common) is None
    assert dependency(a, random.integers(5, size=300)) is None


def test_two_keys_that_share_a_value_break_nothing():
    # Flights decide their times; two leave at the same time, so the time decides the flight but for the rarer one.
    flight = np.concatenate([np.arange(600) % 40, np.full(6, 40)])
    time = np.where(flight == 40, 0, flight)
    assert dependency(time, flight).broken.size == 0


def test_cells_that_are_missing_follow_from_the_others():
    a, b = keyed()
    truth = b.copy()
    b[[5, 77]] = -1
    found = dependency(a, b)
    assert found.missing.tolist() == [5, 77]
    assert found.implied.tolist() == truth[[5, 77]].tolist()


def test_a_value_of_its_own_is_no_other_rows_majority():
    a, b = keyed()
    b[5] = 12
    b[77] = next(value for value in range(12) if value != b[77])
    assert dependency(a, b).elsewhere.tolist() == [False, True]


def test_missing_values_break_nothing():
    a, b = keyed()
    b[[5, 77]] = -1
    assert dependency(a, b).broken.size == 0


def test_few_rows_decide_nothing():
    assert dependency(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 1])) is None


def test_a_second_value_that_other_rows_confirm_is_no_slip():
    a, b = keyed()
    rows = np.flatnonzero(a == a[5])
    other = (b[5] + 1) % 12
    b[rows[:2]] = other  # known elsewhere, and told twice: someone moved
    found = dependency(a, b)
    assert found.broken.size == 0
    b[rows[1]] = b[rows[2]]
    assert dependency(a, b).broken.tolist() == [rows[0]]


def test_where_some_moved_single_rows_are_doubtful():
    a, b = keyed(rows=800)
    assert not dependency(a, b).doubtful
    for key in range(6):
        rows = np.flatnonzero(a == key)
        b[rows[: 4 if key else 1]] = (b[rows[0]] + 1) % 12
    found = dependency(a, b)
    assert found.broken.size == 1
    assert found.doubtful


def test_what_is_often_left_empty_may_be_left_empty():
    a, b = keyed()
    b[np.random.default_rng(1).random(b.size) < 0.3] = -1
    assert dependency(a, b).missing.size == 0


def test_readings_of_one_thing_lie_close_together():
    everywhere = np.linspace(10, 90, 200)
    majority = np.array([20.0, 50.0, 70.0])
    assert scatters(majority + np.array([0.1, -0.1, 0.2]), majority, everywhere)
    assert not scatters(np.array([80.0, 12.0, 33.0]), majority, everywhere)
    assert not scatters(np.array([]), np.array([]), everywhere)


def test_rows_whose_second_value_others_confirm_are_told_apart():
    a, b = keyed()
    rows = np.flatnonzero(a == a[5])
    b[rows[:2]] = (b[5] + 1) % 12
    assert dependency(a, b).second.tolist() == rows[:2].tolist()
