import numpy as np

from governance.measures.finer_coding import coded_order, finer_coding


def finer(seed=0, rows=150, classes=3, levels=4):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, classes, rows)
    return 1 + levels * label + rng.integers(0, levels, rows), label, rng


def test_levels_of_one_class_each():
    values, label, rng = finer()
    assert finer_coding(values, label, 0.92).all()
    assert finer_coding(1 + label, label, 0.92) is None  # no finer: as many levels as classes
    one_differs = np.where(np.arange(label.size) == 3, (label + 1) % 3, label)
    assert finer_coding(values, one_differs, 0.92) is None
    assert finer_coding(rng.permutation(values), label, 0.92) is None


def test_few_rows_to_a_level_and_few_rows_at_all_show_nothing():
    values, label, _ = finer(rows=150, levels=20)
    assert finer_coding(values, label, 0.92) is None
    values, label, _ = finer(rows=70, levels=2)
    assert finer_coding(values, label, 0.92) is None


def test_numbers_that_lie_side_by_side_are_no_code():
    values, label, rng = finer()
    names = rng.permutation(13).astype(float)
    assert coded_order(values, names[values], label)  # they take turns
    assert coded_order(values, 100.0 * label + values, label)
    assert not coded_order(values, values.astype(float), label)
    heights = np.round(20 * label + rng.normal(0, 0.7, label.size)).astype(np.int64) + 10
    assert not coded_order(heights, heights.astype(float), label)  # far apart, and they thin out on both sides
