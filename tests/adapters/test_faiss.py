import numpy as np
import pytest

from governance.adapters import faiss as module
from governance.adapters.faiss import nearest, nearest_to


def brute(vectors, k):
    wide = vectors.astype(np.float64)
    distance = np.sqrt(((wide[:, None, :] - wide[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(distance, np.inf)
    return np.sort(distance, axis=1)[:, :k]


def vectors(rows=300, width=8, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, width)).astype(np.float32)


def test_exact_search_equals_brute_force():
    matrix = vectors()
    found = nearest(matrix, 10, np.arange(300))
    assert found.distance == pytest.approx(brute(matrix, 10), abs=1e-12)
    assert found.recall is None
    assert (found.index != np.arange(300)[:, None]).all()


def test_copies_are_at_distance_zero_and_never_the_row_itself():
    matrix = np.vstack([vectors(50)] * 3) * 1000 + 1e5
    found = nearest(matrix, 4, np.arange(150))
    assert (found.distance[:, :2] == 0).all()
    assert (found.index != np.arange(150)[:, None]).all()
    assert sorted(found.index[0, :2].tolist()) == [50, 100]


def test_more_copies_than_neighbours_are_no_trouble():
    found = nearest(np.ones((40, 3), dtype=np.float32), 5, np.arange(40))
    assert (found.distance == 0).all()
    assert all(len(set(row)) == 5 for row in found.index.tolist())
    assert (found.index != np.arange(40)[:, None]).all()


def test_row_order_does_not_matter():
    matrix = np.round(vectors(200, 2), 1)  # many ties
    rank = np.arange(200)
    order = np.random.default_rng(1).permutation(200)
    first, other = nearest(matrix, 5, rank), nearest(matrix[order], 5, rank[order])
    assert (other.distance == first.distance[order]).all()


def test_approximate_search_measures_its_recall_and_repeats():
    matrix = vectors(3000, 16)
    found = nearest(matrix, 10, np.arange(3000), exact_rows=1000)
    assert "HNSW" in found.method
    assert found.sample == 1000
    exact = nearest(matrix, 10, np.arange(3000))
    true = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found.index.tolist(), exact.index.tolist(), strict=True)])
    assert found.recall == pytest.approx(true, abs=0.02)
    assert found.recall >= 0.95
    again = nearest(matrix, 10, np.arange(3000), exact_rows=1000)
    assert (again.index == found.index).all()


def test_effort_rises_until_the_recall_that_is_wanted_is_measured(monkeypatch):
    matrix = vectors(6000, 64)
    quick = nearest(matrix, 10, np.arange(6000), exact_rows=1000)
    exact = nearest(matrix, 10, np.arange(6000))
    true = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(quick.index.tolist(), exact.index.tolist(), strict=True)])
    assert module.RECALL_WANTED <= quick.recall == pytest.approx(true, abs=0.02)
    monkeypatch.setattr(module, "RECALL_WANTED", 0.99)
    sure = nearest(matrix, 10, np.arange(6000), exact_rows=1000)
    assert sure.recall >= 0.99 > quick.recall
    assert sure.method != quick.method


@pytest.mark.parametrize("k", [0, 5])
def test_there_must_be_more_rows_than_neighbours(k):
    with pytest.raises(ValueError, match="more rows than neighbours"):
        nearest(vectors(5), k, np.arange(5))


def test_bytes_that_are_too_coarse_give_way_to_numbers(monkeypatch):
    # Far fewer steps than clusters' widths: in bytes the rows of a cluster are all alike.
    random = np.random.default_rng(3)
    monkeypatch.setattr(module, "EFFORTS", (32, 64))
    matrix = (random.normal(size=(40, 8))[random.integers(40, size=4000)] * 1000).astype(np.float32)
    matrix += random.normal(size=matrix.shape).astype(np.float32)
    found = nearest(matrix, 10, np.arange(4000), exact_rows=1000)
    assert "HNSW of numbers" in found.method
    assert found.recall >= module.RECALL_WANTED
    assert np.isclose(found.distance, nearest(matrix, 10, np.arange(4000)).distance).mean() > 0.98


def test_a_far_outlier_does_not_make_bytes_coarse():
    matrix = vectors(4000, 16)
    matrix[7] *= 1e6
    found = nearest(matrix, 10, np.arange(4000), exact_rows=1000)
    assert "HNSW of bytes" in found.method
    assert found.recall >= module.RECALL_WANTED


def test_the_number_of_threads_changes_no_neighbour(monkeypatch):
    matrix = vectors(3000, 16)
    both = nearest(matrix, 10, np.arange(3000), exact_rows=1000)
    monkeypatch.setattr(module, "THREADS", 1)
    one = nearest(matrix, 10, np.arange(3000), exact_rows=1000)
    assert np.array_equal(one.index, both.index)
    assert np.array_equal(one.distance, both.distance)
    assert (one.method, one.recall) == (both.method, both.recall)


def test_cuts_and_graph_are_made_by_one_thread(monkeypatch):
    import faiss

    threads = []

    def counted(name):
        plain = getattr(faiss.IndexHNSWSQ, name)

        def call(self, content):
            threads.append(faiss.omp_get_max_threads())
            return plain(self, content)

        return call

    for name in ("train", "add"):
        monkeypatch.setattr(faiss.IndexHNSWSQ, name, counted(name))
    nearest(vectors(2000), 10, np.arange(2000), exact_rows=1000)
    assert threads == [1, 1]
    assert faiss.omp_get_max_threads() == module.THREADS


@pytest.mark.parametrize("exact_rows", [1000, 100])
def test_the_nearest_to_other_vectors_leave_out_the_row_that_asks(exact_rows):
    matrix = vectors()
    order = np.random.default_rng(1).permutation(300)
    index, distance = nearest_to(matrix, np.stack([matrix, matrix[order]]), 3, np.arange(300), exact_rows=exact_rows)
    assert index.shape == distance.shape == (2, 300, 3)
    assert (index != np.arange(300)[:, None]).all()
    assert distance[0] == pytest.approx(brute(matrix, 3), abs=1e-6)
    moved = order != np.arange(300)
    assert index[1][moved, 0].tolist() == order[moved].tolist()
    assert (distance[1][moved, 0] == 0).all()
