"""What a person may write as a right label: as the target holds it, however a spreadsheet writes it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from governance.dataset import ColumnType, Task
from governance.reviewing.review_sample import label_check


def problem(kind: ColumnType, task: Task, values: list[object], right: str, label: str) -> str:
    snapshot = SimpleNamespace(
        target="y", task=task, frame=lambda name: pl.LazyFrame({name: values}),
        column=lambda name: SimpleNamespace(name=name, type=kind, private=False),
    )  # fmt: skip
    return label_check(cast("Any", snapshot))(right, label)


@pytest.mark.parametrize("word", ["False", "false", "FALSE"])
def test_a_truth_value_is_one_label_in_any_case(word: str) -> None:
    asked = (ColumnType.BOOLEAN, Task.CLASSIFICATION, [True, False])
    assert problem(*asked, word, "true") == ""
    assert "is the one that is judged wrong" in problem(*asked, word, "false")
    assert "'nope' is no label" in problem(*asked, "nope", "true")


def test_a_number_is_one_label_however_it_is_written() -> None:
    numbers = (ColumnType.NUMBER, Task.REGRESSION, [7.5, 2.0])
    assert problem(*numbers, "8", "7.5") == ""
    assert "is the one that is judged wrong" in problem(*numbers, "7.50", "7.5")
    classes = (ColumnType.NUMBER, Task.CLASSIFICATION, [1.0, 2.0])
    assert problem(*classes, "1", "2.0") == ""
    for word in ("7,5", "1_000", "nan", "1e999"):
        assert f"'{word}' is no number" in problem(*numbers, word, "7.5")


def test_a_whole_number_is_asked_where_the_target_holds_them() -> None:
    for word in ("7.5", "7.0", "7e2"):
        told = problem(ColumnType.INTEGER, Task.REGRESSION, [1, 2], word, "1")
        assert told == f"{word!r} is no whole number, and 'y' holds whole numbers"
