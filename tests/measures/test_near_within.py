import numpy as np
import pytest

from governance.measures.near_within import near_within


def graph(points, k):
    distance = np.abs(points[:, None] - points[None, :])
    np.fill_diagonal(distance, np.inf)
    return np.argsort(distance, axis=1, kind="stable")[:, :k]


def test_of_all_rows_neighbours_are_their_own():
    index = graph(np.random.default_rng(0).normal(size=40), 5)
    assert (near_within(index, np.arange(40)) == index).all()


def test_rows_of_the_same_group_are_left_out():
    points = np.random.default_rng(1).normal(size=40)
    group = np.arange(40) // 2
    found = near_within(graph(points, 5), np.arange(40), group)
    for row, near in enumerate(found.tolist()):
        assert not any(other >= 0 and group[other] == group[row] for other in near)


@pytest.mark.parametrize("share", [4, 10])
def test_within_a_sample_near_rows_are_found_by_way_of_those_outside(share):
    points = np.random.default_rng(share).normal(size=4000)
    sample = np.arange(0, 4000, share)
    found = near_within(graph(points, 10), sample)
    assert (found != np.arange(sample.size)[:, None]).all()
    for near in found.tolist():
        known = [one for one in near if one >= 0]
        assert len(known) == len(set(known))
    assert (found >= 0).mean() > {4: 0.3, 10: 0.1}[share]
    true = graph(points[sample], 10)
    hits = [one in set(true[row].tolist()) for row, near in enumerate(found.tolist()) for one in near if one >= 0]
    assert np.mean(hits) > 0.95
