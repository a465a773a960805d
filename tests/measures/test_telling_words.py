import numpy as np
import pytest

from governance.measures.single_feature import ridge_values, value_skill
from governance.measures.telling_words import telling_words


def test_the_word_that_only_one_class_holds_is_chosen_and_all_that_tell_are_named():
    labels = np.repeat([0, 1], 20)
    texts = [["alpha", "of", "mark", "sign"] if c else ["alpha", "of", f"w{row}"] for row, c in enumerate(labels)]
    found = telling_words(texts, labels, 2, 0.8)
    assert {"mark", "sign"} <= found.telling
    assert not found.telling & {"alpha", "of", "w3"}
    assert set(found.codes[labels == 0]).isdisjoint(found.codes[labels == 1])


@pytest.mark.parametrize("texts", [[[]] * 40, [["same"]] * 40])
def test_texts_without_any_difference_tell_nothing(texts):
    found = telling_words(texts, np.repeat([0, 1], 20), 2, 0.8)
    assert len(set(found.codes.tolist())) == 1
    assert not found.telling


def test_ridge_regression_predicts_each_fold_from_the_others():
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(200, 5))
    target = matrix @ np.array([1.0, -2.0, 0.5, 0.0, 3.0]) + 7 + rng.normal(0, 0.1, 200)
    folds = np.arange(200) % 4
    assert value_skill(ridge_values(matrix, target, folds), target) > 0.98
    noise = rng.normal(size=200)
    assert value_skill(ridge_values(matrix, noise, folds), noise) < 0.05
