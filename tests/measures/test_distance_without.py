import numpy as np
import pytest

from governance.measures.distance_without import DistanceWithout


@pytest.mark.parametrize("columns", [30, 120])
@pytest.mark.parametrize("share", [0.1, 0.8])
def test_distances_differ_from_those_reckoned_out_by_what_is_the_same_for_all(columns, share):
    random = np.random.default_rng(columns)
    matrix = random.normal(size=(60, columns))
    rows, others = np.array([3, 7, 8]), np.arange(20, 60)
    without = np.arange(columns) < share * columns
    here, there = matrix[rows][:, None, ~without], matrix[others][None, :, ~without]
    distances = DistanceWithout(matrix)
    for _ in range(2):  # the second time from what was kept
        apart = ((here - there) ** 2).sum(axis=2) - distances.between(rows, others, without)
        assert np.ptp(apart, axis=1).max() < 1e-9
