"""Features that tell much, though not nearly all, and far more than any other; and targets with rare classes."""

import numpy as np
import polars as pl
import pytest

from governance.audits.leakage import Leakage
from governance.dataset import Split, Task
from governance.evidence import Level
from governance.testing import make_snapshot

ROWS = 2000


def ask(folder, frame, task=Task.CLASSIFICATION):
    return Leakage().run(make_snapshot(folder, frame, target="y", task=task, split=Split()))


def patients(seed=0):
    """Honest features of little skill, and answers of which days in hospital tell all but 5 %."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, ROWS)
    features = rng.normal(0.4 * label[:, None], 1.0, (ROWS, 4))
    said = np.where(rng.random(ROWS) < 0.05, 1 - label, label)
    days = np.where(said == 1, rng.integers(8, 31, ROWS), rng.integers(0, 6, ROWS))
    frame = pl.DataFrame(features, schema=list("abcd")).with_columns(days=pl.Series(days))
    return frame, label, rng


def spelled(label, rng):
    """Two answers, each written in two or three ways: the odd ones in 1 % of the rows each."""
    answer = np.array(["no", "yes"], dtype=object)[label]
    for number, odd in enumerate([" no", "Yes", "JA"]):
        place = rng.choice(np.flatnonzero(label == min(number, 1)), ROWS // 100, replace=False)
        answer[place] = odd
    return pl.Series("y", answer.tolist())


def notes(answer):
    return [f for f in answer.findings if f.rule == "leakage/strong_feature"]


def test_a_feature_that_stands_alone_is_a_note_that_asks_when_it_is_known(tmp_path):
    frame, label, _ = patients()
    answer = ask(tmp_path, frame.with_columns(y=pl.Series([f"c{c}" for c in label])))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.columns) == ("leakage/strong_feature", Level.NOTE, ("days",))
    assert finding.message.startswith("'days' alone explains 90% of what can be told about 'y' above chance, the next")
    assert "Is it known when the model is used?" in finding.message


def test_features_of_which_each_is_a_little_better_than_the_next_do_not_stand_alone(tmp_path):
    frame, label, rng = patients()
    second, third = (label + rng.normal(0, noise, ROWS) for noise in (0.43, 0.66))  # skills of about 0.75 and 0.55
    others = {"second": pl.Series(second), "third": pl.Series(third), "y": pl.Series([f"c{c}" for c in label])}
    assert ask(tmp_path, frame.with_columns(**others)).findings == ()


def test_what_is_made_from_a_feature_that_stands_alone_stands_alone_with_it(tmp_path):
    frame, label, _ = patients()
    bill = pl.col("days") * 1000.0 + pl.col("a")
    answer = ask(tmp_path, frame.with_columns(bill=bill, y=pl.Series([f"c{c}" for c in label])))
    (finding,) = notes(answer)
    assert finding.columns == ("bill", "days")
    assert "Are they known" in finding.message


def test_a_feature_that_stands_alone_for_a_number(tmp_path):
    rng = np.random.default_rng(1)
    features = rng.normal(size=(ROWS, 4))
    target = features.sum(axis=1) + rng.normal(size=ROWS)
    leak = target + rng.normal(0, 0.5 * target.std(), ROWS)
    frame = pl.DataFrame(features, schema=list("abcd")).with_columns(y=pl.Series(target), leak=pl.Series(leak))
    (finding,) = ask(tmp_path, frame, Task.REGRESSION).findings
    assert (finding.level, finding.columns) == (Level.NOTE, ("leak",))
    assert "of the variation of 'y'" in finding.message


def test_rare_spellings_of_an_answer_do_not_hide_what_stands_alone(tmp_path):
    frame, label, rng = patients()
    answer = ask(tmp_path, frame.with_columns(spelled(label, rng)))
    (finding,) = answer.findings
    assert (finding.level, finding.columns) == (Level.NOTE, ("days",))
    assert "(among the 2 frequent ones of 5 classes)" in finding.message
    assert next(m for m in answer.metrics if m.name == "best_single_feature").value == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("wrong", [0.0, 0.02])
def test_rare_spellings_of_an_answer_do_not_hide_a_copy_of_it(tmp_path, wrong):
    frame, label, rng = patients()
    code = np.where(rng.random(ROWS) < wrong, 1 - label, label)
    answer = ask(tmp_path, frame.drop("days").with_columns(spelled(label, rng), leak=pl.Series(code * 7 + 3)))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.columns) == ("leakage/repeats_target", Level.WARNING, ("leak",))
    assert finding.count < finding.of == ROWS


def test_rare_spellings_of_an_answer_do_not_hide_a_telling_identifier(tmp_path):
    frame, label, rng = patients()
    codes = [f"{'KQ'[c]}-{n:04d}" for c, n in zip(label.tolist(), rng.permutation(ROWS).tolist(), strict=True)]
    answer = ask(tmp_path, frame.drop("days").with_columns(spelled(label, rng), code=pl.Series(codes)))
    assert [(f.rule, f.columns) for f in answer.findings] == [("leakage/identifier_predicts", ("code",))]


def test_a_rare_class_is_still_counted_beside_the_frequent_ones(tmp_path):
    rng = np.random.default_rng(2)
    label = rng.choice(3, ROWS, p=[0.5, 0.48, 0.02])
    frame = pl.DataFrame(rng.normal(size=(ROWS, 4)), schema=list("abcd"))
    answer = ask(tmp_path, frame.with_columns(y=pl.Series([f"c{c}" for c in label]), leak=pl.Series(label * 7)))
    (finding,) = answer.findings
    assert (finding.level, finding.count) == (Level.ERROR, ROWS)


def test_where_the_next_best_is_good_too_it_counts_how_much_it_misses(tmp_path):
    frame, label, rng = patients()
    other = label + rng.normal(0, 0.66, ROWS)  # skill of about 0.55: more than half, and it misses four times as much
    answer = ask(tmp_path, frame.with_columns(other=pl.Series(other), y=pl.Series([f"c{c}" for c in label])))
    assert [f.columns for f in notes(answer)] == [("days",)]


@pytest.mark.parametrize("gaps", [0.1, 0.6])
@pytest.mark.parametrize("coding", [lambda c: f"v{c}", lambda c: 3.5 * c])
def test_a_copy_of_the_target_with_gaps(tmp_path, gaps, coding):
    frame, label, rng = patients()
    leak = [None if gap else coding(c) for gap, c in zip(rng.random(ROWS) < gaps, label.tolist(), strict=True)]
    answer = ask(tmp_path, frame.drop("days").with_columns(y=pl.Series([f"c{c}" for c in label]), leak=pl.Series(leak)))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.columns) == ("leakage/repeats_target", Level.WARNING, ("leak",))
    assert finding.count == ROWS - sum(value is None for value in leak)
    assert "has no value in others" in finding.message


def test_an_honest_feature_with_gaps_is_none(tmp_path):
    frame, label, rng = patients()
    said = np.where(rng.random(ROWS) < 0.12, 1 - label, label)
    leak = [None if gap else f"v{c}" for gap, c in zip(rng.random(ROWS) < 0.3, said.tolist(), strict=True)]
    answer = ask(tmp_path, frame.drop("days").with_columns(y=pl.Series([f"c{c}" for c in label]), leak=pl.Series(leak)))
    assert all(f.level is Level.NOTE for f in answer.findings)
