"""What is new in a number beside others: lines, curves, and noise that grows."""

from __future__ import annotations

import numpy as np
import pytest

from governance.measures.number_dependence import Unmixed, unmixed

ROWS = 2000


def learnt(*columns: np.ndarray) -> Unmixed:
    numbers = np.column_stack(columns)
    first, second = np.random.default_rng(1).integers(0, ROWS, (2, 8000))
    apart = numbers[first] - numbers[second]
    values = np.array([np.unique(column).size for column in numbers.T])
    apart, steps = apart[first != second], np.full(len(columns), 1e-9)
    return unmixed(apart, np.ones(apart.shape, dtype=bool), values, steps)


def test_numbers_of_their_own_are_learnt_from_all_pairs() -> None:
    random = np.random.default_rng(0)
    told = learnt(random.normal(size=ROWS), random.normal(size=ROWS))
    assert told.kept.tolist() == [0, 1]
    assert not told.bound
    assert len({pairs.size for pairs in told.learnt_from}) == 1


def test_a_number_whose_spread_grows_with_another_is_learnt_from_pairs_near_in_that() -> None:
    random = np.random.default_rng(0)
    weight = random.lognormal(3, 1, ROWS)
    told = learnt(weight, weight / random.normal(180, 35, ROWS).clip(80))
    assert sorted(told.kept.tolist()) == [0, 1]
    assert told.bound == {0, 1}
    least, most = sorted(pairs.size for pairs in told.learnt_from)
    assert least <= most / 2


@pytest.mark.parametrize("curve", [np.sqrt, np.square, np.log])
def test_what_follows_a_curve_says_nothing(curve: np.ufunc) -> None:
    weight = np.random.default_rng(0).lognormal(3, 0.5, ROWS)
    assert learnt(weight, curve(weight)).kept.size == 1


def test_a_few_wrong_values_do_not_bend_a_line() -> None:
    random = np.random.default_rng(0)
    weight, noise = random.lognormal(3, 0.5, ROWS), random.normal(0, 0.5, ROWS)
    weighed_again = weight + noise
    weighed_again[:40] = random.permutation(weighed_again)[:40]
    mixing = learnt(weight, weighed_again).mixing
    assert len(mixing) == 2
    assert mixing.min() == pytest.approx(-1, rel=0.01)
