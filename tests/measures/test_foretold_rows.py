import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.foretold_rows import foretold


def ledger(seed, rows=600, refunds=8):
    random = np.random.default_rng(seed)
    marked = np.zeros(rows, dtype=bool)
    marked[random.choice(rows, refunds, replace=False)] = True
    return random, marked


@pytest.mark.parametrize("refunds", [6, 12, 60])
def test_a_level_whose_rows_are_marked_foretells_them(refunds):
    random, marked = ledger(0, refunds=refunds)
    kind = np.where(marked, 3, random.integers(3, size=600))
    found, names = foretold(marked, {"clerk": random.integers(20, size=600), "kind": kind})
    assert (found == marked).all()
    assert names == ["kind"]


def test_marked_rows_of_other_levels_stay_unexplained():
    random, marked = ledger(1, refunds=12)
    slips = np.flatnonzero(marked)[:3]
    kind = np.where(marked, 3, random.integers(3, size=600))
    kind[slips] = 0
    found, _ = foretold(marked, {"kind": kind})
    assert np.flatnonzero(marked & ~found).tolist() == slips.tolist()


def test_what_hits_rows_at_random_is_hardly_ever_foretold():
    false = 0
    for seed in range(200):
        random, marked = ledger(seed)
        columns = {f"c{size}": random.integers(size, size=600) for size in (2, 5, 20, 100, 300)}
        false += foretold(marked, columns)[0].any()
    assert false <= 1


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=60))
def test_only_marked_rows_are_foretold_whatever_the_levels_are_called(rows):
    marked = np.array([one for one, _ in rows], dtype=bool)
    codes = np.array([level for _, level in rows], dtype=np.int64)
    found, _ = foretold(marked, {"a": codes})
    assert not (found & ~marked).any()
    assert (foretold(marked, {"a": 4 - codes})[0] == found).all()
