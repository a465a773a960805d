import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.measures.balanced_recall import recalls_beat_chance


def test_a_rare_class_that_is_told_apart_counts():
    label = np.repeat([0, 1], [970, 30])
    predicted = np.where(np.arange(1000) % 10 < 8, label, 1 - label)
    assert (predicted == label).mean() < 0.97
    assert recalls_beat_chance(predicted, label)


def test_naming_one_class_always_is_no_better_than_chance():
    label = np.repeat([0, 1], [970, 30])
    assert not recalls_beat_chance(np.zeros(1000, dtype=np.int64), label)
    assert not recalls_beat_chance(label[:900], label[:900])  # one class alone


def test_what_knows_nothing_seldom_passes():
    random = np.random.default_rng(50_000)
    label = np.repeat([0, 1, 2], [900, 70, 30])
    assert sum(recalls_beat_chance(random.integers(3, size=1000), label) for _ in range(1000)) <= 8


def test_rows_of_one_group_are_one_witness():
    label = np.repeat([0, 1], [500, 500])
    predicted = np.where(np.arange(1000) % 10 < 6, label, 1 - label)
    assert recalls_beat_chance(predicted, label)
    assert not recalls_beat_chance(predicted, label, np.arange(1000) // 20)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_it_does_not_hang_on_the_order_of_rows(seed):
    random = np.random.default_rng(seed)
    label, predicted = random.integers(3, size=(2, 60))
    order = random.permutation(60)
    assert recalls_beat_chance(predicted, label) == recalls_beat_chance(predicted[order], label[order])
