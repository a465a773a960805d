import numpy as np
import pytest

from governance.measures.slice_flips import flips


def rows(turned, seed=0, n=2000):
    random = np.random.default_rng(seed)
    truth = random.integers(2, size=n)
    inside = random.random(n) < 0.2
    flipped = inside & (truth == 0) & (random.random(n) < turned)
    label = np.where(flipped, 1, truth)
    contradiction = np.zeros((n, 2))
    contradiction[np.arange(n), 1 - truth] = random.uniform(0.2, 1.0, n)
    return contradiction, label, inside, flipped


def test_turned_labels_are_counted_where_the_row_speaks_clearly():
    contradiction, label, inside, flipped = rows(0.4)
    found = {one.label: one for one in flips(contradiction, label, inside, np.ones(label.size))}
    assert found[1].log_p < np.log(1e-6)
    assert found[1].share == pytest.approx(0.4, abs=0.1)
    assert found[1].low < found[1].share
    assert flipped[found[1].rows].all()
    assert found[1].elsewhere == 0


def test_nothing_is_found_where_nothing_was_turned():
    contradiction, label, inside, _ = rows(0.0)
    assert all(one.log_p > np.log(0.5) for one in flips(contradiction, label, inside, np.ones(label.size)))
