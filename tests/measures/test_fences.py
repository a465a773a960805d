"""Numbers that lie far from all others, and what is left of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from governance.measures.fences import FAR, drawn_in

FINITE = st.floats(-1e12, 1e12, allow_nan=False, width=64)


@given(arrays(np.float64, st.integers(0, 60), elements=FINITE))
def test_order_is_kept_and_nothing_is_pushed_outwards(values: np.ndarray) -> None:
    found = drawn_in(values)
    order = np.argsort(values, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    if values.size:
        assert (np.abs(found - np.median(values)) <= np.abs(values - np.median(values)) + 1e-3).all()


def test_a_value_in_other_units_is_drawn_in_and_a_normal_column_stays() -> None:
    values = np.random.default_rng(0).normal(100, 20, 600)
    assert (drawn_in(values) == values).all()
    values[7] *= 1000
    found = drawn_in(values)
    assert np.flatnonzero(found != values).tolist() == [7]
    low, high = np.quantile(values, [0.05, 0.95])
    assert found[7] == pytest.approx(high + FAR * (high - low))


def test_where_nine_tenths_are_one_value_nothing_is_drawn_in() -> None:
    values = np.r_[np.zeros(99), 1e9]
    assert (drawn_in(values) == values).all()
