from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from sentences import is_sentence

from governance.audit import Answer
from governance.evaluations.slices import Slices
from governance.evidence import Level, Outcome
from governance.modelling.results import Results
from governance.reporting.slicing import slices

Make = Callable[..., Results]


def planted(rows: int, group: np.ndarray, right: dict[object, float], seed: int = 0) -> tuple:
    """Predictions that are right with a probability that hangs on the group."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, rows)
    chance = np.array([right[one] for one in group.tolist()])
    return label, np.where(rng.random(rows) < chance, label, 1 - label), None


def groups(answer: Answer) -> dict[str, tuple]:
    return {row[0]: row for row in next(one for one in answer.tables if one.name == "groups").rows}


def test_a_group_that_is_served_worse(make_results: Make) -> None:
    sex = np.array(["a"] * 400 + ["b"] * 200)
    test = planted(600, sex, {"a": 0.92, "b": 0.7})
    answer = Slices().run(
        make_results({"train": test, "test": test}, sensitive={"sex": pl.Series(sex)}, labels={"b": "second"})
    )
    assert answer.outcome is Outcome.ASSESSED
    finding = answer.findings[0]
    assert all(is_sentence(one.message) for one in answer.findings)
    assert (finding.rule, finding.level, finding.subject) == ("slices/worse_group", Level.WARNING, "sex = b (second)")
    assert finding.columns == ("sex",)
    assert groups(answer)["sex = a"][-1] == "no difference shown"
    gap = next(one for one in answer.metrics if one.name == "largest_gap")
    assert gap.value == pytest.approx(0.22, abs=0.08)
    assert "chance stays below" in gap.note


def test_a_pair_is_a_warning_unless_its_level_is_reported(make_results: Make) -> None:
    rng = np.random.default_rng(1)
    sex, region = rng.choice(["a", "b"], 1200), rng.choice(["n", "s"], 1200)
    pair = np.array([f"{x}{y}" for x, y in zip(sex, region, strict=True)])
    only_pair = planted(1200, pair, {"an": 0.95, "as": 0.95, "bn": 0.95, "bs": 0.78})
    columns = {"sex": pl.Series(sex), "region": pl.Series(region)}
    answer = Slices(tolerance=0.08).run(make_results({"train": only_pair, "test": only_pair}, sensitive=columns))
    found = {one.subject: one.level for one in answer.findings}
    assert found == {"sex = b and region = s": Level.WARNING}
    level = planted(1200, pair, {"an": 0.95, "as": 0.95, "bn": 0.6, "bs": 0.6})
    answer = Slices().run(make_results({"train": level, "test": level}, sensitive=columns))
    found = {one.subject: one.level for one in answer.findings}
    assert found["sex = b"] is Level.WARNING
    assert found["sex = b and region = s"] is Level.NOTE


@pytest.mark.parametrize("regression", [False, True])
def test_false_alarms_over_all_groups_stay_below_the_set_rate(make_results: Make, regression: bool) -> None:
    """No tolerance, three columns with no influence, pairs too: at most the set share of models is reported."""
    alarms = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        columns = {
            "one": pl.Series(rng.integers(0, 4, 400)),
            "two": pl.Series(rng.choice(["x", "y", "z"], 400)),
            "age": pl.Series(rng.integers(20, 80, 400)),
        }
        test = planted(400, np.zeros(400), {0.0: 0.85}, seed)
        if regression:
            label = rng.normal(size=400)
            test = (label, label + rng.normal(size=400), None)
        results = make_results(
            {"train": test, "test": test}, sensitive=columns, classes=None if regression else ("no", "yes")
        )
        answer = Slices(tolerance=0.0).run(results)
        alarms += any(one.rule == "slices/worse_group" for one in answer.findings)
    assert alarms / 150 <= 0.08


def test_groups_of_too_few_rows_cannot_be_told(make_results: Make) -> None:
    sex = np.array(["a"] * 300 + ["b"] * 20 + ["c"] * 3)
    test = planted(323, sex, {"a": 0.9, "b": 0.1, "c": 0.0})
    answer = Slices().run(make_results({"train": test, "test": test}, sensitive={"sex": pl.Series(sex)}))
    assert [one.rule for one in answer.findings] == ["slices/too_few_rows"]
    assert groups(answer)["sex = b"][-1] == "cannot tell"
    assert groups(answer)["sex: rare levels"][2:6] == (None, None, None, None)
    assert "sex = c" not in repr(answer)
    assert answer.units is not None
    assert (answer.units.declared, answer.units.evaluated) == (3, 1)


def test_all_groups_too_small_is_inconclusive(make_results: Make) -> None:
    sex = np.array(["a"] * 15 + ["b"] * 12)
    test = planted(27, sex, {"a": 0.9, "b": 0.5})
    answer = Slices().run(make_results({"train": test, "test": test}, sensitive={"sex": pl.Series(sex)}))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "too_few_rows")


def test_no_value_of_a_private_column_appears(make_results: Make) -> None:
    faith = np.array(["alpha", "beta", "gamma"] * 100)
    height = pl.Series(np.random.default_rng(0).normal(170.1234, 9, 300))
    test = planted(300, faith, {"alpha": 0.95, "beta": 0.95, "gamma": 0.5})
    answer = Slices().run(
        make_results(
            {"train": test, "test": test}, sensitive={"faith": pl.Series(faith), "height": height}, private=True
        )
    )
    text = repr(answer)
    assert "faith: level" in text
    assert "height: range 1 of 4" in text
    assert not any(word in text for word in ("alpha", "beta", "gamma", "170"))
    assert any(one.rule == "slices/worse_group" for one in answer.findings)


def test_what_cannot_be_asked(make_results: Make) -> None:
    test = planted(100, np.zeros(100), {0.0: 0.9})
    answer = Slices().run(make_results({"train": test, "test": test}))
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "no_sensitive_columns")
    sensitive = {"sex": pl.Series(["a", "b"] * 50)}
    answer = Slices().run(make_results({"all": test}, held_out=(), fitted_on="all", sensitive=sensitive))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "no_held_out_split")


def test_rates_of_two_classes(make_results: Make) -> None:
    label = np.array([1, 1, 0, 0] * 30)
    predicted = np.array([1, 0, 1, 0] * 15 + [1, 1, 0, 0] * 15)
    sex = pl.Series(["a"] * 60 + ["b"] * 60)
    answer = Slices().run(
        make_results({"train": (label, predicted, None), "test": (label, predicted, None)}, sensitive={"sex": sex})
    )
    rates = {row[0]: row[1:] for row in next(one for one in answer.tables if one.name == "rates").rows}
    assert rates["sex = a"] == (60, 0.5, 30, 0.5, 30, 0.5)
    assert rates["sex = b"] == (60, 0.5, 30, 1.0, 30, 0.0)


def labels_of(
    make_results: Make, values: pl.Series, ranges: int = 4, minimum: int = 10, **rest: object
) -> dict[str, int]:
    test = planted(values.len(), np.zeros(values.len()), {0.0: 0.9})
    results = make_results({"train": test, "test": test}, sensitive={"x": values}, **rest)
    return {one.label: one.rows.size for one in slices(results, results.parts[1], ranges, minimum)}


def test_ranges_are_round_open_and_of_about_equal_size(make_results: Make) -> None:
    age = pl.Series(np.random.default_rng(0).integers(18, 91, 1000))
    found = labels_of(make_results, age, unit="years")
    assert list(found) == [
        "x: below 37 years",
        "x: 37 to below 56 years",
        "x: 56 to below 73 years",
        "x: 73 years and above",
    ]
    assert all(180 < size < 320 for size in found.values())
    assert sum(found.values()) == 1000
    assert "18" not in " ".join(found)
    assert "90" not in " ".join(found)
    fine = labels_of(make_results, pl.Series(np.random.default_rng(0).normal(0, 0.01, 400)))
    assert len(fine) == 4


def test_codes_stay_levels_and_missing_is_a_group(make_results: Make) -> None:
    assert labels_of(make_results, pl.Series([1, 2, None] * 30)) == {"x = 1": 30, "x = 2": 30, "x: missing": 30}
    assert labels_of(make_results, pl.Series([True, False, None] * 30)) == {
        "x = false": 30,
        "x = true": 30,
        "x: missing": 30,
    }
    skewed = labels_of(make_results, pl.Series([0.0] * 90 + [float(i) for i in range(1, 31)] + [None] * 10))
    assert skewed == {"x: any value": 120, "x: missing": 10}
    assert labels_of(make_results, pl.Series([None] * 40, dtype=pl.Float64)) == {"x: missing": 40}


def test_dates_go_by_year(make_results: Make) -> None:
    days = pl.Series([datetime.date(1940 + i % 60, 1, 1 + i % 28) for i in range(600)])
    found = labels_of(make_results, days)
    assert len(found) == 4
    assert all("19" in label for label in found)


def test_fewer_ranges_for_fewer_rows(make_results: Make) -> None:
    values = pl.Series(np.random.default_rng(0).normal(size=96))
    assert len(labels_of(make_results, values, minimum=30)) == 2


def test_grouped_rows_are_not_overcounted(make_results: Make) -> None:
    """The same people seen ten times each: the difference of few people is no finding."""
    sex = np.array(["a"] * 60 + ["b"] * 32)
    label, predicted, _ = planted(92, sex, {"a": 0.9, "b": 0.72}, 3)
    many = (np.repeat(label, 10), np.repeat(predicted, 10), None)
    column = {"sex": pl.Series(np.repeat(sex, 10))}
    blind = Slices().run(make_results({"train": many, "test": many}, sensitive=column))
    units = np.repeat(np.arange(92), 10)
    tied = Slices().run(make_results({"train": many, "test": many}, sensitive=column, units=units))
    assert blind.findings
    assert not tied.findings


def test_pairs_are_the_intersections(make_results: Make) -> None:
    rng = np.random.default_rng(0)
    one, two = rng.choice(["a", "b", "c"], 300), rng.choice(["x", "y", None], 300)
    test = planted(300, np.zeros(300), {0.0: 0.9})
    columns = {"one": pl.Series(one), "two": pl.Series(two.tolist())}
    results = make_results({"train": test, "test": test}, sensitive=columns)
    found = {part.label: part.rows for part in slices(results, results.parts[1], 4, 10) if not part.single}
    assert len(found) == 9
    assert sum(rows.size for rows in found.values()) == 300
    assert found["one = b and two = y"].tolist() == np.flatnonzero((one == "b") & (two == "y")).tolist()
    assert found["one = c and two: missing"].tolist() == np.flatnonzero((one == "c") & np.equal(two, None)).tolist()


def test_the_gap_of_an_error_is_the_worst_minus_the_best_and_groups_of_years_are_said_so(make_results: Make) -> None:
    rng = np.random.default_rng(0)
    label, age = rng.normal(size=400), pl.Series(rng.integers(20, 80, 400))
    errors = {"train": (label, label + 0.1, None), "test": (label, label + rng.normal(size=400), None)}
    answer = Slices().run(make_results(errors, sensitive={"age": age}, unit="year", classes=None))
    gap = next(one for one in answer.metrics if one.name == "largest_gap")
    assert gap.meaning == "worst minus best mean absolute error among the groups of this column"
    named = list(groups(answer))
    assert any(name.endswith(" years and above") for name in named)
    assert not any(" year " in name for name in named)
    bare = make_results(errors, sensitive={"age": age}, unit="1", classes=None)
    without = slices(bare, bare.parts[1], 4, 10)
    assert not any(" 1 and above" in part.label for part in without)


def test_groups_stand_in_one_table_and_the_figure_draws_it(make_results: Make) -> None:
    sex = np.array(["a"] * 400 + ["b"] * 200)
    test = planted(600, sex, {"a": 0.92, "b": 0.7})
    answer = Slices().run(make_results({"train": test, "test": test}, sensitive={"sex": pl.Series(sex)}))
    assert [table.name for table in answer.tables] == ["groups", "rates"]
    assert answer.figures[0].table == "groups"
