import numpy as np
import pytest

from governance.measures.heaps import heaps

ROWS = 1500


def code(seed, share=0.12, classes=2, rows=ROWS):
    rng = np.random.default_rng(seed)
    return np.where(rng.random(rows) < share, 1, 0) if classes == 2 else rng.integers(0, classes, rows)


def agreeing(numbers, label):
    """Share of the rows that lie in a heap of their class."""
    found = heaps(numbers)
    assert found is not None
    return sum(np.bincount(label[found == heap]).max() for heap in np.unique(found)) / label.size


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.07, 0.5])
def test_a_code_with_noise_falls_into_its_heaps(seed, share):
    rng, label = np.random.default_rng(seed), code(seed, share)
    assert agreeing(40 * label + rng.normal(0, 6, ROWS), label) > 0.995
    assert agreeing(30 * label + rng.normal(0, 4, ROWS), label) > 0.995
    assert agreeing(1000 * label + rng.uniform(0, 1, ROWS), label) == 1
    assert agreeing(100.0 * label + rng.integers(0, 20, ROWS), label) == 1


@pytest.mark.parametrize("classes", [3, 4, 6])
def test_several_heaps(classes):
    label = code(1, classes=classes)
    numbers = np.array([3.0, -8, 20, 0, 90, 7])[label] + np.random.default_rng(1).uniform(-0.3, 0.3, ROWS)
    assert agreeing(numbers, label) == 1
    assert np.unique(heaps(numbers)).size == classes


@pytest.mark.parametrize("classes", [3, 5, 10])
@pytest.mark.parametrize("apart", [6, 12])
def test_several_heaps_of_few_rows_each(classes, apart):
    label = np.repeat(np.arange(classes), 50)
    told = 0
    for seed in range(10):
        found = heaps(apart * label + np.random.default_rng(seed).normal(size=label.size))
        told += found is not None and (found == 1 + label).mean() > 0.98
    assert told >= 8


def test_what_is_missing_is_in_no_heap_and_order_and_unit_play_no_part():
    label = code(2)
    numbers = label + np.random.default_rng(2).uniform(-0.2, 0.2, ROWS)
    with_gaps = np.where(np.arange(ROWS) % 7 == 0, np.nan, numbers)
    found = heaps(with_gaps)
    assert (found[::7] == 0).all()
    assert set(np.unique(found)) == {0, 1, 2}
    order = np.random.default_rng(3).permutation(ROWS)
    assert (heaps(with_gaps[order]) == found[order]).all()
    assert (heaps(1000 * with_gaps - 5) == found).all()


@pytest.mark.parametrize(
    "drawn",
    [
        lambda rng: rng.normal(size=ROWS),
        lambda rng: rng.random(ROWS),
        lambda rng: rng.integers(18, 90, ROWS).astype(float),
        lambda rng: rng.poisson(3, ROWS).astype(float),
        lambda rng: rng.choice([12.0, 18, 24, 36, 48, 60], ROWS),
        lambda rng: 4 * rng.integers(0, 2, ROWS) + rng.normal(size=ROWS),
    ],
)
def test_honest_numbers_are_one_heap(drawn):
    alone = [heaps(drawn(np.random.default_rng(seed))) is None for seed in range(40)]
    assert sum(alone) >= 38


@pytest.mark.parametrize(
    "drawn",
    [
        lambda rng, rows: rng.normal(size=rows).round(1),
        lambda rng, rows: rng.random(rows),
        lambda rng, rows: rng.exponential(size=rows),
        lambda rng, rows: rng.standard_t(3, rows),
        lambda rng, rows: rng.integers(18, 90, rows).astype(float),
        lambda rng, rows: 3 * rng.integers(0, 3, rows) + rng.normal(size=rows),
    ],
)
def test_few_honest_numbers_are_one_heap(drawn):
    alone = [heaps(drawn(np.random.default_rng(seed), rows)) is None for seed in range(20) for rows in (40, 80, 160)]
    assert sum(alone) >= 58


def test_few_equal_or_no_numbers():
    assert heaps(np.array([])) is None
    assert heaps(np.full(50, np.nan)) is None
    assert heaps(np.ones(50)) is None
    assert heaps(np.array([0.0, 100.0] * 5)) is None
