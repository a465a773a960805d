import numpy as np
import pytest

from governance.measures.unit_heaps import UNITS, unit_heap


@pytest.mark.parametrize(("words", "factor", "shift"), UNITS)
def test_a_few_values_in_another_unit_are_brought_back(words, factor, shift):
    mean, spread = {"Celsius": (21, 3), "Fahrenheit": (70, 5)}.get(words.split()[-1], (172, 9))
    values = np.random.default_rng(0).normal(mean, spread, 500)
    wrong = values.copy()
    wrong[:12] = (values[:12] - shift) / factor
    found = unit_heap(wrong)
    assert found is not None
    assert np.flatnonzero(found[0]).tolist() == list(range(12))
    assert found[1] == words
    assert found[2][:12] == pytest.approx(values[:12])


@pytest.mark.parametrize("seed", range(30))
def test_tails_and_other_heaps_are_no_other_unit(seed):
    random = np.random.default_rng(seed)
    for values in (random.normal(50, 9, 800), random.lognormal(3, 1, 800), random.standard_t(3, 800)):
        assert unit_heap(values) is None
    two = np.append(random.normal(172, 9, 500), random.normal(100, 4, 20))  # children, who are no inches
    assert unit_heap(two) is None


def test_counts_have_gaps_by_nature():
    assert unit_heap(np.repeat([1.0, 2.0, 5.0], [900, 50, 50])) is None
    assert unit_heap(np.repeat([1.0, 2.0, 3.0, 4.0], [930, 60, 8, 2])) is None


def test_few_values_are_no_heap():
    values = np.random.default_rng(1).normal(172, 9, 500)
    values[:3] /= 2.54
    assert unit_heap(values) is None
    assert unit_heap(values[:50]) is None
    assert unit_heap(np.full(500, np.nan)) is None
