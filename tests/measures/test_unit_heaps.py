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


@pytest.mark.parametrize(("rows", "least"), [(300, 16), (1500, 18)])
@pytest.mark.parametrize("fever", [0, 0.03, 0.1])
def test_fahrenheit_is_found_among_temperatures_some_of_which_are_fevers(rows, least, fever):
    found = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        values = np.where(random.random(rows) < fever, random.normal(38.8, 0.6, rows), random.normal(36.7, 0.3, rows))
        values = values.round(1)
        wrong = random.choice(rows, rows // 40, replace=False)
        mixed = values.copy()
        mixed[wrong] = (values[wrong] * 1.8 + 32).round(1)
        heap = unit_heap(mixed)
        found += heap is not None and np.flatnonzero(heap[0]).tolist() == sorted(wrong.tolist())
        assert unit_heap(values) is None
    assert found >= least


def test_a_second_kind_beside_values_with_tails_is_hardly_ever_another_unit():
    found = 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        usual = np.where(random.random(1500) < 0.05, random.normal(120, 6, 1500), random.normal(100, 3, 1500))
        centre = 100 * np.exp(random.uniform(np.log(0.2), np.log(5)))
        usual[:40] = random.normal(centre, 0.04 * centre, 40)
        found += unit_heap(usual.round(1)) is not None
    assert found <= 5


def test_a_heap_has_the_mean_and_spread_of_one_of_several_modes():
    for seed, rows in enumerate((12, 40)):
        random = np.random.default_rng(seed)
        drives = np.arange(1500) < 1000
        values = np.where(drives, random.normal(88, 4, 1500), random.normal(62, 12, 1500))
        wrong = values.copy()
        wrong[:rows] = values[:rows] * 1.8 + 32
        found = unit_heap(wrong)
        assert found is not None
        assert (np.flatnonzero(found[0]).tolist(), found[1]) == (list(range(rows)), "degrees Fahrenheit for Celsius")
        assert unit_heap(values) is None


def test_a_third_kind_beyond_two_is_seldom_another_unit():
    found = 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        kind = random.choice(3, 800, p=[0.6, 0.36, 0.04])
        centre = np.array([20, 60, 40 * np.exp(random.uniform(np.log(0.2), np.log(5)))])
        found += unit_heap(random.normal(centre[kind], (centre * random.uniform(0.03, 0.15, 3))[kind])) is not None
    assert found <= 5
