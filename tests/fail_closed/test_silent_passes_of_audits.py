"""The ways in which audits, gates and runners turn green on bad data, each put to this pipeline: none passes here.

Each test is named after the case as it was met in another tool; its docstring says what happened there.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from fail_closed.contracts import (
    MODEL,
    only_pandera,
    probabilities,
)
from fail_closed.faults_in_runs import own_audit
from fail_closed.measured import Measured
from fail_closed.sources import AUDITS, KINDS, LENGTHS, TREES, WIDTHS, table

from governance.evidence import Outcome


def test_13_one_missing_value_among_the_features(measured: Measured) -> None:
    """Cleanlab Datalab: one NaN, and label, outlier, near-duplicate and order checks are skipped with a printed line.

    Here every audit still answers on all rows, and a planted label error is still found.
    """
    only_pandera(measured, nullable=", nullable=True")
    kinds = ["elm", *KINDS[1:-1], "elm"]
    measured.source(table({"length": LENGTHS, "width": ["", *WIDTHS[1:]], "kind": kinds}))
    measured.measure()
    for audit in set(AUDITS) - {"expectations"}:
        evidence = measured.evidence(audit)
        assert evidence.outcome is Outcome.ASSESSED, audit
        assert evidence.units is not None
        if evidence.units.name == "rows" or audit == "schema":  # leakage asks what the declared columns allow to ask
            assert evidence.units.evaluated == evidence.units.declared
    rows = pl.read_parquet(measured.path("build/trees/rows/label_issues.parquet"))
    assert 119 in rows.filter(pl.col("flagged"))["source_row"].to_list()
    # Where the contract allows no missing value, that one value blocks.
    measured.write("expectations/trees/schema.py", MODEL.format(nullable="", more=""))
    measured.measure(audits=("schema", "expectations"))
    assert measured.gate("--dataset", "trees").code == 3


def test_14_probabilities_of_the_wrong_length(measured: Measured) -> None:
    """Cleanlab Datalab: label and outlier checks "failed" on the screen only, and the report goes on without them."""
    keys = [str(float(value)) for value in LENGTHS]
    own = pl.DataFrame({"length": keys, "oak": [0.4] * 120, "elm": [0.6] * 120})
    probabilities(measured, own.head(100))
    measured.measure()
    evidence = measured.evidence("label_issues")
    assert (evidence.outcome, evidence.code) == (Outcome.FAILED, "misaligned")
    assert measured.gate("--dataset", "trees").code == 4


def test_15_nothing_that_a_model_could_learn_from(measured: Measured) -> None:
    """Cleanlab Datalab: without features only class imbalance runs, with no word about the other six."""
    measured.edit(
        "params.yaml", "      target: kind\n", "      target: kind\n      roles: {ignored: [length, width]}\n"
    )
    measured.measure()
    assert measured.evidence("label_issues").outcome is not Outcome.ASSESSED
    ended = measured.gate("--dataset", "trees")
    assert ended.code == 4
    assert "label_issues" in ended.text


def test_16_probabilities_of_rows_that_the_model_has_seen(measured: Measured) -> None:
    """Cleanlab: in-sample probabilities give 0 label issues, and nobody is told.

    The pipeline's own are out of fold, so a planted label error is found; a user cannot declare in-sample ones.
    """
    measured.source(table({"length": LENGTHS, "width": WIDTHS, "kind": [*KINDS[:-1], "elm"]}))
    measured.measure()
    rows = pl.read_parquet(measured.path("build/trees/rows/label_issues.parquet"))
    assert 119 in rows.filter(pl.col("flagged"))["source_row"].to_list()
    folds = pl.read_parquet(measured.path("build/trees/signals/predictions.parquet"))["fold"]
    assert folds.n_unique() == 2
    probabilities(measured, pl.DataFrame({"length": LENGTHS, "oak": [0.4] * 120, "elm": [0.6] * 120}), "in_sample")
    assert measured.gate().code == 2


def test_17_a_check_that_raised(measured: Measured) -> None:
    """Deepchecks: `passed()` is true where a check raised or lacked its inputs."""
    measured.edit("params.yaml", "policy:\n", "policy:\n  required: [[own], [schema, expectations], [summary]]\n")
    assert own_audit(measured, "raise KeyError('secret value')").code == 0
    ended = measured.gate()
    assert ended.code == 4
    assert "own: failed (crashed)" in ended.text
    assert "secret value" not in ended.text


def test_18_a_plan_without_steps(measured: Measured) -> None:
    """Pointblank: `all_passed()` of an empty plan is true."""
    measured.edit("params.yaml", "policy:\n", "policy:\n  required: []\n")
    measured.judge()
    ended = measured.gate("--dataset", "trees")
    assert ended.code == 4
    assert "requires no audit at all" in ended.text


def test_19_one_broken_column_of_twenty(measured: Measured) -> None:
    """Evidently: a dataset has not drifted while fewer than half of its columns have."""
    fine = {f"width_{i}": WIDTHS for i in range(18)}
    columns = {"length": LENGTHS, **fine, "width": ["-1", *WIDTHS[1:]], "kind": KINDS}
    measured.source(table(columns))
    declared = "".join(f"  - {{name: {name}, type: number}}\n" for name in fine)
    measured.edit("expectations/trees/columns.yaml", "  - {name: width,", declared + "  - {name: width,")
    measured.measure()
    assert measured.gate("--dataset", "trees").code == 3
    assert [f.columns for f in measured.evidence("schema").findings] == [("width",)]


def test_20_a_runner_told_to_go_on(measured: Measured) -> None:
    """DVC: `repro --ignore-errors` ends with 0 though the gate stage failed.

    No stage is the gate here, and stages succeed on bad data; the gate is a command with a code of its own.
    """
    measured.edit(
        "expectations/trees/schema.py", "width: float = pa.Field(ge=0, le=100)", "width: float = pa.Field(le=5)"
    )
    measured.measure(audits=("schema", "expectations"))
    assert measured.govern("gate").code == 3
    pipeline = (Path(__file__).parents[2] / "dvc.yaml").read_text(encoding="utf-8")
    assert "govern gate" not in "\n".join(line.split("#")[0] for line in pipeline.splitlines())


def test_21_a_failed_gate_takes_the_report_and_the_others_with_it(measured: Measured) -> None:
    """DVC: after a gate stage failed, unrelated stages do not run, and no report is rendered when it is needed most."""
    measured.edit(
        "expectations/trees/schema.py", "width: float = pa.Field(ge=0, le=100)", "width: float = pa.Field(le=5)"
    )
    before = measured.path("reports/datasets/trees/datasheet.md").read_bytes()
    measured.measure(audits=("schema", "expectations"))
    assert measured.path("reports/datasets/trees/datasheet.md").read_bytes() != before
    ended = measured.gate()
    assert ended.code == 3
    assert "plots (dataset, tier internal): PASSED" in ended.text
    measured.measure("plots")
    assert measured.gate("--dataset", "plots").code == 0


def test_22_clean_data_flagged_wholesale(measured: Measured) -> None:
    """ART: spectral signatures flag half of all clean rows.

    Clean data pass here, and the flagged rows are few.
    """
    assert measured.gate().code == 0
    for audit in ("label_issues", "outliers", "duplicates"):
        rows = pl.read_parquet(measured.path(f"build/trees/rows/{audit}.parquet"))
        assert rows.filter(pl.col("flagged"))["row_id"].n_unique() <= 0.05 * 120, audit
    assert TREES.count("\n") == 121


def test_23_a_rule_on_what_is_not_there(measured: Measured) -> None:
    """Giskard: the negation of a check over a missing key turned green."""
    for rule in ("op: '>', threshold: 0", "op: '<=', threshold: 0"):
        measured.edit("params.yaml", "policy:\n", f"policy:\n  metrics: [{{metric: summary.no_such, {rule}}}]\n")
        measured.judge()
        ended = measured.gate("--dataset", "trees")
        assert ended.code == 4
        assert "summary.no_such cannot be told" in ended.text
        measured.edit("params.yaml", f"  metrics: [{{metric: summary.no_such, {rule}}}]\n", "")
