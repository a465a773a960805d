"""A model beside the one that was approved before: planted regressions are found, overall and hidden in a slice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sentences import is_sentence

from governance.audit import Answer
from governance.evaluations.comparison import Comparison
from governance.evidence import Level, Outcome
from governance.modelling.results import Results

Make = Callable[..., Results]


def metric(answer: Answer, name: str) -> object:
    return next(one for one in answer.metrics if one.name == name)


def with_approved(results: Results, harm: np.ndarray, keep: slice = slice(None)) -> Results:
    """`results` beside an approved model whose harm on the test rows was `harm`."""
    part = results.judged
    assert part is not None
    assert part.row_id is not None
    frame = pl.DataFrame({"row_id": part.row_id.tolist(), "split": "test", "harm": harm.astype(float)})
    return replace(results, approved=frame[keep])


def predictions(label: np.ndarray, mistakes: np.ndarray) -> tuple:
    return label, np.where(mistakes, 1 - label, label), None


def labels(rows: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2, rows)


def test_no_other_model_was_approved(make_results: Make) -> None:
    label = labels(200)
    answer = Comparison().run(make_results({"test": predictions(label, label < 0)}))
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "no_approved_model")


def test_a_worse_model_is_found(make_results: Make) -> None:
    rng = np.random.default_rng(1)
    before, after = rng.random(600) < 0.1, rng.random(600) < 0.2
    results = with_approved(make_results({"test": predictions(labels(600), after)}), before)
    answer = Comparison().run(results)
    assert answer.outcome is Outcome.ASSESSED
    assert {(f.rule, f.level) for f in answer.findings} >= {("comparison/worse_overall", Level.WARNING)}
    change = metric(answer, "accuracy_change")
    assert change.value == pytest.approx(before.mean() - after.mean())
    assert change.low < change.value < change.high < 0
    assert metric(answer, "accuracy").value == pytest.approx(1 - after.mean())
    assert metric(answer, "approved_accuracy").value == pytest.approx(1 - before.mean())


def test_a_better_model_is_not(make_results: Make) -> None:
    rng = np.random.default_rng(1)
    before, after = rng.random(600) < 0.2, rng.random(600) < 0.1
    answer = Comparison().run(with_approved(make_results({"test": predictions(labels(600), after)}), before))
    assert answer.findings == ()
    assert metric(answer, "accuracy_change").low > 0


def test_a_regression_that_the_average_hides(make_results: Make) -> None:
    """Better on the whole, worse for one group of people."""
    rng = np.random.default_rng(2)
    sex = np.array(["a"] * 700 + ["b"] * 150)
    before = rng.random(850) < 0.25
    after = np.where(sex == "a", rng.random(850) < 0.05, rng.random(850) < 0.6)
    results = make_results({"test": predictions(labels(850), after)}, sensitive={"sex": pl.Series(sex)})
    answer = Comparison().run(with_approved(results, before))
    (found,) = [f for f in answer.findings if f.subject == "sex = b"]
    assert is_sentence(found.message)
    assert (found.rule, found.columns) == ("comparison/worse_slice", ("sex",))
    assert "though on the whole it is not worse" in found.message
    assert not any(f.rule == "comparison/worse_overall" for f in answer.findings)
    table = answer.tables[0]
    assert [row[0] for row in table.rows][:2] == ["all rows in common", "sex = b"]


def test_a_class_that_is_lost(make_results: Make) -> None:
    rng = np.random.default_rng(3)
    label = np.array([0] * 800 + [1] * 100)
    before = rng.random(900) < 0.15
    after = np.where(label == 1, rng.random(900) < 0.6, rng.random(900) < 0.08)
    answer = Comparison().run(with_approved(make_results({"test": predictions(label, after)}), before))
    assert [(f.rule, f.subject) for f in answer.findings] == [("comparison/worse_slice", "class yes")]


def test_false_alarms_over_all_slices_keep_to_the_rate(make_results: Make) -> None:
    rng = np.random.default_rng(1000)
    alarms, runs = 0, 300
    for _ in range(runs):
        sex, age = rng.choice(["a", "b", "c"], 300), rng.integers(18, 90, 300)
        before, after = rng.random(300) < 0.2, rng.random(300) < 0.2
        results = make_results(
            {"test": predictions(rng.integers(0, 2, 300), after)},
            sensitive={"sex": pl.Series(sex), "age": pl.Series(age)},
        )
        alarms += bool(Comparison(tolerance=0).run(with_approved(results, before)).findings)
    assert alarms / runs < 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5


def test_numbers(make_results: Make) -> None:
    rng = np.random.default_rng(4)
    label = rng.normal(50, 10, 400)
    error, earlier = rng.normal(0, 3, 400), rng.normal(0, 2, 400)
    results = make_results({"test": (label, label + error, None)}, classes=None, unit="mg")
    answer = Comparison().run(with_approved(results, np.abs(earlier)))
    (found,) = answer.findings
    assert found.rule == "comparison/worse_overall"
    assert "Mean absolute error is" in found.message
    change = metric(answer, "mean_absolute_error_change")
    assert change.value == pytest.approx(np.abs(error).mean() - np.abs(earlier).mean())
    assert (change.unit, change.better) == ("mg", "lower")
    assert change.low > 0
    same = Comparison().run(with_approved(results, np.abs(error)))
    assert same.findings == ()
    assert metric(same, "noticeable_change").value is None


def test_rows_that_only_one_saw_are_left_out(make_results: Make) -> None:
    label = labels(500)
    after = np.arange(500) % 10 == 0
    results = make_results({"test": predictions(label, after)})
    answer = Comparison().run(with_approved(results, after, slice(100, 300)))
    assert answer.units is not None
    assert (answer.units.declared, answer.units.evaluated) == (500, 200)
    assert metric(answer, "accuracy").n == 200
    few = Comparison().run(with_approved(results, after, slice(0, 20)))
    assert (few.outcome, few.code) == (Outcome.INCONCLUSIVE, "too_few_rows")
    none = Comparison().run(with_approved(results, after, slice(0, 0)))
    assert (none.outcome, none.code) == (Outcome.INCONCLUSIVE, "too_few_rows")


def test_groups_are_the_units(make_results: Make) -> None:
    """All rows of a few people turn: as rows that would be a regression, as people it is four of forty."""
    units = np.repeat(np.arange(40), 10)
    before, after = np.zeros(400, bool), units < 3
    results = make_results({"test": predictions(labels(400), after)}, units=units)
    alone = make_results({"test": predictions(labels(400), after)})
    assert Comparison().run(with_approved(alone, before)).findings
    answer = Comparison().run(with_approved(results, before))
    assert answer.findings == ()
    assert metric(answer, "accuracy_change").independent_units == 40
    small = make_results({"test": predictions(labels(400), after)}, units=np.repeat(np.arange(20), 20))
    assert Comparison().run(with_approved(small, before)).code == "too_few_rows"


def test_small_slices_cannot_be_told(make_results: Make) -> None:
    rng = np.random.default_rng(5)
    sex = np.array(["a"] * 300 + ["b"] * 12)
    after = (sex == "b") | (rng.random(312) < 0.05)
    results = make_results({"test": predictions(labels(312), after)}, sensitive={"sex": pl.Series(sex)})
    answer = Comparison().run(with_approved(results, rng.random(312) < 0.05))
    assert next(row for row in answer.tables[0].rows if row[0] == "sex = b")[-1] == "cannot tell: too few rows"
    assert not any(f.subject == "sex = b" for f in answer.findings)


def test_private_levels_and_rare_classes_are_not_named(make_results: Make) -> None:
    rng = np.random.default_rng(6)
    sex = np.array(["canary-a"] * 300 + ["canary-b"] * 300)
    after = np.where(sex == "canary-b", rng.random(600) < 0.5, rng.random(600) < 0.05)
    results = make_results({"test": predictions(labels(600), after)}, sensitive={"sex": pl.Series(sex)}, private=True)
    answer = Comparison().run(with_approved(results, rng.random(600) < 0.05))
    assert answer.findings
    assert "canary" not in repr(answer)
