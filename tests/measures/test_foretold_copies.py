import numpy as np
import pytest

from governance.measures.foretold_copies import foretold_pairs


def classes(rng, rows=900, columns=15):
    """Answers that follow from which of six classes a row belongs to, one in ten by chance."""
    latent = rng.integers(6, size=(rows, 1))
    told = latent * (np.arange(columns) + 1) % 5
    return np.where(rng.random((rows, columns)) < 0.9, told, rng.integers(5, size=(rows, columns)))


def chain(rng, rows=900, columns=12):
    """Answers of which each repeats the one before in 85 of 100 rows."""
    codes = rng.integers(4, size=(rows, columns))
    for place in range(1, columns):
        codes[:, place] = np.where(rng.random(rows) < 0.85, codes[:, place - 1], codes[:, place])
    return codes


def independent(rng, rows=900, columns=8):
    return rng.choice(4, (rows, columns), p=[0.6, 0.25, 0.1, 0.05])


def wide(rng, rows=900, columns=30):
    return rng.integers(12, size=(rows, columns))


def equal(codes):
    sizes = np.unique(codes, axis=0, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


@pytest.mark.parametrize(
    ("make", "least", "most"), [(classes, 0.8, 1.25), (chain, 0.12, 1.0), (independent, 0.8, 1.25)]
)
@pytest.mark.parametrize("seed", [41, 42])
def test_rows_that_are_equal_by_chance_are_foretold(make, least, most, seed):
    codes = make(np.random.default_rng(seed))
    assert least < foretold_pairs(codes) / equal(codes) < most


@pytest.mark.parametrize("near", [0, 45])
def test_copies_are_not_foretold_and_near_copies_foretell_none(near):
    rng = np.random.default_rng(43)
    codes = wide(rng)
    almost, twice = codes[:near].copy(), codes[100 : 100 + near].copy()
    place = np.arange(near)
    almost[place, place % 30], twice[place, place % 30], twice[place, (place + 7) % 30] = 99, 98, 98
    made = np.concatenate([codes, almost, twice, codes[300:309]])
    assert equal(made) == 9
    assert foretold_pairs(made) < 0.1 * 9


def test_too_few_columns_foretell_nothing():
    assert foretold_pairs(np.zeros((50, 4), dtype=np.int64)) == 0.0
    assert foretold_pairs(np.zeros((1, 9), dtype=np.int64)) == 0.0
