import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.folds import (
    group_folds,
    hashed_order,
    random_folds,
    stratified_folds,
    time_folds,
    training_rows,
)

sizes = st.integers(10, 200)
counts = st.integers(2, 8)


def names(n):
    return [f"row{number}" for number in range(n)]


def shuffled(n, seed=1):
    return np.random.default_rng(seed).permutation(n)


@given(sizes, counts)
def test_random_folds_are_equal_in_size_and_independent_of_order(n, folds):
    assigned = random_folds(names(n), folds)
    sizes_of = np.bincount(assigned, minlength=folds)
    assert sizes_of.max() - sizes_of.min() <= 1
    order = shuffled(n)
    assert (random_folds([names(n)[i] for i in order], folds) == assigned[order]).all()


@given(sizes, counts, st.integers(2, 5))
def test_stratified_folds_spread_every_class_and_are_independent_of_order(n, folds, classes):
    labels = np.arange(n) ** 2 % classes
    assigned = stratified_folds(names(n), labels, folds)
    for label in np.unique(labels):
        inside = np.bincount(assigned[labels == label], minlength=folds)
        assert inside.max() - inside.min() <= 1
    whole = np.bincount(assigned, minlength=folds)
    assert whole.max() - whole.min() <= 1
    order = shuffled(n)
    assert (stratified_folds([names(n)[i] for i in order], labels[order], folds) == assigned[order]).all()


@given(st.integers(5, 40), counts)
def test_groups_stay_together_and_are_independent_of_order(groups, folds):
    folds = min(folds, groups)
    group = [f"g{number % groups}" for number in range(groups * 7)]
    labels = np.array([hash_free(name) % 3 for name in group])
    assigned = group_folds(group, folds, labels)
    for name in set(group):
        assert len({int(fold) for fold, other in zip(assigned, group, strict=True) if other == name}) == 1
    assert np.unique(assigned).size == folds
    order = shuffled(len(group))
    assert (group_folds([group[i] for i in order], folds, labels[order]) == assigned[order]).all()


def hash_free(name):
    return sum(name.encode())


def test_group_folds_balance_classes():
    group = [f"g{number // 4}" for number in range(400)]
    labels = np.array([(number // 4) % 2 for number in range(400)])
    assigned = group_folds(group, 5, labels)
    for fold in range(5):
        assert np.bincount(labels[assigned == fold]).tolist() == [40, 40]


def test_too_few_groups_are_refused():
    with pytest.raises(ValueError, match="2 groups cannot fill 3 folds"):
        group_folds(["a", "a", "b"], 3)


def test_time_folds_go_forward_and_keep_a_moment_together():
    times = np.repeat(np.arange(20.0), 5)
    assigned = time_folds(names(100), times, 5)
    assert (np.diff(assigned[np.argsort(times, kind="stable")]) >= 0).all()
    for moment in range(20):
        assert np.unique(assigned[times == moment]).size == 1
    order = shuffled(100)
    assert (time_folds([names(100)[i] for i in order], times[order], 5) == assigned[order]).all()


def test_rows_of_one_moment_are_divided_when_there_is_no_other_way():
    assert np.bincount(time_folds(names(20), np.zeros(20), 4)).tolist() == [5, 5, 5, 5]


def test_unknown_times_count_as_earliest():
    assert time_folds(names(4), [np.nan, 3.0, 2.0, 1.0], 2).tolist() == [0, 1, 1, 0]


def test_forward_training_sees_only_the_past_except_for_the_first_fold():
    assigned = np.array([0, 1, 2, 2])
    assert training_rows(assigned, 2, forward=True).tolist() == [True, True, False, False]
    assert training_rows(assigned, 0, forward=True).tolist() == [False, True, False, False]
    assert training_rows(assigned, 2).tolist() == [True, True, False, False]


def test_the_seed_changes_the_order_and_the_order_is_a_permutation():
    assert sorted(hashed_order(names(50))) == list(range(50))
    assert hashed_order(names(50), 0).tolist() != hashed_order(names(50), 1).tolist()
