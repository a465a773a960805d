"""Annotators who may not be named: one number each, and copies of rows that are nobody's second annotation."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest
from case_runner import ask

from governance.dataset import Role, Task
from governance.evidence import Level
from governance.testing import make_snapshot

WHO = np.array(["Qann", "Qben", "Qcarl"])
ROLES = {Role.ANNOTATOR: ("who",), Role.IDENTIFIER: ("customer",), Role.SENSITIVE: ("region",)}
NUMBER = r"number \d of 3"


def customers(copies=25, rows=900, seed=3):
    """Carl says yes of half of the no; the last rows are copies of the first."""
    random = np.random.default_rng(seed)
    true, who = random.integers(0, 2, rows), random.integers(0, 3, rows)
    label = np.where((who == 2) & (true == 0) & (random.random(rows) < 0.5), 1, true)
    frame = pl.DataFrame(
        {
            "customer": [f"C{number}" for number in range(rows)],
            "a": random.normal(true * 2.5),
            "b": random.normal(-true * 2.0),
            "region": random.choice(["north", "south", "east", "west", "mid"], rows),
            "who": WHO[who],
            "kind": np.array(["no", "yes"])[label],
        }
    )
    return pl.concat([frame, frame.head(copies)])


def judged(tmp_path, frame, **rest):
    snapshot = make_snapshot(tmp_path, frame, target="kind", task=Task.CLASSIFICATION, roles=ROLES, **rest)
    return ask("label_consistency", snapshot)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    frame = customers()
    evidence, answer = judged(tmp_path_factory.mktemp("told"), frame)
    return frame, evidence, answer


def finding_of(evidence, rule):
    return next(f for f in evidence.findings if f.rule == f"label_consistency/{rule}")


def table_of(evidence, name):
    return next((t for t in evidence.tables if t.name == name), None)


def whose(frame, answer):
    """Value of `who` by its number, as the rows file tells it."""
    rows = answer.rows.filter(pl.col("rule") == "label_consistency/numbers")
    pairs = zip(rows["suggestion"], rows["source_row"], strict=True)
    assert not rows["flagged"].any()
    return {said.removeprefix("who: "): frame["who"][row] for said, row in pairs}


def test_a_number_means_the_same_person_in_every_finding_and_table_and_the_rows_file_says_who(told):
    frame, evidence, answer = told
    people = whose(frame, answer)
    assert sorted(people) == ["number 1 of 3", "number 2 of 3", "number 3 of 3"]
    assert sorted(people.values()) == sorted(WHO)
    for rule in ("labels_differ", "label_issues_differ"):
        finding = finding_of(evidence, rule)
        (number,) = re.findall(NUMBER, finding.message)
        assert people[number] == "Qcarl"
        assert "label_consistency/numbers" in finding.remedy
        assert "build/" in finding.remedy
    for row in table_of(evidence, "levels").rows:
        if row[:2] == ("who", "labels"):
            assert row[3] == frame.filter(pl.col("who") == people[row[2]]).height
    assert "Qc" not in evidence.to_json()


def test_the_table_of_annotators_uses_the_numbers_of_the_findings(tmp_path):
    frame = customers(copies=0)
    random = np.random.default_rng(1)
    other = {name: WHO[[n for n in range(3) if n != place]] for place, name in enumerate(WHO)}
    again = frame.with_columns(who=pl.Series([random.choice(other[name]) for name in frame["who"]]))
    again = again.with_columns(a=pl.col("a") + 0.01)
    frame = pl.concat([frame, again])
    evidence, answer = judged(tmp_path, frame)
    people = whose(frame, answer)
    shown = {row[0]: row[1] for row in table_of(evidence, "annotators").rows}
    assert shown == {number: frame.filter(pl.col("who") == name).height for number, name in people.items()}


def test_a_number_is_said_in_words_that_no_one_takes_for_no(told):
    _, evidence, _ = told
    message = finding_of(evidence, "labels_differ").message
    assert re.search(
        rf"beyond chance; who {NUMBER} differs most: its share of “(no|yes)” is [0-9.]+ percentage points (above|below) that of rows",
        message,
    )
    assert "no. " not in evidence.to_json()


def test_copies_are_nobodys_second_annotation(told):
    _, evidence, answer = told
    assert not any(m.name == "krippendorff_alpha" for m in evidence.metrics)
    assert table_of(evidence, "annotators") is None
    assert "label_consistency/consensus" not in set(answer.rows["rule"])


def test_only_items_of_several_annotators_are_paired_and_each_says_a_thing_once(tmp_path):
    frame = customers(copies=25)
    second = frame.head(60).tail(30).with_columns(who=pl.lit("Qann"), kind=pl.lit("no"), a=pl.col("a") + 0.01)
    evidence, answer = judged(tmp_path, pl.concat([frame, second, second.head(5)]))
    paired = frame.head(60).tail(30).filter(pl.col("who") != "Qann")
    alpha = next(m for m in evidence.metrics if m.name == "krippendorff_alpha")
    assert (alpha.independent_units, alpha.n) == (paired.height, 2 * paired.height)
    assert sum(row[1] for row in table_of(evidence, "annotators").rows) == 2 * paired.height
    assert answer.rows.filter(pl.col("rule") == "label_consistency/consensus").height == 2 * paired.height


def test_only_levels_with_more_errors_are_affected(told):
    frame, evidence, _ = told
    finding = finding_of(evidence, "label_issues_differ")
    assert finding.count == frame.filter(pl.col("who") == "Qcarl").height
    assert "1 of 3 that could be judged has more than chance allows" in finding.message
    assert finding.level is Level.WARNING


def test_the_levels_that_findings_are_about_come_first(told):
    _, evidence, _ = told
    columns = [row[0] for row in table_of(evidence, "levels").rows]
    assert columns[:6] == ["who"] * 6
    assert "region" in columns[6:]


def test_no_value_rests_on_more_independent_rows_than_rows(told):
    _, evidence, _ = told
    rested = [m for m in evidence.metrics if m.independent_units is not None]
    assert rested
    assert all(m.independent_units <= m.n for m in rested)
