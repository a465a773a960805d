"""Copies of the target that a coding, gaps, a rare class or a unit hide; and features that tell one class of several."""

import numpy as np
import polars as pl
import pytest

from governance.audits.leakage import Leakage
from governance.dataset import Split, Task
from governance.evidence import Level
from governance.testing import make_snapshot

ROWS = 600


def warned(folder, frame, task=Task.CLASSIFICATION):
    """Warnings and errors about features, by column; what is said of identifiers aside, which strings may look like."""
    answer = Leakage().run(make_snapshot(folder, frame, target="y", task=task, split=Split()))
    found = [f for f in answer.findings if f.rule != "leakage/identifier_predicts"]
    return {f.columns: f for f in found if f.level is not Level.NOTE}


def classes(share, rows=ROWS, seed=0):
    """Honest features of a little skill, and class numbers in these shares."""
    rng = np.random.default_rng(seed)
    label = rng.choice(len(share), rows, p=share)
    features = pl.DataFrame(rng.normal(0.5 * label[:, None], 1.0, (rows, 4)).round(3), schema=list("abcd"))
    return features.with_columns(y=pl.Series([f"class {c}" for c in label])), label, rng


def prices(seed=0):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(ROWS, 4))
    price = (100 + 10 * features.sum(axis=1) + 25 * rng.normal(size=ROWS)).round(2)
    return pl.DataFrame(features.round(3), schema=list("abcd")).with_columns(y=pl.Series(price)), price, rng


@pytest.mark.parametrize("strings", [False, True])
def test_a_value_that_is_missing_for_one_class_of_three(tmp_path, strings):
    frame, label, rng = classes([0.4, 0.3, 0.3])
    values = [f"v{n}" for n in rng.integers(0, 4, ROWS)] if strings else rng.normal(size=ROWS).round(2).tolist()
    shown = [None if c == 1 else value for c, value in zip(label, values, strict=True)]
    found = warned(tmp_path, frame.with_columns(visit=pl.Series(shown)))
    assert list(found) == [("visit",)]
    assert found[("visit",)].rule == "leakage/predicts_target"
    assert "one class from all others" in found[("visit",)].message


def test_one_column_for_each_of_three_classes(tmp_path):
    frame, label, _ = classes([0.4, 0.3, 0.3])
    hot = {f"is_{c}": pl.Series((label == c).astype(int)) for c in range(3)}
    assert set(warned(tmp_path, frame.with_columns(**hot))) == {("is_0",), ("is_1",), ("is_2",)}


def test_a_level_that_one_class_of_three_has(tmp_path):
    frame, label, rng = classes([0.4, 0.3, 0.3])
    code = [7 if c == 1 else int(level) for c, level in zip(label, rng.integers(0, 5, ROWS), strict=True)]
    assert set(warned(tmp_path, frame.with_columns(code=pl.Series([f"c{c}" for c in code])))) == {("code",)}


def test_a_number_that_is_larger_in_one_class_of_three_is_no_leak(tmp_path):
    frame, label, rng = classes([0.4, 0.3, 0.3])
    assert (
        warned(tmp_path, frame.with_columns(size=pl.Series((5 * (label == 1) + rng.normal(size=ROWS)).round(3)))) == {}
    )


def test_a_class_that_all_features_tell_is_no_leak(tmp_path):
    frame, label, rng = classes([0.4, 0.3, 0.3])
    easy = {f"size{n}": pl.Series((6 * (label == 1) + rng.normal(size=ROWS)).round(3)) for n in range(3)}
    assert warned(tmp_path, frame.with_columns(**easy)) == {}


def test_a_copy_of_a_rare_answer(tmp_path):
    frame, label, _ = classes([0.985, 0.015], rows=1200)
    assert 10 <= label.sum() <= 25
    found = warned(tmp_path, frame.with_columns(code=pl.Series(np.where(label == 1, "T", "F"))))
    assert found[("code",)].rule == "leakage/repeats_target"
    assert found[("code",)].level is Level.ERROR


def test_a_copy_of_a_number_with_gaps(tmp_path):
    frame, price, rng = prices()
    copy = [None if gone else 3 * p + 5 for p, gone in zip(price, rng.random(ROWS) < 0.3, strict=True)]
    found = warned(tmp_path, frame.with_columns(copy=pl.Series(copy)), Task.REGRESSION)
    assert found[("copy",)].rule == "leakage/repeats_target"
    assert "has no value in others" in found[("copy",)].message


@pytest.mark.parametrize("form", ["{:.2f} EUR", "$ {:,.2f}"])
def test_a_number_written_with_its_unit(tmp_path, form):
    frame, price, _ = prices()
    written = [form.format(100 * value) for value in price]
    found = warned(tmp_path, frame.with_columns(written=pl.Series(written)), Task.REGRESSION)
    assert found[("written",)].rule == "leakage/repeats_target"


def test_bands_that_the_target_was_cut_into(tmp_path):
    frame, price, _ = prices()
    band = np.searchsorted(np.quantile(price, [0.2, 0.4, 0.6, 0.8]), price)
    found = warned(tmp_path, frame.with_columns(band=pl.Series([f"b{(n * 7) % 5}" for n in band])), Task.REGRESSION)
    assert found[("band",)].rule == "leakage/predicts_target"
    assert "do not overlap" in found[("band",)].message


def test_a_reason_that_is_none_for_one_class_and_many_things_for_the_other(tmp_path):
    """Most values hardly repeat, and still it says all: the one that does stands in all rows of one class."""
    frame, label, rng = classes([0.5, 0.5])
    reason = ["none" if c == 0 else f"moved {rng.integers(1, 2000)} km" for c in label]
    found = warned(tmp_path, frame.with_columns(reason=pl.Series(reason)))
    assert list(found) == [("reason",)]
    assert found[("reason",)].rule == "leakage/repeats_target"


def test_bands_of_a_target_with_a_long_tail(tmp_path):
    """Hardly two of the highest values share a band, and squares see little else."""
    frame, _, rng = prices()
    price = (100 * np.exp(rng.normal(size=ROWS) * 1.4)).round(2)
    band = [f"from {int(p // 50) * 50} to {int(p // 50) * 50 + 50}" for p in price]
    assert set(warned(tmp_path, frame.with_columns(y=pl.Series(price), band=pl.Series(band)), Task.REGRESSION)) == {
        ("band",)
    }
    shuffled = pl.Series(rng.permutation(np.array(band)))
    assert warned(tmp_path, frame.with_columns(y=pl.Series(price), band=shuffled), Task.REGRESSION) == {}


@pytest.mark.parametrize(
    "make", [lambda a, n: f"{'KQ'[a]}{n:03d}", lambda a, n: f"{n:03d}-{a}", lambda a, n: f"D{2 * n + a}"]
)
def test_a_part_of_codes_that_hardly_repeat_gives_the_label_away(tmp_path, make):
    rng = np.random.default_rng(11)
    label = rng.integers(0, 2, 800)
    frame = pl.DataFrame(rng.normal(0.5 * label[:, None], 1.0, (800, 4)), schema=list("abcd")).with_columns(
        code=pl.Series([make(a, n) for a, n in zip(label, rng.integers(0, 150, 800), strict=True)]),
        other=pl.Series([f"{'XY'[n % 2]}{n:03d}" for n in rng.integers(0, 300, 800)]),
        y=pl.Series([f"class {c}" for c in label]),
    )
    assert list(warned(tmp_path, frame)) == [("code",)]
