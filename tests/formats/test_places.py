"""Findings about rules lead to the line of the contract that declares them."""

from __future__ import annotations

import pytest
from evidence_samples import evidence, finding
from formats.conftest import PARAMS, judgement

from governance.config import Workspace
from governance.evidence import Level
from governance.formats.places import Places

SUITE = """{"expectations": [
  {"type": "expect_column_values_to_not_be_null",
   "kwargs": {"column": "kind"}},
  {"type": "expect_column_values_to_be_unique",
   "kwargs": {"column": "kind"}},
  {"type": "expect_table_row_count_to_equal", "kwargs": {"value": 3}}
]}
"""


@pytest.mark.parametrize(
    ("rule", "columns", "place"),
    [
        ("schema/check_failed", ("kind",), "schema.py:5"),
        ("schema/check_failed", ("odd name",), "schema.py:6"),
        ("schema/check_failed", (), "schema.py:1"),
        ("expectations/column_values_to_be_unique", ("kind",), "suite.json:5"),
        ("expectations/column_values_to_not_be_null", ("kind",), "suite.json:3"),
        ("expectations/table_row_count_to_equal", (), "suite.json:6"),
        ("outliers/far", ("kind",), "columns.yaml:3"),
    ],
)
def test_a_broken_rule_leads_to_the_contract_that_declares_it(
    workspace: Workspace, rule: str, columns: tuple[str, ...], place: str
) -> None:
    folder = workspace.contract("toy")
    schema = "import pandera.polars as pa\n\n\nclass Toy(pa.DataFrameModel):\n    kind: str\n    odd: str = pa.Field(alias='odd name')\n"
    (folder / "schema.py").write_text(schema, encoding="utf-8")
    (folder / "suite.json").write_text(SUITE, encoding="utf-8")
    item = finding(rule, Level.ERROR, columns=columns)
    judged = judgement(expectations=evidence("expectations", findings=(item,))) if rule[0] == "e" else judgement([item])
    decision = next(d for d in judged.verdict.decisions if d.rule == rule)
    found = Places(workspace).of(judged, decision, item)
    assert f"{found.file}:{found.line}" == f"govern/expectations/toy/{place}"


def test_a_contract_elsewhere_is_where_it_was_declared_and_never_outside(workspace: Workspace) -> None:
    item = finding("schema/check_failed", Level.ERROR, columns=("kind",))
    judged = judgement([item])
    decision = next(d for d in judged.verdict.decisions if d.rule == item.rule)
    (workspace.boundary / "own.py").write_text("\nclass X:\n    kind: str\n", encoding="utf-8")
    for declared, place in (("../own.py", "own.py:3"), ("../../own.py", "columns.yaml:3"), ("own:X", "columns.yaml:3")):
        params = PARAMS.replace("path: data/toy.csv", f"path: data/toy.csv\n      schema: {declared}")
        (workspace.root / "params.yaml").write_text(params, encoding="utf-8")
        (workspace.boundary.parent / "own.py").write_text("kind", encoding="utf-8")
        found = Places(Workspace(workspace.root)).of(judged, decision, item)
        assert f"{found.file}:{found.line}".endswith(place)
