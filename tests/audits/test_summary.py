from io import BytesIO

import numpy as np
import polars as pl
import pytest
from PIL import Image

from governance.audits.summary import Summary
from governance.dataset import ColumnType, Role, Split, Task
from governance.evidence import Evidence, Level, Outcome
from governance.testing import make_snapshot


def ask(folder, frame, audit=None, **changes):
    return (audit or Summary()).run(make_snapshot(folder, frame, **changes))


def toy(rows=120):
    generator = np.random.default_rng(0)
    label = np.arange(rows) % 2
    return pl.DataFrame(
        {
            "x": generator.normal(size=rows) + 3 * label,
            "z": generator.normal(size=rows),
            "count": generator.integers(0, 5, rows),
            "colour": ["red"] * (rows - 44) + ["green"] * 40 + ["mauve"] * 4,
            "kind": np.where(label == 1, "oak", "elm"),
        }
    ).with_columns(pl.when(pl.int_range(rows) % 10 == 0).then(None).otherwise("z").alias("z"))


CLASSES = {"target": "kind", "task": Task.CLASSIFICATION, "split": Split(method="ratio")}


def tables(answer):
    return {table.name: table for table in answer.tables}


def test_it_describes_rows_columns_classes_and_missing_values(tmp_path):
    answer = ask(tmp_path, toy(), **CLASSES)
    assert answer.outcome is Outcome.ASSESSED
    found = tables(answer)
    assert sum(row[1] for row in found["splits"].rows) == 120
    assert [row[:2] for row in found["missing"].rows] == [("z", 12)]
    numbers = {row[0]: row for row in found["numbers"].rows}
    values = toy()["x"]
    assert numbers["x"][1:4] == pytest.approx((120, values.mean(), values.std()))
    assert numbers["x"][4:] == pytest.approx(np.quantile(values, [0, 0.25, 0.5, 0.75, 1]))
    assert numbers["z"][1] == 108
    bins = [row for row in found["histograms"].rows if row[0] == "count"]
    assert [row[1] for row in bins] == ["0", "1", "2", "3", "4"]
    assert sum(row[2] for row in bins) == 120
    assert sum(row[2] for row in found["classes"].rows) == 120
    assert found["by_class"].rows[0][0] == "x"
    assert {metric.name: metric.value for metric in answer.metrics}["missing_share"] == pytest.approx(12 / 600)
    assert answer.findings == ()


def test_rare_levels_are_not_named(tmp_path):
    answer = ask(tmp_path, toy(), **CLASSES)
    levels = [row[1:3] for row in tables(answer)["levels"].rows]
    assert levels == [("red", 76), ("green", 40), ("(1 other levels)", 4)]
    assert "mauve" not in repr(answer)


def test_private_values_are_not_shown(tmp_path):
    frame = toy().with_columns(x=pl.lit(123.456) + pl.int_range(120), colour=pl.lit("violet"))
    answer = ask(tmp_path, frame, public=False, **CLASSES)
    shown = repr((answer.tables, answer.figures, answer.findings, answer.metrics))
    for value in ("123.456", "violet", "oak", "elm"):
        assert value not in shown
    assert {"splits", "missing", "classes"} <= set(tables(answer))


def test_text_lengths(tmp_path):
    frame = pl.DataFrame({"text": ["word " * (number % 7 + 1) for number in range(60)]})
    answer = ask(tmp_path, frame, types={"text": ColumnType.TEXT}, roles={Role.TEXT: ("text",)})
    (row,) = tables(answer)["numbers"].rows
    assert row[0] == "text (characters)"
    assert (row[4], row[8]) == (5, 35)
    assert "word" not in repr((answer.tables, answer.figures))


def test_images(tmp_path):
    def png(value):
        buffer = BytesIO()
        Image.fromarray(np.full((6, 9), value, dtype=np.uint8)).save(buffer, "PNG")
        return buffer.getvalue()

    frame = pl.DataFrame({"image": [png(number * 5) for number in range(51)]})
    found = tables(ask(tmp_path, frame, types={"image": ColumnType.IMAGE}))
    properties = {row[0]: row[1:] for row in found["images"].rows}
    assert properties["width"] == (9,) * 5
    assert properties["height"] == (6,) * 5
    assert properties["brightness"] == pytest.approx((0, 0.25, 0.5, 0.75, 1), abs=0.03)
    assert "all images" in found["images"].caption


def test_dates(tmp_path):
    frame = pl.DataFrame({"day": [f"2020-01-{day:02d}" for day in range(1, 29)] * 2}).with_columns(
        pl.col("day").str.to_date()
    )
    assert tables(ask(tmp_path, frame))["times"].rows == (("day", "2020-01-01", "2020-01-28"),)


def test_columns_without_content_are_found(tmp_path):
    frame = toy().with_columns(
        empty=pl.lit(None, pl.Float64),
        gaps=pl.when(pl.int_range(120) % 3 == 0).then(1.5 + pl.int_range(120)),
        same=pl.lit("always"),
    )
    answer = ask(tmp_path, frame, types={"empty": ColumnType.NUMBER}, **CLASSES)
    assert {(f.rule, f.columns, f.level) for f in answer.findings} == {
        ("summary/empty_column", ("empty",), Level.WARNING),
        ("summary/mostly_missing", ("gaps",), Level.WARNING),
        ("summary/constant_column", ("same",), Level.NOTE),
    }


def test_rare_and_absent_classes_are_found(tmp_path):
    frame = toy().with_columns(part=pl.when(pl.int_range(120) < 90).then(pl.lit("train")).otherwise(pl.lit("test")))
    frame = frame.with_columns(pl.when(pl.int_range(120) < 7).then(pl.lit("yew")).otherwise("kind").alias("kind"))
    rest = {"split": Split(method="column", column="part"), "roles": {Role.SPLIT: ("part",)}}
    answer = ask(tmp_path, frame, **(CLASSES | rest))
    assert {(f.rule, f.subject, f.split) for f in answer.findings} == {
        ("summary/rare_class", "yew", None),
        ("summary/class_missing_in_split", "yew", "test"),
    }


@pytest.mark.parametrize(
    "values", [[1e308, -1e308, 3.0], [float("inf"), 1.0, 2.0], [1e-320, 0.0, 2e-320], [1e18, 1e18 + 128, 1e18]]
)
def test_numbers_at_the_ends_of_floats_give_valid_evidence(tmp_path, values):
    frame = pl.DataFrame({"x": values * 10, "kind": ["elm", "oak"] * 15})
    answer = ask(tmp_path, frame, **CLASSES)
    audit = Summary()
    evidence = Evidence(
        subject="toy", audit="summary", title=audit.title, question=audit.question, section=audit.section, settings={},
        inputs={}, outcome=answer.outcome, units=answer.units, reach=answer.reach, findings=answer.findings,
        metrics=answer.metrics, tables=answer.tables, figures=answer.figures,
    )  # fmt: skip
    assert evidence.sealed().to_json()


def test_wide_tables_are_capped_and_say_so(tmp_path):
    frame = pl.DataFrame(np.random.default_rng(0).normal(size=(50, 80)), schema=[f"c{number}" for number in range(80)])
    answer = ask(tmp_path, frame)
    assert len(tables(answer)["numbers"].rows) == 30
    assert "50 more columns are left out" in tables(answer)["numbers"].caption
    assert "50 more columns are left out" in tables(answer)["histograms"].caption


def test_settings_change_what_is_shown(tmp_path):
    answer = ask(tmp_path, toy(), Summary(levels=1, min_class_rows=100), **CLASSES)
    assert [row[1] for row in tables(answer)["levels"].rows] == ["red", "(2 other levels)"]
    assert [finding.rule for finding in answer.findings] == ["summary/rare_class"] * 2
