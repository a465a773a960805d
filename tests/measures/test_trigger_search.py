import numpy as np
import pytest

from governance.measures.trigger_judgement import Asked
from governance.measures.trigger_limits import limits_of
from governance.measures.trigger_patterns import Patterns
from governance.measures.trigger_search import MAX_JUDGED, MAX_LEANING, search
from governance.measures.trigger_test import background
from governance.measures.trigger_views import image_view, table_view, text_view
from governance.measures.whole_row import weigh

ROWS = 2000


def world(seed=0):
    """Two classes; evidence of the rest of each row that is right in 97 of 100."""
    random = np.random.default_rng(seed)
    truth = random.integers(2, size=ROWS)
    speaks = np.where(random.random(ROWS) < 0.97, truth, 1 - truth)
    evidence = np.zeros((ROWS, 2))
    evidence[np.arange(ROWS), speaks] = 4.0
    return truth, evidence


def patterns_of(*sets, chance=1.0):
    parts = [np.sort(np.asarray(rows, dtype=np.int64)) for rows in sets]
    start = np.concatenate([[0], np.cumsum([part.size for part in parts])])
    count = len(parts)
    one = np.zeros((count, 1), dtype=np.int64)
    kind = np.array(["value"] * count)
    return Patterns(np.concatenate(parts), start, one, one, kind, np.full(count, chance))


def contradictions(evidence):
    gap = evidence[:, 1] - evidence[:, 0]
    return np.column_stack([np.clip(gap, 0, 6), np.clip(-gap, 0, 6)]) / 6


def answers(evidence):
    return lambda questions: [evidence[question.rows].copy() for question in questions]


def found(label, evidence, *sets, least=4, false_alarms=0.01, chance=1.0, closure=lambda r, f: f, first=None):
    speaks = contradictions(evidence)
    asked = Asked(label, np.arange(ROWS), answers(evidence), closure, background(speaks, label))
    return search(
        patterns_of(*sets, chance=chance), asked, first_look=speaks[np.arange(ROWS), label] if first is None else first,
        least=least, false_alarms=false_alarms,
    )  # fmt: skip


def test_a_trigger_is_accepted_and_its_rows_score_high():
    truth, evidence = world()
    rows = np.flatnonzero(truth == 0)[:12]
    label = truth.copy()
    label[rows] = 1
    result = found(label, evidence, rows)
    assert [trigger.rows.tolist() for trigger in result.triggers] == [rows.tolist()]
    assert (result.score[rows] >= 0.5).all()
    assert (np.delete(result.score, rows) == 0).all()


def test_a_pattern_that_turns_some_rows_among_many_that_agree_is_significant_and_no_trigger():
    truth, evidence = world()
    turned, agreeing = np.flatnonzero(truth == 0)[:40], np.flatnonzero(truth == 1)[:160]
    label = truth.copy()
    label[turned] = 1
    result = found(label, evidence, np.concatenate([turned, agreeing]))
    assert result.triggers == ()
    assert (result.score < 0.5).all()


def test_fewer_rows_than_the_least_are_not_judged():
    truth, evidence = world()
    rows = np.flatnonzero(truth == 0)[:5]
    label = truth.copy()
    label[rows] = 1
    assert found(label, evidence, rows, least=6).judged == 0


@pytest.mark.parametrize(("wrong", "judged"), [(1, MAX_LEANING), (2, 2 * MAX_LEANING)])
def test_one_row_that_contradicts_is_no_reason_to_judge_a_pattern_before_purer_ones(wrong, judged):
    truth, evidence = world()
    random = np.random.default_rng(1)
    speaks = evidence.argmax(axis=1)
    honest, slips = np.flatnonzero((truth == 1) & (speaks == 1)), np.flatnonzero((truth == 1) & (speaks == 0))
    sets = [
        np.concatenate([random.choice(honest, 4 - wrong, replace=False), random.choice(slips, wrong, replace=False)])
        for _ in range(2 * MAX_LEANING)
    ]
    assert found(truth, evidence, *sets).judged == judged


def test_a_trigger_that_hides_at_first_look_is_judged_before_patterns_that_lean_less():
    truth, evidence = world()
    random = np.random.default_rng(2)
    rows = np.flatnonzero(truth == 0)[:9]
    label = truth.copy()
    label[rows] = 1
    # What a row says with its trigger, and its neighbours with the same, agree with the label; others look doubtful.
    first = np.where(np.isin(np.arange(ROWS), rows), 0.0, 1.0)
    ones, zeros = np.setdiff1d(np.flatnonzero(label == 1), rows), np.flatnonzero(label == 0)
    others = [
        np.concatenate([random.choice(ones, 50, replace=False), random.choice(zeros, 40, replace=False)])
        for _ in range(MAX_JUDGED + 500)
    ]
    result = found(label, evidence, *others, rows, first=first)
    assert (result.score[rows] > 0.3).all()
    assert result.judged == MAX_JUDGED


def test_many_rows_of_one_pattern_are_all_scored_though_a_sample_is_judged():
    truth, evidence = world()
    rows = np.flatnonzero(truth == 0)[:700]
    label = truth.copy()
    label[rows] = 1
    assert (found(label, evidence, rows).score[rows] >= 0.5).all()


def test_of_two_patterns_that_explain_the_same_rows_the_narrower_is_named():
    truth, evidence = world()
    turned, agreeing = np.flatnonzero(truth == 0)[:12], np.flatnonzero(truth == 1)[:6]
    label = truth.copy()
    label[turned] = 1
    honest = np.flatnonzero(truth == 0)[20:26]
    both = np.concatenate([turned, agreeing, honest])
    result = found(label, evidence, both, turned)
    assert [trigger.rows.tolist() for trigger in result.triggers] == [turned.tolist()]
    # Alone, the wider one is a trigger too, and flags what it need not.
    (wide,) = found(label, evidence, both).triggers
    assert set(wide.rows.tolist()) > set(turned.tolist())


def test_a_narrower_pattern_with_all_rows_that_carry_the_label_is_named():
    truth, evidence = world()
    turned, others = np.flatnonzero(truth == 0)[:12], np.flatnonzero(truth == 0)[20:22]
    label = truth.copy()
    label[turned] = 1
    random = np.random.default_rng(8)
    usual = [random.choice(ROWS, 7, replace=False) for _ in range(60)]
    codes, matrix = random.integers(4, size=(ROWS, 2)), random.normal(size=(ROWS, 2)) + truth[:, None]
    view = table_view(codes, matrix, np.array([0, 1]), label, 2, np.arange(ROWS) % 5, least=4, most=30)
    wide, chance = (
        np.concatenate([turned, others]),
        (1e-9, *[1.0] * 61),
    )  # corrected for less, so that it is asked first
    (trigger,) = found(label, evidence, wide, turned, *usual, chance=chance, closure=view.closure).triggers
    assert (trigger.number, trigger.verdict.rows) == (1, 12)


def test_what_more_rows_hold_than_is_usual_is_corrected_for_less():
    truth, evidence = world()
    rows = np.flatnonzero(truth == 0)[:7]
    label = truth.copy()
    label[rows] = 1
    random = np.random.default_rng(4)
    others = [random.choice(ROWS, 7, replace=False) for _ in range(3000)]
    patterns = patterns_of(rows, *others)
    limits, tests = limits_of(patterns, background(contradictions(evidence), label), 4, 0.01)
    patterns.chance[0] = 1e-6
    weighed, counted = limits_of(patterns, background(contradictions(evidence), label), 4, 0.01)
    assert weighed[0] > limits[0] + 5
    assert weighed[1] == pytest.approx(limits[1] + np.log(0.5 * 3001 / 3000))
    assert (tests, counted) == (6002, 6002)


def test_a_pair_is_judged_with_what_its_values_say_alone():
    truth, evidence = world()
    rows = np.flatnonzero(truth == 0)[:12]
    label = truth.copy()
    label[rows] = 1
    asked = Asked(
        label, np.arange(ROWS), answers(evidence), lambda r, f: f,
        background(contradictions(evidence), label), None, lambda pairs: [9.0] * len(pairs),
    )  # fmt: skip
    assert asked.judge(rows, np.array([0, 1]), 1).verdict.log_p == 0.0
    assert asked.judge(rows, np.array([0]), 1).verdict.log_p < np.log(1e-6)  # a single value has no others


def test_a_view_leaves_out_the_columns_of_a_feature():
    random = np.random.default_rng(1)
    label = random.integers(2, size=300)
    matrix = random.normal(size=(300, 3)) + label[:, None]
    codes = np.zeros((300, 2), dtype=np.int64)
    view = table_view(codes, matrix, np.array([0, 0, 1]), label, 2, np.arange(300) % 5, least=4, most=30)
    rows = np.arange(300)
    assert np.allclose(view.evidence(rows, np.array([0])), view.model.evidence(rows, np.array([0, 1])))
    assert not np.allclose(view.evidence(rows, np.array([0])), view.evidence(rows))


def test_a_closure_holds_the_whole_sentence():
    texts = [f"own{row} words{row}" for row in range(60)]
    for row in range(8):
        texts[row] += " we saw it there"
    view = text_view(texts, np.arange(60) % 2, 2, np.arange(60) % 5, least=4, most=20)
    saw = view.tokens.words.index("saw")
    closed = view.closure(np.arange(8), np.array([saw]))
    words = closed[closed < len(view.tokens.words)]
    assert {view.tokens.words[number] for number in words.tolist()} == {"we", "saw", "it", "there"}


def test_a_closure_holds_the_whole_patch_whether_few_or_many_rows_have_it():
    random = np.random.default_rng(5)
    images = random.random((400, 12, 12, 3))
    images[:60, 2:5, 7:10] = random.random((3, 3, 3))
    images[:54, 8, 8] = 0.3
    view = image_view(images, np.arange(400) % 2, 2, np.arange(400) % 5, least=4, most=80)
    patch = {row * 12 + column for row in (2, 3, 4) for column in (7, 8, 9)} | {8 * 12 + 8}
    for rows in (8, 60):
        assert set(view.closure(np.arange(rows), np.array([2 * 12 + 7])).tolist()) == patch


@pytest.mark.parametrize("kind", ["table", "text"])
def test_neighbours_are_sought_outside_the_pattern(kind):
    random = np.random.default_rng(2)
    label = random.integers(2, size=300)
    fold = np.arange(300) % 5
    if kind == "table":
        matrix = random.normal(size=(300, 2)) + 3 * label[:, None]
        view = table_view(
            np.zeros((300, 2), dtype=np.int64), matrix, np.array([0, 1]), label, 2, fold, least=4, most=30
        )
    else:
        texts = [" ".join(random.choice([f"{'ab'[one]}{k}" for k in range(12)], 8)) for one in label]
        view = text_view(texts, label, 2, fold, least=4, most=30)
    holders = np.flatnonzero(label == 1)[:20]
    near = view.nearest(holders, np.array([], dtype=np.int64), holders, 5)
    assert not np.isin(near, holders).any()
    assert label[near].mean() > 0.9
    whole = weigh((view,), np.full((300, 5), -1), label, 2)
    assert whole.weights[-1] == 0.0  # neighbours that are not there predict nothing
