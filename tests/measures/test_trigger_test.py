import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from governance.measures.trigger_test import background, excess, judge, judge_each, most_per_row


@given(st.integers(1, 60), st.floats(0.01, 0.9), st.data())
def test_the_bound_is_above_the_exact_tail(n, rate, data):
    hits = data.draw(st.integers(0, n))
    assert np.exp(excess(hits, n, rate * n)) >= binom.sf(hits - 1, n, rate) - 1e-12


def usual(rows=1000, seed=0, share=0.05):
    """Two classes, of which a twentieth contradict their label fully."""
    random = np.random.default_rng(seed)
    label = random.integers(2, size=rows)
    wrong = random.random(rows) < share
    contradiction = np.zeros((rows, 2))
    contradiction[np.arange(rows), label] = np.where(wrong, 1.0, 0.0)
    contradiction[np.arange(rows), 1 - label] = np.where(wrong, 0.0, 1.0)
    return background(contradiction, label)


def verdict(speaks, labelled):
    speaks, labelled = np.array(speaks, dtype=float), np.array(labelled, dtype=bool)
    return judge(speaks, labelled, np.ones(speaks.size), 1, usual())


def test_a_trigger_passes_both_questions():
    found = verdict([1.0] * 10, [True] * 10)
    assert found.log_p < np.log(1e-6)
    assert found.likeness == pytest.approx(1.0, abs=0.1)
    assert found.takeover == 1.0
    assert (found.rows, found.labelled, found.contradicting) == (10, 10, 1.0)


def test_a_strong_feature_is_no_trigger_as_the_rest_agrees():
    found = verdict([0.0] * 40, [True] * 40)
    assert found.rest_log_p == 0.0
    assert found.log_p == 0.0


def test_mislabelled_rows_among_many_right_ones_are_no_trigger():
    found = verdict([1.0] * 200, [True] * 10 + [False] * 190)
    assert found.rest_log_p < np.log(1e-6)  # they do contradict,
    assert found.excess_log_p > np.log(0.5)  # and are no more than there usually are


def test_rows_of_one_group_count_once():
    speaks, labelled = np.ones(10), np.ones(10, dtype=bool)
    alone = judge(speaks, labelled, np.ones(10), 1, usual())
    together = judge(speaks, labelled, np.full(10, 0.1), 1, usual())
    assert (together.rows, together.labelled) == (1, 1)
    assert together.rest_log_p > alone.rest_log_p / 5
    assert together.log_p == 0.0  # one witness is none


def test_no_row_can_add_more_than_the_most():
    one = verdict([1.0], [True])
    assert -one.rest_log_p <= most_per_row(usual())[1] + 1e-9


def test_the_null_keeps_its_promise():
    # Random sets of rows of a class, judged against the class: far fewer than one in twenty below 0.05.
    random = np.random.default_rng(3)
    theirs = np.where(random.random(4000) < 0.1, random.random(4000), 0.0)
    contradiction = np.column_stack([theirs, 1 - theirs])
    known = background(contradiction, np.zeros(4000, dtype=np.int64))
    hits = 0
    for _ in range(2000):
        drawn = random.choice(theirs, 8, replace=False)
        hits += judge(drawn, np.ones(8, dtype=bool), np.ones(8), 0, known).rest_log_p < np.log(0.05)
    assert hits <= 100


def test_the_tail_of_a_mean_is_near_what_is_drawn():
    # Neither far below (alarms) nor as far above as Chernoff's bound (misses).
    random = np.random.default_rng(5)
    theirs = np.where(random.random(6000) < 0.15, random.random(6000), 0.0)
    known = background(np.column_stack([theirs, 1 - theirs]), np.zeros(6000, dtype=np.int64))
    means = np.sort(theirs[random.integers(0, 6000, (200_000, 8))].mean(axis=1))
    for tail in (0.05, 0.01, 0.001):
        at = means[int((1 - tail) * means.size)]
        drawn = (means >= at).mean()
        told = np.exp(judge(np.full(8, at), np.ones(8, dtype=bool), np.ones(8), 0, known).rest_log_p)
        assert 0.8 * drawn <= told <= 4 * drawn


def test_patterns_judged_one_after_the_other_are_judged_as_alone():
    random = np.random.default_rng(1)
    sizes = [1, 7, 30, 4, 200]
    speaks = random.choice([0.0, 0.1, 0.5, 1.0], sum(sizes))
    labelled, weight = random.random(sum(sizes)) < 0.7, random.choice([0.5, 1.0], sum(sizes))
    together, ends = judge_each(speaks, labelled, weight, sizes, 1, usual()), np.cumsum(sizes)
    for found, size, end in zip(together, sizes, ends, strict=True):
        some = slice(end - size, end)
        assert found == judge(speaks[some], labelled[some], weight[some], 1, usual())


def test_a_background_of_one_class_is_that_of_all():
    random = np.random.default_rng(2)
    contradiction, label = np.clip(random.normal(0, 0.5, (500, 3)), 0, 1), random.integers(3, size=500)
    every, one = background(contradiction, label), background(contradiction, label, [2])
    for name in ("mean", "other", "cumulants", "slopes", "curves", "rate"):
        assert np.array_equal(getattr(every, name)[2], getattr(one, name)[2])
    padded = np.append(contradiction[label == 2, 2], 1.0)
    for at, theta in enumerate((0, 0.25)):
        assert every.cumulants[2, at] == pytest.approx(np.log(np.exp(theta * padded).mean()), abs=1e-12)
