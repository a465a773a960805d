import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.histogram import histogram, round_step, variance_explained

numbers = st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=200).map(np.array)


@given(numbers, st.integers(3, 40))
def test_every_value_is_counted_once_and_bins_are_named_apart(values, bins):
    found = histogram(values, bins)
    if found is None:
        return
    assert found.counts.sum() == values.size
    assert found.counts.size == len(found.labels) <= 3 * bins + 3
    assert len(set(found.labels)) == len(found.labels)


@given(st.lists(st.integers(-500, 500), min_size=2, max_size=100))
def test_whole_numbers_stand_in_the_bin_that_names_them(values):
    found = histogram(np.array(values, dtype=float))
    if found is None or found.open_low or found.open_high:
        return
    for label, count in zip(found.labels, found.counts, strict=True):
        low, _, high = label.partition(" to ")
        assert count == sum(int(low) <= value <= int(high or low) for value in values)


def test_edges_are_round_and_labels_short():
    found = histogram(np.array([0.13, 0.27, 0.58, 0.99, 1.41]), 5)
    assert found.labels == ("0.0 to 0.5", "0.5 to 1.0", "1.0 to 1.5")
    assert found.counts.tolist() == [2, 2, 1]


def test_few_whole_numbers_get_a_bin_each():
    assert histogram(np.array([1.0, 2, 2, 3, 5])).labels == ("1", "2", "3", "4", "5")


def test_extremes_are_gathered_in_an_open_bin():
    found = histogram(np.array([*np.linspace(0, 10, 999), 1e6]))
    assert found.open_high
    assert found.labels[-1].startswith("≥ ")
    assert found.counts.size < 20


@pytest.mark.parametrize("values", [[], [4.0, 4.0], [1e308, -1e308], [1e18, 1e18 + 128]])
def test_what_has_no_edges_has_no_histogram(values):
    assert histogram(np.array(values)) is None


@pytest.mark.parametrize(("step", "expected"), [(0.3, 0.5), (1, 1), (2.2, 2.5), (7, 10), (0.0011, 0.002)])
def test_round_step(step, expected):
    assert round_step(step) == pytest.approx(expected)


def test_variance_explained():
    code = np.repeat([0, 1], 50)
    assert variance_explained(np.repeat([1.0, 3.0], 50), code, [0, 1]) == pytest.approx(1)
    assert variance_explained(np.tile([1.0, 3.0], 50), code, [0, 1]) == pytest.approx(0)
    assert variance_explained(np.ones(100), code, [0, 1]) == 0
