from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from governance.measures.grids import bin_of, counts_of, cut_points, normal_scores

NUMBERS = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=300)


@given(NUMBERS, st.integers(1, 40), st.integers(1, 10), st.booleans())
def test_cuts_increase_lie_inside_and_count_every_value_once(
    values: list[float], bins: int, least: int, rounded: bool
) -> None:
    numbers = np.array(values)
    cuts = cut_points(numbers, bins, least=least, rounded=rounded)
    assert (np.diff(cuts) > 0).all()
    if cuts.size:
        assert numbers.min() <= cuts[0]
        assert cuts[-1] < numbers.max()
    counts = counts_of(numbers, cuts)
    assert counts.sum() == numbers.size
    assert_array_equal(np.cumsum(counts)[:-1], [(numbers <= cut).sum() for cut in cuts])


def test_few_distinct_values_have_a_bin_each() -> None:
    values = np.repeat([1.0, 2.0, 5.0], [50, 1, 49])
    assert_array_equal(cut_points(values, 10), [1.0, 2.0])
    assert_array_equal(bin_of(np.array([0.0, 1.0, 1.5, 2.0, 9.0]), np.array([1.0, 2.0])), [0, 0, 1, 1, 2])


def test_no_rounded_cut_is_a_value_of_the_data() -> None:
    values = np.random.default_rng(0).lognormal(3, 2, 5000)
    cuts = cut_points(values, 32, least=20, rounded=True)
    assert cuts.size > 25
    assert not set(cuts) & set(values)
    assert counts_of(values, cuts).min() >= 20


def test_normal_scores_have_mean_0_and_variance_1() -> None:
    counts = np.array([10, 0, 40, 30, 20])
    scores = normal_scores(counts)
    shares = counts / counts.sum()
    assert abs((shares * scores).sum()) < 1e-12
    assert abs((shares * scores**2).sum() - 1) < 1e-12
    assert_array_equal(normal_scores(np.array([7, 0])), [0.0, 0.0])
