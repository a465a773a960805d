from __future__ import annotations

import numpy as np
import pytest

from governance.measures.changed_concept import compare_concepts
from governance.measures.domain_classifier import (
    Ridge,
    Shuffles,
    basis,
    compare_ties,
    rank_scores,
    tell_apart,
)

DRAWS = 199
SECOND = np.repeat([False, True], [120, 80])


def rows(random: np.random.Generator, tie: float = 0.6) -> np.ndarray:
    made = random.normal(size=(200, 5))
    made[:, 1] = tie * made[:, 0] + np.sqrt(1 - tie**2) * made[:, 1]
    return made


def test_without_a_difference_all_three_keep_their_level() -> None:
    random = np.random.default_rng(1)
    found = []
    for run in range(200):
        scores = rank_scores(rows(random))
        shuffled = Shuffles(SECOND, None, DRAWS, run)
        ties = compare_ties(scores, SECOND, shuffled)
        labels = (scores[:, :1] + random.normal(size=(200, 1)) > 0).astype(float)
        assert ties is not None
        found.append(
            [
                tell_apart(scores, SECOND, shuffled).p_value,
                ties.p_value,
                compare_concepts(scores, labels, SECOND, None, DRAWS, run).p_value,
            ]
        )
    assert (np.array(found) <= 0.1).mean(axis=0) == pytest.approx([0.1] * 3, abs=0.065)


def test_missing_values_change_no_tie() -> None:
    random = np.random.default_rng(5)
    p_values = []
    for run in range(100):
        values = rows(random, 0.95)
        values[SECOND & (random.random(200) < 0.2), 1] = np.nan
        ties = compare_ties(rank_scores(values), SECOND, Shuffles(SECOND, None, DRAWS, run))
        assert ties is not None
        p_values.append(ties.p_value)
    assert (np.array(p_values) <= 0.1).mean() == pytest.approx(0.1, abs=0.08)


def test_a_tie_is_of_the_rows_that_have_both_values() -> None:
    random = np.random.default_rng(6)
    values = np.vstack([rows(random, 0.9)[:120], rows(random, 0.2)[120:]])
    values[random.random(200) < 0.3, 0] = np.nan
    scores = rank_scores(values)
    ties = compare_ties(scores, SECOND, Shuffles(SECOND, None, DRAWS))
    assert ties is not None
    assert ties.pair == (0, 1)
    for side, told in ((~SECOND, ties.first), (SECOND, ties.second)):
        both = side & ~np.isnan(values[:, 0])
        assert told == pytest.approx(np.corrcoef(scores[both, 0], scores[both, 1])[0, 1])


def test_concept_holds_its_level_when_features_moved_and_labels_follow_them() -> None:
    random = np.random.default_rng(2)
    found = []
    for run in range(150):
        made = rows(random)
        made[SECOND, 0] += 0.8
        labels = (made[:, :1] + random.normal(size=(200, 1)) > 0).astype(float)
        found.append(compare_concepts(rank_scores(made), labels, SECOND, None, DRAWS, run).p_value)
    assert (np.array(found) <= 0.1).mean() < 0.175


def test_each_sees_what_it_is_for() -> None:
    random = np.random.default_rng(3)
    moved = rows(random)
    moved[SECOND] += 0.5
    shuffled = Shuffles(SECOND, None, DRAWS)
    told = tell_apart(rank_scores(moved), SECOND, shuffled)
    assert told.p_value == 1 / (DRAWS + 1)
    assert told.auc > 0.65
    assert told.score[SECOND].mean() > told.score[~SECOND].mean()

    untied = np.vstack([rows(random)[:120], rows(random, 0.0)[120:]])
    ties = compare_ties(rank_scores(untied), SECOND, shuffled)
    assert ties is not None
    assert ties.p_value < 0.02
    assert ties.pair == (0, 1)
    assert ties.first > 0.4 > ties.second

    made = rows(random)
    sign = np.where(SECOND, -1, 1)
    labels = (sign * made[:, 0] + 0.5 * random.normal(size=200) > 0).astype(float)[:, None]
    concept = compare_concepts(rank_scores(made), labels, SECOND, None, DRAWS)
    assert concept.p_value == 2 / (DRAWS + 1), "the least of two questions"
    assert concept.effect > 0.4


def test_groups_that_lie_on_one_side_are_shuffled_whole() -> None:
    groups = np.repeat(np.arange(20), 10)
    for chunk in Shuffles(SECOND, groups, 50):
        by_group = chunk.reshape(-1, 20, 10)
        assert (by_group == by_group[:, :, :1]).all()
        assert (chunk.sum(axis=1) == SECOND.sum()).all()
    divided = np.tile(np.arange(20), 10)
    chunk = next(iter(Shuffles(SECOND, divided, 50)))
    assert not (chunk[:, divided == 0] == chunk[:, divided == 0][:, :1]).all()


def test_rank_scores_forget_units_and_drop_constants() -> None:
    random = np.random.default_rng(4)
    values = random.normal(size=(50, 2))
    scores = rank_scores(np.column_stack([values, np.ones(50)]))
    assert scores.shape == (50, 2)
    assert scores == pytest.approx(rank_scores(np.column_stack([np.exp(values[:, 0]), 1e6 * values[:, 1]])))


def test_the_area_is_that_of_fits_without_both_rows_of_a_pair() -> None:
    random = np.random.default_rng(12)
    matrix = random.normal(size=(40, 3))
    second = np.arange(40) >= 25
    matrix[second] += 0.4
    scores = rank_scores(matrix)
    ridge = Ridge(basis(scores))
    strength = 0.1 * float((np.linalg.svd(basis(scores), compute_uv=False) ** 2).mean()) + 1e-12
    hits = []
    for one in np.flatnonzero(second):
        for other in np.flatnonzero(~second):
            kept = np.setdiff1d(np.arange(40), [one, other])
            # The intercept is that of the rows kept, and not shrunk.
            inside, side = basis(scores)[kept], second[kept].astype(float)
            design = np.hstack([np.ones((38, 1)), inside])
            penalty = np.diag([0.0] + [strength] * inside.shape[1])
            fit = np.linalg.solve(design.T @ design + penalty, design.T @ side)
            gap = float((basis(scores)[one] - basis(scores)[other]) @ fit[1:])
            hits.append(float(gap > 0))
    assert ridge.left_out_auc(second) == pytest.approx(np.mean(hits), abs=1e-9)


def test_ties_do_not_push_the_area_below_chance() -> None:
    random = np.random.default_rng(13)
    areas = []
    for _ in range(20):
        values = np.where(random.random((400, 1)) < 0.95, 0.0, random.normal(1, 1, (400, 1)))
        areas.append(Ridge(basis(rank_scores(values))).left_out_auc(np.arange(400) >= 300))
    assert np.mean(areas) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("turned", [True, False])
def test_a_slope_that_turns_is_told_from_labels_that_moved(turned: bool) -> None:
    random = np.random.default_rng(8)
    feature, second = random.normal(size=(1500, 2)), random.random(1500) < 0.4
    label = np.where(second & turned, -1, 1) * feature[:, 0] + 0.5 * random.normal(size=1500) + (not turned) * second
    found = compare_concepts(rank_scores(feature), rank_scores(label[:, None]), second, None, 199)
    assert found.p_value <= 0.01
    assert found.turned is turned
