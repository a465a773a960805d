import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.measures.target_of_other_rows import STEPS, target_of_other_row


def moved(target, steps):
    """The target `steps` rows on, NaN where there is none."""
    found = np.full(target.size, np.nan)
    if steps > 0:
        found[:-steps] = target[steps:]
    else:
        found[-steps:] = target[:steps]
    return found


def walk(seed, rows=600, slope=0.95):
    rng = np.random.default_rng(seed)
    found = np.zeros(rows)
    for row in range(1, rows):
        found[row] = slope * found[row - 1] + rng.normal()
    return found


def one(rows):
    return np.zeros(rows, dtype=np.int64)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10_000), st.integers(1, STEPS), st.booleans(), st.sampled_from([0.0, 0.9, 1.0]),
    st.floats(0.1, 1000), st.floats(-1000, 1000),
)  # fmt: skip
def test_the_row_is_named_in_any_unit(seed, steps, later, slope, unit, zero):
    target = walk(seed, slope=slope)
    signed = steps if later else -steps
    found = target_of_other_row(unit * moved(target, signed) + zero, target, one(target.size), 0)
    assert found is not None
    assert found.steps == signed
    assert found.same <= found.rows <= target.size


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.9, 0.99, 1.0]), st.floats(0, 0.3))
def test_what_goes_with_the_target_of_its_own_row_names_no_other(seed, slope, noise):
    target = walk(seed, slope=slope)
    feature = target + noise * np.random.default_rng(seed).normal(size=target.size)
    assert target_of_other_row(feature, target, one(target.size), 0) is None


@pytest.mark.parametrize(
    "target",
    [
        np.ones(500),
        np.arange(500.0),
        np.repeat([1.0, 2.0, 3.0, 4.0, 5.0], 100),
        np.sin(np.arange(3000) / 3000),
        np.tile([1.0, 2.0, 3.0], 200),
    ],
)
def test_where_neighbours_are_alike_or_come_round_no_row_is_named(target):
    for steps in (-1, 1, 3):
        assert target_of_other_row(moved(target, steps), target, one(target.size), 0) is None


def test_rows_of_another_series_are_no_neighbours():
    rng = np.random.default_rng(3)
    target, series = rng.normal(size=600), np.repeat(np.arange(150), 4)
    feature = np.where(np.arange(600) % 4 == 3, np.nan, moved(target, 1))
    found = target_of_other_row(feature, target, series, 0)
    assert (found.steps, found.same, found.rows) == (1, 450, 450)
    across = np.where(np.arange(600) % 4 == 3, moved(target, 1), np.nan)
    assert target_of_other_row(across, target, series, 0) is None


@pytest.mark.parametrize("stays", [0.5, 0.9, 0.97])
def test_classes_that_stay_for_long_are_told_from_their_neighbours(stays):
    rng = np.random.default_rng(4)
    label = np.cumsum(rng.random(2000) > stays) % 3
    for steps in (-1, 2):
        there = moved(label.astype(float), steps)
        feature = np.where(np.isnan(there), np.nan, 7 - there)
        assert target_of_other_row(feature, label.astype(float), one(2000), 3).steps == steps
    assert target_of_other_row(label.astype(float), label.astype(float), one(2000), 3) is None


def test_few_rows_say_nothing():
    target = np.random.default_rng(5).normal(size=40)
    assert target_of_other_row(moved(target, 1), target, one(40), 0) is None


@pytest.mark.parametrize("steps", [-365, -24, -8, 12, 24, 168, 400])
def test_rows_of_a_day_a_week_or_a_year_on_are_named_too(steps):
    target = walk(6, rows=3000)
    found = target_of_other_row(moved(target, steps), target, one(3000), 0)
    assert (found.steps, found.same) == (steps, found.rows)
    label = np.random.default_rng(6).integers(0, 3, 3000).astype(float)
    there = moved(label, steps)
    assert target_of_other_row(np.where(np.isnan(there), np.nan, 7 - there), label, one(3000), 3).steps == steps


def test_what_comes_round_each_day_is_no_target_of_another_day():
    rng = np.random.default_rng(7)
    hour = np.arange(3000) % 24
    daily = 10 * np.sin(hour / 24 * 2 * np.pi)
    for target in (daily, daily + rng.normal(0, 0.01, 3000), np.repeat(walk(8, rows=125), 24) + daily):
        assert target_of_other_row(daily, target, one(3000), 0) is None
        assert target_of_other_row(hour.astype(float), (daily > 0).astype(float), one(3000), 2) is None
