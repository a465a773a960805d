import numpy as np
import pytest

from governance.measures.number_damage import sentinels, unit_mixups


def normal(seed=0, n=300):
    return np.random.default_rng(seed).normal(50, 10, n)


@pytest.mark.parametrize("code", [999.0, -999.0, -1.0, 9999.0])
def test_codes_far_from_all_else_are_found(code):
    values = normal()
    values[:3] = code
    assert sentinels(values) == [code]


@pytest.mark.parametrize(
    "values", [np.arange(1100.0), np.random.default_rng(0).normal(0, 1000, 500).round(), np.tile([-1.0, 0, 1, 99], 50)]
)
def test_a_code_that_is_a_value_among_others_is_none(values):
    assert sentinels(np.append(values, [99.0, 99.0])) == []


def test_a_mistaken_unit_is_found_with_its_factor():
    values = normal()
    values[[4, 9]] *= 1000
    found, factor = unit_mixups(values)
    assert np.flatnonzero(found).tolist() == [4, 9]
    assert factor == 1000.0
    small = normal()
    small[7] /= 100
    assert unit_mixups(small)[1] == 0.01
    assert unit_mixups(small.round(), whole=True)[1] == 1.0


@pytest.mark.parametrize("seed", range(20))
def test_long_tails_are_no_mistaken_unit(seed):
    random = np.random.default_rng(seed)
    for values in (random.lognormal(3, 1.5, 500), random.pareto(1.1, 500) + 1, random.exponential(5, 500)):
        assert not unit_mixups(values)[0].any()
