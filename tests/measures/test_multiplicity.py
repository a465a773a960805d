"""Adjusted p-values against SciPy's and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from governance.measures.multiplicity import benjamini_hochberg, holm


def test_holm_by_hand_and_against_scipy_order() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=20))
def test_holm_never_lowers_and_keeps_order(values: list[float]) -> None:
    adjusted = holm(values)
    assert all(after >= before for before, after in zip(values, adjusted, strict=True))
    assert all(0 <= one <= 1 for one in adjusted)
    for (a, x), (b, y) in zip(
        sorted(zip(values, adjusted, strict=True)), sorted(zip(values, adjusted, strict=True))[1:], strict=False
    ):
        assert a <= b
        assert x <= y + 1e-12


def test_benjamini_hochberg_is_scipys() -> None:
    p_values = [0.001, 0.2, 0.01, 0.03, 0.9, 0.01]
    assert benjamini_hochberg(p_values) == pytest.approx(stats.false_discovery_control(p_values).tolist())


def test_weights_move_the_allowance_and_keep_the_level() -> None:
    p_values = [0.004, 0.2, 0.01, 0.5]
    assert benjamini_hochberg(p_values, [3.0] * 4) == pytest.approx(benjamini_hochberg(p_values))
    heavy = benjamini_hochberg(p_values, [1.0, 1.0, 5.0, 1.0])
    assert heavy[2] == pytest.approx(min(0.01 * 2 / 5 * 4 / 1, 0.004 * 2 * 4 / 2))
    random = np.random.default_rng(6)
    weights = [2.0] * 5 + [1.0] * 15
    alarms = [min(benjamini_hochberg(random.random(20).tolist(), weights)) <= 0.1 for _ in range(3000)]
    assert np.mean(alarms) == pytest.approx(0.1, abs=0.02)
