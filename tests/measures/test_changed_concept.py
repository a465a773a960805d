from __future__ import annotations

import numpy as np

from governance.measures.changed_concept import compare_concepts
from governance.measures.domain_classifier import rank_scores

DRAWS = 1999
USED = 0.00167
"""The audit asks for p-values this small."""


def test_labels_that_were_turned_in_some_rows_are_seen_though_no_feature_tells_much() -> None:
    found = []
    for seed in range(20):
        random = np.random.default_rng(seed)
        features, second = random.normal(size=(1600, 16)), random.random(1600) < 0.4
        label = random.random(1600) < 1 / (1 + np.exp(1.5 - features[:, :5].sum(axis=1) * 0.5))
        label ^= second & (random.random(1600) < 0.25)
        found.append(compare_concepts(rank_scores(features), label[:, None].astype(float), second, None, DRAWS).p_value)
    assert (np.array(found) <= USED).mean() >= 0.7


def test_a_rare_class_that_the_small_sample_happens_to_lack_is_no_change() -> None:
    p_values = []
    for seed in range(100):
        random = np.random.default_rng(seed)
        features, second = random.normal(size=(600, 4)), random.random(600) < 0.1
        labels = np.column_stack([random.random(600) < 0.045 for _ in range(8)]).astype(float)
        labels[second, 0] = 0.0
        p_values.append(compare_concepts(rank_scores(features), labels, second, None, DRAWS).p_value)
    assert (np.array(p_values) <= USED).sum() <= 3


def test_nothing_that_varies_is_no_change() -> None:
    flat = compare_concepts(
        np.random.default_rng(1).normal(size=(80, 2)), np.zeros((80, 1)), np.arange(80) < 40, None, 99
    )
    assert (flat.p_value, flat.effect) == (1.0, 0.0)
