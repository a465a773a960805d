from __future__ import annotations

from typing import Any

from governance.documents.metric_table import metric_table
from governance.evidence import ASSUMED_INDEPENDENT, Metric

INTERVAL = "An interval is the range in which the true value is likely to lie; more rows make it narrower."


def metric(name: str, group: str = "", value: float | None = 0.5, **rest: Any) -> Metric:
    return Metric(name=name, group=group, value=value, **({"unit": "share", "n": 100} | rest))


def test_groups_stand_side_by_side_when_they_share_measures() -> None:
    table = metric_table(
        [
            metric("accuracy", "test", n=145, low=0.4, high=0.6, interval="95 % Wilson", meaning="share right"),
            metric("loss", "test", n=145, unit=""),
            metric("accuracy", "train", n=424, note="on rows it was fitted on"),
            metric("loss", "train", n=424, unit="", note="on rows it was fitted on"),
        ],
        "audit",
        40,
    )
    assert table.groups == (("test", "145"), ("train", "424"))
    assert [(row.name, row.meaning, len(row.cells)) for row in table.rows] == [
        ("accuracy", "share right", 2),
        ("loss", "", 2),
    ]
    cell = table.rows[0].cells[0]
    assert cell is not None
    assert (cell.value, cell.interval, cell.n, cell.anchor) == ("50 %", "40 to 60 %", "", "audit-accuracy-test")
    assert table.notes == (f"{INTERVAL} Method: 95 % Wilson.", "train: on rows it was fitted on.")


def test_a_missing_value_is_a_gap_and_a_differing_n_is_said() -> None:
    table = metric_table([metric("a", "x"), metric("a", "y"), metric("b", "x", n=50)], "p", 40)
    assert table.groups == (("x", ""), ("y", "100"))
    assert table.rows[1].cells[1] is None
    first = table.rows[0].cells[0]
    assert first is not None
    assert first.n == "n = 100"


def test_many_groups_stand_below_each_other() -> None:
    table = metric_table([metric("recall", f"class {i}", meaning="found") for i in range(9)], "p", 5)
    assert table.groups == ()
    assert table.with_group
    assert [row.meaning for row in table.rows] == ["found", "", "", "", ""]
    assert table.left_out == 4


def test_one_group_goes_into_the_heading() -> None:
    table = metric_table([metric("a", "test"), metric("b", "test")], "p", 40)
    assert table.groups == (("test", "100"),)


def test_different_measures_stand_below_each_other() -> None:
    table = metric_table([metric("a"), metric("b"), metric("c", "x", n=None)], "p", 40)
    assert table.groups == ()
    assert [row.group for row in table.rows] == ["all", "all", "x"]
    assert not table.with_interval
    assert table.with_n


def test_what_cannot_be_told_says_why_in_its_place() -> None:
    table = metric_table([metric("a", value=None, note="fewer than 30 rows")], "p", 40)
    cell = table.rows[0].cells[0]
    assert cell is not None
    assert cell.value == "cannot tell: fewer than 30 rows"
    assert table.notes == ()


def test_each_kind_of_interval_is_named_once() -> None:
    rest = {"low": 0.4, "high": 0.6}
    table = metric_table(
        [
            metric("a", interval="Wilson", **rest),
            metric("roc_auc", interval="DeLong", **rest),
            metric("c", interval="Wilson", note="a sample", **rest),
        ],
        "p",
        40,
    )
    assert table.notes == (f"{INTERVAL} Methods: Wilson for a and c; DeLong for ROC AUC.", "c: a sample.")


def test_what_all_intervals_assume_is_said_once_and_what_some_assume_beside_these() -> None:
    rest = {"low": 0.4, "high": 0.6}
    assumed = [
        metric("a", interval=f"Wilson {ASSUMED_INDEPENDENT}", **rest),
        metric("b", interval=ASSUMED_INDEPENDENT, **rest),
    ]
    assert metric_table(assumed, "p", 40).notes == (
        f"{INTERVAL} Methods: Wilson for a; not named for b. Rows are assumed to be independent.",
    )
    assert metric_table([assumed[0], metric("c", interval="DeLong", independent_units=9, **rest)], "p", 40).notes == (
        f"{INTERVAL} Methods: Wilson (rows assumed independent) for a; DeLong for c.",
    )


def test_nothing() -> None:
    table = metric_table([], "p", 40)
    assert (table.rows, table.notes, table.left_out) == ((), (), 0)
