"""Label quality and the estimated noise behind it, against closed forms and noise that was planted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from governance.measures.label_quality import MAX_ROWS, estimate_noise, label_quality


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_quality_and_what_is_estimated_are_probabilities_whatever_the_order(classes, seed):
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(classes, 0.3), size=60)
    label = generator.integers(0, classes, 60)
    quality, noise = label_quality(label, probabilities), estimate_noise(label, probabilities)
    assert ((quality > 0) & (quality < 1)).all()
    assert noise.transition.sum(axis=1) == pytest.approx(np.ones(classes))
    assert noise.truth.sum(axis=1) == pytest.approx(np.ones(60))
    order = generator.permutation(60)
    assert label_quality(label[order], probabilities[order]) == pytest.approx(quality[order])
    names = generator.permutation(classes)
    assert label_quality(np.argsort(names)[label], probabilities[:, names]) == pytest.approx(quality)


@pytest.mark.parametrize("sure", [1.0, 0.5])
def test_models_that_agree_with_every_label_or_know_nothing_give_shares(sure):
    label = np.arange(40) % 2
    probabilities = np.where(np.eye(2)[label] == 1, sure, 1 - sure)
    quality = label_quality(label, probabilities)
    assert ((quality > 0.85) & (quality < 1)).all()
    assert quality == pytest.approx(np.full(40, quality[0]))


def planted(seed: int, rows: int = 6000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three classes, of which 0 is called 1 in three of ten rows and never 2, with probabilities of the truth."""
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(3, 0.1), size=rows)
    truth = (probabilities.cumsum(axis=1) > generator.random((rows, 1))).argmax(axis=1)
    label = np.where((truth == 0) & (generator.random(rows) < 0.3), 1, truth)
    return label, truth, probabilities


def timid(probabilities: np.ndarray) -> np.ndarray:
    """The same word, half as sure on the scale of logarithms."""
    return np.sqrt(probabilities) / np.sqrt(probabilities).sum(axis=1, keepdims=True)


@pytest.mark.parametrize("word", [np.asarray, timid])
def test_the_noise_that_was_planted_is_estimated_and_short_of_it(word):
    label, _, probabilities = planted(1)
    transition = estimate_noise(label, word(probabilities)).transition
    assert 0.18 < transition[0, 1] < 0.3
    assert transition[0, 2] < 0.03
    assert transition[2] == pytest.approx([0.0, 0.0, 1.0], abs=0.05)


def test_a_model_less_sure_than_the_truth_is_is_seen_through():
    label, truth, probabilities = planted(3)
    noise = estimate_noise(label, timid(probabilities))
    assert np.abs(noise.truth - probabilities).mean() < 0.3 * np.abs(timid(probabilities) - probabilities).mean()
    said = label_quality(label, timid(probabilities))
    assert said[said < 0.5].mean() == pytest.approx((label == truth)[said < 0.5].mean(), abs=0.05)


@pytest.mark.parametrize("learnt", [np.eye(3), np.array([[0.7, 0.3, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])])
@pytest.mark.parametrize("word", [np.asarray, timid])
def test_common_mistakes_are_ranked_above_rare_ones(learnt, word):
    """Also where the model learnt from the wrong labels, and says what they say."""
    label, truth, probabilities = planted(2)
    said, rows = word(probabilities @ learnt), np.arange(label.size)
    rivals = said.copy()
    rivals[rows, label] = 0
    wrong = label != truth
    ours = average_precision_score(wrong, -label_quality(label, said))
    assert ours > average_precision_score(wrong, -said[rows, label]) + 0.02
    assert ours > average_precision_score(wrong, rivals.max(axis=1) - said[rows, label]) + 0.02


def test_a_rare_class_that_overlaps_is_no_habit():
    """With noise that is even, nothing beats self-confidence between two classes, however rare one of them is."""
    apart = []
    for seed in range(10):
        generator = np.random.default_rng(seed)
        odds = generator.normal(-2.5, 2.5, 4000)
        probability = 1 / (1 + np.exp(-odds))
        truth = (generator.random(4000) < probability).astype(np.int64)
        label = np.where(generator.random(4000) < 0.1, 1 - truth, truth)
        noisy = 0.1 + 0.8 * probability  # what a model that learns from such labels says
        both = np.column_stack([1 - noisy, noisy])
        wrong = label != truth
        ours = average_precision_score(wrong, -label_quality(label, both))
        apart.append(ours - average_precision_score(wrong, -both[np.arange(4000), label]))
    assert np.mean(apart) > -0.002


def test_of_many_rows_the_noise_is_estimated_from_some_and_all_are_judged():
    label, truth, probabilities = planted(3, rows=40_000)
    kept = np.linspace(0, 39_999, MAX_ROWS).astype(int)
    noise, of_some = estimate_noise(label, probabilities), estimate_noise(label[kept], probabilities[kept])
    assert noise.transition == pytest.approx(of_some.transition)
    assert noise.truth.shape == (40_000, 3)
    unseen = np.ones(40_000, dtype=bool)
    unseen[kept] = False
    wrong, rows = (label != truth)[unseen], np.arange(40_000)
    ours = average_precision_score(wrong, -label_quality(label, probabilities)[unseen])
    assert ours > average_precision_score(wrong, -probabilities[rows, label][unseen]) + 0.02
