"""How surprising it is that numbers lie near together, where they are codes that repeat."""

from __future__ import annotations

import numpy as np
import pytest

from governance.measures.number_nearness import STEP, _masses, _nats, nearness

ROWS = 1200


def equal_by_chance(numbers: np.ndarray) -> float:
    """The chance that nearness gives two rows the same number."""
    random = np.random.default_rng(1)
    first, second = random.integers(0, ROWS, (2, 600))
    first, second = first[first != second], second[first != second]
    usual = nearness(numbers[:, None], first, second)
    same = np.array([0])
    tails, number = usual.tails(numbers[:, None], same, same)
    return float(usual.chance(usual.nats(numbers[:, None], same, same).sum(axis=1), tails, number)[0])


def test_codes_that_repeat_are_equal_by_chance_though_few_are_near() -> None:
    codes = np.sort(np.random.default_rng(0).choice(99_999, 150, replace=False)).astype(np.float64)
    drawn = np.random.default_rng(2).choice(codes, ROWS)
    assert equal_by_chance(drawn) == pytest.approx(1 / 150, rel=0.25)


def test_numbers_of_which_copies_alone_are_equal_are_so_as_seldom_as_they_lie_near() -> None:
    drawn = np.random.default_rng(2).normal(0, 1, ROWS)
    copied = drawn.copy()
    copied[:40] = copied[40:80]
    assert equal_by_chance(copied) < 1e-4


def test_distances_below_the_step_are_as_usual_as_equal_values() -> None:
    """As what rounding leaves between kilograms and pounds: never 0, and mostly less than the step they are written in."""
    near, step = np.linspace(0.1, 0.9, 500), 0.5
    equal = _nats(np.zeros(1), near, step, 0.0)[0]
    assert _masses(near, step, 0.0)[int(equal / STEP) :].sum() == pytest.approx(np.exp(-equal))
