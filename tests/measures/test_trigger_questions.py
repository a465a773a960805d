"""What is asked of many patterns in one pass is what is asked of each alone, by the plain formulas."""

import numpy as np
import pytest

from governance.measures.rest_of_row import vote
from governance.measures.trigger_judgement import Asked
from governance.measures.trigger_questions import Question
from governance.measures.trigger_test import background
from governance.measures.trigger_values import common_values
from governance.measures.trigger_views import table_view, text_view
from governance.measures.value_effects import PRIOR_SD, value_effects
from governance.measures.whole_row import Whole, weigh


def table(seed, rows=300, columns=6):
    random = np.random.default_rng(seed)
    codes = random.integers(0, 5, (rows, columns))
    label = (codes[:, 0] + random.integers(0, 2, rows) > 2).astype(np.int64)
    label[(codes[:, 4] == 0) & (codes[:, 5] == 0)] = 1  # planted
    owner = np.repeat(np.arange(columns), 5)
    matrix = (codes[:, :, None] == np.arange(5)).reshape(rows, -1).astype(np.float64)
    view = table_view(codes, matrix, owner, label, 2, np.arange(rows) % 5, least=3, most=60)
    neighbours = random.integers(-1, rows, (rows, 8))
    return view, weigh((view,), neighbours, label, 2), label


def questions_of(view, seed, count=60):
    random = np.random.default_rng(seed)
    picked = random.choice(view.patterns.size, count, replace=False)
    found = []
    for number in picked.tolist():
        holders = view.patterns.of(number)
        own = view.patterns.features[number]
        found.append(Question(holders[random.random(holders.size) < 0.8], own[own >= 0], holders))
    return found


def plainly(whole: Whole, question: Question):
    """The formula, row by row: terms of the features that are left, and votes of neighbours that are no holders."""
    view = whole.views[0]
    model, kept = view.model, ~np.isin(view.owner, question.features)
    evidence = np.zeros((question.rows.size, 2))
    for at, row in enumerate(question.rows.tolist()):
        weights, offsets = model.weights[model.fold[row]][kept], model.offsets[model.fold[row]][kept]
        evidence[at] = model.centred[row][kept] @ weights - offsets.sum(axis=0)
    index = np.where(np.isin(whole.neighbours[question.rows], question.holders), -1, whole.neighbours[question.rows])
    if index.size and (index >= 0).mean() < 0.6:
        index = view.nearest(question.rows, question.features, question.holders, 8)
    votes = np.zeros_like(evidence)
    for at, near in enumerate(index.tolist()):
        for one in near:
            if one >= 0:
                votes[at, whole.label[one]] += 1
    total = votes.sum(axis=1, keepdims=True)
    said = np.log((votes + 2 * whole.frequency) / ((total + 2) * whole.frequency))
    return whole.weights[0] * evidence + whole.weights[1] * said


@pytest.mark.parametrize("seed", range(5))
def test_answers_in_one_pass_are_those_of_the_formula(seed):
    view, whole, _ = table(seed)
    whole = Whole(whole.views, whole.neighbours, whole.label, whole.frequency, (0.7, 0.4))
    questions = questions_of(view, seed)
    for question, answer in zip(questions, whole.answers(0, questions), strict=True):
        assert answer == pytest.approx(plainly(whole, question), abs=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_patterns_judged_together_are_judged_as_alone(seed):
    view, whole, label = table(seed)
    speaks = np.clip(np.random.default_rng(seed).normal(0.1, 0.2, (label.size, 2)), 0, 1)
    asked = Asked(
        label, np.arange(label.size), lambda questions: whole.answers(0, questions), view.closure,
        background(speaks, label), None, lambda pairs: [0.1 * pair.rows.size for pair in pairs],
    )  # fmt: skip
    held = []
    for number in range(view.patterns.size):
        rows = view.patterns.of(number)
        held.append((rows, view.patterns.features[number], int(label[rows].mean() > 0.5)))
    together = asked.judge_all(held)
    assert any(one is not None and one.verdict.log_p < 0 for one in together)
    for one, pattern in zip(together, held, strict=True):
        alone = asked.judge(*pattern)
        assert (one is None) == (alone is None)
        if one is not None:
            assert one.verdict == alone.verdict
            assert np.array_equal(one.speaks, alone.speaks)
            assert np.array_equal(one.features, alone.features)


def test_words_are_asked_together_as_alone():
    random = np.random.default_rng(2)
    words = np.array(["a", "b", "c", "d", "e", "f", "g"])
    texts = [" ".join(random.choice(words, 5)) for _ in range(200)]
    label = np.array(["a" in text for text in texts]).astype(np.int64)
    view = text_view(texts, label, 2, np.arange(200) % 5, least=3, most=60)
    whole = weigh((view,), random.integers(0, 200, (200, 5)), label, 2)
    questions = questions_of(view, 0, 30)
    for question, answer in zip(questions, whole.answers(0, questions), strict=True):
        assert np.array_equal(answer, whole.answers(0, [question])[0])


def test_nothing_asked_is_nothing_answered():
    _, whole, _ = table(0)
    assert whole.answers(0, []) == []


def test_all_features_left_out_leave_nothing_behind():
    view, whole, _ = table(1)
    rows = np.arange(50)
    assert not view.evidence(rows, np.arange(6)).any()
    assert (whole.rest(0, rows) == whole.evidence()[:50]).all()


def test_votes_are_counted_one_by_one():
    random = np.random.default_rng(0)
    index, label = random.integers(-1, 50, (80, 6)), np.append(random.integers(3, size=50), -1)
    frequency = np.array([0.2, 0.3, 0.5])
    expected = np.zeros((80, 3))
    for row, near in enumerate(index):
        for one in near:
            if label[one] >= 0:
                expected[row, label[one]] += 1
    total = expected.sum(axis=1, keepdims=True)
    assert np.array_equal(vote(index, label, frequency), np.log((expected + 2 * frequency) / ((total + 2) * frequency)))


def test_effects_of_many_values_are_those_of_each():
    random = np.random.default_rng(3)

    def alone(logits, given):
        effect = 0.0
        for _ in range(12):
            rate = 1 / (1 + np.exp(-np.clip(logits + effect, -30, 30)))
            slope = float((given - rate).sum()) - effect / PRIOR_SD**2
            precision = float((rate * (1 - rate)).sum()) + 1 / PRIOR_SD**2
            step = float(np.clip(slope / precision, -2, 2))
            effect += step
            if abs(step) < 1e-9:
                break
        return max(effect - precision**-0.5, 0.0)

    parts = [(random.normal(0, 2, size), random.random(size) < 0.7) for size in (0, 1, 3, 40, 200)]
    expected = [alone(*part) if part[1].size else 0.0 for part in parts]
    assert value_effects(parts) == pytest.approx(expected, abs=1e-12)
    assert value_effects([]).size == 0


def test_codes_of_any_range_give_the_same_patterns():
    random = np.random.default_rng(0)
    codes = random.integers(-1, 6, (400, 4))
    far = np.where(codes >= 0, codes * 10_000_000, -1)  # numbers that are not counted in a table
    near, wide = (common_values(one, least=3, most=80) for one in (codes, far))
    assert near.size > 0
    assert np.array_equal(near.rows, wide.rows)
    assert np.array_equal(near.start, wide.start)
    assert np.array_equal(np.where(near.values >= 0, near.values * 10_000_000, -1), wide.values)


def test_rows_of_one_unit_count_as_one():
    view, whole, label = table(0)
    speaks = np.full((label.size, 2), 0.2)
    rows, usual = view.patterns.of(0), background(speaks, label)
    verdicts = [
        Asked(label, group, lambda questions: whole.answers(0, questions), view.closure, usual).judge(
            rows, view.patterns.features[0], int(label[rows].mean() > 0.5)
        )
        for group in (np.arange(label.size), np.arange(label.size) // 300)
    ]
    assert [one.verdict.rows for one in verdicts] == [rows.size, 1]


def test_terms_that_are_not_kept_give_the_same_answers(monkeypatch):
    view, whole, _ = table(0)
    questions = questions_of(view, 1)
    kept = whole.answers(0, questions)
    monkeypatch.setattr("governance.measures.trigger_views.MAX_TERMS", 0)
    view, whole, _ = table(0)
    for first, second in zip(kept, whole.answers(0, questions), strict=True):
        assert first == pytest.approx(second, abs=1e-8)
