"""Bounds of the true accuracy: identities, closed forms, and coverage on simulated noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.accuracy_under_noise import symmetric, symmetric_bounds, worst_case
from governance.measures.intervals import wilson
from governance.reviewing.reviews import exact_interval

shares = st.floats(0, 1)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_no_pattern_of_errors_leaves_the_worst_case(rows: list[tuple[bool, bool, bool]]) -> None:
    """Per row: is the label wrong, does the model repeat it, and is the model right where it does not."""
    wrong = np.array([row[0] for row in rows])
    agrees = np.array([row[1] for row in rows])
    right = np.where(wrong, ~agrees & np.array([row[2] for row in rows]), agrees)
    bounds = worst_case((agrees.mean(),) * 2, (wrong.mean(),) * 2)
    assert bounds.low - 1e-12 <= right.mean() <= bounds.high + 1e-12


def test_the_worst_case_is_reached() -> None:
    assert worst_case((0.9, 0.9), (0.05, 0.05)).low == pytest.approx(0.85)
    assert worst_case((0.9, 0.9), (0.05, 0.05)).high == pytest.approx(0.95)
    assert worst_case((0.99, 0.99), (0.05, 0.05)).high == 1.0


@given(shares, st.floats(0, 0.4), st.integers(2, 12))
def test_the_closed_form_solves_its_equation(true: float, noise: float, classes: int) -> None:
    measured = true * (1 - noise) + (1 - true) * noise / (classes - 1)
    assert symmetric(measured, noise, classes) == pytest.approx(true, abs=1e-9)


@given(shares, shares, shares, shares, st.floats(0, 0.4), st.floats(0, 0.4), st.integers(2, 12))
def test_the_ends_lie_at_the_corners(
    low: float, high: float, inside: float, rate: float, least: float, most: float, classes: int
) -> None:
    accuracy, noise = sorted((low, high)), sorted((least, most))
    bounds = symmetric_bounds((accuracy[0], accuracy[1]), (noise[0], noise[1]), classes)
    middle = symmetric(
        accuracy[0] + inside * (accuracy[1] - accuracy[0]), noise[0] + rate * (noise[1] - noise[0]), classes
    )
    assert bounds is not None
    assert middle is not None
    assert bounds.low - 1e-9 <= min(1, max(0, middle)) <= bounds.high + 1e-9


def test_labels_that_say_nothing() -> None:
    assert symmetric(0.5, 0.5, 2) is None
    assert symmetric_bounds((0.4, 0.6), (0.3, 0.5), 2) is None
    with pytest.raises(ValueError, match="share"):
        symmetric(0.5, 1.5, 2)


def simulated(rng: np.random.Generator, noise: float, accuracy: float, classes: int, pattern: str) -> tuple:
    """A population of labelled rows, a held-out tenth, and a review of 150: intervals of accuracy and of noise."""
    population, held, reviewed = 20_000, 500, 150
    truth = rng.integers(0, classes, population)
    other = (truth + rng.integers(1, classes, population)) % classes
    predicted = np.where(rng.random(population) < accuracy, truth, other)
    if pattern == "even":
        wrong = rng.random(population) < noise
        label = np.where(wrong, (truth + rng.integers(1, classes, population)) % classes, truth)
    else:  # as many as the model's mistakes allow, and in its favour
        wrong = (rng.random(population) < noise / (1 - accuracy)) & (predicted != truth)
        label = np.where(wrong, predicted, truth)
    test = rng.choice(population, held, replace=False)
    sample = rng.choice(population, reviewed, replace=False)
    seen = int((label[sample] != truth[sample]).sum())
    agreed = wilson(int((predicted[test] == label[test]).sum()), held)
    return agreed, exact_interval(seen, reviewed, population), float((predicted == truth).mean())


@pytest.mark.parametrize("pattern", ["even", "in the model's favour"])
@pytest.mark.parametrize(("noise", "accuracy", "classes"), [(0.05, 0.9, 2), (0.12, 0.8, 5)])
def test_intervals_cover_the_truth(pattern: str, noise: float, accuracy: float, classes: int) -> None:
    rng = np.random.default_rng(1000)
    runs, held_any, held_even = 300, 0, 0
    for _ in range(runs):
        agreed, rate, true = simulated(rng, noise, accuracy, classes, pattern)
        bounds = worst_case(agreed, rate)
        held_any += bounds.low <= true <= bounds.high
        even = symmetric_bounds(agreed, rate, classes)
        held_even += even is not None and even.low <= true <= even.high
    assert held_any / runs >= 0.9
    if pattern == "even":
        assert held_even / runs >= 0.9
    else:
        assert held_even / runs < 0.5, "the assumption matters: noise that favours the model breaks it"
