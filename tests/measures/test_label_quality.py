"""Label quality and the estimated noise behind it, against closed forms and noise that was planted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.label_noise import likeliest_other
from governance.measures.label_quality import label_quality, noise_transition, odds_quality


def test_a_label_stands_against_its_likeliest_rival():
    label = np.array([0, 0, 1, 2])
    probabilities = np.array([[0.6, 0.3, 0.1], [0.2, 0.2, 0.6], [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])
    quality = odds_quality(label, probabilities)
    assert quality == pytest.approx([0.601 / 0.902, 0.201 / 0.802, 0.5, 0.001 / 1.002])


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_quality_lies_between_0_and_1_and_below_a_half_only_when_a_rival_is_likelier(classes, seed):
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(classes, 0.3), size=50)
    label = generator.integers(0, classes, 50)
    quality = odds_quality(label, probabilities)
    assert ((quality > 0) & (quality < 1)).all()
    likelier = probabilities[np.arange(50), likeliest_other(label, probabilities)] > probabilities[np.arange(50), label]
    assert ((quality < 0.5) == likelier).all()


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_quality_is_a_share_and_transitions_are_probabilities(classes, seed):
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(classes, 0.3), size=60)
    label = generator.integers(0, classes, 60)
    quality, transition = label_quality(label, probabilities), noise_transition(label, probabilities)
    assert ((quality > 0) & (quality < 1)).all()
    assert transition.sum(axis=1) == pytest.approx(np.ones(classes))
    order = generator.permutation(60)
    assert label_quality(label[order], probabilities[order]) == pytest.approx(quality[order])
    names = generator.permutation(classes)
    assert label_quality(np.argsort(names)[label], probabilities[:, names]) == pytest.approx(quality)


def planted(seed: int, rows: int = 6000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three classes, of which 0 is often called 1 and never 2, with probabilities that are right on average."""
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(3, 0.25), size=rows)
    truth = (probabilities.cumsum(axis=1) > generator.random((rows, 1))).argmax(axis=1)
    label = np.where((truth == 0) & (generator.random(rows) < 0.3), 1, truth)
    return label, truth, probabilities


def test_the_noise_that_was_planted_is_estimated():
    label, _, probabilities = planted(1)
    transition = noise_transition(label, probabilities)
    assert transition[0] == pytest.approx([0.7, 0.3, 0.0], abs=0.03)
    assert transition[2] == pytest.approx([0.0, 0.0, 1.0], abs=0.03)


def test_common_mistakes_are_ranked_above_rare_ones():
    from sklearn.metrics import average_precision_score

    label, truth, probabilities = planted(2)
    wrong = label != truth
    places = np.arange(label.size)
    ours = average_precision_score(wrong, -label_quality(label, probabilities))
    assert ours > average_precision_score(wrong, -odds_quality(label, probabilities)) + 0.05
    assert ours > average_precision_score(wrong, -probabilities[places, label]) + 0.05
