import numpy as np
import pytest

from governance.measures.few_keys import hangs_on_others, keeps_few, speaks_for_slips, sure_of_slips
from governance.measures.functional_dependencies import dependency, dependency_of_few


def ruled(rule, slips, seed=0, rows=600):
    """Keys with many rows each, what they decide, and rows of which another value was written."""
    random = np.random.default_rng(seed)
    a = random.choice(len(rule), rows, p=1 / np.arange(1, len(rule) + 1) / (1 / np.arange(1, len(rule) + 1)).sum())
    b = np.array(rule)[a]
    wrong = np.sort(random.choice(rows, slips, replace=False))
    b[wrong] = [random.choice(np.setdiff1d(rule, [value])) for value in b[wrong]]
    return a, b, wrong


@pytest.mark.parametrize("rule", [(0, 1), (0, 1, 2), (0, 0, 1, 0), (0, 1, 0, 1, 2)])
@pytest.mark.parametrize("slips", [1, 3, 12, 24])
def test_slips_of_few_keys_are_found_and_doubtful(rule, slips):
    a, b, wrong = ruled(rule, slips)
    found = dependency_of_few(a, b)
    assert found.broken.tolist() == wrong.tolist()
    assert found.majority.tolist() == np.array(rule)[a[wrong]].tolist()
    assert found.doubtful
    assert found.loose


@pytest.mark.parametrize("seed", range(40))
def test_chance_makes_no_rule_of_few_keys(seed):
    random = np.random.default_rng(seed)
    a = random.integers(random.integers(2, 8), size=300)
    assert dependency_of_few(a, random.choice(3, 300, p=[0.97, 0.02, 0.01])) is None
    assert dependency_of_few(a, random.integers(4, size=300)) is None


@pytest.mark.parametrize(
    "counts",
    [
        [[400, 16, 0], [0, 250, 0], [1, 0, 180]],  # one country pays in another's currency
        [[400, 0, 12], [0, 250, 0], [0, 0, 180], [90, 0, 0]],
    ],
)
def test_exceptions_of_one_key_and_value_speak_against_slips(counts):
    a, b = (np.repeat(one, np.ravel(counts)) for one in np.indices(np.shape(counts)).reshape(2, -1))
    assert keeps_few(np.array(counts))
    assert speaks_for_slips(np.array(counts)) < -3
    assert dependency_of_few(a, b) is None


def test_a_key_that_decides_nothing_leaves_no_rule():
    assert not keeps_few(np.array([[500, 0], [0, 400], [60, 40]]))


def test_values_that_no_key_decides_leave_no_rule():
    assert not keeps_few(np.array([[500, 0, 15], [0, 400, 12]]))  # a doctor is neither Mr nor Mrs


def test_one_exception_says_nothing_of_where_slips_lie():
    assert speaks_for_slips(np.array([[500, 1], [0, 400]])) == 0


def test_each_key_more_makes_a_rule_surer_and_even_exceptions_do():
    few, many = (np.diag(np.full(keys, 100)) for keys in (5, 9))
    few[0, 1] = many[0, 1] = 1
    assert not sure_of_slips(few)
    assert sure_of_slips(many)
    assert sure_of_slips(np.full((5, 5), 1) + 100 * np.eye(5, dtype=np.int64))
    many[0, 1] = 9
    assert not sure_of_slips(many)


def test_exceptions_of_one_key_are_doubtful_also_where_there_are_more_keys():
    keys, rows = np.repeat(np.arange(9), 80), np.arange(720)
    values = keys.copy()
    values[rows % 80 == 7] = (keys[rows % 80 == 7] + 1 + rows[rows % 80 == 7] // 80 % 3) % 9
    assert not dependency(keys, values).doubtful
    assert dependency(keys, np.where(rows < 7, 1, keys)).doubtful


def test_exceptions_in_a_level_of_another_column_hang_on_it():
    random = np.random.default_rng(1)
    keys, clerk = random.integers(3, size=900), random.integers(12, size=900)
    scattered = np.isin(np.arange(900), random.choice(900, 15, replace=False))
    assert not hangs_on_others(scattered, keys, {"clerk": clerk}).any()
    region = np.where(random.random(900) < 0.05, 4, random.integers(4, size=900))
    border = (region == 4) & (random.random(900) < 0.4)
    assert (hangs_on_others(border, keys, {"clerk": clerk, "region": region}) == border).all()
