"""Label quality and the estimated noise behind it, against closed forms and noise that was planted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from governance.measures.label_quality import label_quality
from governance.measures.noise_estimate import MAX_ROWS, estimate_noise, softened
from governance.measures.ranks import mid_ranks


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


def views(seed: int, rows: int = 1500) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Labels of four classes of which a tenth are wrong, the truth, and two models that err by themselves."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, 4, rows)
    label = np.where(generator.random(rows) < 0.1, (truth + generator.integers(1, 4, rows)) % 4, truth)
    scores = [2.5 * np.eye(4)[truth] + generator.normal(size=(rows, 4)) * 1.2 for _ in range(2)]
    return label, truth, *(np.exp(one) / np.exp(one).sum(axis=1, keepdims=True) for one in scores)


@pytest.mark.parametrize("power", [0.2, 1.0, 5.0, np.inf])
def test_a_second_word_lifts_the_ranking_of_any_first_one(power):
    """However unsure or overconfident it is, hard classes included."""
    label, truth, first, second = views(11)
    wrong, rows = label != truth, np.arange(label.size)
    said = np.eye(4)[first.argmax(axis=1)] if power == np.inf else first**power / (first**power).sum(axis=1)[:, None]
    rivals = said.copy()
    rivals[rows, label] = 0
    usual = [said[rows, label], said[rows, label] - rivals.max(axis=1), label_quality(label, said), second[rows, label]]
    ours = average_precision_score(wrong, -label_quality(label, said, second))
    assert ours > max(average_precision_score(wrong, -quality) for quality in usual) + 0.03


@pytest.mark.parametrize("power", [4.0, 10.0, 40.0])
def test_an_overconfident_models_order_of_improbable_labels_is_kept(power):
    label, truth, first, _ = views(12)
    wrong, rows = label != truth, np.arange(label.size)
    said = first**power / (first**power).sum(axis=1, keepdims=True)
    assert (said < 1e-3).mean() > 0.5  # what used to be one and the same
    ours = average_precision_score(wrong, -label_quality(label, said))
    assert ours > average_precision_score(wrong, -said[rows, label]) - 0.01
    assert ours > average_precision_score(wrong, -label_quality(label, first)) - 0.02


def test_votes_are_not_softened_for_the_sake_of_their_zeros():
    """A hundred trees that never vote for a class do not say that it is impossible."""
    label, _, first, _ = views(13)
    votes = np.array([np.random.default_rng(row).multinomial(100, one) / 100 for row, one in enumerate(first)])
    assert (votes == 0).any()
    assert softened(label, votes, np.arange(label.size)) is votes


@pytest.mark.parametrize("seed", range(5))
def test_a_word_that_tells_nothing_is_not_heard(seed):
    label, truth, first, _ = views(seed)
    noise = np.random.default_rng(seed).dirichlet(np.full(4, 5.0), size=label.size)
    alone, wrong = label_quality(label, first), label != truth
    assert label_quality(label, first, np.full_like(first, 0.25)) == pytest.approx(alone, abs=1e-6)
    for words in ((first, noise), (noise, first)):
        ours = average_precision_score(wrong, -label_quality(label, *words))
        assert ours == pytest.approx(average_precision_score(wrong, -alone), abs=0.01)


def test_with_a_second_word_the_order_of_rows_and_classes_is_nothing_either():
    label, _, first, second = views(3, rows=80)
    quality, generator = label_quality(label, first, second), np.random.default_rng(0)
    order, names = generator.permutation(80), generator.permutation(4)
    assert label_quality(label[order], first[order], second[order]) == pytest.approx(quality[order])
    assert label_quality(np.argsort(names)[label], first[:, names], second[:, names]) == pytest.approx(quality)


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


@pytest.mark.parametrize(("next_class", "beyond"), [(False, -0.005), (True, 0.04)])
def test_among_many_classes_a_habit_is_told_from_noise_that_is_even(next_class, beyond):
    """Of few rows a class: what looks like habits by chance costs no ranking, and habits that are there are seen."""
    for seed in range(4):
        generator = np.random.default_rng(seed)
        truth, rows = generator.integers(0, 8, 600), np.arange(600)
        away = 1 if next_class else generator.integers(1, 8, 600)
        label = np.where(generator.random(600) < 0.15, (truth + away) % 8, truth)
        scores = np.exp(1.5 * np.eye(8)[truth] + generator.normal(size=(600, 8)))
        said = scores / scores.sum(axis=1, keepdims=True)
        rivals = said.copy()
        rivals[rows, label] = 0
        usual = [said[rows, label], said[rows, label] - rivals.max(axis=1)]
        better = max(average_precision_score(label != truth, -quality) for quality in usual)
        assert average_precision_score(label != truth, -label_quality(label, said)) > better + beyond


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


def test_labels_that_are_drawn_from_a_models_word_are_ranked_by_it() -> None:
    agreement = []
    for seed in range(6):
        random = np.random.default_rng(seed)
        word = np.exp(2 * random.normal(size=(600, 4)))
        word /= word.sum(axis=1, keepdims=True)
        label = (word.cumsum(axis=1) > random.random((600, 1))).argmax(axis=1)
        ranks = [mid_ranks(one) for one in (label_quality(label, word), word[np.arange(600), label])]
        agreement.append(np.corrcoef(*ranks)[0, 1])
    assert np.mean(agreement) > 0.968  # 0.965 without the thought that the model learnt the mistakes
