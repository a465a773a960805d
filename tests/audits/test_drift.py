from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audit import Answer
from governance.audits.drift import Drift
from governance.dataset import ColumnType, Role, Split, Task
from governance.evidence import Level, Outcome
from governance.manifest import read_manifest
from governance.reporting.column_comparison import ColumnPair
from governance.reporting.drift_report import _remedy
from governance.reporting.drift_tests import ColumnResult, Comparison, judge_columns
from governance.sketches.compute import compute_sketch
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

PARTS = Split(method="column", column="part")


def people(seed: int, rows: int = 800, **changed: Any) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    age = random.normal(45, 12, rows) + changed.get("older", 0.0)
    town = random.choice(["north", "south", "east"], rows, p=changed.get("towns", [0.5, 0.3, 0.2]))
    income = age * 10 + random.normal(0, 120, rows)
    chance = 1 / (1 + np.exp(-changed.get("slope", 1.0) * (age - 45) / 12))
    return pl.DataFrame(
        {
            "age": age,
            "income": income,
            "town": town,
            "day": [dt.date(2024, 1, 1) + dt.timedelta(days=int(d)) for d in random.integers(0, 300, rows)],
            "label": np.where(random.random(rows) < chance, "yes", "no"),
        }
    )


def splits(train: pl.DataFrame, test: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([train.with_columns(part=pl.lit("train")), test.with_columns(part=pl.lit("test"))])


def made(folder: Path, frame: pl.DataFrame, **further: Any) -> Snapshot:
    values: dict[str, Any] = {"target": "label", "task": Task.CLASSIFICATION, "roles": {Role.TIMESTAMP: ("day",)}}
    return make_snapshot(folder, frame, **(values | further))


def asked(snapshot: Snapshot, **settings: Any) -> Answer:
    answer = ask(Drift(**settings), snapshot)
    assert answer.code != "crashed", answer.reason
    return answer


def rules(answer: Answer) -> dict[str, Level]:
    return {finding.rule: finding.level for finding in answer.findings}


def test_splits_of_one_distribution_raise_nothing(tmp_path: Path) -> None:
    answer = asked(made(tmp_path, splits(people(1), people(2)), split=PARTS))
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    assert answer.rows is None


def test_each_set_stands_with_its_rows_and_distances_are_no_percentages(tmp_path: Path) -> None:
    answer = asked(made(tmp_path, splits(people(1), people(2, 300)), split=PARTS))
    (compared,) = [table for table in answer.tables if table.name == "comparisons"]
    assert dict(zip(compared.columns, compared.rows[0], strict=True))["rows_compared"] == "test 300, train 800"
    assert {metric.unit for metric in answer.metrics} == {"columns", "distance"}


def test_what_chance_divided_has_nothing_to_be_found_out() -> None:
    comparison = Comparison("test and train", "train/test", "test", (100, 300), "chance")
    remedy = _remedy("columns", comparison)
    assert "another seed" in remedy
    assert "Find out" not in remedy
    assert "Find out" not in _remedy("columns", dataclasses.replace(comparison, given_by="time"))
    assert _remedy("columns", dataclasses.replace(comparison, given_by="")).startswith("Find out")


def test_a_moved_column_is_an_error_only_beyond_a_declared_tolerance(tmp_path: Path) -> None:
    snapshot = made(tmp_path, splits(people(1), people(2, older=8.0)), split=PARTS)
    found = {f.columns: f for f in asked(snapshot).findings if f.rule == "drift/columns"}
    assert found[("age",)].level is Level.WARNING
    levels = {f.level for f in asked(snapshot, tolerance=0.15).findings if f.columns == ("age",)}
    assert levels == {Level.ERROR}
    levels = {f.level for f in asked(snapshot, tolerance=0.9).findings if f.columns == ("age",)}
    assert levels == {Level.WARNING}


def test_rows_and_segments_that_moved_are_named(tmp_path: Path) -> None:
    answer = asked(made(tmp_path, splits(people(1), people(2, older=15.0)), split=PARTS))
    assert answer.rows is not None
    ages = made(tmp_path, splits(people(1), people(2, older=15.0)), split=PARTS).frame("age").collect()
    pointed = answer.rows.join(ages, on="row_id")
    assert set(pointed["split"]) == {"test"}
    assert pointed["age"].mean() > ages["age"].mean() + 10  # type: ignore[operator]
    segments = next(table for table in answer.tables if table.name == "segments")
    name, sets, now, before = segments.rows[0]
    assert sets == "test and train", "shares stand in the order in which the sets are named"
    assert str(name).startswith(("age: above", "income: above"))
    assert now > 2 * before  # type: ignore[operator]


def test_missing_labels_ties_and_concept_are_told_apart(tmp_path: Path) -> None:
    base = people(1)
    gone = people(2).with_columns(income=pl.when(pl.int_range(pl.len()) % 12 == 0).then(None).otherwise("income"))
    found = set(rules(asked(made(tmp_path / "a", splits(base, gone), split=PARTS))))
    assert "drift/missingness" in found
    assert "drift/columns" not in found
    alone = people(3).with_columns(pl.col("income").shuffle(seed=1))
    found = set(rules(asked(made(tmp_path / "b", splits(base, alone), split=PARTS))))
    assert "drift/ties" in found
    assert "drift/columns" not in found
    turned = people(4, slope=-1.0)
    assert set(rules(asked(made(tmp_path / "c", splits(base, turned), split=PARTS)))) == {"drift/concept"}
    fewer = splits(
        base,
        people(5).with_columns(label=pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("yes")).otherwise("label")),
    )
    assert "drift/labels" in rules(asked(made(tmp_path / "d", fewer, split=PARTS)))


@pytest.mark.parametrize("method", ["time", "ratio"])
def test_between_splits_by_time_or_chance_a_difference_is_a_note(tmp_path: Path, method: str) -> None:
    frame = people(1, rows=1200).sort("day")
    late = frame["day"] > dt.date(2024, 8, 15)
    frame = frame.with_columns(age=pl.when(late).then(pl.col("age") + 12).otherwise("age"))
    split = Split(method="time", column="day") if method == "time" else Split(method="ratio", test=0.3)
    answer = asked(made(tmp_path, frame, split=split), tolerance=0.05)
    if method == "time":
        assert "drift/columns" in rules(answer)
    assert set(rules(answer).values()) <= {Level.NOTE}


def test_groups_are_the_units(tmp_path: Path) -> None:
    random = np.random.default_rng(8)
    person = np.repeat(np.arange(60), 12)
    frame = pl.DataFrame(
        {
            "person": [f"p{number}" for number in person],
            "height": random.normal(size=60)[person] + 0.05 * random.normal(size=720),
            "part": np.where(person < 40, "train", "test"),
        }
    )
    alone = made(tmp_path / "a", frame.drop("person"), target=None, task=Task.NONE, roles={}, split=PARTS)
    grouped = made(tmp_path / "b", frame, target=None, task=Task.NONE, roles={Role.GROUP: ("person",)}, split=PARTS)
    assert "drift/columns" in rules(asked(alone)), "the fault that grouping mends"
    answer = asked(grouped)
    assert answer.findings == ()
    table = next(table for table in answer.tables if table.name == "comparisons")
    assert table.rows[0][-2:] == ("by group", "by person")


def test_a_version_is_compared_with_the_sketch_of_the_one_before(tmp_path: Path) -> None:
    before = made(tmp_path / "before", people(1, rows=1500))
    path = tmp_path / "sketch.json"
    path.write_text(compute_sketch(before).to_json(), encoding="utf-8")
    same = dataclasses.replace(made(tmp_path / "same", people(2, rows=1500)), reference_file=path)
    assert asked(same).findings == ()
    changed = people(3, rows=1500, older=6.0, towns=[0.3, 0.3, 0.4]).with_columns(
        pl.col("income").shuffle(seed=1), height=pl.lit(1.0)
    )
    answer = asked(dataclasses.replace(made(tmp_path / "changed", changed), reference_file=path))
    moved = {f.columns for f in answer.findings if f.rule == "drift/columns"}
    assert {("age",), ("town",)} <= moved
    assert answer.rows is not None
    rows = answer.rows.join(made(tmp_path / "again", changed).frame("age", "town").collect(), on="row_id")
    assert set(rows["town"]) == {"east"} or rows["age"].min() > 55  # type: ignore[operator]
    assert any(table.name == "segments" for table in answer.tables)
    assert {"drift/ties", "drift/schema"} <= set(rules(answer))
    turned = dataclasses.replace(made(tmp_path / "turned", people(4, rows=1500, slope=-1.0)), reference_file=path)
    assert "drift/concept" in rules(asked(turned))


def test_a_damaged_sketch_is_a_failure_and_no_pass(tmp_path: Path) -> None:
    path = tmp_path / "sketch.json"
    path.write_text("{}", encoding="utf-8")
    answer = asked(dataclasses.replace(made(tmp_path, people(1)), reference_file=path))
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "reference_unreadable")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_declared_file_of_rows_is_a_reference(tmp_path: Path, ending: str) -> None:
    snapshot = made(tmp_path, people(2, older=8.0))
    folder = tmp_path / "references"
    folder.mkdir()
    frame = people(1).drop("income").with_columns(height=pl.lit(1.5))
    frame.write_csv(folder / "old.csv") if ending == "csv" else frame.write_parquet(folder / "old.parquet")
    answer = asked(snapshot, reference=f"references/old.{ending}")
    assert ("age",) in {f.columns for f in answer.findings if f.rule == "drift/columns"}
    schema = {(f.columns, f.level) for f in answer.findings if f.rule == "drift/schema"}
    assert schema == {(("height",), Level.WARNING), (("income",), Level.NOTE)}
    missing = asked(snapshot, reference="references/none.csv")
    assert (missing.outcome, missing.code) == (Outcome.FAILED, "reference_unreadable")


def test_nothing_to_compare_and_too_few_rows_are_said(tmp_path: Path) -> None:
    answer = asked(made(tmp_path / "a", people(1)))
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "nothing_to_compare")
    answer = asked(made(tmp_path / "b", splits(people(1, 100), people(2, 20)), split=PARTS))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "too_few_rows")


def test_each_column_has_an_effect_a_p_value_and_what_would_be_seen(tmp_path: Path) -> None:
    answer = asked(made(tmp_path, splits(people(1), people(2, older=8.0)), split=PARTS))
    table = next(table for table in answer.tables if table.name == "columns")
    lines = {str(row[0]): dict(zip(table.columns, row, strict=True)) for row in table.rows}
    assert set(lines) == {"age", "income", "town", "label"}
    assert lines["age"]["effect"] > lines["age"]["detectable"] > 0  # type: ignore[operator]
    assert lines["age"]["p_adjusted"] < 0.001  # type: ignore[operator]
    assert lines["town"]["p_adjusted"] > 0.05  # type: ignore[operator]
    assert lines["town"]["effect"] < lines["town"]["detectable"]  # type: ignore[operator]


def test_a_level_that_was_never_there_is_seen_from_a_few_rows_on(tmp_path: Path) -> None:
    new = pl.when(pl.int_range(pl.len()) % 80 == 0).then(pl.lit("west")).otherwise("town")
    answer = asked(made(tmp_path, splits(people(1), people(2).with_columns(town=new)), split=PARTS))
    found = next(finding for finding in answer.findings if finding.columns == ("town",))
    assert "1 level is new" in found.message


def test_values_of_private_columns_stay_out(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    frame = splits(people(1), people(2))
    codes = random.choice([f"Secretcode{n}" for n in range(9)], frame.height)
    codes[800:] = "Secretcode0"
    snapshot = make_snapshot(
        tmp_path, frame.with_columns(illness=codes, weight=random.normal(70, 5, frame.height) + 9 * (frame["part"] == "test").to_numpy()),
        roles={Role.SPECIAL_CATEGORY: ("illness", "weight")}, types={"illness": ColumnType.CATEGORY}, split=PARTS,
    )  # fmt: skip
    answer = asked(snapshot)
    assert {("illness",), ("weight",)} <= {f.columns for f in answer.findings}
    text = repr(dataclasses.replace(answer, rows=None))
    assert "Secretcode" not in text
    assert "weight: range 4 of 4" in text


def test_infinite_values_are_values(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    later = np.arange(400) >= 300
    values = np.where(later & (random.random(400) < 0.25), np.inf, random.normal(size=400))
    frame = pl.DataFrame({"x": values, "y": random.choice(["a", "b"], 400), "part": np.where(later, "test", "train")})
    made = make_snapshot(
        tmp_path, frame, target="y", task=Task.CLASSIFICATION, split=Split(method="column", column="part")
    )
    assert ("x",) in {finding.columns for finding in ask(Drift(), made).findings}


def test_the_later_split_is_held_against_training_also_where_the_manifest_was_read_from_its_file(
    tmp_path: Path,
) -> None:
    """As the stages do; written, the names of splits stand in the order of the alphabet."""
    kept, other = people(1), people(2, older=15.0)
    told = made(tmp_path, splits(kept, other), split=PARTS)
    (tmp_path / "manifest.json").write_text(told.manifest.sealed().to_json(), encoding="utf-8")
    read = dataclasses.replace(told, manifest=read_manifest(tmp_path / "manifest.json"))
    assert read.splits == told.splits == ("train", "test")
    assert asked(read).findings == asked(told).findings
    assert {finding.split for finding in asked(read).findings} == {"test"}


def test_one_wild_value_does_not_say_which_way_a_column_moved(tmp_path: Path) -> None:
    """A mean and a standard deviation that one typing error rules are no answer to how far test lies from train."""
    train, test = people(1), people(2, older=8.0)
    train = train.with_columns(age=pl.when(pl.int_range(pl.len()) == 0).then(1e12).otherwise(pl.col("age")))
    answer = asked(made(tmp_path, splits(train, test), split=PARTS))
    (moved,) = [finding for finding in answer.findings if finding.columns == ("age",)]
    assert 0.3 < float(moved.message.partition("the mean by +")[2].partition(" standard")[0]) < 2
    assert " standard deviations of train (1 far value drawn in) (p" in moved.message


def test_the_shift_of_a_mean_can_be_recomputed(tmp_path: Path) -> None:
    train, test = people(1), people(2, older=8.0)
    answer = asked(made(tmp_path, splits(train, test), split=PARTS))
    (moved,) = [finding for finding in answer.findings if finding.columns == ("age",)]
    shift = (test["age"].mean() - train["age"].mean()) / train["age"].std()  # type: ignore[operator]
    assert f"the mean by {shift:+.2f} standard deviations of train (p" in moved.message


def test_of_numbers_as_target_no_classes_are_spoken_of(tmp_path: Path) -> None:
    frame = splits(people(1), people(2, older=8.0))
    answer = asked(made(tmp_path, frame, split=PARTS, target="age", task=Task.REGRESSION))
    (labels,) = [finding for finding in answer.findings if finding.rule == "drift/labels"]
    assert "class" not in f"{labels.message} {labels.remedy}"
    assert "values" in labels.remedy


def judged(first: list[float], second: list[float], **further: Any) -> ColumnResult:
    pair = ColumnPair("age", further.pop("aspect", "values"), np.array(first), np.array(second), False, **further)
    return judge_columns([Comparison("now and before", "approved", None, (1, 1), pairs=(pair,))], 0.05, 0.005)[0]


def test_of_a_million_rows_a_difference_beyond_chance_may_be_too_small_to_matter() -> None:
    small, larger = judged([6e5, 4e5], [5.96e5, 4.04e5]), judged([6e5, 4e5], [5.94e5, 4.06e5])
    assert small.adjusted < 0.001
    assert (small.effect, small.moved, small.slight) == (pytest.approx(0.004), False, True)
    assert (larger.moved, larger.slight) == (True, False)


def test_what_was_never_there_matters_at_any_size() -> None:
    assert judged([1e6, 0], [9.98e5, 2e3], aspect="missing").moved
    assert not judged([1e6, 1], [9.98e5, 2e3], aspect="missing").moved
    assert judged([1e6, 0], [9.98e5, 2e3], new_levels=1).moved


def test_what_a_tolerance_forbids_matters_at_any_size(tmp_path: Path) -> None:
    random, rows = np.random.default_rng(0), 60_000
    flags = {"train": random.random(rows) < 0.0005, "test": random.random(rows) < 0.004}
    parts = [pl.DataFrame({"flag": flag}).with_columns(part=pl.lit(name)) for name, flag in flags.items()]
    snapshot = make_snapshot(tmp_path, pl.concat(parts), split=PARTS)
    assert not asked(snapshot).findings
    assert asked(snapshot, tolerance=0.01).findings == ()
    assert rules(asked(snapshot, tolerance=0.002)) == {"drift/columns": Level.ERROR}
    results = {line[0]: line[-1] for line in asked(snapshot).tables[1].rows}
    assert results["flag"] == "moved too little to matter"
