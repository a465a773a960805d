from __future__ import annotations

import numpy as np
import pytest

from governance.measures.conditional_association import alike, binned, compare_levels


def data(seed, rows=400, levels=4, shift=0.0):
    random = np.random.default_rng(seed)
    strata = random.integers(0, 5, rows)
    # Levels work on different strata, and strata have different means: only alike rows may be compared.
    level = (strata + random.integers(0, 2, rows)) % levels
    outcome = (random.random(rows) < 0.1 + 0.15 * strata + shift * (level == 1)).astype(float)
    return outcome[:, None], level.astype(np.int64), strata.astype(np.int64)


def test_the_difference_is_mantel_and_haenszels():
    outcome, level, strata = data(0)
    found = compare_levels(outcome, level, strata, levels=4, draws=9)
    top = bottom = 0.0
    for s in range(5):
        mine, rest = outcome[(strata == s) & (level == 1), 0], outcome[(strata == s) & (level != 1), 0]
        if mine.size and rest.size:
            weight = mine.size * rest.size / (mine.size + rest.size)
            top += weight * (mine.mean() - rest.mean())
            bottom += weight
    assert found.difference[1, 0] == pytest.approx(top / bottom)


def test_the_error_is_the_spread_of_permutations():
    outcome, level, strata = data(1, rows=300)
    found = compare_levels(outcome, level, strata, levels=4, draws=9)
    random = np.random.default_rng(5)
    drawn = []
    for _ in range(800):
        shuffled = level.copy()
        for s in range(5):
            rows = np.flatnonzero(strata == s)
            shuffled[rows] = random.permutation(level[rows])
        drawn.append(compare_levels(outcome, shuffled, strata, levels=4, draws=1).difference[2, 0])
    assert np.std(drawn) == pytest.approx(found.error[2, 0], rel=0.1)


def test_false_alarms_are_as_rare_as_said_and_a_shift_is_seen():
    alarms = sum(
        compare_levels(*data(seed), levels=4, draws=99, seed=seed).adjusted.min() <= 0.05 for seed in range(300)
    )
    assert alarms <= 26  # 95 % upper bound of a binomial of 300 with 0.05
    seen = [compare_levels(*data(seed, shift=0.3), levels=4, draws=99) for seed in range(20)]
    assert sum(one.adjusted[1] <= 0.05 and one.extreme.argmax() == 1 for one in seen) >= 18


def test_rows_that_come_in_groups_do_not_raise_false_alarms():
    alarms = naive = 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        group = np.repeat(np.arange(60), 10)
        level = np.repeat(random.integers(0, 3, 60), 10)
        outcome = (np.repeat(random.random(60) < 0.4, 10) ^ (random.random(600) < 0.05)).astype(float)[:, None]
        strata = np.zeros(600, dtype=np.int64)
        alarms += (
            compare_levels(outcome, level, strata, levels=3, groups=group, least=10, draws=99).adjusted.min() <= 0.05
        )
        naive += compare_levels(outcome, level, strata, levels=3, draws=99).adjusted.min() <= 0.05
    assert alarms <= 20
    assert naive > 100


def test_levels_with_few_rows_or_none_alike_are_not_judged():
    outcome = np.ones((50, 1))
    outcome[::2] = 0
    level = np.array([0] * 47 + [1] * 3)
    found = compare_levels(outcome, level, np.zeros(50, dtype=np.int64), levels=3, draws=9)
    assert np.isnan(found.difference[1, 0])
    assert found.adjusted[1] == found.adjusted[2] == 1
    apart = compare_levels(
        outcome, (np.arange(50) >= 25).astype(np.int64), (np.arange(50) >= 25).astype(np.int64), levels=2, draws=9
    )
    assert apart.extreme.max() == 0
    assert apart.rows.sum() == 0


def test_strata_hold_alike_predictions_and_enough_rows():
    random = np.random.default_rng(0)
    probabilities = random.dirichlet([1, 1, 1], 2000)
    strata = alike(probabilities)
    for number in np.unique(strata):
        rows = probabilities[strata == number]
        assert len(set(rows.argmax(axis=1))) == 1
        assert rows.shape[0] >= 40
    assert set(binned(np.arange(30.0))) == {0}


def test_levels_of_few_rows_in_which_a_rare_outcome_did_not_happen_are_not_called_better():
    sizes = [350, 330, 40, 40, 40]
    alarms = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        level = random.permutation(np.repeat(np.arange(5), sizes))
        outcome = (random.random(800) < 0.015).astype(float)
        group = np.arange(800)
        group[780:] = random.choice(780, 20, replace=False)  # copies of other rows
        level[780:], outcome[780:] = level[group[780:]], outcome[group[780:]]
        strata = random.integers(0, 4, 800)
        found = compare_levels(outcome[:, None], level, strata, levels=5, groups=group, draws=99, seed=seed)
        alarms += int(found.adjusted.min() < 0.05)
    assert alarms <= 6


def test_fewer_draws_are_made_only_where_chance_soon_does_as_well():
    """The few are the first of the many: what they say stays, and a level that may stand out is judged by all."""
    for seed in range(30):
        asked = data(seed, shift=0.06 * (seed % 3))
        few, many = (compare_levels(*asked, levels=4, draws=draws, seed=seed) for draws in (99, 399))
        if few.adjusted.min() > 0.2 + 0.01:
            assert (many.adjusted == few.adjusted).all()
            assert many.noticeable == few.noticeable
        elif few.adjusted.min() < 0.2 - 0.01:
            assert np.allclose(many.adjusted * 400, np.round(many.adjusted * 400))
            assert not (many.adjusted == few.adjusted).all()
