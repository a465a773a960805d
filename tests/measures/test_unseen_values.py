import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.measures.unseen_values import unseen_values


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("draw", [lambda r, n: r.zipf(1.3, n) % 700, lambda r, n: r.integers(0, 600, n)])
def test_of_one_distribution_p_values_are_hardly_small(draw, grouped):
    low = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        if grouped:
            groups = np.repeat(np.arange(100), 6)
            own = draw(rng, 300).reshape(100, 3)[groups, rng.integers(0, 3, 600)]
            second = (rng.random(100) < 0.3)[groups]
            low += unseen_values(own, second, groups).p_value <= 0.05
        else:
            low += unseen_values(draw(rng, 600), rng.random(600) < 0.3).p_value <= 0.05
    assert low <= 6, "of 40 runs with a chance of 0.05 each, more are as rare as 3 in 1,000"


@pytest.mark.parametrize("seed", range(2))
def test_values_of_a_new_range_are_seen_and_their_share_is_told(seed):
    rng = np.random.default_rng(seed)
    second = rng.random(3000) < 0.3
    found = unseen_values(rng.integers(0, 1500, 3000) + 750 * second, second)
    assert found.p_value <= 0.001
    assert found.share - found.expected > 0.2


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(2, 60))
def test_names_of_levels_and_the_order_of_rows_do_not_matter(seed, levels, rows):
    rng = np.random.default_rng(seed)
    codes, second = rng.integers(0, levels, rows), rng.random(rows) < 0.5
    found = unseen_values(codes, second)
    if found is None:
        assert second.all() or not second.any() or np.unique(codes).size == rows
        return
    assert 0 < found.p_value <= 1
    assert found.share == pytest.approx(np.mean([code not in codes[~second] for code in codes[second]]))
    renamed = unseen_values(rng.permutation(levels)[codes], second)
    assert (renamed.p_value, renamed.share) == (found.p_value, found.share)


def test_names_of_rows_and_a_set_that_is_empty_say_nothing():
    assert unseen_values(np.arange(100), np.arange(100) < 50) is None
    assert unseen_values(np.zeros(100, dtype=np.int64), np.zeros(100, dtype=bool)) is None


def test_values_that_belong_to_groups_are_no_news_in_new_groups():
    groups = np.repeat(np.arange(60), 10)
    second = groups >= 40
    assert unseen_values(groups, second, groups).p_value > 0.5
    assert unseen_values(groups, second).p_value < 0.001
