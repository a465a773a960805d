import numpy as np
import pytest

from governance.measures.unit_factors import likely_factors


def beyond(factor, cells, seed=0, decimals=1, spread=0.4):
    random = np.random.default_rng(seed)
    values = random.lognormal(3, spread, 800).round(decimals)
    return values[cells:], values[:cells] * factor


@pytest.mark.parametrize("factor", [1000.0, 100.0, 60.0, 3600.0, 12.0, 0.01, 1 / 60])
def test_the_one_factor_that_explains_a_heap_is_clear(factor):
    found = likely_factors(*beyond(factor, 15))
    assert found.clear
    assert np.isclose(found.likely[0], factor)


def test_decimals_tell_factors_apart_where_sizes_do_not():
    others, heap = beyond(60, 8, spread=1.5)
    assert likely_factors(others, heap.round(1)).likely[0] == 60
    assert not likely_factors(others, heap * np.random.default_rng(1).uniform(0.99, 1.01, 8)).clear


def test_one_cell_far_from_wide_others_may_be_by_several_factors():
    others, _ = beyond(1, 0, spread=0.8)
    found = likely_factors(others, np.array([1731.7]))
    assert not found.clear
    assert {60.0, 100.0} <= set(found.likely)


def test_a_factor_that_nobody_mixes_up_is_none():
    others, heap = beyond(180, 60, decimals=4, spread=0.1)
    found = likely_factors(others, heap + 0.0137)
    assert (found.likely, found.clear, found.other) == ((), False, True)


def test_wrong_corrections_are_rare():
    clear = wrong = 0
    for seed in range(60):
        for factor in (60.0, 100.0, 1000.0, 3600.0):
            found = likely_factors(*beyond(factor, 4, seed, spread=0.7))
            clear += found.clear
            wrong += found.clear and found.likely[0] != factor
    assert clear > 120
    assert wrong <= 2
