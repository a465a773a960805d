import numpy as np
import pytest

from governance.measures.small_scales import off_scale

ANSWERS = [0.1, 0.25, 0.3, 0.2, 0.15]


def answers(seed=0, rows=1000):
    return np.random.default_rng(seed).choice(np.arange(1.0, 6), rows, p=ANSWERS)


def test_cells_far_beyond_a_scale_and_a_step_beyond_it_are_told_apart():
    values = answers()
    values[:6], values[10:16], values[20] = 55, 6, np.nan
    found = off_scale(values)
    assert found is not None
    assert (found.low, found.high) == (1, 5)
    assert np.flatnonzero(found.near).tolist() == list(range(10, 16))
    assert not found.far.any() or np.flatnonzero(found.far).tolist() == list(range(6))


@pytest.mark.parametrize("factor", [10, 11, -3])
def test_mistyped_answers_are_far(factor):
    values = answers(1)
    values[:8] *= factor
    found = off_scale(values)
    assert found is not None
    assert found.far[:8].sum() >= 6
    assert not found.far[8:].any()


def test_a_scale_without_cells_outside_and_numbers_that_are_none():
    assert off_scale(answers(2)) is None
    assert off_scale(np.random.default_rng(0).normal(size=500)) is None
    assert off_scale(np.array([1.0, 2, 3])) is None


@pytest.mark.parametrize("seed", range(40))
def test_counts_have_a_tail_and_no_scale(seed):
    random = np.random.default_rng(seed)
    rows = int(random.integers(200, 3000))
    for values in (
        random.poisson(random.uniform(0.3, 5), rows),
        random.geometric(random.uniform(0.2, 0.9), rows),
        random.negative_binomial(random.uniform(0.5, 3), 0.4, rows),
        random.zipf(random.uniform(1.3, 3.5), rows),
        random.lognormal(1, 0.5, rows).round(),
        random.binomial(10, random.uniform(0.2, 0.8), rows),
    ):
        found = off_scale(values.astype(float))
        assert found is None or not found.far.any()
