from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sentences import is_sentence

from governance.evaluations.calibration import Calibration
from governance.evidence import Outcome
from governance.modelling.results import Results

Make = Callable[..., Results]


def binary(rows: int, slope: float, seed: int = 0) -> tuple:
    rng = np.random.default_rng(seed)
    logit = rng.normal(0, 2, rows)
    stated = 1 / (1 + np.exp(-logit))
    label = (rng.random(rows) < 1 / (1 + np.exp(-slope * logit))).astype(np.int64)
    return label, (stated > 0.5).astype(np.int64), np.stack([1 - stated, stated], axis=1)


def several(rows: int, sharpness: float, seed: int = 0) -> tuple:
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 1.5, (rows, 4))
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    label = (rng.random(rows)[:, None] > true.cumsum(axis=1)).sum(axis=1)
    stated = np.exp(sharpness * logits)
    stated /= stated.sum(axis=1, keepdims=True)
    return label, stated.argmax(axis=1), stated


def value(answer: object, name: str) -> float:
    return next(one.value for one in answer.metrics if one.name == name)


def test_calibrated_and_overconfident(make_results: Make) -> None:
    good = Calibration().run(make_results({"train": binary(300, 1), "test": binary(600, 1, 1)}))
    assert good.outcome is Outcome.ASSESSED
    assert good.findings == ()
    bad = Calibration().run(make_results({"train": binary(300, 1), "test": binary(600, 0.4, 1)}))
    assert [one.rule for one in bad.findings] == ["calibration/miscalibrated"]
    assert bad.findings[0].message.startswith("Predicted probabilities differ")
    assert is_sentence(bad.findings[0].message)
    assert value(bad, "expected_calibration_error") > value(bad, "noticeable_error")
    (threshold,) = [metric for metric in bad.metrics if metric.name == "noticeable_error"]
    assert threshold.better == "neither", "a threshold is no performance"
    assert value(bad, "calibration_slope") == pytest.approx(0.4, abs=0.12)
    assert value(good, "calibration_slope") == pytest.approx(1, abs=0.25)


def test_several_classes(make_results: Make) -> None:
    names = ("a", "b", "c", "d")
    good = Calibration().run(make_results({"train": several(300, 1), "test": several(800, 1, 1)}, classes=names))
    assert good.findings == ()
    bad = Calibration().run(make_results({"train": several(300, 1), "test": several(800, 3, 1)}, classes=names))
    assert [one.rule for one in bad.findings] == ["calibration/miscalibrated"]
    assert value(bad, "mean_overstatement") > 0.1
    assert not any(one.name == "calibration_slope" for one in bad.metrics)


def test_false_alarms_stay_below_the_set_rate(make_results: Make) -> None:
    evaluation = Calibration(draws=200, false_alarm_rate=0.05, tolerance=0)
    alarms = sum(
        bool(evaluation.run(make_results({"train": binary(60, 1), "test": binary(200, 1, seed)})).findings)
        for seed in range(200)
    )
    assert alarms / 200 <= 0.09


def test_an_error_below_the_tolerance_is_not_reported(make_results: Make) -> None:
    results = make_results({"train": binary(300, 1), "test": binary(19_000, 0.93, 1)})
    assert Calibration(tolerance=0).run(results).findings
    assert not Calibration().run(results).findings


def test_grouped_rows_need_more_to_be_reported(make_results: Make) -> None:
    label, predicted, probabilities = binary(60, 0.7, 5)
    test = (np.repeat(label, 10), np.repeat(predicted, 10), np.repeat(probabilities, 10, axis=0))
    blind = Calibration().run(make_results({"train": binary(60, 1), "test": test}))
    units = np.repeat(np.arange(60), 10)
    tied = Calibration().run(make_results({"train": binary(60, 1), "test": test}, units=units))
    assert blind.findings
    assert not tied.findings


def test_what_cannot_be_asked(make_results: Make) -> None:
    numbers = (np.arange(60.0), np.arange(60.0), None)
    answer = Calibration().run(make_results({"train": numbers, "test": numbers}, classes=None))
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "task_regression")
    label, predicted, _ = binary(100, 1)
    bare = (label, predicted, None)
    answer = Calibration().run(make_results({"train": bare, "test": bare}))
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "no_probabilities")
    answer = Calibration().run(make_results({"all": binary(100, 1)}, held_out=(), fitted_on="all"))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "no_held_out_split")
    answer = Calibration().run(make_results({"train": binary(100, 1), "test": binary(49, 1)}))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "too_few_rows")


def test_one_certain_probability_for_all(make_results: Make) -> None:
    probabilities = np.tile([0.0, 1.0], (80, 1))
    constant = (np.ones(80, dtype=np.int64), np.ones(80, dtype=np.int64), probabilities)
    answer = Calibration().run(make_results({"train": constant, "test": constant}))
    assert answer.outcome is Outcome.ASSESSED
    assert value(answer, "expected_calibration_error") == 0
    assert value(answer, "calibration_slope") is None


def test_the_table_is_what_the_figure_draws(make_results: Make) -> None:
    answer = Calibration(bins=5).run(make_results({"train": binary(300, 1), "test": binary(500, 1, 1)}))
    table, figure = answer.tables[0], answer.figures[0]
    assert figure.table == table.name
    assert {figure.x, *figure.y} <= set(table.columns)
    assert sum(row[1] for row in table.rows) == 500
    assert len(table.rows) == 5
