from __future__ import annotations

import numpy as np
import pytest

from governance.measures.conditional_association import alike, compare_levels
from governance.measures.turned_labels import LEAST_CHANCE, SHARES, Expected, Ratios, expected_labels


def annotated(seed, turns=0.0, rows=360, people=6, classes=2):
    """Rows whose chances are known; number 3 turns a part of class 0 into class 1."""
    random = np.random.default_rng(seed)
    chances = random.dirichlet(np.full(classes, 0.3), rows)
    label = (chances.cumsum(axis=1) > random.random((rows, 1))).argmax(axis=1)
    who = random.integers(0, people, rows)
    label[(who == 3) & (label == 0) & (random.random(rows) < turns)] = 1
    return label.astype(np.int64), who.astype(np.int64), chances


def compared(label, who, chances, groups=None, draws=99, tested=True):
    classes = chances.shape[1]
    residual = (label[:, None] == np.arange(classes)) - chances
    expected = expected_labels(label, chances) if tested else None
    levels = int(who.max()) + 1
    return compare_levels(
        residual, who, alike(chances), levels=levels, least=10, groups=groups, draws=draws, tested=expected
    )


def test_a_total_is_the_log_likelihood_with_labels_turned_less_that_with_none():
    label, who, chances = annotated(0, classes=3)
    chances = 0.98 * chances + 0.02 / 3
    totals = Ratios(Expected(label, chances)).totals(who, 6)
    assert totals.shape == (6, Expected(label, chances).ways)
    mine, rows = who == 2, np.arange(360)
    found = sorted(totals[2].tolist())
    wanted = []
    for share in SHARES:
        for source in range(3):
            for goal in range(3):
                if source != goal:
                    turned = chances.copy()
                    turned[:, goal] += share * chances[:, source]
                    turned[:, source] *= 1 - share
                    wanted.append(np.log(turned / chances)[rows, label][mine].sum())
        blind = (1 - share) * chances + share / 3
        wanted.append(np.log(blind / chances)[rows, label][mine].sum())
    assert found == pytest.approx(sorted(wanted))


def test_columns_are_what_each_row_adds():
    label, who, chances = annotated(1, classes=4)
    ratios = Ratios(expected_labels(label, chances))
    columns = ratios.columns()
    summed = np.stack([np.bincount(who, weights=column) for column in columns.T], axis=1)
    assert summed == pytest.approx(ratios.totals(who, 6))


def test_rare_classes_count_as_one_and_no_label_is_impossible():
    random = np.random.default_rng(0)
    label = np.concatenate([np.arange(40), np.arange(23).repeat(42)[:960]]).astype(np.int64)
    chances = np.eye(40)[label] * 0.5 + np.eye(40)[random.permutation(label)] * 0.5
    found = expected_labels(label, chances)
    assert found.chances.shape == (1000, 24)
    assert found.chances.sum(axis=1) == pytest.approx(1.0)
    assert found.chances.min() >= LEAST_CHANCE / 24
    assert (found.label[23:40] == 23).all()
    assert set(found.label[:23]) == set(range(23))
    assert Ratios(found).totals(label * 0, 1).shape == (1, found.ways)


def test_few_turned_labels_are_told_better_by_likelihood_than_by_differences():
    first = {True: 0, False: 0}
    for seed in range(60):
        label, who, chances = annotated(seed, 0.15)
        for tested in first:
            first[tested] += int(compared(label, who, chances, draws=1, tested=tested).extreme.argmax()) == 3
    assert first[True] >= first[False] + 5


def test_few_turned_labels_of_very_many_rows_are_told_as_well():
    for seed in range(5):
        label, who, chances = annotated(seed, 0.04, rows=20_000)
        found = compared(label, who, chances)
        assert found.extreme.argmax() == 3
        assert found.adjusted[3] <= 0.05


@pytest.mark.parametrize("grouped", [False, True])
def test_nobody_is_accused_more_often_than_said(grouped):
    alarms = 0
    for seed in range(150):
        label, who, chances = annotated(seed)
        groups = np.arange(360) // 3 if grouped else None
        alarms += compared(label, who, chances, groups).adjusted.min() <= 0.05
    assert alarms <= 14  # 95 % upper bound of a binomial of 150 with 0.05


def test_who_turns_labels_is_accused_where_rows_come_in_groups():
    seen = 0
    for seed in range(10):
        label, who, chances = annotated(seed, 0.6)
        found = compared(label, who, chances, np.arange(360) // 3)
        seen += found.adjusted[3] <= 0.05 and found.extreme.argmax() == 3
    assert seen >= 9


def test_rows_without_rows_of_others_beside_them_accuse_nobody():
    label, _, chances = annotated(2)
    alone = (chances.argmax(axis=1) == 0).astype(np.int64)
    found = compared(label, alone, chances)
    assert found.extreme.max() == 0
    assert found.adjusted.min() == 1
