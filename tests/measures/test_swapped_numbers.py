import numpy as np
import pytest

from governance.measures.swapped_numbers import swapped_rows


def pressures(random, rows):
    high = random.normal(125, 17, rows).round()
    return high, high - np.clip(random.normal(45, 11, rows), 15, None).round()


def places(random, rows):
    return random.normal(50, 2.5, rows), random.normal(10, 3, rows)


def incomes(random, rows):
    return random.integers(18, 90, rows).astype(float), random.lognormal(10.4, 0.6, rows)


PAIRS = [pressures, places, incomes]


@pytest.mark.parametrize("count", [8, 18, 40])
@pytest.mark.parametrize("pair", PAIRS)
def test_numbers_that_stand_in_each_other_s_column_are_found_and_no_others(pair, count):
    found = planted = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        first, second = pair(random, 800)
        rows = np.sort(random.choice(800, count, replace=False))
        first[rows], second[rows] = second[rows], first[rows]
        told = swapped_rows(first, second)
        assert set(told.tolist()) <= set(rows.tolist())
        assert np.array_equal(told, swapped_rows(second, first))
        found, planted = found + told.size, planted + rows.size
    assert found >= 0.9 * planted


def overlapping(random, rows):
    return random.normal(3, 2, rows), random.normal(0, 2, rows)


def mostly_in_order(random, rows):
    second = random.normal(50, 8, rows)
    return second + random.normal(8, 5, rows), second


def heavy_tails(random, rows):
    return random.standard_t(2, rows) + 12, random.standard_t(2, rows)


def other_slips(random, rows):
    """Lost digits, and a sign: far on the other side, and not where the other column's numbers lie."""
    first, second = places(random, rows)
    first[:4] /= 100
    second[4:8] *= 100
    first[8:10] *= -1
    return first, second


@pytest.mark.parametrize("pair", [*PAIRS, overlapping, mostly_in_order, heavy_tails, other_slips])
def test_numbers_in_their_own_columns_are_left_alone(pair):
    alarms = sum(swapped_rows(*pair(np.random.default_rng(seed), 800)).size > 0 for seed in range(100, 400))
    assert alarms <= 1


def test_an_order_that_many_rows_break_is_none():
    first, second = places(np.random.default_rng(0), 800)
    first[:100], second[:100] = second[:100].copy(), first[:100].copy()
    assert swapped_rows(first, second).size == 0


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_few_rows_show_nothing(rows):
    assert swapped_rows(np.arange(rows, dtype=float), np.full(rows, np.nan)).size == 0
