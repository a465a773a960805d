import numpy as np
import pytest

from governance.measures import feature_codes
from governance.measures import single_feature as single
from governance.measures.smooth_feature import classes_by_mean, values_by_curve

ROWS = 300
FOLDS = np.arange(ROWS) % 5


def test_a_noisy_number_of_few_rows_keeps_its_skill_on_a_curve():
    rng = np.random.default_rng(0)
    binned, curved = [], []
    for _ in range(20):
        target = rng.normal(size=ROWS)
        number = 5 - 2 * (target + rng.normal(0, 0.1425, ROWS))
        codes = [feature_codes.binned(number, bins) for bins in (16, 30, 60)]
        binned.append(max(single.value_skill(single.predicted_values(c, target, FOLDS), target) for c in codes))
        curved.append(single.value_skill(values_by_curve(number, target, FOLDS), target))
    assert np.mean(curved) > np.mean(binned) + 0.005
    assert np.mean(curved) == pytest.approx(
        1 / (1 + 0.1425**2), abs=0.01
    )  # R squared of the number that it was made of


def test_a_bent_line_follows_a_curve():
    rng = np.random.default_rng(4)
    target = rng.uniform(-1, 1, 1200)
    folds = np.arange(1200) % 5
    assert single.value_skill(values_by_curve(np.exp(target), target, folds), target) > 0.998
    assert single.value_skill(values_by_curve(target, target**2, folds), target**2) > 0.97


def test_classes_around_their_means_are_told_as_well_as_they_can_be():
    rng = np.random.default_rng(1)
    label = rng.integers(0, 2, ROWS)
    number = label + rng.normal(0, 0.18, ROWS)
    right = classes_by_mean(number, label, FOLDS, 2) == label
    assert right.sum() >= ((number > 0.5) == label).sum() - 2


def test_a_number_without_a_bearing_has_no_skill():
    rng = np.random.default_rng(2)
    number, label = rng.normal(size=ROWS), rng.integers(0, 2, ROWS)
    assert abs(single.class_skill(classes_by_mean(number, label, FOLDS, 2) == label, label)) < 0.2
    assert single.value_skill(values_by_curve(number, label.astype(float), FOLDS), label.astype(float)) < 0.05


def test_what_is_missing_is_told_by_that():
    label = np.arange(ROWS) // 2 % 2
    number = np.where(label == 1, np.nan, np.random.default_rng(3).normal(size=ROWS))
    assert (classes_by_mean(number, label, FOLDS, 2)[label == 1] == 1).all()
    assert values_by_curve(number, label.astype(float), FOLDS)[label == 1] == pytest.approx(1)


@pytest.mark.parametrize("number", [np.full(ROWS, 3.0), np.full(ROWS, np.nan)])
def test_a_number_that_does_not_vary_is_told_by_the_rest(number):
    label = np.arange(ROWS) // 2 % 2
    assert set(classes_by_mean(number, label, FOLDS, 2).tolist()) <= {0, 1}
    assert values_by_curve(number, label.astype(float), FOLDS) == pytest.approx(0.5, abs=0.01)
