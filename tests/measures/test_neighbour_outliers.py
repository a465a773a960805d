import numpy as np
import pytest

from governance.adapters.faiss import nearest
from governance.measures.fences import beyond_fences
from governance.measures.neighbour_outliers import neighbour_outliers, normal_reach


def outliers(matrix):
    vectors = matrix.astype(np.float32)
    return neighbour_outliers(nearest(vectors, 10, np.arange(len(matrix))).distance, vectors)


@pytest.mark.parametrize("width", [1, 2, 5, 20])
def test_normal_data_has_hardly_any(width):
    flagged = [int(outliers(np.random.default_rng(seed).normal(size=(800, width))).flagged.sum()) for seed in range(8)]
    assert sum(flagged) <= 8, flagged  # half a row is expected in each


@pytest.mark.parametrize("width", [5, 20])
def test_far_rows_are_found(width):
    matrix = np.random.default_rng(0).normal(size=(800, width))
    matrix[:8] *= 6
    found = outliers(matrix)
    assert found.flagged[:8].mean() >= 0.85
    assert found.flagged[8:].sum() <= 2
    assert ((found.score > 0.5) == found.flagged).all()


def test_unit_and_row_order_do_not_matter():
    matrix = np.random.default_rng(0).standard_t(3, (400, 6))
    order = np.random.default_rng(1).permutation(400)
    first, other = outliers(matrix), outliers(matrix[order] * 1000)
    assert (other.flagged == first.flagged[order]).all()


def test_mostly_copies_cannot_be_judged():
    assert neighbour_outliers(np.zeros((50, 10)), np.ones((50, 3), dtype=np.float32)) is None


def test_more_rows_reach_farther():
    vectors = np.random.default_rng(0).normal(size=(500, 4)).astype(np.float32)
    assert normal_reach(vectors, 10, 100_000) > normal_reach(vectors, 10, 500) > 1


def test_fences_are_tukeys():
    values = np.array([*range(1, 10), 100.0, np.nan])
    # quartiles 3.25 and 7.75 of 1..9 and 100: the outer fences are -10.25 and 21.25
    assert beyond_fences(values).tolist() == [False] * 9 + [True, False]
    assert beyond_fences(np.array([1.0, 1, 1, 1, 9])) is None
    assert beyond_fences(np.array([np.nan])) is None
