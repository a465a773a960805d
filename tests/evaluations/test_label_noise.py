"""What wrong labels leave of a reported accuracy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from sentences import is_sentence

from governance.audit import Answer
from governance.evaluations.label_noise import LabelNoise
from governance.evidence import Level, Metric, Outcome
from governance.modelling.results import Results

Make = Callable[..., Results]
REVIEWED = Metric(
    name="reviewed_noise_rate", value=0.04, low=0.02, high=0.08, n=200, interval="95 % exact", unit="share"
)
ESTIMATED = Metric(name="estimated_noise_rate", value=0.1, n=5000, unit="share")


def asked(make_results: Make, right: float, *noise: Metric, rows: int = 1000, classes: int = 2) -> Answer:
    label = np.arange(rows) % classes
    predicted = np.where(np.arange(rows) < right * rows, label, (label + 1) % classes)
    names = tuple("abcdefgh"[:classes])
    results = make_results({"test": (label, predicted, None)}, classes=names)
    return LabelNoise().run(replace(results, label_noise=noise))


def value(answer: Answer, name: str, group: str = "") -> Metric:
    return next(m for m in answer.metrics if m.name == name and (not group or m.group == group))


def test_measured_noise_gives_ranges_with_intervals(make_results: Make) -> None:
    answer = asked(make_results, 0.9, REVIEWED, ESTIMATED)
    assert answer.outcome is Outcome.ASSESSED
    reported = value(answer, "reported_accuracy")
    assert reported.value == pytest.approx(0.9)
    assert value(answer, "noise_rate").value == 0.04
    assert value(answer, "true_accuracy_lowest").value == pytest.approx(reported.low - 0.08)
    assert value(answer, "true_accuracy_highest").value == pytest.approx(min(1, reported.high + 0.08))
    even = value(answer, "true_accuracy", "even noise")
    assert even.value == pytest.approx((0.9 - 0.04) / (1 - 0.08))
    assert even.low < even.value < even.high
    assert "90 % or more" in even.interval
    assert "any noise" in {m.group for m in answer.metrics}


def test_a_model_that_repeats_the_errors(make_results: Make) -> None:
    noisy = REVIEWED.model_copy(update={"value": 0.1, "low": 0.07, "high": 0.14})
    (found,) = asked(make_results, 0.99, noisy).findings
    assert is_sentence(found.message)
    assert (found.rule, found.level) == ("label_noise/better_than_labels", Level.WARNING)


def test_noise_that_says_more_than_chance(make_results: Make) -> None:
    (found,) = asked(make_results, 0.9, REVIEWED).findings
    assert is_sentence(found.message)
    assert (found.rule, found.level) == ("label_noise/limits_the_score", Level.NOTE)
    little = REVIEWED.model_copy(update={"value": 0.001, "low": 0.0, "high": 0.005})
    assert asked(make_results, 0.9, little).findings == ()


def test_an_estimate_leaves_the_interval_of_the_score(make_results: Make) -> None:
    answer = asked(make_results, 0.8, ESTIMATED)
    assert answer.findings == (), "an estimate by a model accuses nobody"
    reported, even = value(answer, "reported_accuracy"), value(answer, "true_accuracy", "even noise")
    assert even.low < even.value < even.high  # type: ignore[operator]
    assert "estimate" in even.note
    assert "estimated" in even.interval
    lowest, highest = value(answer, "true_accuracy_lowest"), value(answer, "true_accuracy_highest")
    assert lowest.value == pytest.approx(reported.low - 0.1)
    assert highest.value == pytest.approx(reported.high + 0.1)
    assert "estimated" in lowest.meaning
    assert "90 %" not in lowest.meaning


def test_no_estimated_noise_is_no_certainty_about_the_score(make_results: Make) -> None:
    answer = asked(make_results, 0.95, ESTIMATED.model_copy(update={"value": 0.0}))
    reported = value(answer, "reported_accuracy")
    lowest, highest = value(answer, "true_accuracy_lowest"), value(answer, "true_accuracy_highest")
    assert (lowest.value, highest.value) == (reported.low, reported.high)


def test_too_few_judged_labels_leave_the_estimate(make_results: Make) -> None:
    few = REVIEWED.model_copy(update={"n": 10})
    assert value(asked(make_results, 0.9, few, ESTIMATED), "noise_rate").value == 0.1


def test_noise_beyond_what_says_anything(make_results: Make) -> None:
    wild = REVIEWED.model_copy(update={"value": 0.5, "low": 0.4, "high": 0.6})
    even = value(asked(make_results, 0.5, wild), "true_accuracy", "even noise")
    assert even.value is None
    assert "say nothing" in even.note


@pytest.mark.parametrize("classes", [2, 5])
def test_more_classes_leave_more(make_results: Make, classes: int) -> None:
    even = value(asked(make_results, 0.8, REVIEWED, classes=classes), "true_accuracy", "even noise")
    assert even.value == pytest.approx((0.8 - 0.04 / (classes - 1)) / (1 - 0.04 * classes / (classes - 1)))


def test_what_cannot_be_told(make_results: Make) -> None:
    assert asked(make_results, 0.9).code == "no_noise_rate"
    assert asked(make_results, 0.9, ESTIMATED.model_copy(update={"value": None})).code == "no_noise_rate"
    assert asked(make_results, 0.9, REVIEWED, rows=20).code == "too_few_rows"
    label = np.zeros(100)
    numbers = make_results({"test": (label, label, None)}, classes=None)
    assert LabelNoise().run(numbers).code == "task_regression"
    assert (
        LabelNoise().run(make_results({"train": (label.astype(int),) * 2 + (None,)}, held_out=())).code
        == "no_held_out_split"
    )
