from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sentences import is_sentence

from governance.audit import Answer
from governance.evaluations.performance import Performance
from governance.evidence import Level, Metric, Outcome
from governance.modelling.results import Results

Make = Callable[..., Results]


def classified(rows: int, right: float, seed: int = 0, share: float = 0.4, classes: int = 2) -> tuple:
    rng = np.random.default_rng(seed)
    label = (rng.random(rows) < share).astype(np.int64) if classes == 2 else rng.integers(0, classes, rows)
    predicted = np.where(rng.random(rows) < right, label, (label + 1) % classes)
    probabilities = np.full((rows, classes), 0.3 / (classes - 1))
    probabilities[np.arange(rows), predicted] = 0.7
    return label, predicted, probabilities


def metric(answer: Answer, name: str, group: str = "test") -> Metric:
    return next(one for one in answer.metrics if one.name == name and one.group == group)


def rules(answer: Answer) -> dict[str, Level]:
    assert all(is_sentence(one.message) for one in answer.findings)
    return {one.rule: one.level for one in answer.findings}


def test_a_good_model_has_scores_and_no_finding(make_results: Make) -> None:
    answer = Performance().run(make_results({"train": classified(400, 0.9), "test": classified(200, 0.9, 1)}))
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    accuracy = metric(answer, "accuracy")
    assert accuracy.low is not None
    assert accuracy.high is not None
    assert accuracy.low < 0.9 < accuracy.high
    assert accuracy.n == 200
    assert answer.units is not None
    assert answer.units.evaluated == 200
    assert metric(answer, "accuracy", "train").note == "on the rows that the model was fitted on"
    assert {table.name for table in answer.tables} == {"model", "classes", "confusion"}
    assert answer.figures[0].kind == "heatmap"
    confusion = next(table for table in answer.tables if table.name == "confusion")
    assert sum(row[2] for row in confusion.rows) == 200


def test_worse_than_the_baseline_is_an_error(make_results: Make) -> None:
    answer = Performance().run(make_results({"train": classified(400, 0.4), "test": classified(300, 0.3, 1, 0.3)}))
    assert rules(answer)["performance/baseline_not_beaten"] is Level.ERROR


def test_same_as_the_baseline_is_a_warning(make_results: Make) -> None:
    label = classified(300, 1, share=0.3)[0]
    constant = (label, np.zeros(300, dtype=np.int64), None)
    answer = Performance().run(make_results({"train": constant, "test": constant}))
    assert rules(answer) == {"performance/baseline_not_beaten": Level.WARNING}


def test_a_rare_class_found_is_a_note(make_results: Make) -> None:
    """Few positives, most of them found at the price of as many false alarms: accuracy is no better for it."""
    label = np.zeros(1000, dtype=np.int64)
    label[:40] = 1
    predicted = label.copy()
    predicted[:8], predicted[500:535] = 0, 1
    answer = Performance().run(make_results({"train": (label, predicted, None), "test": (label, predicted, None)}))
    assert rules(answer) == {"performance/baseline_not_beaten": Level.NOTE}


def test_much_better_on_train(make_results: Make) -> None:
    answer = Performance().run(make_results({"train": classified(500, 1.0), "test": classified(300, 0.75, 1)}))
    assert rules(answer) == {"performance/much_better_on_train": Level.WARNING}
    tolerant = Performance(gap_tolerance=0.3)
    assert tolerant.run(make_results({"train": classified(500, 1.0), "test": classified(300, 0.75, 1)})).findings == ()


def test_a_gap_that_few_rows_cannot_show_is_not_reported(make_results: Make) -> None:
    label = np.array([0, 1] * 6)
    predicted = label.copy()
    predicted[:2] = 1 - predicted[:2]
    answer = Performance().run(make_results({"train": classified(500, 1.0), "test": (label, predicted, None)}))
    assert metric(answer, "accuracy").value == pytest.approx(10 / 12)
    assert "performance/much_better_on_train" not in rules(answer)


def test_without_a_held_out_split_it_cannot_be_told(make_results: Make) -> None:
    answer = Performance().run(make_results({"all": classified(200, 0.9)}, held_out=(), fitted_on="all"))
    assert answer.outcome is Outcome.INCONCLUSIVE
    assert answer.code == "no_held_out_split"
    assert "fitted on" in metric(answer, "accuracy", "all").note


def test_every_held_out_split_is_judged(make_results: Make) -> None:
    bad = (np.array([0, 1] * 50), np.array([1, 0] * 50), None)
    parts = {"train": classified(300, 0.9), "validation": bad, "test": classified(200, 0.9, 1)}
    answer = Performance().run(make_results(parts, held_out=("validation", "test")))
    assert {(one.rule, one.split) for one in answer.findings} >= {("performance/baseline_not_beaten", "validation")}
    assert not any(one.split == "test" for one in answer.findings)


def test_regression(make_results: Make) -> None:
    rng = np.random.default_rng(0)
    label = rng.normal(50, 10, 300)
    good = {"train": (label, label + rng.normal(0, 3, 300), None), "test": (label[:90], label[:90] + 2, None)}
    answer = Performance().run(make_results(good, classes=None))
    assert answer.findings == ()
    assert metric(answer, "mean_absolute_error").value == pytest.approx(2)
    assert metric(answer, "mean_absolute_error").unit == "mg"
    assert metric(answer, "mean_error").value == pytest.approx(2)
    useless = {"train": good["train"], "test": (label[:90], rng.permutation(label)[:90], None)}
    found = rules(Performance().run(make_results(useless, classes=None)))
    assert found["performance/baseline_not_beaten"] is Level.ERROR
    assert found["performance/much_better_on_train"] is Level.WARNING


def test_many_classes_show_only_the_most_frequent_confusions(make_results: Make) -> None:
    names = tuple(f"c{i:02}" for i in range(30))
    answer = Performance(draws=200).run(
        make_results(
            {"train": classified(3000, 0.9, classes=30), "test": classified(2000, 0.8, 1, classes=30)}, classes=names
        )
    )
    confusion = next(table for table in answer.tables if table.name == "confusion")
    assert len(confusion.rows) == 20
    assert "most frequent of 30" in confusion.caption
    assert answer.figures == ()


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_few_rows_do_not_crash(make_results: Make, rows: int) -> None:
    answer = Performance().run(make_results({"train": classified(50, 0.9), "test": classified(rows, 1.0, 3)}))
    assert answer.outcome is Outcome.ASSESSED
    numbers = (np.arange(float(rows)), np.arange(float(rows)), None)
    train = (np.arange(20.0), np.arange(20.0) + 1, None)
    assert Performance().run(make_results({"train": train, "test": numbers}, classes=None)).metrics


def test_groups_are_the_units(make_results: Make) -> None:
    label, predicted, probabilities = classified(40, 0.8)
    test = (np.repeat(label, 5), np.repeat(predicted, 5), np.repeat(probabilities, 5, axis=0))
    blind = Performance().run(make_results({"train": classified(300, 0.8), "test": test}))
    units = np.repeat(np.arange(40), 5)
    tied = Performance().run(make_results({"train": classified(300, 0.8), "test": test}, units=units))
    for name in ("accuracy", "balanced_accuracy", "macro_f1", "roc_auc", "log_loss", "brier_score"):
        one, other = metric(blind, name), metric(tied, name)
        assert other.independent_units == 40
        assert other.high - other.low > 1.5 * (one.high - one.low), name


def test_same_bytes_twice(make_results: Make) -> None:
    results = make_results({"train": classified(200, 0.9), "test": classified(100, 0.9, 1)})
    assert repr(Performance().run(results)) == repr(Performance().run(results))


def test_splits_that_the_model_has_not_seen_come_first_and_test_before_all(make_results: Make) -> None:
    parts = {name: classified(200, 0.9, seed) for seed, name in enumerate(("train", "valid", "test"))}
    answer = Performance().run(make_results(parts))
    assert list(dict.fromkeys(metric.group for metric in answer.metrics)) == ["test", "valid", "train"]
