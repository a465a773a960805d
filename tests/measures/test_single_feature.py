import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.measures import feature_codes
from governance.measures import single_feature as single

ROWS = 600


def labels(classes=2, rows=ROWS, seed=0):
    return np.random.default_rng(seed).integers(0, classes, rows)


def folds(rows=ROWS):
    return np.arange(rows) % 5


def test_a_level_that_other_folds_lack_tells_nothing():
    codes = np.arange(10)
    assert (single.predicted_classes(codes, labels(rows=10), folds(10), 2) == -1).all()


def test_the_class_is_learnt_from_the_other_folds_only():
    codes, label = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 0, 0])
    assert single.predicted_classes(codes, label, np.arange(6), 2).tolist() == [1, 1, 1, 0, 0, 0]


def test_skill_is_youdens_j_and_does_not_hang_on_the_share_of_classes():
    label = np.repeat([0, 1], [900, 100])
    right = np.concatenate([np.arange(900) < 810, np.arange(100) < 80])
    assert single.class_skill(right, label) == pytest.approx(0.9 + 0.8 - 1)
    assert single.class_skill(label == 0, label) == pytest.approx(0)


@settings(max_examples=30)
@given(st.integers(2, 5), st.floats(0, 1), st.integers(0, 99))
def test_bounds_hold_the_value_and_a_higher_level_is_wider(classes, share, seed):
    label = labels(classes, seed=seed)
    right = np.random.default_rng(seed).random(ROWS) < share
    narrow, wide = (single.class_interval(right, label, None, level) for level in (0.9, 0.999))
    assert wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high


def test_groups_of_alike_rows_widen_the_bounds():
    label = np.repeat(labels(rows=60), 10)
    right = np.repeat(np.arange(60) % 10 != 0, 10)
    groups = np.repeat(np.arange(60), 10)
    assert single.class_interval(right, label, groups, 0.95).low < single.class_interval(right, label, None, 0.95).low


def test_the_lower_bound_is_above_the_truth_in_about_one_set_in_twenty():
    rng = np.random.default_rng(0)
    label = labels()
    above = [single.class_interval(rng.random(ROWS) < 0.9, label, None, 0.95).low > 0.8 for _ in range(400)]
    assert 0.02 <= np.mean(above) <= 0.08


def test_codings_of_the_label_are_seen_whatever_their_numbers():
    label = labels(3)
    for codes in (label * 7 + 1, 2 - label, np.array([5, 0, 9])[label]):
        assert single.recoding(codes, label, 3).all()


def test_extra_levels_and_noise_agree_with_nothing_and_do_not_hide_a_coding():
    label = labels(3)
    codes = label.copy()
    codes[:12] = (codes[:12] + 1) % 3
    codes[12:20] = 7
    agree = single.recoding(codes, label, 3)
    assert not agree[:20].any()
    assert agree[20:].all()


def test_two_classes_with_one_level_are_no_coding():
    label = labels(3)
    assert single.recoding(label // 2, label, 3) is None
    assert single.recoding(np.zeros(ROWS, dtype=int), label, 3) is None


def test_another_unit_is_a_line_in_spite_of_some_other_values():
    rng = np.random.default_rng(1)
    target = rng.normal(10, 3, ROWS)
    numbers = 32 - 1.8 * target
    numbers[:20] = rng.normal(15, 5, 20)
    agree = single.on_a_line(numbers, target)
    assert agree[20:].all()
    assert agree[:20].sum() <= 3
    assert single.on_a_line(rng.normal(size=ROWS), target).mean() < 0.05


@pytest.mark.parametrize("change", [np.exp, lambda y: -(y**3), np.tanh])
def test_a_monotone_function_keeps_the_order(change):
    target = np.random.default_rng(2).normal(size=ROWS)
    assert single.same_order(change(target), target).all()
    assert single.same_order(np.random.default_rng(3).normal(size=ROWS), target).mean() < 0.1


def test_bins_hold_about_equal_shares_and_keep_missing_apart():
    numbers = np.append(np.random.default_rng(4).normal(size=1000), [np.nan] * 50)
    sizes = np.bincount(feature_codes.binned(numbers, 10))
    assert sizes[0] == 50
    assert sizes[1:].min() >= 95


def test_r_squared_bounds_follow_fishers_transformation():
    skill = single.value_interval(0.81, 103, 0.975)
    assert skill.low == pytest.approx(np.tanh(np.arctanh(0.9) - 0.196) ** 2, abs=1e-4)
    assert single.value_interval(0.9, 3, 0.95).low == 0


@pytest.mark.parametrize("rows", [1, 2, 50, 3000])
@pytest.mark.parametrize("bins", [2, 16, 2000])
def test_bins_end_at_the_lower_quantiles(rows, bins):
    numbers = np.round(np.random.default_rng(rows).normal(size=rows), 2)
    edges = np.unique(np.quantile(numbers, np.linspace(0, 1, bins + 1)[1:-1], method="lower"))
    assert np.array_equal(feature_codes.binned(numbers, bins), 1 + np.searchsorted(edges, numbers, side="right"))


@pytest.mark.parametrize("codes", [[3, 3, 0, 7], [], [-1, 5], [10**9, 3, 10**9]])
def test_levels_are_numbered_in_order(codes):
    values, place = np.unique(np.array(codes, dtype=np.int64), return_inverse=True)
    numbered, count = feature_codes.numbered(np.array(codes, dtype=np.int64))
    assert numbered.tolist() == place.tolist()
    assert count == values.size


def test_frequent_classes_are_those_not_rare_beside_the_second_largest():
    sizes = [900, 40, 10, 9, 0]
    assert single.frequent_classes(np.repeat(np.arange(5), sizes)).tolist() == [0, 1, 2]
    assert single.frequent_classes(np.repeat([0, 1], [990, 10])).tolist() == [0, 1]
    assert single.frequent_classes(np.zeros(5, dtype=np.int64)).tolist() == [0]


def test_a_level_that_one_class_alone_has_tells_it_and_no_other():
    label = labels(3)
    told = single.told_classes((label == 1).astype(np.int64), label, 3)
    assert told[1] == pytest.approx(1.0)
    assert told[0] == pytest.approx((label == 1).sum() / (label != 0).sum())


def test_a_class_without_others_and_one_without_rows_are_not_told():
    assert single.told_classes(np.arange(4) % 2, np.zeros(4, dtype=np.int64), 2).tolist() == [0.0, 0.0]
