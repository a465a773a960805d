"""Codes that are written as numbers, dates or many levels, and numbers that give one class of several away."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from governance.audits.leakage import Leakage
from governance.dataset import Split, Task
from governance.evidence import Level
from governance.testing import make_snapshot

ROWS = 1500


def ask(folder, frame):
    return Leakage().run(make_snapshot(folder, frame, target="y", task=Task.CLASSIFICATION, split=Split()))


def table(seed, shares):
    """Honest features of some skill, of classes with such shares of the rows."""
    rng = np.random.default_rng(seed)
    label = rng.choice(len(shares), ROWS, p=shares)
    features = rng.normal(rng.normal(0, 0.6, (len(shares), 6))[label], 1.0)
    frame = pl.DataFrame(features, schema=[f"x{i}" for i in range(6)])
    return frame.with_columns(y=pl.Series([f"class {c}" for c in label])), label, rng


def wrong(rng, label, share=0.02):
    """`label` with this share of the rows moved to another class."""
    given, classes = label.copy(), int(label.max()) + 1
    moved = rng.choice(label.size, round(share * label.size), replace=False)
    given[moved] = (given[moved] + rng.integers(1, classes, moved.size)) % classes
    return given


def warned(answer):
    return {column for f in answer.findings if f.level is not Level.NOTE for column in f.columns}


CODINGS = {
    "two levels": lambda rng, c: np.array(["A", "B"])[c],
    "many levels": lambda rng, c: [f"{'AB'[k]}{rng.integers(10)}" for k in c],
    "a number with noise": lambda rng, c: 40 * c + rng.normal(0, 6, ROWS),
    "two numbers, a little noise": lambda rng, c: c + rng.uniform(-0.2, 0.2, ROWS),
    "far apart": lambda rng, c: 1000 * c + rng.normal(0, 0.5, ROWS),
    "dates": lambda rng, c: [dt.date(2024, 1, 1) + dt.timedelta(days=int(100 * k + rng.integers(20))) for k in c],
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("share", [0.12, 0.5])
def test_a_noisy_copy_is_warned_of_in_every_coding(tmp_path, coding, share):
    frame, label, rng = table(1, [1 - share, share])
    answer = ask(tmp_path, frame.with_columns(leak=pl.Series(CODINGS[coding](rng, wrong(rng, label)))))
    assert warned(answer) == {"leak"}


@pytest.mark.parametrize("noise", [0.0, 0.02])
@pytest.mark.parametrize("number", range(4))
def test_a_number_that_gives_one_class_away(tmp_path, number, noise):
    frame, label, rng = table(2, [0.5, 0.28, 0.15, 0.07])
    own = wrong(rng, label, noise) == number
    answer = ask(tmp_path, frame.with_columns(assay=30 * own + pl.Series(rng.normal(0, 4, ROWS))))
    assert warned(answer) == {"assay"}
    (finding,) = answer.findings
    assert "alone tells one class from all others nearly without error" in finding.message


def test_a_kind_that_is_larger_than_all_others_in_a_number_that_tells_those_too_is_a_note(tmp_path):
    frame, label, rng = table(3, [0.3, 0.25, 0.25, 0.2])
    size = np.array([0.0, 0.5, 1.2, 14.0])[label] + rng.normal(0, 1, ROWS)
    answer = ask(tmp_path, frame.with_columns(size=pl.Series(size)))
    assert warned(answer) == set()
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.columns) == ("leakage/strong_feature", Level.NOTE, ("size",))
    assert "tells one class from all others" in finding.message
    assert "Is it known when the model is used?" in finding.message


def test_a_kind_that_other_features_tell_too_is_nothing(tmp_path):
    frame, label, rng = table(4, [0.4, 0.3, 0.3])
    sizes = {f"size{i}": 12 * (label == 2) + rng.normal(0, 1, ROWS) for i in range(2)}
    assert ask(tmp_path, frame.with_columns(**sizes)).findings == ()
