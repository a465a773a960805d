import dataclasses

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import make_classification
from sklearn.metrics import average_precision_score

from governance.adapters import scikit_learn
from governance.asking import ask as answer_of
from governance.audits.label_issues import LabelIssues
from governance.dataset import Role, Split, Task
from governance.evidence import Confidence, Level, Outcome
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot


def ask(folder, frame, audit=None, **changes):
    rest = {"target": "kind", "task": Task.CLASSIFICATION, "split": Split(method="ratio")} | changes
    snapshot = make_snapshot(folder, frame, **rest)
    compute_signals(snapshot, folder / "out")
    return answer_of(audit or LabelIssues(), dataclasses.replace(snapshot, signals_folder=folder / "out")), snapshot


def classes(rows=400, flips=0, distance=5.0, seed=0, names=("ash", "elm", "oak")):
    generator = np.random.default_rng(seed)
    true = np.arange(rows) % len(names)
    centres = generator.normal(size=(len(names), 4))
    centres *= distance / np.linalg.norm(centres, axis=1, keepdims=True)
    given = true.copy()
    given[:flips] = (true[:flips] + 1) % len(names)
    values = centres[true] + generator.normal(size=(rows, 4))
    frame = pl.DataFrame(values, schema=["a", "b", "c", "d"])
    return frame.with_columns(pl.Series("kind", np.array(names)[given])), np.array(names)[true]


def metric(answer, name):
    return next(metric for metric in answer.metrics if metric.name == name)


def test_models_that_learnt_from_a_sample_say_so_beside_their_quality(tmp_path, monkeypatch):
    frame, _ = classes()
    assert metric(ask(tmp_path / "all", frame)[0], "out_of_fold_accuracy").note == ""
    monkeypatch.setattr(scikit_learn, "MAX_TRAINING_ROWS", 100)
    note = metric(ask(tmp_path / "some", frame)[0], "out_of_fold_accuracy").note
    assert "100 of 400 rows" in note


def test_planted_errors_are_flagged_with_the_right_suggestion(tmp_path):
    frame, true = classes(flips=20)
    answer, _ = ask(tmp_path, frame)
    assert answer.outcome is Outcome.ASSESSED
    flagged = answer.rows.filter("flagged").sort("source_row")
    found = [row for row in flagged["source_row"] if row < 20]
    assert len(found) >= 17
    assert flagged.height - len(found) <= 3
    suggested = dict(zip(flagged["source_row"], flagged["suggestion"], strict=True))
    assert np.mean([suggested[row] == true[row] for row in found]) > 0.9
    assert answer.rows.height == 400
    assert average_precision_score(answer.rows["source_row"] < 20, answer.rows["score"]) > 0.95
    share = metric(answer, "flagged_share")
    assert share.low < 20 / 400 < share.high
    assert metric(answer, "estimated_noise_rate").value == pytest.approx(0.05, abs=0.01)
    (finding,) = answer.findings
    assert (finding.rule, finding.level) == ("label_issues/likely_wrong_label", Level.WARNING)
    assert finding.count == flagged.height
    table = next(table for table in answer.tables if table.name == "given_and_suggested")
    assert sum(row[2] for row in table.rows) == flagged.height


def test_clean_labels_have_no_warning(tmp_path):
    answer, _ = ask(tmp_path, classes()[0])
    assert answer.outcome is Outcome.ASSESSED
    assert not [finding for finding in answer.findings if finding.level is not Level.NOTE]
    assert metric(answer, "out_of_fold_accuracy").value > 0.9


def test_labels_that_are_noise_cannot_be_judged(tmp_path):
    frame = pl.DataFrame(np.random.default_rng(0).normal(size=(200, 3)), schema=["a", "b", "c"])
    frame = frame.with_columns(pl.Series("kind", np.random.default_rng(1).choice(["x", "y"], 200)))
    answer, _ = ask(tmp_path, frame)
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "below_baseline")
    assert answer.rows is None
    assert metric(answer, "out_of_fold_accuracy").low <= metric(answer, "baseline").value


@pytest.mark.parametrize("wrong", [1, 3, 10])
def test_a_label_in_other_units_does_not_silence_the_search_for_it(tmp_path, wrong):
    generator = np.random.default_rng(wrong)
    table = generator.normal(size=(600, 5))
    value = 100 + 20 * table[:, 0] + 10 * table[:, 1] + generator.normal(0, 5, 600)
    value[:wrong] *= 1000
    frame = pl.DataFrame(table).with_columns(pl.Series("value", value))
    answer, _ = ask(tmp_path, frame, target="value", task=Task.REGRESSION)
    assert answer.outcome is Outcome.ASSESSED
    flagged = answer.rows.filter("flagged")["source_row"].to_list()
    assert set(range(wrong)) <= set(flagged)
    assert len(flagged) <= wrong + 6
    ranked = metric(answer, "out_of_fold_rank_correlation")
    assert ranked.value > 0.8


@pytest.mark.parametrize(
    ("rows", "share", "wrong", "apart", "seed"), [(600, 0.025, 0.025, 2.0, 0), (800, 0.02, 0.03, 1.8, 0)]
)
def test_a_rare_class_that_accuracy_cannot_show_is_judged(tmp_path, rows, share, wrong, apart, seed):
    generator = np.random.default_rng(seed)
    rare = generator.random(rows) < share
    table = generator.normal(size=(rows, 4)) + apart * rare[:, None]
    turned = generator.random(rows) < wrong
    frame = pl.DataFrame(table).with_columns(pl.Series("kind", np.where(rare != turned, "rare", "usual")))
    answer, _ = ask(tmp_path, frame)
    assert answer.outcome is Outcome.ASSESSED
    assert metric(answer, "out_of_fold_accuracy").low <= metric(answer, "baseline").value
    assert metric(answer, "out_of_fold_against_baseline").low > 0.5 or metric(answer, "out_of_fold_auc").low > 0.6
    assert average_precision_score(turned[answer.rows["source_row"].to_numpy()], answer.rows["score"]) > 0.9


def test_where_one_linear_rule_made_the_labels_its_word_is_heard_beside_the_trees(tmp_path):
    precision, noise = [], []
    for seed in range(3):
        generator = np.random.default_rng(seed)
        table = generator.normal(size=(300, 8))
        true = table @ generator.normal(size=8) > 0
        turned = generator.random(300) < 0.1
        frame = pl.DataFrame(table).with_columns(pl.Series("kind", np.where(true != turned, "x", "y")))
        answer, _ = ask(tmp_path / str(seed), frame)
        wrong = turned[answer.rows["source_row"].to_numpy()]
        precision.append(average_precision_score(wrong, answer.rows["score"]))
        noise.append(metric(answer, "estimated_noise_rate").value)
    assert np.mean(precision) > 0.87
    assert 0.05 < np.mean(noise) < 0.15  # confident learning says twice as much, as it counts overlap


def test_where_classes_overlap_the_confidence_is_not_high(tmp_path):
    answer, _ = ask(tmp_path, classes(1200, distance=1.2, names=("x", "y"))[0])
    assert answer.outcome is Outcome.ASSESSED
    (finding,) = answer.findings
    assert finding.confidence is not Confidence.HIGH


@pytest.mark.parametrize("names", [("a", "b", "c", "d"), ("x", "y")])
def test_right_labels_of_classes_that_overlap_are_a_note_however_many_are_flagged(tmp_path, names):
    answer, _ = ask(tmp_path, classes(rows=600, distance=2.0, names=names)[0])
    assert metric(answer, "flagged_share").low > LabelIssues().warn_share
    (finding,) = answer.findings
    assert (finding.level, finding.confidence) == (Level.NOTE, Confidence.LOW)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_rows_that_speak_clearly_for_one_class_and_are_of_the_other_are_no_warning_where_chance_makes_them(
    tmp_path, seed
):
    generator = np.random.default_rng(seed)
    table, weight = generator.normal(size=(600, 10)), generator.normal(size=10)
    kind = np.where(generator.random(600) < 1 / (1 + np.exp(-0.6 * table @ weight)), "x", "y")
    answer, _ = ask(tmp_path, pl.DataFrame(table).with_columns(pl.Series("kind", kind)))
    assert metric(answer, "flagged_share").low > 10 * LabelIssues().warn_share
    assert [finding.level for finding in answer.findings] == [Level.NOTE]


@pytest.mark.parametrize(("wrong", "level"), [(0.0, Level.NOTE), (0.15, Level.WARNING)])
def test_where_no_label_is_contradicted_with_certainty_a_floor_under_all_of_them_is_warned_of(tmp_path, wrong, level):
    table, true = make_classification(600, 12, n_informative=6, n_classes=4, class_sep=1.3, flip_y=0, random_state=3)
    generator = np.random.default_rng(0)
    given = np.where(generator.random(600) < wrong, (true + generator.integers(1, 4, 600)) % 4, true)
    frame = pl.DataFrame(table).with_columns(pl.Series("kind", np.array(["a", "b", "c", "d"])[given]))
    (finding,) = ask(tmp_path, frame)[0].findings
    assert finding.level is level


def test_classes_that_are_too_small_are_not_judged(tmp_path):
    frame, _ = classes()
    rare = frame.head(4).with_columns(kind=pl.lit("yew"), a=pl.lit(50.0) + pl.int_range(4))
    answer, snapshot = ask(tmp_path, pl.concat([frame, rare]))
    assert answer.units.declared == snapshot.rows == 404
    assert answer.units.evaluated == 400
    assert "yew" not in answer.rows["suggestion"].to_list()
    assert "yew" not in str(answer.tables)


def test_a_private_target_is_not_named(tmp_path):
    frame, _ = classes(flips=20, names=("secret one", "secret two"))
    answer, _ = ask(tmp_path, frame, public=False)
    shown = repr((answer.tables, answer.figures, answer.findings, answer.metrics))
    assert "secret" not in shown
    assert "class 1" in shown


def test_groups_widen_the_interval(tmp_path):
    frame, _ = classes(flips=20)
    frame = frame.with_columns(pl.Series("site", [f"s{number // 20}" for number in range(400)]))
    answer, _ = ask(tmp_path, frame, roles={Role.GROUP: ("site",)})
    share = metric(answer, "flagged_share")
    assert share.independent_units == 20
    lone, _ = ask(tmp_path / "alone", frame, roles={Role.IGNORED: ("site",)})
    alone = metric(lone, "flagged_share")
    assert share.high - share.low > 1.5 * (alone.high - alone.low)


def values(rows=400, errors=0, seed=0):
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(rows, 4))
    target = matrix @ [3, 1, 0, -2] + generator.normal(size=rows)
    target[:errors] += 25
    return pl.DataFrame(matrix, schema=["a", "b", "c", "d"]).with_columns(kind=pl.Series(target))


def test_regression_finds_gross_errors(tmp_path):
    answer, _ = ask(tmp_path, values(errors=8), task=Task.REGRESSION)
    assert answer.outcome is Outcome.ASSESSED
    flagged = answer.rows.filter("flagged")
    assert set(range(8)) <= set(flagged["source_row"])
    assert flagged.height <= 10
    assert answer.findings[0].level is Level.WARNING
    assert all(abs(float(text)) < 20 for text in flagged["suggestion"])


def test_regression_with_clean_noise_has_no_warning(tmp_path):
    answer, _ = ask(tmp_path, values(), task=Task.REGRESSION)
    assert answer.rows["flagged"].sum() <= 1
    assert not [finding for finding in answer.findings if finding.level is not Level.NOTE]
    assert sum(row[1] for row in answer.tables[0].rows) == 400


def test_regression_on_noise_cannot_be_judged(tmp_path):
    frame = values().with_columns(kind=pl.Series(np.random.default_rng(9).normal(size=400)))
    answer, _ = ask(tmp_path, frame, task=Task.REGRESSION)
    assert answer.code == "below_baseline"


def test_without_target_it_does_not_apply(tmp_path):
    answer, _ = ask(tmp_path, classes()[0], target=None, task=Task.NONE)
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "no_target")


def test_a_result_that_did_not_come_back_fails_the_audit(tmp_path, monkeypatch):
    from governance.adapters import cleanlab

    monkeypatch.setattr(cleanlab._imported("filter"), "find_label_issues", lambda *a, **k: None)
    answer, _ = ask(tmp_path, classes()[0])
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "cleanlab_failed")
