from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from governance.measures.intervals import mean_interval
from governance.measures.skewed_means import skewed_mean_interval

Draw = Callable[[np.random.Generator, int], np.ndarray]
DRAWS: dict[str, tuple[Draw, float]] = {
    "normal": (lambda random, n: random.normal(2, 1, n), 2.0),
    "exponential": (lambda random, n: random.exponential(1, n), 1.0),
    "lognormal": (lambda random, n: random.lognormal(0, 1, n), math.exp(0.5)),
    "lognormal, long tail": (lambda random, n: random.lognormal(0, 1.5, n), math.exp(1.125)),
    "lognormal, turned": (lambda random, n: -random.lognormal(0, 1, n), -math.exp(0.5)),
}


def covered(kind: str, rows: int, runs: int = 1000) -> float:
    draw, truth = DRAWS[kind]
    ends = [skewed_mean_interval(draw(np.random.default_rng([41, run]), rows)) for run in range(runs)]
    return float(np.mean([low <= truth <= high for low, high in ends]))


@pytest.mark.parametrize("rows", [30, 100, 300])
@pytest.mark.parametrize("kind", DRAWS)
def test_the_mean_is_covered_as_often_as_promised(kind: str, rows: int) -> None:
    assert 0.92 <= covered(kind, rows) <= 0.98


def test_of_symmetric_numbers_it_is_students() -> None:
    values = np.concatenate([np.arange(1, 20), -np.arange(1, 20)]) + 5.0
    assert skewed_mean_interval(values) == pytest.approx(mean_interval(values), rel=1e-9)


def test_by_hand() -> None:
    values = np.array([0.0] * 9 + [10.0])  # mean 1, standard error 1, skewness 8/3
    bend = 8 / 3 * 1.85 / math.sqrt(10)
    quantile = 2.262157
    low, high = skewed_mean_interval(values)
    assert low == pytest.approx(1 - quantile, abs=1e-5)
    inside = 1 + bend * (-quantile - bend / 6)
    assert high == pytest.approx(1 - 3 / bend * (-((-inside) ** (1 / 3)) - 1), abs=1e-5)


def test_it_turns_moves_and_stretches_with_the_numbers() -> None:
    values = np.random.default_rng(1).exponential(size=50)
    low, high = skewed_mean_interval(values)
    assert skewed_mean_interval(-values) == pytest.approx((-high, -low))
    assert skewed_mean_interval(values * 1e150) == pytest.approx((low * 1e150, high * 1e150))
    assert skewed_mean_interval(values + 7) == pytest.approx((low + 7, high + 7))


def test_units_are_the_witnesses() -> None:
    values = np.random.default_rng(1).exponential(size=50)
    repeated = skewed_mean_interval(np.repeat(values, 4), np.repeat(np.arange(50), 4))
    assert repeated == pytest.approx(skewed_mean_interval(values))


def test_nothing_is_told_of_too_few_and_nothing_added_to_what_does_not_vary() -> None:
    assert all(math.isnan(end) for end in skewed_mean_interval(np.ones(1)))
    assert skewed_mean_interval(np.ones(9)) == (1, 1)
    with pytest.raises(ValueError, match="NaN"):
        skewed_mean_interval(np.array([1.0, math.nan, 2.0]))
