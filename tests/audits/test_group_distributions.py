"""Quartiles of numbers per group: as the data has them, and nothing of few people or of private columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from governance.dataset import Role, Task
from governance.reporting.group_distributions import SHOWN_COLUMNS, distributions
from governance.reporting.group_profile import Rows, profiles
from governance.reporting.row_evidence import group_codes
from governance.testing import make_snapshot

TWO = {Role.SENSITIVE: ("sex", "age")}


def people(seed: int, rows: int = 600) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    hours = random.normal(38, 6, rows)
    return {
        "sex": random.choice(["female", "male"], rows),
        "age": random.integers(18, 80, rows),
        "hours": hours,
        "pay": random.normal(30, 5, rows),
        "hired": np.where(hours + random.normal(0, 4, rows) > 38, "yes", "no"),
    }


def asked(folder: Path, content: dict[str, Any], **roles: Any) -> tuple[Any, Any]:
    """The table and the figure. What models think of labels, which `read_rows` asks for, has no part in them."""
    declared = roles.get("roles", {Role.SENSITIVE: ("sex",)})
    made = make_snapshot(folder, pl.DataFrame(content), target="hired", task=Task.CLASSIFICATION, roles=declared)
    ids = made.frame("row_id").select("row_id").collect()["row_id"].to_list()
    codes = group_codes(made, ids)
    units = None if codes is None else np.array(codes, dtype=np.int64)
    rows = Rows(len(ids), np.zeros(len(ids), np.int64), units, np.zeros(len(ids), bool), None)
    tables, figures = distributions(made, profiles(made, rows, 30)[0], rows, 30)
    return tables[0], figures[0]


def lines(table: Any) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_quartiles_are_those_of_the_data_and_the_most_different_column_stands_first(tmp_path: Path) -> None:
    content = people(21)
    sex = np.array(content["sex"])
    content["pay"] = np.where(sex == "female", np.array(content["pay"]) + 20, content["pay"])
    content["pay"][:50] = np.nan
    found = lines(asked(tmp_path, content)[0])
    assert [line["column"] for line in found][:2] == ["pay", "pay"]
    assert {line["column"] for line in found} == {"pay", "hours", "age"}
    for line in found:
        values = np.array(content[line["column"]], float)[sex == line["group"].removeprefix("sex = ")]
        values = values[np.isfinite(values)]
        assert line["values"] == values.size
        truth = np.quantile(values, [0.25, 0.5, 0.75])
        spread = np.subtract(*np.nanquantile(np.array(content[line["column"]], float), [0.75, 0.25]))
        assert np.abs(np.array([line["q25"], line["median"], line["q75"]]) - truth).max() <= spread / 20


def test_the_figure_says_where_medians_differ_most(tmp_path: Path) -> None:
    content = people(22)
    content["pay"] = np.where(np.array(content["sex"]) == "female", 70.0, 30.0) + np.array(content["pay"]) / 100
    _, figure = asked(tmp_path, content)
    assert figure.alt == "Medians differ most in pay: 30 in sex = male, 70 in sex = female."


def test_small_groups_and_few_values_are_withheld(tmp_path: Path) -> None:
    content = people(23)
    content["sex"] = ["other"] * 29 + list(content["sex"][29:])
    content["pay"] = np.where(np.array(content["sex"]) == "male", np.nan, content["pay"])
    content["pay"][np.flatnonzero(np.array(content["sex"]) == "male")[:29]] = 987.654
    found = asked(tmp_path, content)[0]
    shown = {(row[0], row[1]) for row in found.rows}
    assert ("hours", "sex = male") in shown
    assert ("pay", "sex = male") not in shown
    assert not any("other" in group for _, group in shown)
    assert "1 groups of fewer than 30 independent units are withheld" in found.caption
    assert "987" not in repr(found)


def test_no_private_column_and_no_group_by_its_own_values(tmp_path: Path) -> None:
    content = people(24)
    content["salary"] = np.random.default_rng(2).normal(54321, 9, 600)
    roles = {**TWO, Role.PRIVATE: ("salary",)}
    found = asked(tmp_path, content, roles=roles)[0]
    assert not any(row[0] == "salary" for row in found.rows)
    assert not any(row[0] == "age" and row[1].startswith("age") for row in found.rows)
    assert any(row[0] == "age" and row[1] == "sex = male" for row in found.rows)
    assert any(row[0] == "pay" and row[1].startswith("age: ") for row in found.rows)


def test_extremes_are_not_told(tmp_path: Path) -> None:
    content = people(25)
    content["hours"][7] = 777777.0
    assert "777777" not in repr(asked(tmp_path, content)[0])


def test_the_rest_is_counted_in_words(tmp_path: Path) -> None:
    content = people(26)
    content |= {f"more_{n}": np.random.default_rng(n).normal(0, 1, 600) for n in range(8)}
    found = asked(tmp_path, content)[0]
    assert len({row[0] for row in found.rows}) == SHOWN_COLUMNS
    assert "5 more columns, whose medians differ less, are left out" in found.caption


def test_units_are_groups_of_rows(tmp_path: Path) -> None:
    content = people(27)
    content["family"] = np.where(np.array(content["sex"]) == "male", "one", [f"f{n}" for n in range(600)])
    found, _ = asked(tmp_path, content, roles={Role.SENSITIVE: ("sex",), Role.GROUP: ("family",)})
    assert {row[1] for row in found.rows} == {"sex = female"}


@pytest.mark.parametrize("value", [1.0, 1.7e308, 5e-324, float("inf"), float("nan")])
def test_numbers_at_the_ends_of_what_floats_hold_break_nothing(tmp_path: Path, value: float) -> None:
    content = people(28)
    content["pay"] = np.where(np.arange(600) % 2 == 0, value, 0.0)
    found, _ = asked(tmp_path, content)
    assert all(np.isfinite(row[3:]).all() for row in found.rows)
