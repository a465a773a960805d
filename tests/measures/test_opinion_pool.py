import numpy as np
import pytest

from governance.measures.opinion_pool import cross_fitted_weights, pool_weights

EVEN = np.array([0.5, 0.5])


def words_of(right, label, classes=2):
    """Probabilities that give `right` (rows,) to the label, and the rest to the others."""
    word = np.repeat(((1 - right) / (classes - 1))[:, None], classes, axis=1)
    word[np.arange(label.size), label] = right
    return word


def test_weights_are_those_of_the_mixture_that_labels_were_drawn_from():
    random = np.random.default_rng(0)
    truth = random.dirichlet([1, 1, 1], size=(2, 20_000))
    mixed = 0.3 * truth[0] + 0.7 * truth[1]
    label = (mixed.cumsum(axis=1) < random.random(20_000)[:, None]).sum(axis=1)
    weights = cross_fitted_weights(truth, label, np.arange(20_000) % 5, EVEN)
    assert weights[:, 0] == pytest.approx(0.3, abs=0.03)
    assert weights.sum(axis=1) == pytest.approx(1)


def test_no_row_has_a_say_in_its_own_folds_weights():
    random = np.random.default_rng(0)
    label, assigned = random.integers(0, 2, 100), np.arange(100) % 5
    words = np.stack([words_of(random.random(100), label) for _ in range(2)])
    before = cross_fitted_weights(words, label, assigned, EVEN)
    turned = np.where(assigned == 2, 1 - label, label)
    after = cross_fitted_weights(words, turned, assigned, EVEN)
    assert (before[assigned == 2] == after[assigned == 2]).all()
    assert (before[assigned != 2] != after[assigned != 2]).all()


def test_forward_in_time_only_the_past_has_a_say():
    random = np.random.default_rng(0)
    label, assigned = random.integers(0, 2, 100), np.arange(100) // 20
    words = np.stack([words_of(random.random(100), label) for _ in range(2)])
    before = cross_fitted_weights(words, label, assigned, EVEN, forward=True)
    after = cross_fitted_weights(words, np.where(assigned >= 3, 1 - label, label), assigned, EVEN, forward=True)
    assert (before[assigned <= 3] == after[assigned <= 3]).all()
    assert (before[assigned <= 1] == EVEN).all()  # the first fold's words are of a model from its future


def test_few_rows_hardly_move_what_was_thought_before_and_a_wild_word_is_bounded():
    few = pool_weights(np.array([[0.9, 0.1]] * 2), EVEN)
    many = pool_weights(np.array([[0.9, 0.1]] * 2000), EVEN)
    assert 0.5 < few[0] < 0.6
    assert many[0] > 0.98
    label = np.zeros(40, dtype=np.int64)
    sure = words_of(np.where(np.arange(40) == 0, 0.0, 0.9), label)
    words = np.stack([sure, words_of(np.full(40, 0.6), label)])
    assert (cross_fitted_weights(words, label, np.arange(40) % 5, EVEN)[:, 0] > 0.5).all()
