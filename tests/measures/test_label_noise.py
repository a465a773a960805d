import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.label_noise import (
    counts_by_class,
    likeliest_other,
    only_classes,
    standardised_residuals,
)


def noise(rows, seed=0):
    generator = np.random.default_rng(seed)
    predicted = generator.uniform(0, 10, rows)
    return predicted, generator.normal(size=rows)


@pytest.mark.parametrize("rows", [60, 400, 3000])
def test_clean_normal_noise_is_not_called_bad(rows):
    flagged = 0
    for seed in range(20):
        predicted, error = noise(rows, seed)
        flagged += int(standardised_residuals(predicted + error, predicted).flagged.sum())
    assert flagged <= 20, f"{flagged} in 20 datasets; half a row is promised in each"


def test_noise_that_grows_with_the_prediction_is_not_called_bad():
    predicted, error = noise(3000)
    assert standardised_residuals(predicted + error * (0.1 + predicted), predicted).flagged.sum() <= 2


def test_gross_errors_are_found():
    predicted, error = noise(1000)
    label = predicted + error
    label[::50] += 12
    residuals = standardised_residuals(label, predicted)
    assert residuals.flagged[::50].all()
    assert np.delete(residuals.flagged, np.arange(0, 1000, 50)).sum() <= 1


@given(st.floats(0.01, 1e6), st.floats(-1e6, 1e6))
def test_unit_and_origin_do_not_matter(unit, origin):
    predicted, error = noise(100)
    first = standardised_residuals(predicted + error, predicted)
    other = standardised_residuals((predicted + error) * unit + origin, predicted * unit + origin)
    assert other.standardised == pytest.approx(first.standardised, rel=1e-3, abs=1e-3)


def test_row_order_changes_only_the_order():
    predicted, error = noise(300)
    order = np.random.default_rng(1).permutation(300)
    first = standardised_residuals(predicted + error, predicted).standardised
    assert standardised_residuals((predicted + error)[order], predicted[order]).standardised == pytest.approx(
        first[order]
    )


def test_perfect_predictions_flag_nothing():
    predicted, _ = noise(50)
    assert not standardised_residuals(predicted, predicted).flagged.any()


def test_one_row_has_no_scale():
    with pytest.raises(ValueError, match="at least two"):
        standardised_residuals(np.ones(1), np.ones(1))


def test_only_classes_renumbers_and_rescales():
    label = np.array([0, 2, 1, 2])
    probabilities = np.array([[0.5, 0.2, 0.3], [0.0, 1.0, 0.0], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]])
    rows, numbers, shares = only_classes(label, probabilities, np.array([0, 2]))
    assert rows.tolist() == [0, 1, 3]
    assert numbers.tolist() == [0, 1, 1]
    assert shares == pytest.approx(np.array([[0.625, 0.375], [0.5, 0.5], [0.25, 0.75]]))


def test_the_likeliest_other_class_is_never_the_given_one():
    probabilities = np.array([[0.9, 0.05, 0.05], [0.1, 0.2, 0.7]])
    assert likeliest_other(np.array([0, 0]), probabilities).tolist() == [1, 2]


def test_counts_by_class():
    assert counts_by_class(np.array([0, 0, 1]), np.array([1, 1, 0]), 2).tolist() == [[0, 2], [1, 0]]
