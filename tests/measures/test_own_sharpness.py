from __future__ import annotations

import numpy as np
import pytest

from governance.measures.own_kind import own_kind
from governance.measures.own_sharpness import own_sharpness


def group(seed, rows=300, classes=2, too_sure=1.0, turned=0.0, balance=0.0):
    """Labels, and chances that are `too_sure` by that factor and off `balance`; of class 0 a share is `turned` into 1."""
    random = np.random.default_rng(seed)
    true = random.integers(0, classes, rows)
    odds = 5 * np.eye(classes)[true] + random.normal(0, np.sqrt(5), (rows, classes))
    said = np.exp(too_sure * odds + balance * np.arange(classes))
    chances = said / said.sum(axis=1, keepdims=True)
    label = np.where((true == 0) & (random.random(rows) < turned), 1, true)
    return label.astype(np.int64), 0.995 * chances + 0.005 / classes


@pytest.mark.parametrize("classes", [2, 3])
def test_right_labels_are_not_doubted_because_the_model_is_too_sure_or_favours_a_class(classes):
    alarms = 0
    for seed in range(100):
        too_sure, balance = (0.5, 1.0, 2.0, 4.0)[seed % 4], (0.0, 1.0)[seed % 2]
        alarms += own_sharpness(*group(seed, 120, classes, too_sure, 0.0, balance)) <= 0.05
    assert alarms <= 10


@pytest.mark.parametrize("classes", [2, 3])
def test_turned_labels_are_told_from_a_model_that_knows_less(classes):
    found = sum(own_sharpness(*group(seed, 400, classes, turned=0.4)) <= 0.05 for seed in range(20))
    assert found >= 14


def test_rows_of_a_kind_are_told_by_whom_they_stand_among():
    random = np.random.default_rng(0)
    spot = random.normal(size=400)
    near = np.argsort(np.abs(spot[:, None] - spot), axis=1)[:, 1:6]
    assert own_kind(near, spot > 1) <= 0.02
    alarms = sum(
        own_kind(near, np.random.default_rng(seed).random(400) < 0.2, seed=seed) <= 0.05 for seed in range(200)
    )
    assert alarms <= 16
    assert own_kind(np.full((400, 5), -1), spot > 1) == 1
