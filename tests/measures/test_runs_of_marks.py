"""Marked rows that stand together."""

from itertools import combinations

import numpy as np
import pytest

from governance.measures import runs_of_marks
from governance.measures.runs_of_marks import stand_together


def test_a_block_stands_together_wherever_it_is():
    for start in (0, 40, 90):
        marked = np.zeros(100, dtype=bool)
        marked[start : start + 10] = True
        assert stand_together(marked)


def test_marks_in_random_places_do_not():
    rng = np.random.default_rng(1)
    assert not any(stand_together(rng.random(300) < 0.2) for _ in range(500))


@pytest.mark.parametrize("marked", [[], [True] * 50, [False] * 50, [True] + [False] * 50])
def test_none_all_or_one_say_nothing(marked):
    assert not stand_together(np.array(marked, dtype=bool))


def test_the_chance_is_that_of_all_arrangements(monkeypatch):
    every = [np.isin(np.arange(9), places) for places in combinations(range(9), 4)]
    for limit in (0.05, 0.1, 0.3, 0.6):
        monkeypatch.setattr(runs_of_marks, "BY_CHANCE", limit)
        together = np.mean([stand_together(marked) for marked in every])
        assert together < limit
    runs = np.array([int(m[0]) + int((m[1:] & ~m[:-1]).sum()) for m in every])
    monkeypatch.setattr(runs_of_marks, "BY_CHANCE", float((runs <= 2).mean()) + 1e-9)
    assert [stand_together(m) for m in every] == (runs <= 2).tolist()
