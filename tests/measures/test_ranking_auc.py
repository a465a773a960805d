from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from governance.measures.ranking_auc import auc_influence, binned_scores, macro_auc


def test_it_is_scikit_learns_area_also_with_ties_and_several_classes() -> None:
    random = np.random.default_rng(1)
    label = random.integers(0, 3, 300)
    scores = np.round(random.random((300, 3)) + 0.5 * np.eye(3)[label], 1)
    expected = np.mean([roc_auc_score(label == number, scores[:, number]) for number in range(3)])
    assert macro_auc(scores, label)[0] == pytest.approx(expected)
    assert auc_influence(scores[:, 0], label == 0)[1].sum() == pytest.approx(0, abs=1e-12)


def test_the_interval_covers_the_truth_in_about_95_of_100() -> None:
    random = np.random.default_rng(2)
    truth = norm.cdf(1 / math.sqrt(2))
    covered = 0
    for _ in range(600):
        label = np.repeat([0, 1], [120, 60])
        score = random.normal(size=180) + label
        _, low, high = macro_auc(np.column_stack([-score, score]), label)
        covered += low <= truth <= high
    assert 0.93 <= covered / 600 <= 0.97


def test_rows_of_one_group_widen_the_interval() -> None:
    random = np.random.default_rng(3)
    groups = np.repeat(np.arange(40), 10)
    label = (groups % 2).astype(np.int64)
    score = (random.normal(size=40) + label[::10])[groups] + 0.01 * random.normal(size=400)
    both = np.column_stack([-score, score])
    _, low, high = macro_auc(both, label)
    _, wider_low, wider_high = macro_auc(both, label, groups)
    assert wider_high - wider_low > 2 * (high - low)


def test_a_perfect_ranking_is_not_certain_and_one_class_tells_nothing() -> None:
    label = np.repeat([0, 1], 30)
    both = np.eye(2)[label]
    assert macro_auc(both, label) == (1.0, 0.9, 1.0)
    assert all(math.isnan(number) for number in macro_auc(both[:30], label[:30]))


def test_binned_scores_leave_the_own_fold_out() -> None:
    bins, label = np.array([0, 0, 0, 1]), np.array([1, 1, 0, 0])
    folds = np.array([0, 1, 1, 1])
    scores = binned_scores(bins, label, folds, 2)
    # Row 0: of its bin, the other fold has one row of each class, and 1 in 3 of that fold is of class 1.
    assert scores[0, 1] == pytest.approx((1 + 1 / 3) / 3)
    assert scores.sum(axis=1) == pytest.approx([1.0] * 4)
