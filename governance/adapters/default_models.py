"""Which models predict rows by default, and how much each counts in their average.

They were chosen by how they rank planted label errors (`benchmarks/detection/label_issues.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from governance.dataset import Modality

if TYPE_CHECKING:
    from governance.adapters.scikit_learn import Features

BOOSTED_CLASSES = 3
"""Boosting grows a forest per class; with more classes than this, extra trees, which grow one for all, replace it."""
TREES_TOO_ROWS = 5_000
"""Up to so many rows extra trees join boosting: they rank label errors better there, and worse with many rows."""


def classifiers(
    modality: Modality, features: Features, classes: int, rows: int, seed: int, threads: int
) -> tuple[list[tuple[Any, float]], str]:
    """Models of classes and their weights, which sum to 1, and what they are in words."""
    from sklearn.linear_model import LogisticRegression

    if features.sparse is not None:
        linear = LogisticRegression(C=1.0, max_iter=200)
        if features.dense.shape[1]:  # Bayes' models of word counts take no other numbers
            return [(linear, 1.0)], "logistic regression on TF-IDF of words and word pairs, and the other columns"
        from sklearn.naive_bayes import ComplementNB

        words = "logistic regression and complement naive Bayes on TF-IDF of words and word pairs, averaged"
        return [(linear, 0.5), (ComplementNB(), 0.5)], words
    linear = LogisticRegression(C=1.0 if modality is Modality.TABULAR else 0.1, max_iter=200)
    if modality is Modality.IMAGE:
        from sklearn.neighbors import KNeighborsClassifier

        trees = _extra_trees(seed, threads)
        nearest = KNeighborsClassifier(n_neighbors=5, weights="distance", algorithm="brute")
        words = "extra trees, nearest neighbours and logistic regression on pixels, averaged"
        return [(linear, 0.2), (trees, 0.4), (nearest, 0.4)], words
    if classes > BOOSTED_CLASSES:
        return [(linear, 0.25), (_extra_trees(seed, threads), 0.75)], "logistic regression and extra trees, averaged"
    from sklearn.ensemble import HistGradientBoostingClassifier

    boosted = HistGradientBoostingClassifier(max_iter=100, max_leaf_nodes=15, early_stopping=False, random_state=seed)
    if rows <= TREES_TOO_ROWS:
        words = "logistic regression, histogram gradient boosting and extra trees, averaged"
        return [(linear, 0.2), (boosted, 0.4), (_extra_trees(seed, threads), 0.4)], words
    return [(linear, 0.5), (boosted, 0.5)], "logistic regression and histogram gradient boosting, averaged"


def quick_classifiers(seed: int) -> tuple[list[tuple[Any, float]], str]:
    """As classifiers, at a sixth of their cost."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    boosted = HistGradientBoostingClassifier(max_iter=50, max_leaf_nodes=15, early_stopping=False, random_state=seed)
    words = "logistic regression and 50 rounds of histogram gradient boosting, averaged"
    return [(LogisticRegression(max_iter=200), 0.35), (boosted, 0.65)], words


def _extra_trees(seed: int, threads: int) -> Any:
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(n_estimators=100, min_samples_leaf=2, random_state=seed, n_jobs=threads)


def regressors(modality: Modality, features: Features, seed: int, threads: int) -> tuple[list[tuple[Any, float]], str]:
    """As classifiers, of values."""
    from sklearn.linear_model import Ridge

    if features.sparse is not None:
        return [(Ridge(alpha=1.0, solver="sparse_cg"), 1.0)], "ridge regression on TF-IDF of words and word pairs"
    if modality is Modality.IMAGE:
        from sklearn.ensemble import ExtraTreesRegressor

        trees = ExtraTreesRegressor(n_estimators=100, min_samples_leaf=2, random_state=seed, n_jobs=threads)
        return [(trees, 0.5), (Ridge(alpha=10.0), 0.5)], "extra trees and ridge regression on pixels, averaged"
    from sklearn.ensemble import HistGradientBoostingRegressor

    boosted = HistGradientBoostingRegressor(max_iter=100, max_leaf_nodes=15, early_stopping=False, random_state=seed)
    return [(Ridge(alpha=1.0), 0.5), (boosted, 0.5)], "ridge regression and histogram gradient boosting, averaged"
