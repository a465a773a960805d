from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures import calibration as m


def outcomes(rng: np.random.Generator, rows: int, slope: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    logit = rng.normal(0, 2, rows)
    return 1 / (1 + np.exp(-logit)), rng.random(rows) < 1 / (1 + np.exp(-slope * logit))


def test_expected_error_by_hand() -> None:
    stated = np.array([0.1, 0.1, 0.9, 0.9])
    found = m.reliability(stated, np.array([True, False, True, True]), 2)
    assert found.rows.tolist() == [2, 2]
    assert found.observed.tolist() == [0.5, 1.0]
    assert found.expected_error == pytest.approx((2 * 0.4 + 2 * 0.1) / 4)


def test_bins_agree_with_scikit_learn() -> None:
    from sklearn.calibration import calibration_curve

    stated, came_true = outcomes(np.random.default_rng(0), 400)
    found = m.reliability(stated, came_true, 8)
    observed, mean = calibration_curve(came_true, stated, n_bins=8, strategy="quantile")
    assert np.allclose(found.observed, observed)
    assert np.allclose(found.stated, mean)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.integers(2, 12))
def test_bins_keep_all_rows_and_equal_values_together(values: list[float], bins: int) -> None:
    stated = np.array(values)
    codes = m.equal_mass_bins(stated, bins)
    assert codes.size == stated.size
    assert sorted(set(codes.tolist())) == list(range(codes.max() + 1))
    for value in set(values):
        assert len(set(codes[stated == value].tolist())) == 1
    order = np.argsort(stated, kind="stable")
    assert (np.diff(codes[order]) >= 0).all()


def test_false_alarms_of_a_calibrated_model_and_power() -> None:
    """Share of calibrated models whose error exceeds the 95 % quantile of chance; and of overconfident ones."""
    rng = np.random.default_rng(2)

    def exceeds(slope: float) -> float:
        count = 0
        for seed in range(150):
            stated, came_true = outcomes(rng, 400, slope)
            found = m.reliability(stated, came_true, 10)
            count += found.expected_error > np.quantile(m.errors_by_chance(found, stated, 200, seed), 0.95)
        return count / 150

    assert exceeds(1.0) <= 0.10
    assert exceeds(0.5) >= 0.95


def test_chance_of_many_rows_follows_the_simulated_one() -> None:
    rng = np.random.default_rng(3)
    stated, came_true = outcomes(rng, 20_000)
    simulated = m.errors_by_chance(m.reliability(stated, came_true, 10), stated, 200, 0)
    stated, came_true = np.append(stated, 0.5), np.append(came_true, True)
    normal = m.errors_by_chance(m.reliability(stated, came_true, 10), stated, 1000, 0)
    assert normal.mean() == pytest.approx(simulated.mean(), rel=0.05)


@pytest.mark.parametrize("slope", [1.0, 0.6])
def test_conservative_interval_covers(slope: float) -> None:
    rng = np.random.default_rng(4)
    stated, _ = outcomes(rng, 200_000, slope)
    truth = 1 / (1 + np.exp(-slope * np.log(stated / (1 - stated))))
    wide = m.reliability(stated, np.zeros(stated.size, dtype=bool), 10)
    ideal = np.bincount(wide.bin_of_row, weights=truth) / wide.rows
    error = float((wide.rows * abs(wide.stated - ideal)).sum() / stated.size)
    hits = 0
    for seed in range(100):
        stated, came_true = outcomes(rng, 300, slope)
        found = m.reliability(stated, came_true, 10)
        reach = np.quantile(m.errors_by_resampling(found, stated, came_true, None, 200, seed), 0.975)
        hits += max(0.0, found.expected_error - reach) <= error <= found.expected_error + reach
    assert hits >= 92


def test_groups_widen_the_reach() -> None:
    rng = np.random.default_rng(5)
    stated, came_true = outcomes(rng, 60)
    found = m.reliability(np.repeat(stated, 6), np.repeat(came_true, 6), 5)
    tied = m.errors_by_resampling(
        found, np.repeat(stated, 6), np.repeat(came_true, 6), np.repeat(np.arange(60), 6), 300, 0
    )
    blind = m.errors_by_resampling(found, np.repeat(stated, 6), np.repeat(came_true, 6), None, 300, 0)
    assert tied.mean() > 2 * blind.mean()


def test_slope_and_intercept_equal_logistic_regression() -> None:
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(6)
    stated, came_true = outcomes(rng, 5000, 0.5)
    (slope, error), (intercept, _) = m.slope_and_intercept(stated, came_true)
    logit = np.log(stated / (1 - stated)).reshape(-1, 1)
    other = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(logit, came_true)
    assert slope == pytest.approx(other.coef_[0, 0], abs=1e-4)
    assert intercept == pytest.approx(other.intercept_[0], abs=1e-4)
    assert abs(slope - 0.5) < 4 * error


def test_slope_of_separated_classes_cannot_be_told() -> None:
    (slope, _), _ = m.slope_and_intercept(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True]))
    assert math.isnan(slope)
    (slope, _), _ = m.slope_and_intercept(np.full(10, 0.5), np.arange(10) < 5)
    assert math.isnan(slope)
