from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest
from case_runner import ask

from governance.dataset import Role, Task
from governance.evidence import Level, Outcome
from governance.testing import make_snapshot


def table(seed=0, rows=480, biased=0.0, gone=0.0, private_names=True):
    random = np.random.default_rng(seed)
    true = random.integers(0, 2, rows)
    who = random.integers(0, 6, rows)
    site = random.choice(["north", "south"], rows)
    label = np.where((who == 2) & (true == 0) & (random.random(rows) < biased), 1, true)
    kind = pl.Series("kind", np.array(["no", "yes"])[label])
    kind = pl.Series(
        "kind", [None if s == "south" and random.random() < gone else k for s, k in zip(site, kind, strict=True)]
    )
    names = np.array([f"Qx{number}zyw" for number in range(6)])[who]
    return pl.DataFrame(
        {"a": random.normal(true * 2.5), "b": random.normal(-true * 2.0), "who": names, "site": site}
    ).with_columns(kind)


def found(tmp_path, frame, settings=None, **rest):
    rest = {
        "target": "kind",
        "task": Task.CLASSIFICATION,
        "roles": {Role.ANNOTATOR: ("who",), Role.SOURCE: ("site",)},
    } | rest
    return ask("label_consistency", make_snapshot(tmp_path, frame, **rest), settings)


def loud(evidence):
    return {f.rule.split("/")[1] + ":" + f.columns[-1] for f in evidence.findings if f.level is not Level.NOTE}


def test_a_biased_annotator_is_found_numbered_and_her_rows_are_pointed_to(tmp_path):
    frame = table(biased=0.5)
    evidence, answer = found(tmp_path, frame)
    assert "labels_differ:who" in loud(evidence)
    (finding,) = [f for f in evidence.findings if f.rule.endswith("/labels_differ")]
    assert re.search(r"; who number \d of 6 differs most: ", finding.message)
    assert "Qx" not in evidence.to_json()
    named = frame.with_row_index("source_row").with_columns(pl.col("source_row").cast(pl.Int64))
    rows = answer.rows.filter("flagged").join(named, on="source_row")
    assert set(rows["who"]) == {"Qx2zyw"}
    assert set(rows["kind"]) == {"yes"}
    assert rows.height > 10


@pytest.mark.parametrize("seed", [0, 1])
def test_nobody_is_accused_where_no_feature_tells_the_labels_and_places_may_honestly_differ(tmp_path, seed):
    random = np.random.default_rng(seed)
    place = random.integers(0, 5, 1000)
    sick = random.random(1000) < np.linspace(0.1, 0.5, 5)[place]
    frame = pl.DataFrame({"a": random.normal(size=1000), "b": random.normal(size=1000)}).with_columns(
        kind=pl.Series(np.where(sick, "sick", "well")), site=pl.Series([f"s{one}" for one in place])
    )
    evidence, _ = found(tmp_path, frame, roles={Role.SOURCE: ("site",)})
    (finding,) = evidence.findings
    assert (finding.rule, finding.level, finding.confidence.value) == (
        "label_consistency/labels_differ", Level.NOTE, "low",
    )  # fmt: skip
    assert "alike features" not in finding.message
    assert "the rows themselves may differ" in finding.message


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_labels_that_are_turned_both_ways_are_said_to_be_so_and_pointed_to(tmp_path, seed):
    frame = table(seed, rows=720)
    kind = frame["kind"].to_numpy()
    whose = (frame["who"] == "Qx2zyw").to_numpy()
    turns = np.zeros(720, dtype=bool)
    for label in ("no", "yes"):
        turns[np.flatnonzero(whose & (kind == label))[:22]] = True
    frame = frame.with_columns(kind=pl.Series(np.where(turns, np.where(kind == "yes", "no", "yes"), kind)))
    evidence, answer = found(tmp_path, frame)
    messages = {f.rule: f.message for f in evidence.findings if f.columns[-1] == "who"}
    for message in messages.values():  # a difference that is said to be beyond chance is not within its own error
        for difference, error in re.findall(r" is ([0-9.]+) percentage .*?\(standard error ([0-9.]+)\)", message):
            assert abs(float(difference)) > 1.9 * float(error)
    assert "as when labels are turned both ways" in messages["label_consistency/labels_differ"]
    assert "standard error" not in messages["label_consistency/labels_differ"]
    note = next(m.note for m in evidence.metrics if m.name == "largest_difference_labels" and m.group.endswith("who"))
    assert "which rows carry which label" in note
    named = frame.with_row_index("source_row").with_columns(pl.col("source_row").cast(pl.Int64), turns=pl.Series(turns))
    rows = answer.rows.join(named, on="source_row")
    for rule in ("labels_differ", "label_issues_differ"):
        pointed = rows.filter(pl.col("rule") == f"label_consistency/{rule}", pl.col("who") == "Qx2zyw")
        assert pointed["turns"].sum() >= 0.7 * turns.sum()
        assert pointed["turns"].mean() >= 0.8
        assert set(pointed["kind"]) == {"yes", "no"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_annotators_who_do_not_differ_raise_nothing(tmp_path, seed):
    evidence, _ = found(tmp_path, table(seed))
    assert evidence.outcome is Outcome.ASSESSED
    assert loud(evidence) == set()


def test_missing_labels_of_one_source(tmp_path):
    evidence, _ = found(tmp_path, table(gone=0.3))
    assert "missing_labels_differ:site" in loud(evidence)


def test_rows_of_one_item_in_long_form_give_agreement(tmp_path):
    random = np.random.default_rng(4)
    true = random.integers(0, 2, 160)
    item, who = np.repeat(np.arange(160), 3), np.tile(np.arange(3), 160)
    label = np.where(random.random(480) < np.array([0.05, 0.05, 0.4])[who], 1 - true[item], true[item])
    frame = pl.DataFrame(
        {
            "item": [f"i{n}" for n in item],
            "a": random.normal(true[item] * 2.0),
            "who": [f"Qx{n}" for n in who],
            "kind": np.array(["no", "yes"])[label],
        }
    )
    evidence, answer = found(tmp_path, frame, roles={Role.ANNOTATOR: ("who",), Role.IDENTIFIER: ("item",)})
    alpha = next(m for m in evidence.metrics if m.name == "krippendorff_alpha")
    assert 0.2 < alpha.low < alpha.value < alpha.high < 0.667
    assert alpha.independent_units == 160
    assert "low_agreement:who" in loud(evidence)
    annotators = next(t for t in evidence.tables if t.name == "annotators")
    assert annotators.rows[0][2] < 0.75 < annotators.rows[1][2]
    assert "label_issues_differ:who" in loud(evidence)
    issues = answer.rows.filter(pl.col("rule") == "label_consistency/label_issues_differ")
    assert issues.height > 20
    assert {frame["who"][row] for row in issues["source_row"]} == {"Qx2"}
    assert "Qx" not in evidence.to_json()


def test_the_consensus_of_each_item_stands_beside_its_rows(tmp_path):
    random = np.random.default_rng(7)
    true = random.integers(0, 3, 200)
    skill = np.array([0.9, 0.9, 0.15, 0.15, 0.15])
    votes = np.where(random.random((200, 5)) < skill, true[:, None], random.integers(0, 3, (200, 5)))
    names = np.array(["ash", "elm", "oak"])
    item, who = np.repeat(np.arange(200), 5), np.tile(np.arange(5), 200)
    long = pl.DataFrame({"item": [f"i{n}" for n in item], "who": [f"w{n}" for n in who], "kind": names[votes.ravel()]})
    _, answer = found(tmp_path / "long", long, roles={Role.ANNOTATOR: ("who",), Role.IDENTIFIER: ("item",)})
    wide = pl.DataFrame({f"w{n}": names[votes[:, n]] for n in range(5)} | {"kind": names[votes[:, 4]]})
    settings = {"annotations": [f"w{n}" for n in range(5)]}
    _, beside = found(tmp_path / "wide", wide.with_columns(n=pl.int_range(200)), settings, roles={})
    said = {}
    for form, rows in (("long", answer.rows), ("wide", beside.rows)):
        rows = rows.filter(pl.col("rule") == "label_consistency/consensus").sort("source_row")
        assert rows.height == (1000 if form == "long" else 200)
        assert not rows["flagged"].any()
        said[form] = rows["suggestion"].to_numpy()[:: 5 if form == "long" else 1]
        # The label that stands in a row is improbable where the consensus is another.
        given = (long if form == "long" else wide)["kind"].to_numpy()
        other = given != rows["suggestion"].to_numpy()
        assert rows["score"].to_numpy()[other].mean() > 0.6 > 0.3 > rows["score"].to_numpy()[~other].mean()
    assert (said["long"] == said["wide"]).all()
    voted = np.array([np.bincount(row, minlength=3).argmax() for row in votes])
    assert (said["wide"] == names[true]).mean() >= (voted == true).mean() + 0.03


def test_agreement_needs_no_target(tmp_path):
    frame = pl.DataFrame({"one": ["x", "y"] * 40, "two": ["x", "y"] * 40, "note": list(range(80))})
    evidence, _ = found(tmp_path, frame, {"annotations": ["one", "two"]}, target=None, task=Task.NONE, roles={})
    assert evidence.outcome is Outcome.ASSESSED
    assert next(m for m in evidence.metrics if m.name == "krippendorff_alpha").value == pytest.approx(1.0)


def test_columns_that_are_not_there_are_named(tmp_path):
    evidence, _ = found(tmp_path, table(), {"annotations": ["who", "nobody"]})
    assert (evidence.outcome, evidence.code) == (Outcome.FAILED, "no_such_column")
    assert "nobody" in evidence.reason
    assert "there are: a, b, kind, site, who" in evidence.reason


def test_a_column_of_annotations_that_is_named_twice_is_refused(tmp_path):
    evidence, _ = found(tmp_path, table(), {"annotations": ["a", "site", "site"]})
    assert (evidence.outcome, evidence.code) == (Outcome.FAILED, "annotator_twice")
    assert "site" in evidence.reason


def test_agreement_on_numbers_is_also_told_as_of_degrees(tmp_path):
    random = np.random.default_rng(0)
    true = random.integers(1, 6, 120)
    said = {f"r{n}": np.clip(true + random.integers(-1, 2, 120), 1, 5) for n in range(3)}
    frame, settings = pl.DataFrame(said | {"x": list(range(120))}), {"annotations": ["r0", "r1", "r2"]}
    evidence, _ = found(tmp_path, frame, settings, target=None, task=Task.NONE, roles={})
    value = {m.name: m.value for m in evidence.metrics}
    assert value["krippendorff_alpha"] < 0.5 < 0.7 < value["krippendorff_alpha_ordinal"]
    named, _ = found(tmp_path / "named", annotated(), {"annotations": ["ann1", "ann2"]}, roles={})
    assert not [m for m in named.metrics if m.name == "krippendorff_alpha_ordinal"]


def annotated(seed=0, rows=200):
    """Columns of three annotators of whom the last turns half of the birds into cats."""
    random = np.random.default_rng(seed)
    true = random.integers(0, 2, rows)
    said = np.where(random.random((rows, 3)) < 0.95, true[:, None], 1 - true[:, None])
    said[:, 2] = np.where((true == 0) & (random.random(rows) < 0.5), 1, said[:, 2])
    names = np.array(["bird", "cat"])
    columns = {f"ann{n + 1}": names[said[:, n]].tolist() for n in range(3)}
    return pl.DataFrame(columns | {"kind": names[true], "a": random.normal(true)})


def test_classes_of_annotations_are_named_where_they_may_be(tmp_path):
    evidence, _ = found(tmp_path, annotated(), {"annotations": ["ann1", "ann2", "ann3"]}, roles={})
    (finding,) = [f for f in evidence.findings if f.rule.endswith("/annotations_differ")]
    assert re.search(r"ann3 differs most: its share of “(bird|cat)” is", finding.message)


def test_annotations_of_classes_that_the_label_never_has_are_noted_and_pointed_to(tmp_path):
    frame = annotated()
    odd = frame["ann1"].to_list()
    odd[3], odd[7], odd[9] = "unsure", odd[7].title() + " ", "unsure"
    settings = {"annotations": ["ann1", "ann2", "ann3"]}
    evidence, answer = found(tmp_path, frame.with_columns(ann1=pl.Series(odd)), settings, roles={})
    (finding,) = [f for f in evidence.findings if f.rule.endswith("/unknown_classes")]
    assert (finding.count, finding.of, finding.level) == (3, 600, Level.NOTE)
    assert "of these annotations 1 is written like one of its classes" in finding.message
    assert "unsure" not in evidence.to_json()
    rows = answer.rows.filter(pl.col("rule") == "label_consistency/unknown_classes").sort("source_row")
    assert rows["source_row"].to_list() == [3, 7, 9]
    assert rows["suggestion"].to_list() == ["", frame["ann1"][7], ""]
    clean, _ = found(tmp_path / "clean", frame, settings, roles={})
    assert not [f for f in clean.findings if f.rule.endswith("/unknown_classes")]


def test_whole_numbers_beside_empty_cells_are_the_numbers_that_others_wrote_without_a_point(tmp_path):
    frame = pl.DataFrame({"one": [1, 2, 3, 4] * 20, "two": [1.0, 2.0, 3.0, None] * 20, "x": list(range(80))})
    evidence, _ = found(tmp_path, frame, {"annotations": ["one", "two"]}, target=None, task=Task.NONE, roles={})
    assert next(m for m in evidence.metrics if m.name == "krippendorff_alpha").value == pytest.approx(1.0)


def test_without_factors_it_is_not_applicable(tmp_path):
    evidence, _ = found(tmp_path, table(), roles={})
    assert (evidence.outcome, evidence.code) == (Outcome.NOT_APPLICABLE, "no_factors")


def test_few_rows_cannot_tell(tmp_path):
    evidence, _ = found(tmp_path, table(rows=60), {"least_rows": 200})
    assert (evidence.outcome, evidence.code) == (Outcome.INCONCLUSIVE, "too_few_rows")


def test_a_regression_is_compared_in_typical_errors(tmp_path):
    random = np.random.default_rng(0)
    x, who = random.normal(size=400), random.integers(0, 4, 400)
    frame = pl.DataFrame(
        {"x": x, "who": [f"w{n}" for n in who], "y": 3 * x + random.normal(0, 0.5, 400) + 0.8 * (who == 1)}
    )
    evidence, _ = found(tmp_path, frame, target="y", task=Task.REGRESSION, roles={Role.ANNOTATOR: ("who",)})
    assert any(rule.startswith("labels_differ") for rule in loud(evidence))


def test_of_clinics_of_which_one_reads_too_high_only_that_one_stands_out(tmp_path):
    random = np.random.default_rng(8)
    x, site = random.normal(size=720), random.integers(0, 6, 720)
    frame = pl.DataFrame(
        {"x": x, "site": [f"s{n}" for n in site], "y": 3 * x + random.normal(0, 0.5, 720) + 0.5 * (site == 4)}
    )
    evidence, _ = found(tmp_path, frame, target="y", task=Task.REGRESSION, roles={Role.SOURCE: ("site",)})
    (finding,) = [f for f in evidence.findings if f.rule.endswith("/labels_differ")]
    assert finding.level is Level.WARNING
    assert "s4 differs most" in finding.message
    assert "1 of 6 that could be judged stands out" in finding.message
    assert finding.count == (site == 4).sum()


def test_a_source_whose_rows_are_like_others_gives_models_no_reason_to_know_less(tmp_path):
    random = np.random.default_rng(3)
    place, true = random.choice(5, 900, p=[0.4, 0.25, 0.15, 0.1, 0.1]), random.integers(0, 2, 900)
    label = np.where((place == 3) & (random.random(900) < 0.25), 1 - true, true)
    columns = {f"x{n}": random.normal(size=900) + np.where(true == 1, 1.2, -1.2) for n in range(2)}
    frame = pl.DataFrame(columns | {"place": [f"s{n}" for n in place], "kind": np.array(["no", "yes"])[label]})
    evidence, _ = found(tmp_path, frame, roles={Role.SOURCE: ("place",)})
    assert "label_issues_differ:place" in loud(evidence)
