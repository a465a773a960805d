from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audit import Answer
from governance.audits.representation import Representation
from governance.dataset import Role, Split, Task
from governance.evidence import Level, Outcome
from governance.measures.intervals import wilson
from governance.signals.compute import compute_signals
from governance.signals.settings import SignalsConfig
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

PARTS = Split(method="column", column="part")


def people(seed: int, rows: int = 600) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    hours = random.normal(38, 6, rows)
    return {
        "sex": random.choice(["female", "male"], rows),
        "age": random.integers(18, 80, rows),
        "hours": hours,
        "pay": random.normal(30, 5, rows),
        "part": np.where(np.arange(rows) % 4 == 0, "test", "train"),
        "hired": np.where(hours + random.normal(0, 4, rows) > 38, "yes", "no"),
    }


def counted(seed: int, rows: int = 600) -> dict[str, Any]:
    """The same people without what tells of them: enough where groups are counted, and there is nothing to predict from."""
    return {name: values for name, values in people(seed, rows).items() if name in {"sex", "part", "hired"}}


def made(folder: Path, content: dict[str, Any], *, folds: int = 2, **further: Any) -> Snapshot:
    values: dict[str, Any] = {
        "target": "hired", "task": Task.CLASSIFICATION, "roles": {Role.SENSITIVE: ("sex",)}, "split": PARTS,
    }  # fmt: skip
    snapshot = make_snapshot(folder, pl.DataFrame(content), **(values | further))
    signals = folder / "signals"
    signals.mkdir()
    compute_signals(snapshot, signals, SignalsConfig(folds=folds), workspace=folder)
    return dataclasses.replace(snapshot, signals_folder=signals)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A table that is declared in many ways, made once for all of them."""
    return made(tmp_path_factory.mktemp("usual"), counted(7))


@pytest.fixture(scope="module")
def ill(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A table with a private column."""
    content = people(11)
    content["illness"] = np.random.default_rng(1).choice(["Secretflu", "Secretpox"], 600)
    return made(tmp_path_factory.mktemp("ill"), content, roles={Role.SPECIAL_CATEGORY: ("illness",)})


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A table of more rows."""
    return made(tmp_path_factory.mktemp("larger"), counted(7, 1000))


@pytest.fixture(scope="module")
def male(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A table with one level."""
    return made(tmp_path_factory.mktemp("male"), counted(7) | {"sex": np.full(600, "male")})


def asked(snapshot: Snapshot, **settings: Any) -> Answer:
    answer = ask(Representation(**settings), snapshot)
    assert answer.code != "crashed", answer.reason
    return answer


def lines(answer: Answer, name: str) -> list[dict[str, Any]]:
    table = next(table for table in answer.tables if table.name == name)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_counts_shares_and_base_rates_are_those_of_the_data(tmp_path: Path) -> None:
    content = people(1)
    answer = asked(made(tmp_path, content))
    sex, hired = np.array(content["sex"]), np.array(content["hired"])
    event = "yes" if (hired == "yes").sum() < 300 else "no"
    for line in lines(answer, "groups"):
        inside = sex == line["group"].removeprefix("sex = ")
        assert line["rows"] == inside.sum()
        assert (line["share_low"], line["share_high"]) == wilson(int(inside.sum()), 600)
        assert line["base_rate"] == pytest.approx((hired[inside] == event).mean())
        assert line["base_low"] < line["base_rate"] < line["base_high"]
        assert 0 <= line["doubted_labels"] < 0.2
    splits = {line["group"]: line["rows_test"] for line in lines(answer, "by_split")}
    assert splits["sex = male"] == ((sex == "male") & (np.array(content["part"]) == "test")).sum()


def test_small_groups_are_not_told_of(tmp_path: Path) -> None:
    content = people(2)
    content["sex"][:12] = "other"
    answer = asked(made(tmp_path, content))
    line = next(line for line in lines(answer, "groups") if line["group"] == "sex = other")
    assert line["result"] == "cannot tell"
    assert line["base_rate"] is line["doubted_labels"] is line["rows_with_missing"] is None
    (small,) = [f for f in answer.findings if f.rule == "representation/small_groups"]
    assert small.level is Level.NOTE
    assert (
        small.message == "1 of 3 groups has fewer than 30 independent units: nothing can be told of it (sex = other)."
    )
    assert small.remedy.startswith("Collect more rows of this group,")


def test_intersections_are_counted(tmp_path: Path) -> None:
    content = people(3)
    answer = asked(made(tmp_path, content, roles={Role.SENSITIVE: ("sex", "age")}))
    found = lines(answer, "intersections")
    assert len(found) == 8
    assert sum(line["rows"] for line in found) == 600


def test_planted_gaps_in_labels_and_missing_values_are_found(tmp_path: Path) -> None:
    content = people(4)
    random = np.random.default_rng(9)
    women = content["sex"] == "female"
    content["hired"] = np.where(women & (random.random(600) < 0.4), "no", content["hired"])
    content["pay"] = [
        None if w and d < 0.3 else p for w, d, p in zip(women, random.random(600), content["pay"], strict=True)
    ]
    answer = asked(made(tmp_path, content))
    found = {f.rule: f for f in answer.findings}
    assert answer.rows is not None
    pointed = answer.rows.filter(pl.col("rule") == "representation/missingness")["source_row"].to_list()
    assert pointed
    assert sorted(pointed) == [row for row, pay in enumerate(content["pay"]) if pay is None]
    assert found["representation/base_rates"].level is Level.NOTE
    assert found["representation/missingness"].level is Level.WARNING
    assert "sex = female" in found["representation/missingness"].message


def test_labels_flipped_in_one_group_show_as_doubted_there(tmp_path: Path) -> None:
    content = people(5, 1200)
    random = np.random.default_rng(9)
    content["hours"] = np.where(np.array(content["hired"]) == "yes", 50.0, 30.0) + random.normal(size=1200)
    flip = (content["sex"] == "male") & (random.random(1200) < 0.25)
    content["hired"] = np.where(flip, np.where(content["hired"] == "yes", "no", "yes"), content["hired"])
    answer = asked(made(tmp_path, content, folds=5))
    rates = {line["group"]: line["doubted_labels"] for line in lines(answer, "groups")}
    assert rates["sex = male"] > 0.1 > 0.03 > rates["sex = female"]
    assert "representation/label_issues" in {f.rule for f in answer.findings}
    assert answer.rows is not None
    rows = answer.rows.filter(pl.col("rule") == "representation/label_issues")["source_row"].to_list()
    assert len(rows) > 0.5 * flip.sum()
    assert {content["sex"][row] for row in rows} == {"male"}
    assert flip[rows].mean() > 0.9


@pytest.mark.parametrize(("rows", "reported"), [(8, False), (14, False), (22, True), (30, True)])
def test_a_group_that_chance_would_hardly_leave_out_of_a_split_is_reported(
    tmp_path: Path, rows: int, reported: bool
) -> None:
    content = counted(15, 800)
    content["sex"][np.flatnonzero(content["part"] == "train")[:rows]] = "other"
    answer = asked(made(tmp_path, content))
    messages = [f.message for f in answer.findings if f.rule == "representation/absent_from_split"]
    assert messages == [f"sex = other: no row in test, where about {rows / 4:.0f} were to be expected."] * reported


def test_a_proxy_is_found_and_named(tmp_path: Path) -> None:
    content = people(6)
    random = np.random.default_rng(9)
    content["shoe"] = random.normal(38, 1, 600) + 4 * (content["sex"] == "male")
    answer = asked(made(tmp_path, content))
    proxy = next(f for f in answer.findings if f.rule == "representation/proxy")
    assert proxy.level is Level.WARNING
    assert "best alone: shoe" in proxy.message


def test_the_declared_population_is_compared(usual: Snapshot) -> None:
    assert asked(usual, population={"sex": {"male": 0.49, "female": 0.51}}).findings == ()
    answer = asked(usual, population={"sex": {"male": 0.7, "female": 0.25, "other": 0.05}})
    off = {f.subject for f in answer.findings if f.rule == "representation/off_population"}
    assert off == {"male", "female", "other"}
    answer = asked(usual, population={"gender": {"male": 0.5}, "sex": {"male": 1.5}})
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "population_unusable")
    assert "gender" in answer.reason
    assert "sex" in answer.reason


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"male": 0.5, "female": 0.4}, "their shares sum to 0.9; make them sum to 1"),
        ({"male": 0.7, "female": 0.7}, "they sum to 1.4"),
        ({"male": 49, "female": 51}, "0.49 for 49 %"),
    ],
)
def test_a_population_that_does_not_add_up_is_refused_and_told_why(usual: Snapshot, shares: dict, said: str) -> None:
    answer = asked(usual, population={"sex": shares})
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "population_unusable")
    assert said in answer.reason


@pytest.mark.parametrize("shares", [{"male": 0.495, "female": 0.508}, {"male": 0.49}, {"male": 0.494, "female": 0.5}])
def test_rounded_shares_and_a_part_of_the_levels_are_a_population(usual: Snapshot, shares: dict) -> None:
    assert asked(usual, population={"sex": shares}).outcome is Outcome.ASSESSED


def test_a_few_rows_are_not_off_a_population_by_chance(tmp_path: Path) -> None:
    content = {name: list(values)[:60] for name, values in counted(7).items()}
    content["sex"] = ["male"] * 34 + ["female"] * 26
    answer = asked(made(tmp_path, content), population={"sex": {"male": 0.49, "female": 0.51}})
    assert not [f for f in answer.findings if f.rule == "representation/off_population"]
    assert {line["result"] for line in lines(answer, "population")} == {"no difference shown"}


def test_groups_of_rows_are_the_units(tmp_path: Path) -> None:
    content = people(8)
    content["family"] = [f"f{number // 6}" for number in range(600)]
    content["sex"] = np.repeat(np.random.default_rng(1).choice(["female", "male"], 100), 6)
    answer = asked(made(tmp_path, content, roles={Role.SENSITIVE: ("sex",), Role.GROUP: ("family",)}))
    for line in lines(answer, "groups"):
        assert line["units"] == line["rows"] / 6
        low, high = wilson(line["rows"], 600)
        assert line["share_high"] - line["share_low"] > 1.5 * (high - low)


def test_without_sensitive_columns_the_question_makes_no_sense(tmp_path: Path) -> None:
    answer = asked(made(tmp_path, counted(9), roles={}))
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "no_sensitive_columns")


def test_without_a_target_groups_are_still_counted(tmp_path: Path) -> None:
    answer = asked(made(tmp_path, people(10), target=None, task=Task.NONE))
    assert answer.outcome is Outcome.ASSESSED
    assert {line["base_rate"] for line in lines(answer, "groups")} == {None}


def test_levels_of_a_private_column_are_numbered(ill: Snapshot) -> None:
    answer = asked(ill)
    assert "Secret" not in repr(answer)
    assert {line["group"] for line in lines(answer, "groups")} == {"illness: level 1", "illness: level 2"}


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_infinite_numbers_of_a_sensitive_column_are_missing(tmp_path: Path) -> None:
    content = people(12)
    content["age"] = np.where(np.arange(600) % 10 == 0, np.inf, np.array(content["age"], float))
    answer = asked(made(tmp_path, content, roles={Role.SENSITIVE: ("age",)}))
    assert {line["group"]: line["rows"] for line in lines(answer, "groups")}["age: missing"] == 60


def test_a_declared_level_that_is_written_otherwise_in_the_data_is_said(usual: Snapshot) -> None:
    answer = asked(usual, population={"sex": {"Male ": 0.5, "female": 0.5}})
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "population_unusable")
    assert answer.reason == "population of 'sex' names level 'Male ', which no row has; did you mean 'male'?"
    answer = asked(usual, population={"sex": {"femal": 0.5, "male": 0.5}})
    assert answer.reason == "population of 'sex' names level 'femal', which no row has; did you mean 'female'?"
    answer = asked(usual, population={"sex": {"1": 0.5, "2": 0.5}})
    assert "names level '1', which no row has; there are: female, male" in answer.reason


def test_a_private_column_names_no_level_of_the_data(ill: Snapshot) -> None:
    for declared in ({"secretflu": 0.5}, {"cold": 0.5}, {"Secretflu": 0.5, "cold": 0.2}):
        answer = asked(ill, population={"illness": declared})
        assert "Secretpox" not in repr(answer)
    assert "cold is 0.0% of rows" in answer.findings[0].message
    assert answer.findings[0].message.endswith("population; the data has 1 that are not declared.")


def test_an_absent_level_beside_undeclared_ones_is_said_with_them(usual: Snapshot) -> None:
    answer = asked(usual, population={"sex": {"female": 0.5, "third": 0.2}})
    (off,) = [f for f in answer.findings if f.subject == "third"]
    assert off.message.endswith("population; the data has some that are not declared: male.")


@pytest.mark.parametrize(("third", "off"), [(90, False), (300, True)])
def test_levels_that_nobody_declared_are_compared_with_what_is_left(tmp_path: Path, third: int, off: bool) -> None:
    content = counted(8)
    content["sex"] = np.array(
        ["north"] * 330 + ["south"] * (270 - third) + ["abroad"] * third
        if third < 270
        else ["north"] * 200 + ["south"] * 100 + ["abroad"] * 300
    )
    answer = asked(made(tmp_path, content), population={"sex": {"north": 0.55, "south": 0.3}})
    rest = [f for f in answer.findings if f.subject == "undeclared levels"]
    assert len(rest) == off
    assert all(f.message.startswith("sex in undeclared levels (abroad) is 50.0% of rows") for f in rest)


def test_levels_that_differ_in_a_digit_or_a_syllable_are_others(tmp_path: Path) -> None:
    content = counted(7)
    content["sex"] = np.random.default_rng(1).choice(["level 10", "level 12", "male", "third"], 600)
    declared = {"level 11": 0.2, "third": 0.2, "female": 0.2}
    answer = asked(made(tmp_path, content), population={"sex": declared})
    assert {f.subject for f in answer.findings if "that are not declared" in f.message} == {"level 11", "female"}


@pytest.mark.parametrize("declared_sign", [0.001, 0.999])
def test_no_row_and_every_row_are_compared_with_any_share(male: Snapshot, declared_sign: float) -> None:
    answer = asked(male, population={"sex": {"male": declared_sign}})
    assert len([f for f in answer.findings if f.subject == "male"]) == (declared_sign < 0.5)


@pytest.mark.parametrize(("declared", "off"), [(0.01, True), (0.004, False)])
def test_an_absent_level_is_off_when_chance_would_hardly_leave_it_out(
    larger: Snapshot, declared: float, off: bool
) -> None:
    answer = asked(larger, population={"sex": {"male": 0.49, "female": 0.5, "other": declared}})
    assert [f.subject for f in answer.findings if f.rule == "representation/off_population"] == ["other"] * off


def paid(seed: int, shift: float) -> dict[str, Any]:
    """A skewed number as the target, and a group of a fifth of the rows whose mean is higher by `shift`."""
    random = np.random.default_rng(seed)
    sex = random.choice(["female", "male"], 300, p=[0.2, 0.8])
    pay = random.lognormal(0, 1, 300) + shift * (sex == "female")
    return {"sex": sex, "part": np.where(np.arange(300) % 4 == 0, "test", "train"), "hours": pay, "hired": pay}


def test_a_gap_of_means_is_found_with_its_interval(tmp_path: Path) -> None:
    content = paid(1, 2.0)
    answer = asked(made(tmp_path, content, task=Task.REGRESSION))
    (metric,) = [m for m in answer.metrics if m.name == "base_rate_gap"]
    assert "representation/base_rates" in {f.rule for f in answer.findings}
    assert (metric.unit, metric.interval) == ("sd", "95 % Zou and Donner, of these two groups")
    spread = float(np.std(content["hired"]))
    assert metric.low is not None
    assert metric.high is not None
    assert metric.low < 2 / spread < metric.high
    assert 0 < metric.low < metric.value < metric.high  # type: ignore[operator]
