from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from governance.differences.chance import of_counts, of_distance


@pytest.mark.parametrize(
    "cells", [((10, 90), (30, 70)), ((0, 1000), (8, 12)), ((300, 700), (340, 660)), ((3, 97), (0, 100))]
)
def test_two_cells_are_compared_exactly(cells: tuple[tuple[int, int], tuple[int, int]]) -> None:
    one_sided = [stats.fisher_exact(np.array(cells), alternative=side).pvalue for side in ("less", "greater")]
    assert of_counts(*cells) == pytest.approx(min(1.0, 2 * min(one_sided)), rel=1e-6)


@pytest.mark.parametrize(
    ("first", "second"),
    [((50, 60, 90), (90, 70, 82)), ((9000, 5000), (9500, 5000)), ((40, 30, 20, 10), (41, 29, 19, 11))],
)
def test_many_rows_are_compared_by_pearsons_statistic(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    expected = stats.chi2_contingency(np.array([first, second]), correction=False).pvalue
    assert of_counts(first, second) == pytest.approx(expected, rel=0.06)


def test_distances_are_judged_by_the_rows_of_both_sides() -> None:
    for distance, rows, others in ((0.1, 300, 500), (0.05, 2000, 3000)):
        exact = stats.kstwobign.sf(distance * np.sqrt(rows * others / (rows + others)))
        assert of_distance(distance, rows, others) == pytest.approx(exact, rel=0.02)
    assert of_distance(0.5, 0, 10) == 1.0
    assert of_distance(0.0, 10, 10) == 1.0


@pytest.mark.parametrize(("levels", "rows", "others"), [(2, 50, 80), (5, 500, 60), (20, 60, 40)])
def test_alarms_of_samples_of_one_distribution_are_as_rare_as_promised(levels: int, rows: int, others: int) -> None:
    draw = np.random.default_rng(7)
    share = draw.dirichlet(np.ones(levels))
    p_values = [
        of_counts(draw.multinomial(rows, share).tolist(), draw.multinomial(others, share).tolist()) for _ in range(2000)
    ]
    assert np.mean(np.array(p_values) < 0.01) < 0.02


def test_nothing_to_compare_is_no_difference() -> None:
    assert of_counts((), ()) == of_counts((5,), (9,)) == of_counts((0, 0), (3, 4)) == 1.0
    assert of_counts((5, 0), (9, 0)) == 1.0
