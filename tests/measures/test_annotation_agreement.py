from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.annotation_agreement import (
    SHRINK,
    consensus,
    krippendorff_alpha,
    likeliest_strength,
    majority,
)

# K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, section C: 4 observers, 12 units, missing data.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def coded(observers):
    triples = [(u, k, v - 1) for k, row in enumerate(observers) for u, v in enumerate(row) if v is not None]
    return (np.array(column, dtype=np.int64) for column in zip(*triples, strict=True))


def test_alpha_of_krippendorffs_own_example():
    item, _, label = coded(OBSERVERS)
    assert krippendorff_alpha(item, label).value == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(item, label, values=np.arange(1.0, 6.0)).value == pytest.approx(0.849, abs=5e-4)
    assert krippendorff_alpha(item, label, ordinal=True).value == pytest.approx(0.815, abs=5e-4)
    assert (krippendorff_alpha(item, label).items, krippendorff_alpha(item, label).pairable) == (11, 40)


def test_alpha_of_the_binary_example_with_two_observers():
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    item, _, label = coded([[v + 1 for v in first], [v + 1 for v in second]])
    assert krippendorff_alpha(item, label).value == pytest.approx(0.095, abs=5e-4)


def test_alpha_cannot_be_told_without_pairs_or_without_two_labels():
    one = np.arange(5)
    assert krippendorff_alpha(one, one) is None
    assert krippendorff_alpha(np.array([0, 0, 1, 1]), np.zeros(4, dtype=np.int64)) is None


@given(st.integers(0, 10_000))
def test_alpha_is_one_for_agreement_and_about_nought_for_chance(seed):
    random = np.random.default_rng(seed)
    item, label = np.repeat(np.arange(200), 3), np.repeat(random.integers(0, 3, 200), 3)
    assert krippendorff_alpha(item, label, draws=10).value == pytest.approx(1.0)
    assert abs(krippendorff_alpha(item, random.integers(0, 3, 600), draws=10).value) < 0.2


def crowd(seed, items=300, people=10, classes=3, votes=4):
    random = np.random.default_rng(seed)
    true = random.integers(0, classes, items)
    skill = random.beta(4, 2, people)
    item = np.repeat(np.arange(items), votes)
    annotator = np.concatenate([random.choice(people, votes, replace=False) for _ in range(items)])
    right = random.random(item.size) < skill[annotator]
    label = np.where(right, true[item], (true[item] + random.integers(1, classes, item.size)) % classes)
    return item, annotator, label, true, skill


def test_consensus_is_better_than_votes_and_knows_who_errs():
    ours = votes = plain = 0.0
    for seed in range(15):
        item, annotator, label, true, skill = crowd(seed)
        found = consensus(item, annotator, label, 3)
        ours += (found.probabilities.argmax(axis=1) == true).mean()
        plain += (
            consensus(item, annotator, label, 3, method="dawid_skene").probabilities.argmax(axis=1) == true
        ).mean()
        votes += (majority(item, label, 3) == true).mean()
        assert np.corrcoef(found.accuracy, skill)[0, 1] > 0.7
    assert ours > votes + 0.3
    assert ours >= plain


def test_probabilities_without_an_annotator_do_not_hang_on_what_she_says():
    item, annotator, label, _, _ = crowd(3)
    found = consensus(item, annotator, label, 3)
    assert np.allclose(found.without.sum(axis=1), 1)
    single = np.zeros(5, dtype=np.int64)
    alone = consensus(np.arange(5), single, np.array([0, 1, 0, 1, 1]), 2)
    assert np.allclose(alone.without, alone.prevalence)


@pytest.mark.parametrize(("planted", "low", "high"), [(1.0, 0.5, 2.0), (3.0, 2.0, 4.0), (60.0, SHRINK, SHRINK)])
def test_strength_is_found_from_how_far_annotators_differ_and_is_never_above_the_usual_one(planted, low, high):
    random = np.random.default_rng(8)
    pooled = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.3, 0.1, 0.6]])
    rows = [[random.dirichlet(planted * row) for row in pooled] for _ in range(60)]
    counts = np.array([[random.multinomial(200, row) for row in one] for one in rows], dtype=np.float64)
    assert low <= likeliest_strength(counts) <= high


def habitual_crowd(seed, items=800, people=6, votes=5):
    random = np.random.default_rng(seed)
    true = random.choice(4, items, p=[0.4, 0.3, 0.2, 0.1])
    right, habits = random.beta(3, 2, (people, 4)), random.dirichlet(np.full(3, 0.2), (people, 4))
    chances = np.array(
        [[np.insert(habits[k, c] * (1 - right[k, c]), c, right[k, c]) for c in range(4)] for k in range(people)]
    )
    item = np.repeat(np.arange(items), votes)
    annotator = random.random((items, people)).argsort(axis=1)[:, :votes].ravel()
    drawn = random.random((item.size, 1)) > chances[annotator, true[item]].cumsum(axis=1)
    return item, annotator, np.minimum(drawn.sum(axis=1), 3), true


def test_annotators_with_strong_habits_and_many_labels_are_not_drawn_together():
    gain = []
    for seed in range(30):
        item, annotator, label, true = habitual_crowd(seed)
        ours, plain = (
            (consensus(item, annotator, label, 4, method=method).probabilities.argmax(axis=1) == true).mean()
            for method in ("shrunk", "dawid_skene")
        )
        gain.append(ours - plain)
    assert np.mean(gain) > -0.0005


def spammed_crowd(seed, items=400, people=40, classes=6, votes=6):
    """Half of the annotators always give one class, each her own; the others are right by a rate of their own."""
    random = np.random.default_rng(seed)
    true, skill = random.integers(0, classes, items), random.beta(8, 2, people)
    item = np.repeat(np.arange(items), votes)
    annotator = random.random((items, people)).argsort(axis=1)[:, :votes].ravel()
    wrong = random.random(item.size) > skill[annotator]
    label = (true[item] + wrong * random.integers(1, classes, item.size)) % classes
    always = random.integers(0, classes, people)
    blind = annotator < people // 2
    return item, annotator, np.where(blind, always[annotator], label), true


def test_annotators_whose_answers_hang_on_nothing_do_not_count():
    gain = []
    for seed in range(12):
        item, annotator, label, true = spammed_crowd(seed)
        found = consensus(item, annotator, label, 6)
        plain = consensus(item, annotator, label, 6, method="dawid_skene").probabilities.argmax(axis=1) == true
        gain.append((found.probabilities.argmax(axis=1) == true).mean() - plain.mean())
        assert found.accuracy[:20].max() < 0.35
    assert np.mean(gain) > 0
    assert min(gain) > -0.03


@pytest.mark.parametrize("seed", [5, 11])
def test_weak_annotators_of_many_classes_are_not_taken_for_blind_ones(seed):
    """The weakest are right in about one in five answers, where chance would be one in twenty."""
    random = np.random.default_rng(seed)
    true, skill = random.integers(0, 20, 500), random.beta(5, 4, 30)
    item = np.repeat(np.arange(500), 4)
    annotator = random.random((500, 30)).argsort(axis=1)[:, :4].ravel()
    wrong = random.random(item.size) > skill[annotator]
    label = (true[item] + wrong * random.integers(1, 20, item.size)) % 20
    assert consensus(item, annotator, label, 20).accuracy.min() > 0.1


def test_a_few_stray_labels_do_not_spoil_the_consensus():
    """Slips of the pen are classes of hardly any annotations, which must not draw the items of real ones to them."""
    for seed in range(6):
        item, annotator, label, true, _ = crowd(seed)
        random = np.random.default_rng(100 + seed)
        stray = label.copy()
        stray[random.choice(label.size, 8, replace=False)] = 3 + np.minimum(np.arange(8), 3)
        before = (consensus(item, annotator, label, 3).probabilities.argmax(axis=1) == true).mean()
        after = consensus(item, annotator, stray, 7)
        assert (after.probabilities.argmax(axis=1) == true).mean() > before - 0.03
        assert (after.probabilities.argmax(axis=1) >= 3).mean() < 0.01
