import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.measures.intervals import (
    bootstrap,
    mean_interval,
    newcombe,
    residual_squares,
    wilson,
    wilson_of_groups,
)

shares = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


# Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_values(successes, n, low, high):
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


# Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((5, 56, 0, 29), -0.0381, 0.1926)],
)
def test_newcombe_gives_the_published_values(counts, low, high):
    assert newcombe(*counts) == pytest.approx((low, high), abs=5e-5)


@given(shares)
def test_wilson_holds_the_share_and_stays_a_share(pair):
    successes, n = pair
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1
    mirrored = wilson(n - successes, n)
    assert mirrored == pytest.approx((1 - high, 1 - low))


@given(shares)
def test_wilson_narrows_with_more_units_and_widens_with_the_level(pair):
    successes, n = pair
    low, high = wilson(successes, n)
    more_low, more_high = wilson(successes * 10, n * 10)
    wide_low, wide_high = wilson(successes, n, level=0.99)
    assert more_high - more_low < high - low < wide_high - wide_low


def test_wilson_of_nothing_is_everything():
    assert wilson(0, 0) == (0.0, 1.0)
    assert newcombe(0, 0, 3, 4) == (-1.0, 1.0)


@pytest.mark.parametrize(("successes", "n"), [(-1, 3), (4, 3)])
def test_wilson_refuses_impossible_counts(successes, n):
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson(successes, n)


def test_groups_of_one_row_change_nothing():
    flags = np.arange(40) % 4 == 0
    assert wilson_of_groups(flags, np.arange(40)) == pytest.approx(wilson(10, 40))


def test_rows_that_repeat_their_group_count_once():
    flags = np.repeat([True, False, False, False] * 10, 5)
    groups = np.repeat(np.arange(40), 5)
    low, high = wilson_of_groups(flags, groups)
    single_low, single_high = wilson(10, 40)
    assert (low, high) == pytest.approx((single_low, single_high), abs=0.01)
    assert high - low > 2 * (wilson(50, 200)[1] - wilson(50, 200)[0]) * 0.9


def test_all_alike_in_few_groups_is_known_as_well_as_groups():
    assert wilson_of_groups(np.ones(100, dtype=bool), np.repeat(np.arange(4), 25)) == pytest.approx(wilson(4, 4))


@pytest.mark.parametrize(("large", "count", "rest"), [(3, 60, 57), (1, 60, 19), (0, 60, 30)])
@pytest.mark.parametrize("correlation", [0.2, 0.5])
def test_interval_of_unequal_groups_holds_the_truth_about_as_often_as_it_says(large, count, rest, correlation):
    sizes = np.array([count] * large + [5] * rest)
    code, spread, random = np.repeat(np.arange(sizes.size), sizes), 1 / correlation - 1, np.random.default_rng(5)
    held = 0
    for _ in range(600):
        chance = random.beta(0.3 * spread, 0.7 * spread, sizes.size)[code]
        low, high = wilson_of_groups(random.random(code.size) < chance, code)
        held += low <= 0.3 <= high
    assert held / 600 > 0.93


@given(st.lists(st.integers(1, 40), min_size=2, max_size=12), st.floats(0, 1))
def test_squares_of_group_residuals_are_those_of_their_covariance(rows, correlation):
    sizes = np.array(rows, dtype=np.float64)
    variances = sizes * (1 + (sizes - 1) * correlation)
    away = np.eye(sizes.size) - np.outer(sizes / sizes.sum(), np.ones(sizes.size))
    covariance = away @ np.diag(variances) @ away.T
    trace = np.trace(covariance)
    assert residual_squares(variances, sizes) == pytest.approx((trace, trace**2 / (covariance**2).sum()))


@given(st.lists(st.booleans(), min_size=4, max_size=60), st.integers(2, 8))
def test_interval_of_groups_holds_the_share_and_is_no_narrower_than_that_of_rows(flags, count):
    held, groups = np.array(flags), np.arange(len(flags)) % min(count, len(flags))
    low, high = wilson_of_groups(held, groups)
    alone_low, alone_high = wilson(int(held.sum()), held.size)
    assert 0 <= low <= held.mean() <= high <= 1
    assert low <= alone_low + 1e-12
    assert high >= alone_high - 1e-12


def test_one_group_tells_nothing():
    assert wilson_of_groups(np.ones(9, dtype=bool), np.zeros(9)) == (0.0, 1.0)
    assert all(math.isnan(end) for end in mean_interval(np.ones(9), groups=np.zeros(9)))


def test_mean_interval_is_students():
    # Darwin's differences of cross- and self-fertilised maize, in eighths of an inch: 95 % interval (0.03, 41.84).
    differences = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    assert mean_interval(differences) == pytest.approx((0.03, 41.84), abs=0.01)


def test_mean_interval_with_groups_equals_that_of_group_means_when_groups_are_equal():
    means = np.array([1.0, 4.0, 2.5, 7.0, 3.0])
    repeated = np.repeat(means, 6)
    assert mean_interval(repeated, groups=np.repeat(list("abcde"), 6)) == pytest.approx(mean_interval(means))


def test_mean_interval_refuses_nan():
    with pytest.raises(ValueError, match="NaN"):
        mean_interval([1.0, math.nan])


def test_bootstrap_agrees_with_student_on_a_mean():
    values = np.random.default_rng(3).normal(10, 2, 400)
    low, high = bootstrap(lambda rows: float(values[rows].mean()), 400, draws=2000)
    assert (low, high) == pytest.approx(mean_interval(values), abs=0.03)


def test_bootstrap_by_group_is_wider_than_by_row_when_groups_differ():
    generator = np.random.default_rng(0)
    groups = np.repeat(np.arange(20), 10)
    values = generator.normal(0, 3, 20)[groups] + generator.normal(0, 0.5, 200)
    by_row = bootstrap(lambda rows: float(values[rows].mean()), 200)
    by_group = bootstrap(lambda rows: float(values[rows].mean()), 200, groups=groups)
    assert by_group[1] - by_group[0] > 2 * (by_row[1] - by_row[0])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.integers(0, 5))
def test_bootstrap_repeats_itself_and_stays_inside_the_values(values, seed):
    numbers = np.array(values)

    def median(rows):
        return float(np.median(numbers[rows]))

    first = bootstrap(median, numbers.size, draws=50, seed=seed)
    assert first == bootstrap(median, numbers.size, draws=50, seed=seed)
    assert numbers.min() <= first[0] <= first[1] <= numbers.max()


def test_bootstrap_cannot_tell_when_the_statistic_is_rarely_defined():
    assert all(math.isnan(end) for end in bootstrap(lambda rows: math.nan, 10))
    assert all(math.isnan(end) for end in bootstrap(lambda rows: 1.0, 1))
