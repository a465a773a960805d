"""The weight of evidence for a trigger."""

from __future__ import annotations

import numpy as np
import pytest

from governance.measures.rest_of_row import CAP
from governance.measures.trigger_limits import prior_of
from governance.measures.trigger_patterns import Patterns
from governance.measures.trigger_test import Background, background
from governance.measures.trigger_values import common_values
from governance.measures.trigger_weight import chance_of, evidence_of, lean_of, margins_of


@pytest.fixture
def usual() -> Background:
    """A weak signal: seven rows of ten of class 0; half of the rows of a class contradict the other, and a fifth their own."""
    random = np.random.default_rng(7)
    label = (random.random(2000) < 0.3).astype(np.int64)
    speaks = np.where(random.random((2000, 2)) < np.where(np.arange(2) == label[:, None], 0.2, 0.5), 0.25, 0.0)
    return background(speaks, label)


def _chance(usual: Background, contradicting: int, hits: int, rows: int, lean: float = 16.0, label: int = 1) -> float:
    speaks = np.where(np.arange(rows) < contradicting, 0.25, 0.0)
    return chance_of(speaks, np.arange(rows) < hits, np.ones(rows), label, usual, lean, -np.log(300))


def test_ten_rows_of_a_rare_class_whose_rest_is_that_of_others_are_likely_planted(usual: Background) -> None:
    assert _chance(usual, 5, 10, 10) > 0.9
    assert _chance(usual, 2, 10, 10) < 0.5 * _chance(usual, 5, 10, 10)  # the rest is that of the label
    assert _chance(usual, 3, 4, 10) < 0.01  # the label is no more frequent than elsewhere
    assert _chance(usual, 5, 10, 10, label=0) < _chance(usual, 5, 10, 10)  # a frequent label says less


def test_more_rows_say_no_less_and_where_values_lean_a_pure_one_says_less(usual: Background) -> None:
    assert _chance(usual, 10, 20, 20) > _chance(usual, 5, 10, 10)
    assert _chance(usual, 5, 10, 10, lean=1.0) < _chance(usual, 5, 10, 10, lean=64.0)


def test_many_rows_that_are_a_little_harder_than_usual_are_not_planted(usual: Background) -> None:
    assert _chance(usual, 12, 36, 69) < 0.05


def test_rows_of_one_group_count_as_one(usual: Background) -> None:
    speaks, labelled = np.where(np.arange(10) < 5, 0.25, 0.0), np.ones(10, dtype=bool)
    assert chance_of(speaks, labelled, np.full(10, 0.1), 1, usual, 16.0, -np.log(300)) < 0.05


@pytest.mark.parametrize(("spread", "least", "most"), [(0.0, 32, 64), (2.0, 1, 2)])
def test_how_far_values_lean_is_read_from_all_of_them(spread: float, least: float, most: float) -> None:
    random = np.random.default_rng(3)
    codes = random.integers(0, 40, (4000, 5))
    logit = -0.8 + spread * random.normal(size=40)[codes[:, 0]]
    label = (random.random(4000) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    found = common_values(codes[:, :1], least=4, most=400)
    assert least <= lean_of(found, label, np.bincount(label)) <= most


def test_each_kind_of_pattern_has_an_equal_share_of_the_odds() -> None:
    codes = np.random.default_rng(5).integers(0, 8, (2000, 6))
    found = common_values(codes, least=4, most=400)
    odds = np.exp(prior_of(found, 2000))
    assert odds[found.kind == "value"].sum() == pytest.approx(0.5)
    assert odds[found.kind == "values"].sum() == pytest.approx(0.5)


def test_patterns_that_stand_out_and_those_of_enough_rows_have_better_odds() -> None:
    sizes, chance = [10, 10, 10, 5, 4], [1e-9, 1e-4, 1.0, 1.0, 1.0]
    start = np.concatenate([[0], np.cumsum(sizes)])

    def odds(kind: str) -> np.ndarray:
        none = np.full((5, 1), -1)
        one = Patterns(np.zeros(start[-1], np.int64), start, none, none, np.full(5, kind), np.array(chance))
        return np.exp(prior_of(one, 1000))

    values, words = odds("values"), odds("word")
    assert values.sum() == pytest.approx(1.0)
    assert words / words[0] == pytest.approx([1, 1 / 2, *[(1 / 3 + 1 / 4 + 1 / 5) / 3] * 3])  # equal chances share
    assert values / values[0] == pytest.approx(words / words[0] * [1, 1, 1, 0.25, 0.16])


def test_margins_say_how_much_likelier_a_row_is_in_other_classes_on_either_side() -> None:
    random = np.random.default_rng(11)
    label = (random.random(4000) < 0.3).astype(np.int64)
    score = random.normal(np.where(label == 1, 0.5, -0.5), 1.0)  # the log likelihood ratio of class 1
    margin = np.clip(np.column_stack([score, -score]) / CAP, -1, 1)
    other = margins_of(margin, label).other(np.array([-1, 0, 1]) / CAP, 1)
    assert other == pytest.approx(np.exp([-1, 0, 1]), rel=0.15)
    assert margins_of(margin, label).other(np.array([1.0]), 1) < 0.98 / 0.02  # wrong labels are never ruled out


def test_rows_that_agree_with_their_label_speak_for_honest_ones(usual: Background) -> None:
    def chance(other: float) -> float:
        speaks, labelled = np.where(np.arange(10) < 5, 0.25, 0.0), np.ones(10, dtype=bool)
        ratio = np.where(np.arange(10) < 5, 2.5, other)  # the other five contradict nothing, more or less clearly
        return chance_of(speaks, labelled, np.ones(10), 1, usual, 16.0, -np.log(300), ratio)

    assert chance(0.3) < 0.6 < 0.9 < chance(1.0)


def test_a_p_value_speaks_for_no_more_than_it_may() -> None:
    p = (np.arange(200_000) + 0.5) / 200_000
    assert np.mean(np.exp([evidence_of(float(one)) for one in np.log(p)])) < 1.3  # 0.63 of them are raised to 1
    assert evidence_of(-1.0) == 0.0
    assert evidence_of(-800.0) == pytest.approx(800 - 2 * np.log(800))
