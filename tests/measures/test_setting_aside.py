from __future__ import annotations

import numpy as np
import pytest

from governance.measures.conditional_association import compare_levels
from governance.measures.setting_aside import compare_in_steps
from governance.measures.turned_labels import expected_labels


def errors(seed, shifts=(), rows=720, levels=6):
    random = np.random.default_rng(seed)
    level = random.integers(0, levels, rows)
    outcome = random.normal(size=rows)
    for which, shift in shifts:
        outcome[level == which] += shift
    return outcome[:, None], level.astype(np.int64), random.integers(0, 5, rows).astype(np.int64)


def test_levels_that_only_differ_from_one_that_stands_out_are_not_accused_beside_it():
    before = after = 0
    for seed in range(200):
        asked = errors(seed, [(3, 1.0)])
        plain = compare_levels(*asked, levels=6, draws=99)
        found = compare_in_steps(*asked, levels=6, draws=99, alpha=0.05)
        assert found.adjusted[3] <= 0.05
        before += bool((np.delete(plain.adjusted, 3) <= 0.05).any())
        after += bool((np.delete(found.adjusted, 3) <= 0.05).any())
    assert before > 60
    assert after <= 16  # 95 % upper bound of a binomial of 200 with 0.05


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_two_that_stand_out_are_both_told_and_one_that_another_hid_is_found(seed):
    found = compare_in_steps(*errors(seed, [(1, 2.0), (4, 0.7)]), levels=6, draws=199, alpha=0.05)
    assert np.flatnonzero(found.adjusted <= 0.05).tolist() == [1, 4]
    assert found.difference[4, 0] == pytest.approx(0.7, abs=0.3)


def test_where_nobody_stands_out_it_says_what_one_step_says():
    asked = errors(5)
    plain, found = (
        compare_levels(*asked, levels=6, draws=99),
        compare_in_steps(*asked, levels=6, draws=99, alpha=0.05),
    )
    assert plain.adjusted.min() > 0.05
    assert (plain.adjusted == found.adjusted).all()
    assert (plain.difference == found.difference).all()


def test_of_two_levels_none_is_set_aside():
    outcome, level, strata = errors(0, [(1, 1.0)], levels=2)
    found = compare_in_steps(outcome, level, strata, levels=2, draws=99, alpha=0.05)
    assert (found.adjusted <= 0.05).all()
    assert found.difference[0, 0] == pytest.approx(-found.difference[1, 0])


def test_who_has_more_faults_is_set_aside_before_who_has_fewer():
    random = np.random.default_rng(1)
    level = random.choice(4, 2000, p=[0.7, 0.1, 0.1, 0.1]).astype(np.int64)
    fault = (random.random(2000) < np.where(level == 2, 0.3, 0.05)).astype(float)[:, None]
    found = compare_in_steps(fault, level, np.zeros(2000, dtype=np.int64), levels=4, draws=199, alpha=0.05, faults=True)
    assert np.flatnonzero(found.adjusted <= 0.05).tolist() == [2]


def test_classes_are_judged_in_steps_as_well():
    hits = others = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        true, who = random.integers(0, 2, 900), random.integers(0, 6, 900)
        chances = np.where(np.eye(2)[true] == 1, 0.9, 0.1)
        label = np.where(random.random(900) < 0.1, 1 - true, true)
        label = np.where((who == 2) & (true == 0) & (random.random(900) < 0.5), 1, label)
        residual = np.eye(2)[label] - chances
        found = compare_in_steps(
            residual, who, true, levels=6, draws=99, alpha=0.05, tested=expected_labels(label, chances)
        )
        hits += bool(found.adjusted[2] <= 0.05)
        others += bool((np.delete(found.adjusted, 2) <= 0.05).any())
    assert hits == 40
    assert others <= 5
