import dataclasses

import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audits.leakage import Leakage
from governance.dataset import ColumnType, Split, Task
from governance.reporting.labelled_sample import labelled_sample
from governance.reporting.telling_identifiers import identifier_columns, telling_identifiers
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot


def answer_of(folder, frame):
    snapshot = make_snapshot(
        folder, frame, target="y", task=Task.CLASSIFICATION, split=Split(method="ratio", test=0.25)
    )
    unlabelled = snapshot.manifest.model_copy(update={"target": None, "task": Task.NONE})
    compute_signals(dataclasses.replace(snapshot, manifest=unlabelled), folder / "signals")
    return ask(Leakage(), dataclasses.replace(snapshot, signals_folder=folder / "signals"))


SYLLABLES = [[one + other + "n" for one in "bdfgklmnprst" for other in "aeiou"] * 10] * 2


def table(rows, seed):
    random = np.random.default_rng(seed)
    label = random.integers(0, 2, rows)
    frame = pl.DataFrame(random.normal(0.8 * label[:, None], 1.0, (rows, 6)), schema=list("abcdef"))
    return frame.with_columns(y=pl.Series([f"class {one}" for one in label])), label


def numbered(ends, seed=0, rows=600):
    """Account numbers of six digits far apart, which end as `ends` says of the labels."""
    frame, label = table(rows, seed)
    random = np.random.default_rng(seed + 1)
    account = random.choice(np.arange(10_000, 100_000), rows, replace=False) * 10 + ends(random, label)
    return frame.with_columns(account=pl.Series(account))


def test_numbers_far_apart_whose_last_digit_tells_the_class_are_named(tmp_path):
    answer = answer_of(tmp_path, numbered(lambda random, label: 2 * random.integers(0, 5, label.size) + label))
    (finding,) = [one for one in answer.findings if one.rule == "leakage/identifier_predicts"]
    assert finding.columns == ("account",)


@pytest.mark.parametrize("seed", range(3))
def test_large_numbers_that_predict_by_their_size_are_features(tmp_path, seed):
    frame, label = table(600, seed)
    random = np.random.default_rng(seed)
    income = np.exp(10 + random.normal(0.8 * label, 1.0, 600)).astype(np.int64)
    whole = frame.with_columns(
        income=pl.Series(income), honest=numbered(lambda r, one: r.integers(10, size=one.size))["account"]
    )
    assert answer_of(tmp_path, whole).findings == ()


def test_the_order_of_words_is_no_order_of_rows_and_that_of_numbered_names_is(tmp_path):
    frame, label = table(600, 4)
    random = np.random.default_rng(5)
    verbs = np.where(label == 1, "wait for", "call")
    words = [
        f"{verb} {one} {other}" for verb, one, other in zip(verbs, *random.permuted(SYLLABLES, axis=1), strict=True)
    ]
    numbers = [f"row {10_000 * one + place} of list" for place, one in enumerate(label)]
    frame = frame.with_columns(note=pl.Series(words), name=pl.Series(numbers))
    snapshot = make_snapshot(
        tmp_path, frame, target="y", task=Task.CLASSIFICATION, types=dict.fromkeys(("note", "name"), ColumnType.STRING)
    )
    samples = labelled_sample(snapshot)
    named = identifier_columns(snapshot)
    assert [column.name for column in named] == ["note", "name"]
    assert [name for name, _, _ in telling_identifiers([samples], named)] == ["name"]
