import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.zero_codes import zero_codes


def zeroed(values, share, random):
    zero = random.random(values.size) < share
    return np.where(zero, 0.0, values), zero


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("mean", "spread", "share"), [(70, 10, 0.06), (120, 25, 0.03), (170, 9, 0.02), (36.8, 0.5, 0.02)]
)
def test_a_measure_of_nothing_is_a_code(seed, mean, spread, share):
    random = np.random.default_rng(seed)
    values, zero = zeroed(random.normal(mean, spread, 600).round(1), share, random)
    assert (zero_codes(values) == zero).all()


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_an_honest_amount_count_or_step(seed):
    random = np.random.default_rng(seed)
    some = random.random(600) < 0.95
    honest = [
        random.gamma(0.6, 6, 600).round(1) * (random.random(600) < 0.4),  # rain
        random.lognormal(8, 0.6, 600).round() * (random.random(600) < 0.1),  # gains
        random.poisson(1.8, 600).astype(float),  # children
        random.lognormal(7, 0.4, 600) * some,  # claims
        random.poisson(100, 600) * some,  # sales of a day, of which the shop was closed on some
        random.gamma(3, 20, 600) * some,
        some.astype(float),
        random.integers(0, 11, 600).astype(float),
        random.normal(30, 10, 600).clip(0).round(),
        (100 * random.beta(5, 2, 600)).round(),
        (random.standard_t(3, 600) * 4 + 30).clip(0),
    ]
    assert not any(zero_codes(values).any() for values in honest)


@given(st.lists(st.sampled_from([0.0, 1.0, 55.0, 60.0, 61.5, 70.0, np.nan]), max_size=80), st.floats(0.01, 100))
def test_only_zeros_are_named_in_any_unit(values, factor):
    column = np.array(values + list(np.linspace(50, 90, 90)))
    found = zero_codes(column)
    assert not (found & (column != 0)).any()
    assert not (zero_codes(factor * column) & (column != 0)).any()
