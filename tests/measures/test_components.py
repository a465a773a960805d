import numpy as np
import pytest

from governance.measures.components import components


def by_spreading(first, second, rows):
    """The lowest row that each can be reached from."""
    lowest = np.arange(rows)
    while True:
        before = lowest.copy()
        for a, b in zip(first, second, strict=True):
            lowest[a] = lowest[b] = min(lowest[a], lowest[b])
        if (lowest == before).all():
            return lowest


@pytest.mark.parametrize("pairs", [0, 5, 20, 60])
def test_rows_are_together_that_pairs_join_through_others(pairs):
    random = np.random.default_rng(pairs)
    first, second = random.integers(30, size=(2, pairs))
    told, known = components(first, second, 30), by_spreading(first, second, 30)
    assert ((told[:, None] == told) == (known[:, None] == known)).all()
    assert set(told.tolist()) == set(range(np.unique(known).size))


def test_no_rows_are_in_no_set():
    assert components(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), 0).size == 0
