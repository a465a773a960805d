import numpy as np

from governance.measures.bin_distance import moved, total_variation


def test_total_variation_is_half_the_sum_of_differences():
    assert total_variation(np.array([1.0, 1]), np.array([1.0, 3])) == 0.25
    assert total_variation(np.array([1.0, 0]), np.array([0.0, 5])) == 1.0
    assert total_variation(np.zeros(2), np.ones(2)) == 1.0


def test_swapped_columns_point_to_each_other():
    far = {("a", "a"): 0.9, ("b", "b"): 0.8, ("a", "b"): 0.05, ("b", "a"): 0.1, ("c", "c"): 0.0, ("c", "a"): 0.1}
    assert moved(far) == {"a": "b", "b": "a"}


def test_a_column_near_two_others_is_not_said_to_be_either():
    assert moved({("a", "a"): 0.9, ("a", "b"): 0.1, ("a", "c"): 0.1}) == {}
