import numpy as np

from governance.measures.near_values import nearest, nearness
from governance.measures.rest_of_row import discriminant


def test_near_is_counted_in_rows_and_other_kinds_or_missing_values_are_not_near():
    values = np.array([[0, 0], [1, 0], [1, 1], [2, 0], [-1, 0], [9, 0]])
    ordered = np.array([True, False])
    far = nearness(values, ordered, [0, 1], 1)
    assert far.tolist() == [1.5, 0, np.inf, 1.5, np.inf, 2.5]
    assert nearest(far, np.array([0, 2, 3, 4, 5]), 3).tolist() == [0, 3, 5]
    assert nearness(values, ordered, [1], 1) is None


def test_a_model_that_never_saw_a_feature_does_not_take_its_effect_on_others_for_news_of_the_class():
    random = np.random.default_rng(0)
    load, fault = random.normal(size=2000), random.integers(2, size=2000)
    matrix = np.column_stack([load, load + 0.3 * random.normal(size=2000) + 0.3 * fault])
    known = discriminant(matrix, fault, 2, np.arange(2000) % 5)
    rows, loads = np.arange(2000), np.array([0])
    less = np.diff(known.evidence(rows, loads), axis=1)[:, 0]
    unseen = np.diff(known.fitted_without(loads).evidence(rows), axis=1)[:, 0]
    assert np.mean(np.abs(less)) > 4 * np.mean(np.abs(unseen))
