"""Evenly spaced rows: different, ascending, from the first to the last, and never more than there are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.evenly_spaced import evenly_spaced


@given(st.integers(0, 3_000_000), st.integers(1, 60_000))
def test_they_are_different_rows_in_order(rows: int, most: int) -> None:
    found = evenly_spaced(rows, most)
    assert found.size == min(rows, most)
    gaps = np.diff(found)
    assert (gaps > 0).all()
    assert gaps.size == 0 or gaps.max() - gaps.min() <= 1, "evenly"
    if found.size > 1:
        assert (found[0], found[-1]) == (0, rows - 1)


def test_one_of_many_and_none_of_none() -> None:
    assert evenly_spaced(10, 1).tolist() == [0]
    assert evenly_spaced(0, 5).tolist() == []
    assert evenly_spaced(5, 9).tolist() == [0, 1, 2, 3, 4]
