"""Predictions whose columns of classes bear each other's names."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from governance.measures.exchanged_classes import exchanged


def predictions(seed, classes, rows=300, apart=1.0, weight=None):
    x, y = make_classification(
        rows, 8, n_informative=4, n_classes=classes, class_sep=apart, flip_y=0.1, random_state=seed,
        weights=None if weight is None else [weight] + [(1 - weight) / (classes - 1)] * (classes - 1),
    )  # fmt: skip
    # Weighted classes predict rare ones more often than they are there.
    model = LogisticRegression(max_iter=300, class_weight="balanced" if seed % 2 else None)
    return y.astype(np.int64), cross_val_predict(model, x, y, cv=3, method="predict_proba")


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_exchanged_columns_are_told_and_which(classes):
    label, known = predictions(1, classes, rows=600, apart=1.5)
    order = np.arange(classes)
    order[:2] = 1, 0
    found = exchanged(label, known[:, order])
    assert found is not None
    assert found.of == tuple(order.tolist())
    assert found.right_exchanged == int((known.argmax(axis=1) == label).sum()) > found.right


def test_honest_predictions_are_not_told_however_weak():
    for seed in range(150):
        classes = (2, 3, 5)[seed % 3]
        apart = (0.01, 0.1, 0.4, 1.5)[seed % 4]
        weight = None if seed % 5 else 0.8
        assert exchanged(*predictions(seed, classes, apart=apart, weight=weight)) is None, seed
    random = np.random.default_rng(0)
    for _ in range(300):
        guessed = random.dirichlet(np.ones(4), 60)
        assert exchanged(random.integers(0, 4, 60), guessed) is None


def test_a_class_that_models_confuse_for_another_is_no_exchange():
    """Two classes of six told at chance from each other."""
    random = np.random.default_rng(3)
    label = np.repeat(np.arange(6), 50)
    known = np.eye(6)[label] * 0.6 + 0.1
    both = label < 2
    known[both, :2] = random.dirichlet([1, 1], both.sum())
    assert exchanged(label, known / known.sum(axis=1, keepdims=True)) is None
