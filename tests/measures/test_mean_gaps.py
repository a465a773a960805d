from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from governance.measures import mean_gaps
from governance.measures.mean_gaps import means_differ


def shares_of_false_gaps(skewed: bool, first: int, rows: int, spread: float = 1.0, runs: int = 200) -> float:
    """Share of `runs` tables without a difference in which the p-value is 0.05 or less."""
    alarms = 0
    for run in range(runs):
        random = np.random.default_rng([31, run])
        values = random.lognormal(0, 1, rows) - np.exp(0.5) if skewed else random.normal(size=rows)
        second = np.arange(rows) < first
        alarms += means_differ(np.where(second, spread, 1.0) * values, second) <= 0.05
    return alarms / runs


@pytest.mark.parametrize(
    ("skewed", "first", "rows", "spread"),
    [(False, 100, 200, 1), (False, 30, 150, 1), (True, 15, 200, 1), (False, 30, 150, 3), (False, 120, 150, 3)],
)
def test_as_many_false_gaps_as_promised(skewed: bool, first: int, rows: int, spread: float) -> None:
    assert 0.02 <= shares_of_false_gaps(skewed, first, rows, spread) <= 0.08


def test_of_many_normal_rows_it_is_welchs_test() -> None:
    random = np.random.default_rng(1)
    values, second = np.concatenate([random.normal(0, 1, 200), random.normal(0.4, 2, 180)]), np.arange(380) >= 200
    exact = stats.ttest_ind(values[second], values[~second], equal_var=False).pvalue
    assert 0.0005 < exact < 0.1
    assert means_differ(values, second) == pytest.approx(exact, abs=0.005)
    many = random.normal(size=6000)
    half = np.arange(6000) % 2 == 0
    exact = stats.ttest_ind(many[half], many[~half], equal_var=False).pvalue
    assert means_differ(many, half) == pytest.approx(exact, rel=1e-6)


def test_a_large_difference_has_a_smaller_p_value_than_draws_can_give() -> None:
    values = np.random.default_rng(2).normal(size=200) + 3 * (np.arange(200) < 60)
    assert means_differ(values, np.arange(200) < 60) < 1e-12
    assert means_differ(-values, np.arange(200) < 60) < 1e-12
    assert means_differ(values, np.arange(200) >= 60) < 1e-12


def grouped(random: np.random.Generator, divided: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, second set and unit of 40 units of 10 rows whose mean is their own."""
    units = np.repeat(np.arange(40), 10)
    second = np.arange(400) % 10 < 3 if divided else np.isin(units, random.permutation(40)[:12])
    return random.normal(size=40)[units] + random.normal(size=400), second, units


@pytest.mark.parametrize("divided", [False, True])
def test_rows_of_one_unit_are_one_witness(divided: bool) -> None:
    alarms = sum(means_differ(*grouped(np.random.default_rng([5, run]), divided)) <= 0.05 for run in range(150))
    assert 0.01 <= alarms / 150 <= 0.09
    values, second, units = grouped(np.random.default_rng(3), divided)
    assert means_differ(values + 3.0 * second, second, units) < 0.001


def test_units_of_single_rows_are_rows() -> None:
    random = np.random.default_rng(4)
    values, second = random.exponential(size=90), np.arange(90) < 30
    assert means_differ(values, second, np.arange(90)) == means_differ(values, second)


def test_where_nothing_varies_or_nothing_is_known_nothing_differs() -> None:
    second = np.arange(40) < 20
    assert means_differ(np.full(40, 0.1), second) == 1
    assert means_differ(np.arange(40.0), np.arange(40) < 1) == 1
    assert means_differ(np.full(40, 0.1), second, np.arange(40) // 2) == 1
    assert means_differ(np.full(40, 0.1), np.arange(40) % 2 == 0, np.arange(40) // 2) == 1
    assert means_differ(second * 1.0, second) < 1e-6


def test_few_units_cannot_give_a_small_p_value() -> None:
    for count in (4, 14, 15):
        units, second = np.arange(20 * count) // 20, np.arange(20 * count) % 2 == 0
        assert 2.0 ** (1 - count) <= means_differ(second * 1.0, second, units) <= max(2.0 ** (2 - count), 0.001)


def test_the_same_data_give_the_same_p_value() -> None:
    values = np.random.default_rng(6).normal(size=120)
    assert means_differ(values, np.arange(120) < 50) == means_differ(values, np.arange(120) < 50)
    assert mean_gaps.MOST_UNITS == 2000
