import numpy as np
import pytest

from governance.measures.piled_values import piled_values

RNG = np.random.default_rng(0)
EVEN = RNG.normal(20, 3, 500).round(1)


@pytest.mark.parametrize("pile", [0.0, 40.0, 20.0])
def test_a_value_far_more_frequent_than_those_beside_it_is_a_pile(pile):
    column = np.where(np.arange(500) % 3 == 0, pile, EVEN)
    assert np.array_equal(piled_values(column[:, None])[:, 0], (column == pile).astype(int))


def test_floor_and_ceiling_are_two_piles():
    column = np.clip(RNG.normal(50, 60, 500), 0, 100).round(1)
    assert np.array_equal(piled_values(column[:, None])[:, 0], (column == 0) + 2 * (column == 100))


@pytest.mark.parametrize(
    "column", [EVEN, RNG.poisson(4, 500), np.arange(500), np.zeros(500), np.full(500, np.nan), np.full(500, 1.0)]
)
def test_values_that_thin_out_evenly_are_none(column):
    assert not piled_values(column.astype(float)[:, None]).any()


def test_a_missing_value_is_at_no_pile():
    column = np.where(np.arange(500) % 2, np.nan, np.where(np.arange(500) % 4, 0, EVEN))
    assert np.array_equal(piled_values(column[:, None])[:, 0] > 0, column == 0)
