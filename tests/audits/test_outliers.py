import dataclasses
import json

import numpy as np
import polars as pl
import pytest

from governance.asking import ask as answer_of
from governance.audits.outliers import Outliers
from governance.dataset import Role, Task
from governance.evidence import Level, Outcome
from governance.signals.compute import compute_signals
from governance.signals.settings import SignalsConfig
from governance.testing import make_snapshot


def ask(folder, frame, audit=None, **changes):
    snapshot = make_snapshot(folder, frame, **({"target": None, "task": Task.NONE} | changes))
    compute_signals(snapshot, folder / "out", SignalsConfig(folds=2))
    return answer_of(audit or Outliers(), dataclasses.replace(snapshot, signals_folder=folder / "out"))


def table(rows=300, seed=0):
    frame = pl.DataFrame(np.random.default_rng(seed).normal(size=(rows, 5)), schema=list("abcde"))
    return frame.with_columns(pl.Series("colour", ["red", "green", "blue"] * (rows // 3)))


def test_normal_data_has_no_finding(tmp_path):
    answer = ask(tmp_path, table())
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    assert answer.rows.height == 300


def test_far_rows_are_flagged_and_their_columns_named(tmp_path):
    frame = table().with_columns(
        pl.when(pl.int_range(300) < 2).then(pl.lit(9.0) - 16 * pl.int_range(300)).otherwise("b").alias("b")
    )
    answer = ask(tmp_path, frame)
    (finding,) = answer.findings
    assert finding.rule == "outliers/far_from_neighbours"
    assert finding.columns == ("b",)
    flagged = answer.rows.filter("flagged")
    assert flagged["source_row"].to_list().count(0) == 1
    assert set(flagged["source_row"]) >= {0, 1}
    assert flagged.height <= 3
    assert set(flagged.filter(pl.col("source_row") < 2)["suggestion"]) == {"stands out in b"}
    assert answer.tables[0].rows[0][0] == "b"


def test_extreme_rows_are_a_warning(tmp_path):
    frame = table().with_columns(pl.when(pl.int_range(300) == 5).then(999.0).otherwise("c").alias("c"))
    answer = ask(tmp_path, frame)
    assert [finding.level for finding in answer.findings] == [Level.WARNING]
    assert answer.rows.sort("score", descending=True)["source_row"][0] == 5


def test_an_approximate_search_says_how_much_it_found(tmp_path):
    snapshot = make_snapshot(tmp_path, table(), target=None, task=Task.NONE)
    compute_signals(snapshot, tmp_path / "out", SignalsConfig(folds=2))
    asked = dataclasses.replace(snapshot, signals_folder=tmp_path / "out")
    assert "neighbour_recall" not in [metric.name for metric in answer_of(Outliers(), asked).metrics]
    written = tmp_path / "out" / "signals.json"
    written.write_text(json.dumps(json.loads(written.read_text()) | {"neighbour_recall": 0.97}))
    fresh = dataclasses.replace(snapshot, signals_folder=tmp_path / "out")
    (metric,) = (m for m in answer_of(Outliers(), fresh).metrics if m.name == "neighbour_recall")
    assert (metric.value, metric.n) == (0.97, 1000)


def test_too_few_rows_cannot_be_judged(tmp_path):
    answer = ask(tmp_path, table(21))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "too_few_rows")


def test_mostly_copies_cannot_be_judged(tmp_path):
    frame = pl.DataFrame({"a": [1.0] * 80 + list(range(20)), "b": [2.0] * 80 + list(range(20))})
    answer = ask(tmp_path, frame)
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "mostly_copies")


def test_without_features_it_does_not_apply(tmp_path):
    answer = ask(tmp_path, table().select("a"), roles={Role.IGNORED: ("a",)})
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "no_features")


def test_private_columns_are_counted_and_no_value_is_shown(tmp_path):
    frame = table().with_columns(pl.when(pl.int_range(300) == 5).then(98765.0).otherwise("c").alias("c"))
    answer = ask(tmp_path, frame, public=False)
    assert "98765" not in repr((answer.findings, answer.tables, answer.figures, answer.metrics))


@pytest.mark.parametrize("setting", [{"false_alarms": 0}, {"extreme_factor": 1}, {"min_rows": 3}])
def test_settings_have_bounds(setting):
    with pytest.raises(ValueError):
        Outliers(**setting)


def test_the_columns_named_are_said_of_no_more_rows_than_stand_out_in_them(tmp_path):
    """Four rows are odd by two columns together, in neither of which they stand out, and one by a third."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=400)
    frame = pl.DataFrame({"a": a, "b": a + 0.01 * rng.normal(size=400), "c": 0.1 * rng.normal(size=400)})
    odd = [(1.5, -1.5, 0.0), (-1.6, 1.4, 0.0), (0.2, -1.9, 0.0), (-1.9, 0.1, 0.0), (0.0, 0.0, 30.0)]
    answer = ask(tmp_path, pl.concat([frame, pl.DataFrame(odd, schema=["a", "b", "c"], orient="row")]))
    (finding,) = answer.findings
    assert finding.columns == ("c",)
    assert finding.count > 2
    assert finding.message.endswith("1 of these rows stands out in single columns: c (1).")


def test_every_row_that_stands_out_is_counted_and_what_is_farthest_off_is_named_first(tmp_path):
    """Of columns with as many rows each, not the first by name: the one whose cells are farthest off."""
    rng = np.random.default_rng(1)
    frame = pl.DataFrame({name: rng.normal(size=500) for name in "abcdefg"})
    content = {name: frame[name].to_list() for name in frame.columns}
    for place, name in enumerate("abcdefg"):
        content[name][place] = 1000.0 if name == "g" else 20.0
    (finding,) = ask(tmp_path, pl.DataFrame(content)).findings
    assert "7 of these rows stand out in single columns: g (1), a (1), " in finding.message
    assert finding.message.endswith(" and 2 more.")
    assert len(finding.columns) == 5
