from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from governance.measures import group_gaps as m


def exact_tail(failures: int, n: int, rate: float) -> float:
    """The same in whole numbers. SciPy's gives 0 for some tails near 1e-290, which floats hold well."""
    hits, all_ = rate.as_integer_ratio()
    rest = all_ - hits
    return float(Fraction(sum(comb(n, k) * hits**k * rest ** (n - k) for k in range(failures, n + 1)), all_**n))


@given(st.integers(1, 400), st.floats(0.001, 0.999), st.data())
@example(200, 0.01, 165)
def test_binomial_tail_is_exact(n: int, rate: float, data: st.DataObject | int) -> None:
    failures = data if isinstance(data, int) else data.draw(st.integers(0, n))
    assert m.binomial_tail(failures, n, rate) == pytest.approx(exact_tail(failures, n, rate), rel=1e-6, abs=1e-300)


def test_binomial_tail_of_certain_rates() -> None:
    assert m.binomial_tail(0, 10, 0.5) == 1
    assert m.binomial_tail(3, 10, 0.0) == 0
    assert m.binomial_tail(3, 10, 1.0) == 1
    assert m.binomial_tail(600_000, 1_000_000, 0.5) < 1e-200


@pytest.mark.parametrize("rows", [10, 30, 200])
@pytest.mark.parametrize("bound", [-0.3, 0.0, 0.4])
def test_mean_above_equals_students_test(rows: int, bound: float) -> None:
    values = np.random.default_rng(rows).normal(0.2, 1, rows)
    exact = stats.ttest_1samp(values, bound, alternative="greater").pvalue
    assert m.mean_above(values, bound) == pytest.approx(float(exact), abs=1e-3)


def test_mean_interval_equals_students_and_widens_with_groups() -> None:
    values = np.random.default_rng(0).normal(size=40)
    low, high = m.mean_interval(values, None) or (0, 0)
    assert (low, high) == pytest.approx(stats.t.interval(0.95, 39, values.mean(), stats.sem(values)), abs=1e-3)
    tied = m.mean_interval(np.tile(values, 5), np.tile(np.arange(40), 5)) or (0, 0)
    assert tied[1] - tied[0] > 0.95 * (high - low)
    assert m.mean_interval(np.ones(9), None) is None
    assert m.mean_above(np.ones(9), 0.5) == 1


def test_gap_by_chance_follows_simulated_groups() -> None:
    rng = np.random.default_rng(0)
    sizes = [40.0, 60.0, 200.0]
    real = []
    for _ in range(2000):
        means = [(rng.random(int(n)) < 0.8).mean() for n in sizes]
        real.append(max(means) - min(means))
    drawn = m.gap_by_chance(sizes, 0.4, 4000, 0)
    assert np.quantile(drawn, 0.95) == pytest.approx(np.quantile(real, 0.95), rel=0.08)
