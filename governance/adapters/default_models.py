"""Which models predict rows by default, and how much each counts in their average.

They were chosen by how they rank planted label errors (`benchmarks/detection/label_issues.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from governance.dataset import Modality

if TYPE_CHECKING:
    from governance.adapters.scikit_learn import Features

BOOSTED_CLASSES = 3
"""Boosting grows a forest per class; with more classes than this, extra trees, which grow one for all, replace it."""
FEW_ROWS = 5_000
"""Up to so many rows extra trees join boosting, boosted trees are small, and rows say how much each model counts."""
LEAVES = 6, 15
ROWS_PER_LEAF = 150
"""Leaves of a boosted tree: the fewest, the most, and how many rows ask for one more. Its steps grow with them."""
MAX_COEFFICIENTS = 2_000_000
"""Terms times classes up to which a linear model of texts beside other columns is fitted: more would fill the memory."""
LINEAR, TREES = 0.6, 0.4
"""What linear models and trees count of few rows before the rows are asked. Linear models are less sure where rows are few,
and find most errors of texts; on generated sets that no benchmark scores, these ranked better than even parts."""


@dataclass(frozen=True)
class Member:
    """One of the models that are averaged."""

    estimator: Any
    weight: float
    linear: bool = False


@dataclass(frozen=True)
class Ensemble:
    """Models of classes, whose weights sum to 1."""

    members: tuple[Member, ...]
    words: str
    weighed: bool = False
    """Whether rows of other folds say how much each counts, the weights given here being what is thought before."""


def classifiers(modality: Modality, features: Features, classes: int, rows: int, seed: int, threads: int) -> Ensemble:
    """Models of classes. Those of texts beside other columns learn from `features.mixed` if `of_mixed` says so."""
    from sklearn.linear_model import LogisticRegression

    if of_mixed(features, classes, rows):
        halves = [Member(LogisticRegression(C=c, max_iter=200), LINEAR / 2, linear=True) for c in (0.3, 1.0)]
        words = "logistic regression on TF-IDF of words and word pairs, and the other columns"
        return _with_trees(halves, words, classes, rows, seed, threads)
    if features.sparse is not None:
        linear = Member(LogisticRegression(C=1.0, max_iter=200), 1.0, linear=True)
        if features.dense.shape[1]:  # Bayes' models of word counts take no other numbers
            return Ensemble((linear,), "logistic regression on TF-IDF of words and word pairs, and the other columns")
        from sklearn.naive_bayes import ComplementNB

        words = "logistic regression and complement naive Bayes on TF-IDF of words and word pairs, averaged"
        return Ensemble((replace(linear, weight=0.5), Member(ComplementNB(), 0.5)), words)
    linear = Member(LogisticRegression(C=1.0 if modality is Modality.TABULAR else 0.1, max_iter=200), 0.5, linear=True)
    if modality is Modality.IMAGE:
        from sklearn.neighbors import KNeighborsClassifier

        trees = Member(_extra_trees(seed, threads), 0.4)
        nearest = Member(KNeighborsClassifier(n_neighbors=5, weights="distance", algorithm="brute"), 0.4)
        words = "extra trees, nearest neighbours and logistic regression on pixels, averaged"
        return Ensemble((replace(linear, weight=0.2), trees, nearest), words)
    if rows <= FEW_ROWS:
        return _with_trees([replace(linear, weight=LINEAR)], "logistic regression", classes, rows, seed, threads)
    if classes > BOOSTED_CLASSES:
        trees = Member(_extra_trees(seed, threads), 0.75)
        return Ensemble((replace(linear, weight=0.25), trees), "logistic regression and extra trees, averaged")
    boosted = Member(_boosted_classes(seed), 0.5)
    return Ensemble((linear, boosted), "logistic regression and histogram gradient boosting, averaged")


def of_mixed(features: Features, classes: int, rows: int) -> bool:
    """Whether models of classes learn from `features.mixed`: texts beside other columns, of few rows."""
    mixed = features.mixed
    return mixed is not None and rows <= FEW_ROWS and classes * mixed.terms.shape[1] <= MAX_COEFFICIENTS


def quick_classifiers(seed: int) -> Ensemble:
    """As classifiers, at a sixth of their cost."""
    from sklearn.linear_model import LogisticRegression

    linear = Member(LogisticRegression(max_iter=200), 0.35, linear=True)
    words = "logistic regression and 50 rounds of histogram gradient boosting, averaged"
    return Ensemble((linear, Member(_boosted_classes(seed, max_iter=50), 0.65)), words)


def _with_trees(linear: list[Member], words: str, classes: int, rows: int, seed: int, threads: int) -> Ensemble:
    """`linear` models of few rows and trees, and how much each counts: the rows are asked."""
    trees = [_extra_trees(seed, threads)]
    if classes <= BOOSTED_CLASSES:
        # With more leaves and longer steps, boosting learns the errors of few rows by heart and is sure of them.
        leaves = min(max(rows // ROWS_PER_LEAF, LEAVES[0]), LEAVES[1])
        step = 0.1 * leaves / LEAVES[1]
        trees.insert(0, _boosted_classes(seed, max_leaf_nodes=leaves, learning_rate=step, l2_regularization=1.0))
        words += ", histogram gradient boosting"
    members = [*linear, *(Member(one, TREES / len(trees)) for one in trees)]
    return Ensemble(tuple(members), f"{words} and extra trees, averaged by how well each predicts", weighed=True)


def _boosted_classes(seed: int, **settings: Any) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    usual = {"max_iter": 100, "max_leaf_nodes": LEAVES[1], "early_stopping": False, "random_state": seed}
    return HistGradientBoostingClassifier(**(usual | settings))


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
