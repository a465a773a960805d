"""Against scikit-learn, against published values, and by simulation where neither exists."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics as sk

from governance.measures import classification_metrics as m
from governance.measures.resampling import (
    EXACT_UNITS,
    percentile_interval,
    resampled_totals,
    student_quantile,
    totals_by_unit,
)


def sample(rows: int, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    label = rng.integers(0, classes, rows)
    scores = rng.normal(size=(rows, classes)) + 1.5 * np.eye(classes)[label]
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return label, probabilities.argmax(axis=1), probabilities


@pytest.mark.parametrize("classes", [2, 3, 7])
@pytest.mark.parametrize("seed", range(5))
def test_equals_scikit_learn(classes: int, seed: int) -> None:
    label, predicted, probabilities = sample(60, classes, seed)
    matrix = m.confusion_matrix(label, predicted, classes)
    assert np.array_equal(matrix, sk.confusion_matrix(label, predicted, labels=range(classes)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert m.accuracy(matrix) == pytest.approx(sk.accuracy_score(label, predicted))
        assert m.balanced_accuracy(matrix) == pytest.approx(sk.balanced_accuracy_score(label, predicted))
        assert m.macro_f1(matrix) == pytest.approx(sk.f1_score(label, predicted, average="macro"))
        assert np.allclose(m.recalls(matrix), sk.recall_score(label, predicted, average=None))
        assert np.allclose(
            np.nan_to_num(m.precisions(matrix)), sk.precision_score(label, predicted, average=None, zero_division=0)
        )
    assert m.log_losses(label, probabilities).mean() == pytest.approx(sk.log_loss(label, probabilities))
    area, _ = m.roc_auc(label == 1, np.round(probabilities[:, 1], 1))
    assert area == pytest.approx(sk.roc_auc_score(label == 1, np.round(probabilities[:, 1], 1)))


def test_brier_of_two_classes_is_that_of_the_positive_one() -> None:
    label, _, probabilities = sample(80, 2, 0)
    assert m.brier_scores(label, probabilities).mean() == pytest.approx(sk.brier_score_loss(label, probabilities[:, 1]))


def test_class_without_rows_or_answers_is_left_out_of_means() -> None:
    matrix = m.confusion_matrix(np.array([0, 0, 1]), np.array([0, 1, 1]), 4)
    assert m.balanced_accuracy(matrix) == pytest.approx(0.75)
    assert m.macro_f1(matrix) == pytest.approx(2 / 3)
    assert np.isnan(m.recalls(matrix)[2:]).all()


def test_every_class_stays_in_the_macro_f1_of_every_redraw() -> None:
    label, predicted = np.array([0] * 50 + [1] * 50 + [2] * 2), np.array([0] * 50 + [1] * 50 + [0, 3])
    matrix = m.confusion_matrix(label, predicted, 4)
    drawn = m.resampled_confusions(label, predicted, 4, None, 400, 0)
    values = m.macro_f1_redrawn(matrix, drawn)
    without = drawn[:, 2].sum(axis=-1) == 0
    assert 20 < without.sum() < 100
    assert np.isnan(values[without]).all()
    # Class 2 is never found and class 3, of no row, is predicted: both count nothing, in redraws without them as well.
    assert np.nanmax(values) <= 0.5
    assert m.macro_f1_redrawn(matrix, matrix[None]) == pytest.approx(m.macro_f1(matrix))


def test_rows_and_groups_of_the_rarest_class() -> None:
    label = np.array([0, 0, 0, 2, 2])
    assert m.fewest_units(label, None) == 2
    assert m.fewest_units(label, np.array([0, 1, 2, 3, 3])) == 1


def test_log_loss_of_a_certain_mistake_is_finite() -> None:
    assert math.isfinite(m.log_losses(np.array([0]), np.array([[0.0, 1.0]]))[0])


def test_delong_variance_equals_the_published_formula() -> None:
    """The plain double sum of DeLong et al. 1988, equations for the placement values, written out."""
    rng = np.random.default_rng(3)
    positive = rng.random(40) < 0.4
    score = np.round(rng.normal(size=40) + positive, 1)
    area, influence = m.roc_auc(positive, score)
    x, y = score[positive], score[~positive]
    wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    assert area == pytest.approx(wins.mean())
    variance = wins.mean(axis=1).var(ddof=1) / x.size + wins.mean(axis=0).var(ddof=1) / y.size
    assert (influence**2).sum() == pytest.approx(variance)


def test_area_with_one_class_cannot_be_told() -> None:
    area, influence = m.roc_auc(np.ones(4, dtype=bool), np.arange(4.0))
    assert math.isnan(area)
    assert not influence.any()
    assert m.roc_auc_interval(1.0, influence, None) is None


def test_groups_widen_the_interval_of_the_area() -> None:
    rng = np.random.default_rng(1)
    positive = np.repeat(rng.random(30) < 0.5, 5)
    score = np.repeat(rng.normal(size=30), 5) + positive
    area, influence = m.roc_auc(positive, score)
    alone = m.roc_auc_interval(area, influence, None)
    tied = m.roc_auc_interval(area, influence, np.repeat(np.arange(30), 5))
    assert alone is not None
    assert tied is not None
    assert tied[1] - tied[0] > 1.7 * (alone[1] - alone[0])


@pytest.mark.parametrize(
    ("sizes", "recalls"), [((87, 47), (0.98, 0.95)), ((47,) * 10, (0.96,) * 10), ((300, 10), (0.99, 0.5))]
)
def test_interval_of_balanced_accuracy_covers(sizes: tuple[int, ...], recalls: tuple[float, ...]) -> None:
    rng = np.random.default_rng(5)
    truth, hits, runs = np.mean(recalls), 0, 400
    label = np.repeat(np.arange(len(sizes)), sizes)
    for _ in range(runs):
        wrong = rng.random(label.size) > np.array(recalls)[label]
        low, high = m.balanced_accuracy_interval(
            label, np.where(wrong, (label + 1) % len(sizes), label), len(sizes), None
        )
        hits += low <= truth <= high
    assert hits / runs > 0.92


def test_interval_of_balanced_accuracy_does_not_collapse_without_mistakes() -> None:
    label = np.repeat([0, 1], 20)
    low, high = m.balanced_accuracy_interval(label, label, 2, None)
    assert 0.88 < low < 0.95
    assert high == 1


def test_repeated_rows_in_groups_do_not_narrow_it() -> None:
    label, predicted, _ = sample(60, 2, 1)
    once = m.balanced_accuracy_interval(label, predicted, 2, None)
    groups = np.tile(np.arange(60), 8)
    many = m.balanced_accuracy_interval(np.tile(label, 8), np.tile(predicted, 8), 2, groups)
    blind = m.balanced_accuracy_interval(np.tile(label, 8), np.tile(predicted, 8), 2, None)
    assert many[1] - many[0] > 0.9 * (once[1] - once[0])
    assert blind[1] - blind[0] < 0.5 * (once[1] - once[0])


def test_resampled_confusions_keep_rows_and_groups() -> None:
    label, predicted, _ = sample(50, 3, 2)
    drawn = m.resampled_confusions(label, predicted, 3, None, 300, 0)
    assert (drawn.sum(axis=(1, 2)) == 50).all()
    assert np.allclose(drawn.mean(axis=0), m.confusion_matrix(label, predicted, 3), atol=1.5)
    whole = m.resampled_confusions(np.tile(label, 2), np.tile(predicted, 2), 3, np.tile(np.arange(50), 2), 300, 0)
    assert (whole % 2 == 0).all()


@given(st.integers(5, 60), st.integers(2, 5), st.integers(0, 50))
def test_bounds_and_order_of_rows(rows: int, classes: int, seed: int) -> None:
    label, predicted, probabilities = sample(rows, classes, seed)
    matrix = m.confusion_matrix(label, predicted, classes)
    for value in (m.accuracy(matrix), m.balanced_accuracy(matrix), m.macro_f1(matrix)):
        assert 0 <= value <= 1
    shuffled = np.random.default_rng(seed).permutation(rows)
    assert np.array_equal(matrix, m.confusion_matrix(label[shuffled], predicted[shuffled], classes))
    low, high = m.balanced_accuracy_interval(label, predicted, classes, None)
    assert 0 <= low <= float(m.balanced_accuracy(matrix)) + 1e-12
    assert float(m.balanced_accuracy(matrix)) <= high + 1e-12
    area, _ = m.roc_auc(label == 0, probabilities[:, 0])
    assert math.isnan(area) or 0 <= area <= 1


def test_normal_totals_agree_with_drawn_ones() -> None:
    rng = np.random.default_rng(0)
    values = np.stack([np.ones(EXACT_UNITS + 1), rng.exponential(size=EXACT_UNITS + 1)], axis=1)
    beyond = resampled_totals(values, 2000, 0)
    exact = resampled_totals(values[:EXACT_UNITS], 300, 0)
    spread = (beyond[:, 1] / beyond[:, 0]).std() / (exact[:, 1] / exact[:, 0]).std()
    assert 0.9 < spread < 1.1
    assert np.allclose(beyond[:, 0], EXACT_UNITS + 1)


def test_totals_by_unit_and_degenerate_intervals() -> None:
    assert totals_by_unit(np.array([[1.0], [2.0], [4.0]]), np.array([0, 1, 0])).tolist() == [[5.0], [2.0]]
    assert percentile_interval(np.full(100, 0.7), 50) is None
    assert percentile_interval(np.array([np.nan] * 20 + [1.0, 2.0]), 50) is None
    assert percentile_interval(np.arange(101.0), 1) is None
    low, high = percentile_interval(np.arange(1001.0), 10**9) or (0, 0)
    assert (low, high) == pytest.approx((25, 975), abs=0.01)
    few = percentile_interval(np.arange(1001.0), 20) or (0, 0)
    assert few[0] < low
    assert few[1] > high


@pytest.mark.parametrize("freedom", [4, 9, 28, 1000])
def test_student_quantile_is_near_the_exact_one(freedom: int) -> None:
    assert student_quantile(freedom) == pytest.approx(float(stats.t.ppf(0.975, freedom)), rel=0.01)
