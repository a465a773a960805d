import numpy as np
import pytest

from governance.measures.kept_order import breaks_of_order


def in_order(random, rows):
    return random.integers(1, 12, rows).astype(float)


def swapped(apart):
    return -apart


def sixty_days_before(apart):
    return apart - 60


@pytest.mark.parametrize("share", [0.01, 0.022, 0.03, 0.05])
@pytest.mark.parametrize(("slip", "sure"), [(swapped, False), (sixty_days_before, True)])
def test_breaks_are_found_up_to_a_twentieth_of_the_rows(share, slip, sure):
    exact = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        apart = in_order(random, 1000)
        rows = random.choice(1000, int(share * 1000), replace=False)
        apart[rows] = slip(apart[rows])
        found = breaks_of_order(apart)
        exact += set(np.flatnonzero(found.rows).tolist()) == set(rows.tolist()) and found.sure >= sure
    assert exact >= 19


def normal(share):
    from scipy.stats import norm

    return lambda random, rows: random.normal(10 * norm.ppf(share), 10, rows).round()


def laplace(share):
    return lambda random, rows: random.laplace(-10 * np.log(2 - 2 * share), 10, rows).round()


def paid_late(random, rows):
    late = -np.floor(random.exponential(60, rows)) - 1
    return np.where(random.random(rows) < 0.05, late, random.integers(0, 30, rows))


def overlapping_years(random, rows):
    return np.floor(random.uniform(700, 2000, rows)) - np.floor(random.uniform(0, 1000, rows))


def ties(random, rows):
    return np.where(random.random(rows) < 0.7, 0, random.normal(8, 6, rows).round())


WEAK = [normal(0.85), normal(0.9), normal(0.95), laplace(0.9), laplace(0.95), paid_late, overlapping_years, ties]


@pytest.mark.parametrize("apart", WEAK)
def test_an_order_that_some_rows_honestly_do_not_keep_has_no_slips(apart):
    found = [breaks_of_order(apart(np.random.default_rng(seed), 1000)) for seed in range(40)]
    assert not any(one.rows.any() and one.sure for one in found)
    assert sum(bool(one.rows.any()) for one in found) <= 16


def test_few_breaks_about_zero_are_less_sure_than_few_anywhere():
    found = [breaks_of_order(normal(0.99)(np.random.default_rng(seed), 1000)) for seed in range(40)]
    assert sum(one.sure for one in found) <= 4


def test_missing_and_equal_ones_break_nothing():
    assert not breaks_of_order(np.full(100, np.nan)).rows.any()
    assert not breaks_of_order(np.where(np.arange(100) < 95, 0.0, -3.0)).rows.any()
    assert not breaks_of_order(np.array([-1.0] + [5.0] * 40)).rows.any()
    found = breaks_of_order(np.array([-70.0, np.nan] + [5.0] * 60))
    assert np.flatnonzero(found.rows).tolist() == [0]
    assert found.sure
