"""The ways in which engines that validate turn green on bad data, each put to this pipeline: none passes here.

Each test is named after the case as it was met in another tool; its docstring says what happened there.
"""

from __future__ import annotations

import json

import pytest
from fail_closed.contracts import (
    BETWEEN,
    NO_WIDTH,
    NOT_NULL,
    UNIQUE,
    only_great_expectations,
    only_pandera,
    with_width,
)
from fail_closed.measured import Measured
from fail_closed.sources import KINDS, LENGTHS, WIDTHS, suite, table

from governance.evidence import Level


def test_01_a_suite_without_expectations(measured: Measured) -> None:
    """Great Expectations: success, with nothing evaluated."""
    only_great_expectations(measured)
    measured.measure(audits=("schema", "expectations"))
    ended = measured.gate()
    assert ended.code == 4
    assert "holds no expectation" in ended.text


def test_02_a_table_without_rows_in_great_expectations(measured: Measured) -> None:
    """Great Expectations: a range, not-null and unique all succeed on no rows."""
    only_great_expectations(measured, BETWEEN, NOT_NULL, UNIQUE)
    measured.source("length,width,kind\n")
    measured.measure()
    ended = measured.gate()
    assert ended.code == 4
    assert measured.evidence("expectations").code == "no_snapshot"
    assert "has a header and no rows" in ended.text


def test_03_a_column_without_values_in_great_expectations(measured: Measured) -> None:
    """Great Expectations: a range succeeds on a column that is null throughout."""
    only_great_expectations(measured, BETWEEN)
    measured.source(NO_WIDTH)
    measured.measure()
    assert measured.evidence("expectations").code == "rule_on_nothing"
    assert measured.gate().code == 4


def test_04_an_expectation_of_severity_info(measured: Measured) -> None:
    """Great Expectations: severity does not reach the verdict, so a gate on `success` blocks for a remark.

    Here it is a note that does not block, and a critical one beside it does.
    """
    content = json.loads(suite(("expect_column_max_to_be_between", {"column": "width", "max_value": 5})))
    content["expectations"][0]["severity"] = "info"
    measured.write("expectations/trees/suite.json", json.dumps(content))
    measured.measure(audits=("expectations",))
    ended = measured.gate("--dataset", "trees")
    assert ended.code == 0, ended.text
    assert [finding.level for finding in measured.evidence("expectations").findings] == [Level.NOTE]
    content["expectations"][0]["severity"] = "critical"
    measured.write("expectations/trees/suite.json", json.dumps(content))
    measured.measure(audits=("expectations",))
    assert measured.gate("--dataset", "trees").code == 3


def test_05_a_threshold_that_misses_what_is_worse(measured: Measured) -> None:
    """Great Expectations: an action on `warning` stays silent on `critical`, by comparing for equality."""
    rule = "policy:\n  findings: [{level: warning, effect: block}, {effect: note}]\n"
    measured.edit("params.yaml", "policy:\n", rule)
    measured.edit(
        "expectations/trees/schema.py", "width: float = pa.Field(ge=0, le=100)", "width: float = pa.Field(le=5)"
    )
    measured.measure(audits=("schema", "expectations"))
    assert [f.level for f in measured.evidence("schema").findings] == [Level.ERROR]
    assert measured.gate("--dataset", "trees").code == 3


def test_06_personal_data_in_a_report(measured: Measured) -> None:
    """Great Expectations: the values that fail a pattern stand raw in the result, in JSON too."""
    addresses = [f"tree.owner{i}@example.org" for i in range(118)] + ["not-an-address", "neither@"]
    measured.source(table({"length": LENGTHS, "width": WIDTHS, "kind": KINDS, "owner": addresses}))
    columns = measured.path("expectations/trees/columns.yaml").read_text(encoding="utf-8")
    measured.write("expectations/trees/columns.yaml", columns + "  - {name: owner, type: string}\n")
    pattern = ("expect_column_values_to_match_regex", {"column": "owner", "regex": "^.+@.+[.].+$"})
    only_great_expectations(measured, pattern)
    measured.measure()
    assert measured.gate("--dataset", "trees").code == 3
    assert next(f for f in measured.evidence("expectations").findings if f.columns == ("owner",)).count == 2
    for path in measured.path("reports").rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert "example.org" not in text, path
            assert "not-an-address" not in text, path


def test_07_a_table_without_rows_in_pandera(measured: Measured) -> None:
    """Pandera: every rule passes on no rows."""
    only_pandera(measured)
    measured.source("length,width,kind\n")
    measured.measure()
    ended = measured.gate()
    assert ended.code == 4
    assert measured.evidence("schema").code == "no_snapshot"
    assert "has a header and no rows" in ended.text


def test_08_a_column_without_values_in_pandera(measured: Measured) -> None:
    """Pandera: a range on a nullable column that is null throughout passes."""
    only_pandera(measured, nullable=", nullable=True")
    measured.source(NO_WIDTH)
    measured.measure()
    assert measured.evidence("schema").code == "rule_on_nothing"
    assert measured.gate().code == 4


def test_09_bad_values_in_a_lazy_frame(measured: Measured) -> None:
    """Pandera on a Polars LazyFrame: only names and types are checked unless told otherwise."""
    only_pandera(measured)
    measured.source(with_width(["-1", *WIDTHS[1:]]))
    measured.measure()
    ended = measured.gate("--dataset", "trees")
    assert ended.code == 3
    assert [(f.columns, f.count) for f in measured.evidence("schema").findings] == [(("width",), 1)]


@pytest.mark.parametrize(
    "switch",
    [
        {"PANDERA_VALIDATION_ENABLED": "False"},
        {"PANDERA_VALIDATION_DEPTH": "SCHEMA_ONLY", "PANDERA_USE_NARWHALS_BACKEND": "True"},
    ],
)
def test_10_validation_switched_off_by_the_environment(measured: Measured, switch: dict[str, str]) -> None:
    """Pandera: one environment variable, and every table passes."""
    only_pandera(measured)
    measured.edit("expectations/trees/schema.py", "le=100)\n    kind", "le=5)\n    kind")
    measured.stage("inputs", "trees")
    assert measured.govern("stage", "audit", "trees", "schema", **switch).code == 0
    measured.stage("audit", "trees", "expectations")
    measured.judge()
    assert measured.gate("--dataset", "trees").code == 3


def test_11_a_check_written_as_code(measured: Measured) -> None:
    """Pandera: checks by lambda or on the whole frame are gone after `to_yaml`, and bad data pass.

    The contract stays code here: such a check is counted among the declared rules, and blocks.
    """
    more = """
    @pa.dataframe_check
    def wider_than_long(cls, data):
        return data.lazyframe.select(pl.col("width") > pl.col("length"))

    @pa.check("width")
    def no_short_ones(cls, data):
        return data.lazyframe.select(pl.col("width").map_elements(lambda value: value > 1, return_dtype=pl.Boolean))
"""
    only_pandera(measured, more=more)
    measured.measure(audits=("schema", "expectations"))
    ended = measured.gate("--dataset", "trees")
    assert ended.code == 3
    said = " ".join(finding.message for finding in measured.evidence("schema").findings)
    assert "wider_than_long" in said
    assert "no_short_ones" in said


def test_12_a_wrong_type_hides_what_else_is_wrong(measured: Measured) -> None:
    """Pandera: where one value cannot be coerced, violations of the range stay hidden until the next run."""
    only_pandera(measured)
    measured.source(with_width(["n/a", *WIDTHS[1:]]))
    measured.edit("expectations/trees/columns.yaml", "width, type: number, unit: cm", "width, type: string")
    measured.edit(
        "expectations/trees/schema.py",
        "width: float = pa.Field(ge=0, le=100)",
        "width: float = pa.Field(le=5, coerce=True)",
    )
    measured.measure()
    assert measured.gate("--dataset", "trees").code in {3, 4}
    counts = {finding.rule: finding.count for finding in measured.evidence("schema").findings}
    too_wide = sum(float(width) > 5 for width in WIDTHS[1:])
    assert counts == {"schema/not_coercible": 1, "schema/check_failed": too_wide}
