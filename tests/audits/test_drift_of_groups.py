"""Versions that are compared by sketch, where rows belong together: people with several rows each."""

from __future__ import annotations

import dataclasses
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
from governance.sketches.compute import compute_sketch
from governance.testing import make_snapshot


def visits(seed: int, people: int, size: int, alike: float, *, shift: float = 0.0) -> pl.DataFrame:
    """Numbers, a level, a label and missing values that rows of a person share; `alike` is their intra-group correlation."""
    random = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), size)
    between, within = random.normal(size=(people, 4))[person], random.normal(size=(person.size, 4))
    numbers = alike**0.5 * between + (1 - alike) ** 0.5 * within
    numbers[:, 0] += shift
    label = random.random(person.size) < 1 / (1 + np.exp(-2 * random.normal(size=people)[person]))
    gone = (random.random(people) < 0.1)[person]
    return pl.DataFrame(numbers, schema=list("abcd")).with_columns(
        person=pl.Series([f"v{seed}p{number}" for number in person]),
        town=pl.Series(random.choice(["north", "south", "east"], people)[person]),
        d=pl.when(pl.Series(gone)).then(None).otherwise("d"),
        label=pl.Series(np.where(label, "yes", "no")),
    )


def compared(folder: Path, before: pl.DataFrame, now: pl.DataFrame, **further: Any) -> Answer:
    values: dict[str, Any] = {"target": "label", "task": Task.CLASSIFICATION, "roles": {Role.GROUP: ("person",)}}
    first = make_snapshot(folder / "before", before, **(values | further))
    second = make_snapshot(folder / "now", now, **(values | further))
    path = folder / "sketch.json"
    path.write_text(compute_sketch(first).to_json(), encoding="utf-8")
    answer = ask(Drift(tolerance=0.05), dataclasses.replace(second, reference_file=path))
    assert answer.outcome is Outcome.ASSESSED, answer.reason
    return answer


@pytest.mark.parametrize(("people", "size", "alike"), [(60, 10, 0.9), (100, 6, 0.3)])
def test_new_people_are_no_drift(tmp_path: Path, people: int, size: int, alike: float) -> None:
    alarms = 0
    for run in range(10):
        before = visits(300 + run, people, size, alike)
        answer = compared(tmp_path / str(run), before, visits(700 + run, people, size, alike))
        alarms += bool(answer.findings)
    assert alarms <= 1, "one in twenty is allowed; with rows taken as independent it is nearly all, or a fourth"


def test_it_is_the_declared_group_that_holds_the_alarms_back(tmp_path: Path) -> None:
    answer = compared(tmp_path, visits(300, 60, 10, 0.9), visits(700, 60, 10, 0.9), roles={Role.PRIVATE: ("person",)})
    assert Level.ERROR in {finding.level for finding in answer.findings}
    (table,) = [table for table in answer.tables if table.name == "comparisons"]
    assert table.rows[0][-1] == "independent (assumed)"


def test_people_who_differ_are_drift(tmp_path: Path) -> None:
    found = 0
    for run in range(5):
        answer = compared(tmp_path / str(run), visits(20 + run, 100, 6, 0.9), visits(40 + run, 100, 6, 0.9, shift=0.8))
        found += ("a",) in {finding.columns for finding in answer.findings if finding.level is Level.ERROR}
    assert found >= 4
    (table,) = [table for table in answer.tables if table.name == "comparisons"]
    assert table.rows[0][-1] == "by person, the earlier rows alike (assumed)"


def test_ties_and_labels_that_change_are_found_among_people_too(tmp_path: Path) -> None:
    before, now = visits(1, 150, 4, 0.3), visits(2, 150, 4, 0.3)
    before = before.with_columns(
        b=pl.col("a") + pl.col("b"), label=pl.when(pl.col("c") > 0).then(pl.lit("yes")).otherwise(pl.lit("no"))
    )
    turned = now.with_columns(
        b=pl.col("a") + pl.col("b"), label=pl.when(pl.col("c") < 0).then(pl.lit("yes")).otherwise(pl.lit("no"))
    )
    assert {"drift/concept"} == {f.rule for f in compared(tmp_path / "a", before, turned).findings}
    alone = now.with_columns(
        b=pl.col("b") - pl.col("a"), label=pl.when(pl.col("c") > 0).then(pl.lit("yes")).otherwise(pl.lit("no"))
    )
    assert {"drift/ties"} == {f.rule for f in compared(tmp_path / "b", before, alone).findings}


def notes(seed: int, about: int = 0) -> pl.DataFrame:
    """Texts: each person has words of their own; `about` moves which words all use."""
    random = np.random.default_rng(seed)
    words = np.array([f"word{number:02d}" for number in range(60)])
    texts, people = [], []
    for person in range(40):
        share = np.roll(1 / np.arange(1, 61), about) * random.gamma(0.5, size=60)
        for _ in range(10):
            texts.append(" ".join(random.choice(words, 12, p=share / share.sum())))
            people.append(f"v{seed}p{person}")
    return pl.DataFrame({"note": texts, "person": people, "label": random.choice(["yes", "no"], 400)})


def test_what_texts_of_other_people_hold_is_no_drift(tmp_path: Path) -> None:
    further: dict[str, Any] = {"types": {"note": ColumnType.TEXT}, "public": True}
    roles = {Role.TEXT: ("note",), Role.GROUP: ("person",)}
    alone = {Role.TEXT: ("note",), Role.PRIVATE: ("person",)}
    ignored = compared(tmp_path / "ignored", notes(1), notes(2), roles=alone, **further)
    assert "drift/embedding" in {f.rule for f in ignored.findings}
    same = compared(tmp_path / "same", notes(1), notes(2), roles=roles, **further)
    assert "drift/embedding" not in {f.rule for f in same.findings}
    moved = compared(tmp_path / "moved", notes(1), notes(3, about=20), roles=roles, **further)
    assert "drift/embedding" in {f.rule for f in moved.findings}


def split_between(folder: Path, frame: pl.DataFrame, tests: list[str], **further: Any) -> Answer:
    """The people in `tests` are one split, the others another."""
    parted = frame.with_columns(part=pl.col("person").is_in(tests).replace_strict({True: "test", False: "train"}))
    values: dict[str, Any] = {"target": "label", "task": Task.CLASSIFICATION, "roles": {Role.GROUP: ("person",)}}
    values["split"] = Split(method="column", column="part")
    return ask(Drift(), make_snapshot(folder, parted, **(values | further)))


def test_people_of_another_split_are_no_drift_and_those_who_differ_are(tmp_path: Path) -> None:
    alarms = found = 0
    for run in range(8):
        frame = visits(900 + run, 80, 10, 0.9)
        others = [f"v{900 + run}p{number}" for number in range(55, 80)]
        alarms += bool(split_between(tmp_path / f"{run}", frame, others).findings)
        moved = frame.with_columns(a=pl.col("a") + 1.2 * pl.col("person").is_in(others))
        answer = split_between(tmp_path / f"{run}moved", moved, others)
        found += ("a",) in {finding.columns for finding in answer.findings}
    assert alarms <= 1, "with rows taken as independent it is nearly all"
    assert found >= 6


def test_people_who_came_back_are_compared_with_themselves(tmp_path: Path) -> None:
    """Half of each person's rows are in either split: who is in it says nothing, and a small shift of all shows."""
    frame = visits(33, 60, 20, 0.9).with_columns(later=pl.int_range(pl.len()) % 2 == 1)
    part = pl.col("later").replace_strict({True: "test", False: "train"})
    split, roles = Split(method="column", column="part"), {Role.IDENTIFIER: ("person",)}
    same = make_snapshot(
        tmp_path / "same", frame.select(pl.exclude("later"), part=part), target="label", task=Task.CLASSIFICATION,
        split=split, roles=roles,
    )  # fmt: skip
    assert ask(Drift(), same).findings == ()
    shifted = make_snapshot(
        tmp_path / "moved", frame.with_columns(a=pl.col("a") + 0.3 * pl.col("later")).select(pl.exclude("later"), part=part),
        target="label", task=Task.CLASSIFICATION, split=split, roles=roles,
    )  # fmt: skip
    assert ("a",) in {finding.columns for finding in ask(Drift(), shifted).findings}


@pytest.mark.parametrize(("people", "others"), [(1, 0), (5, 2)])
def test_so_few_people_tell_nothing_and_the_answer_says_so(tmp_path: Path, people: int, others: int) -> None:
    frame = visits(5, people, 200, 0.1)
    if others:
        answer = split_between(tmp_path, frame, [f"v5p{number}" for number in range(others)])
    else:
        half = frame.with_columns(
            part=pl.when(pl.int_range(pl.len()) < 120).then(pl.lit("train")).otherwise(pl.lit("test"))
        )
        values: dict[str, Any] = {"target": "label", "task": Task.CLASSIFICATION, "roles": {Role.GROUP: ("person",)}}
        answer = ask(Drift(), make_snapshot(tmp_path, half, split=Split(method="column", column="part"), **values))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "too_few_groups")
    assert f"{'one group' if people == 1 else '5 groups'} (person)" in answer.reason


def test_one_person_against_a_sketch_tells_nothing_either(tmp_path: Path) -> None:
    before, now = visits(1, 1, 100, 0.1), visits(2, 1, 100, 0.1)
    values: dict[str, Any] = {"target": "label", "task": Task.CLASSIFICATION, "roles": {Role.GROUP: ("person",)}}
    path = tmp_path / "sketch.json"
    path.write_text(compute_sketch(make_snapshot(tmp_path / "before", before, **values)).to_json(), encoding="utf-8")
    answer = ask(Drift(), dataclasses.replace(make_snapshot(tmp_path / "now", now, **values), reference_file=path))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "too_few_groups")


def test_a_comparison_that_is_left_out_is_named(tmp_path: Path) -> None:
    frame = pl.DataFrame({"x": np.random.default_rng(1).normal(size=210), "label": ["yes", "no"] * 105})
    parts = frame.with_columns(part=pl.Series(["train"] * 120 + ["test"] * 80 + ["tiny"] * 10))
    answer = ask(
        Drift(),
        make_snapshot(
            tmp_path, parts, target="label", task=Task.CLASSIFICATION, split=Split(method="column", column="part")
        ),
    )
    (table,) = [table for table in answer.tables if table.name == "comparisons"]
    assert "not tiny and " in table.caption
    assert "fewer than 30 rows" in table.caption
