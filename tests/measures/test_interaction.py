"""Cells of two factors against what the others make expected: the closed form, and how often chance is taken for more."""

from __future__ import annotations

import numpy as np
import pytest

from governance.measures.interaction import cell_departures


def drawn(seed: int, rows: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    one, other = random.integers(0, 2, rows), random.integers(0, 3, rows)
    return one + 0.5 * other + random.normal(size=rows), one, other


def test_a_departure_is_the_coefficient_of_the_cell_beside_both_factors() -> None:
    values, one, other = drawn(0)
    found = cell_departures(values, one, other)
    assert found.keys() == {(a, b) for a in range(2) for b in range(3)}
    for (a, b), (departs, _) in found.items():
        inside = (one == a) & (other == b)
        design = np.column_stack([inside, np.eye(2)[one], np.eye(3)[other]])
        assert departs == pytest.approx(np.linalg.lstsq(design, values, rcond=None)[0][0])


def test_of_two_by_two_cells_it_is_the_difference_of_differences() -> None:
    random = np.random.default_rng(1)
    one, other = random.integers(0, 2, 500), random.integers(0, 2, 500)
    values = random.normal(size=500) + 2.0 * (one & other)
    mean = {(a, b): values[(one == a) & (other == b)].mean() for a in range(2) for b in range(2)}
    departs, p_value = cell_departures(values, one, other)[1, 1]
    assert departs == pytest.approx(mean[1, 1] - mean[1, 0] - mean[0, 1] + mean[0, 0])
    assert p_value < 1e-9


@pytest.mark.parametrize("grouped", [False, True])
def test_chance_is_taken_for_more_as_often_as_the_level_says(grouped: bool) -> None:
    random, p_values = np.random.default_rng(2), []
    for _ in range(400):
        units = np.repeat(np.arange(60), 5) if grouped else np.arange(300)
        one = random.integers(0, 2, units.max() + 1)[units] if grouped else random.integers(0, 2, 300)
        other = random.integers(0, 2, 300)
        common = random.normal(size=units.max() + 1)[units] if grouped else 0.0
        values = common + one + (1 + other) * random.normal(size=300)
        p_values.append(cell_departures(values, one, other, units)[1, 1][1])
    assert 0.02 < np.mean(np.array(p_values) < 0.05) < 0.085
    if grouped:  # as if rows were independent, it would be far more often: what units share is what they differ by
        assert np.median(p_values) > 0.3


def test_a_cell_that_the_others_say_nothing_of_is_not_told() -> None:
    one, other = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 2, 2])
    found = cell_departures(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), one, other)
    assert set(found.values()) == {(0.0, 1.0)}
