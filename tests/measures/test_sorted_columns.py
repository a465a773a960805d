import numpy as np
import pytest

from governance.measures.sorted_columns import below


@pytest.mark.parametrize("rows", [1, 2, 3, 8, 9, 100])
@pytest.mark.parametrize("side", ["left", "right"])
def test_each_value_is_sought_in_its_own_column(rows, side):
    random = np.random.default_rng(rows)
    ordered = np.sort(random.integers(0, 6, (rows, 5)).astype(float), axis=0)
    column, value = random.integers(0, 5, 200), random.integers(-1, 7, 200).astype(float)
    known = [np.searchsorted(ordered[:, at], one, side) for at, one in zip(column, value, strict=True)]
    assert below(ordered, column, value, side).tolist() == known
