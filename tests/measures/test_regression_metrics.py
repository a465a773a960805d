from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk

from governance.measures import regression_metrics as m
from governance.measures.regression_scores import regression_scores
from governance.measures.scores import NO_SPREAD, Sample


def sample(seed: int, rows: int = 80) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    label = rng.normal(1000, 5, rows)
    return label, label + rng.normal(1, 3, rows)


@pytest.mark.parametrize("seed", range(5))
def test_equals_scikit_learn(seed: int) -> None:
    label, predicted = sample(seed)
    totals = m.contributions(label, predicted, 990.0).sum(axis=0)
    assert m.mean_absolute_error(totals) == pytest.approx(sk.mean_absolute_error(label, predicted))
    assert m.root_mean_squared_error(totals) == pytest.approx(sk.root_mean_squared_error(label, predicted))
    assert m.r_squared(totals) == pytest.approx(sk.r2_score(label, predicted))
    assert m.mean_error(totals) == pytest.approx((predicted - label).mean())
    assert m.baseline_mean_absolute_error(totals) == pytest.approx(abs(label - 990).mean())
    assert m.baseline_root_mean_squared_error(totals) == pytest.approx(
        sk.root_mean_squared_error(label, label * 0 + 990)
    )
    assert m.skill(totals) == pytest.approx(1 - ((predicted - label) ** 2).sum() / ((label - 990) ** 2).sum())


def test_r_squared_of_a_constant_target_cannot_be_told() -> None:
    label = np.full(20, 5.0)
    score = next(
        one
        for one in regression_scores(Sample(20, None, 200, 0), label, label + 1, baseline=5.0)
        if one.name == "r_squared"
    )
    assert score.value is None
    assert score.interval is None
    assert score.note


def test_intervals_cover_and_widen_with_groups() -> None:
    rng = np.random.default_rng(0)
    hits = 0
    for seed in range(400):
        label = rng.normal(0, 5, 60)
        scores = regression_scores(Sample(60, None, 200, seed), label, label + rng.normal(0, 2, 60), baseline=0.0)
        low, high = next(one.interval for one in scores if one.name == "mean_absolute_error")
        hits += low <= 2 * np.sqrt(2 / np.pi) <= high
    assert 0.91 <= hits / 400 <= 0.98
    label, predicted = sample(1)
    alone = regression_scores(Sample(80, None, 300, 0), label, predicted, baseline=1000.0)[0]
    units = np.tile(np.arange(80), 6)
    tied = regression_scores(Sample(480, units, 300, 0), np.tile(label, 6), np.tile(predicted, 6), baseline=1000.0)[0]
    assert alone.interval is not None
    assert tied.interval is not None
    assert tied.interval[1] - tied.interval[0] > 0.85 * (alone.interval[1] - alone.interval[0])
    assert tied.independent_units == 80
    assert "whole groups" in tied.method


def test_perfect_predictions_have_no_interval() -> None:
    label = np.arange(30.0)
    scores = {one.name: one for one in regression_scores(Sample(30, None, 200, 0), label, label, baseline=3.0)}
    assert scores["mean_absolute_error"].value == 0
    assert scores["mean_absolute_error"].note == NO_SPREAD
    assert scores["advantage_over_baseline"].value == 1
