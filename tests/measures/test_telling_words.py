import numpy as np
import pytest

from governance.measures.single_feature import class_skill, ridge_values, value_skill
from governance.measures.smooth_feature import classes_by_cut
from governance.measures.telling_words import held_words, one_class_words, telling_words


def test_the_word_that_only_one_class_holds_is_chosen_and_all_that_tell_are_named():
    labels = np.repeat([0, 1], 20)
    texts = [["alpha", "of", "mark", "sign"] if c else ["alpha", "of", f"w{row}"] for row, c in enumerate(labels)]
    found = telling_words(held_words(texts), labels, 2, 0.8)
    assert {"mark", "sign"} <= found.telling
    assert not found.telling & {"alpha", "of", "w3"}
    assert set(found.codes[labels == 0]).isdisjoint(found.codes[labels == 1])


def test_words_that_tell_one_class_by_standing_or_missing_there_alone():
    labels = np.repeat([0, 1, 2], 20)
    texts = [["of", *(["regards"] if c else []), *(["mark"] if c == 2 else []), f"w{c}{row % 3}"]
             for row, c in enumerate(labels.tolist())]  # fmt: skip
    held = held_words(texts)
    found = one_class_words(held, labels, 3, 0.8)
    assert {number: held.names[one.best] for number, one in found.items()} == {0: "regards", 2: "mark"}
    assert (
        found[2].possible == 2
    )  # `mark`, and `regards` by being missing; `of` stands in all texts, the rest in too few
    assert found[2].others == pytest.approx([7 / 20, 1 / 2])


@pytest.mark.parametrize("texts", [[[]] * 40, [["same"]] * 40])
def test_texts_without_any_difference_tell_nothing(texts):
    found = telling_words(held_words(texts), np.repeat([0, 1], 20), 2, 0.8)
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


def test_a_score_tells_a_rare_class_that_it_ranks_first_however_low_it_is():
    rng = np.random.default_rng(1)
    labels = (np.arange(400) < 20).astype(np.int64)
    score = 0.1 * labels + rng.normal(0, 0.01, 400)
    told = classes_by_cut(score, labels, np.arange(400) % 5)
    assert (told == labels).mean() > 0.99
    assert class_skill(classes_by_cut(rng.normal(size=400), labels, np.arange(400) % 5) == labels, labels) < 0.3
