import math

import numpy as np
import pytest

from governance.measures.sharp_cut import CHANCE, chance_of_cut, runs

CERTAIN = math.log(CHANCE)


def parted(seed, noise, classes=2, rows=600):
    """Class numbers and a number around each, in data where it divides the classes."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, classes, rows)
    return label + noise(rng, rows), label


def uniform(rng, rows):
    return rng.uniform(-0.5, 0.5, rows)


@pytest.mark.parametrize("classes", [2, 4])
def test_classes_that_were_cut_from_a_number_are_told(classes):
    assert all(chance_of_cut(*parted(seed, uniform, classes)) < CERTAIN for seed in range(10))


def test_an_interval_is_a_cut_too():
    x = np.random.default_rng(0).normal(size=600)
    assert chance_of_cut(x, ((x > -0.5) & (x < 0.7)).astype(np.int64)) < CERTAIN


HONEST = {
    "normal": lambda rng, rows: rng.normal(0, 0.15, rows),
    "heavy tails": lambda rng, rows: rng.laplace(0, 0.06, rows),
    "a gap": lambda rng, rows: rng.uniform(-0.4, 0.4, rows),
}


@pytest.mark.parametrize("noise", HONEST.values(), ids=HONEST)
def test_a_feature_that_thins_out_towards_the_other_class_is_none(noise):
    assert all(chance_of_cut(*parted(seed, noise)) > CERTAIN for seed in range(40))


def test_a_class_that_spreads_with_its_size_is_judged_by_logarithms():
    rng = np.random.default_rng(163)  # of the few draws that divide their classes without an error
    label = rng.integers(0, 4, 2400)
    number = np.exp(2 * label + rng.normal(0, 0.27, 2400))
    assert np.diff(runs(number, label)).size == 4
    assert chance_of_cut(number - 1e-3 - number.min(), label) < CERTAIN < chance_of_cut(number, label)


def test_one_row_on_the_wrong_side_is_no_cut():
    x, label = parted(0, uniform)
    label[x.argmin()] = 1
    assert chance_of_cut(x, label) == 0


def test_equal_numbers_of_two_classes_divide_nothing():
    assert runs(np.array([1.0, 2.0, 2.0, 3.0]), np.array([0, 0, 1, 1])).size == 0
    assert chance_of_cut(np.repeat([1.0, 2.0], 50), np.tile([0, 1], 50)) == 0


def test_two_values_only_lie_at_no_border():
    label = np.arange(100) % 2
    assert chance_of_cut(label.astype(float), label) == 0


def test_many_rows_are_judged_by_some():
    x = np.random.default_rng(2).normal(size=30_000)
    assert chance_of_cut(x, (x > 0).astype(np.int64)) < CERTAIN
