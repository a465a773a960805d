"""The cases, put to the tutorial's project: each returns how that ended, in one of four words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from unittest import mock

import numpy as np
from toy import CRASH, KIND_IS_THERE, KINDS, LENGTHS, WIDTHS, Toy, expectation, script

End = Literal["blocked", "crashed", "repaired", "wrong"]
Case = Callable[[Toy], End]
ROWS: dict[str, Case] = {}
FAULTS: dict[str, Case] = {}
NOISY = [("elm" if kind == "oak" else "oak") if i % 4 == 0 else kind for i, kind in enumerate(KINDS)]
"""A quarter of all labels wrong: far above the threshold."""


def row(name: str) -> Callable[[Case], Case]:
    """A case of tests/fail_closed/test_silent_passes*.py, by the name of its test."""
    return lambda case: ROWS.setdefault(name, case)


def fault(name: str) -> Callable[[Case], Case]:
    """A case of tests/fail_closed/test_injected_faults.py, by its name."""
    return lambda case: FAULTS.setdefault(name, case)


def by(code: int) -> End:
    """An exit code, where green would be wrong."""
    return "wrong" if code == 0 else "crashed" if code == CRASH else "blocked"


def between(**rest: str) -> dict[str, object]:
    """A range for the width."""
    return expectation("expect_column_values_to_be_between", column="width", min_value=0, max_value=100, **rest)


@row("01_a_suite_without_expectations")
def _(toy: Toy) -> End:
    toy.suite()
    return by(toy.check())


@row("02_a_table_without_rows_in_great_expectations")
@row("07_a_table_without_rows_in_pandera")
def _(toy: Toy) -> End:
    toy.write("trees/data.csv", "length,width,kind\n")
    return by(toy.check())


@row("03_a_column_without_values_in_great_expectations")
def _(toy: Toy) -> End:
    toy.schema(None)
    toy.suite(between())
    toy.data(length=LENGTHS, width=[""] * 120, kind=KINDS)
    return by(toy.check())


@row("04_an_expectation_of_severity_info")
def _(toy: Toy) -> End:
    remark = expectation("expect_column_max_to_be_between", "info", column="width", max_value=5)
    toy.suite(KIND_IS_THERE, remark)
    return "wrong" if toy.check() else "blocked"  # here it is blocking that is wrong


@row("05_a_threshold_that_misses_what_is_worse")
def _(toy: Toy) -> End:
    toy.suite(expectation("expect_column_max_to_be_between", column="width", max_value=5))
    return by(toy.check())


@row("06_personal_data_in_a_report")
def _(toy: Toy) -> End:
    owners = [f"tree.owner{i}@example.org" for i in range(118)] + ["not-an-address", "neither@"]
    toy.data(length=LENGTHS, width=WIDTHS, kind=KINDS, owner=owners)
    toy.suite(expectation("expect_column_values_to_match_regex", column="owner", regex="^.+@.+[.].+$"))
    toy.check()
    return "wrong" if "not-an-address" in (toy.root / "trees/report.json").read_text() else "blocked"


@row("08_a_column_without_values_in_pandera")
def _(toy: Toy) -> End:
    toy.schema(", nullable=True")
    toy.data(length=LENGTHS, width=[""] * 120, kind=KINDS)
    return by(toy.check())


@row("09_bad_values_in_a_lazy_frame")
def _(toy: Toy) -> End:
    text = (toy.root / "trees/schema.py").read_text()
    toy.write("trees/schema.py", text.replace("pandera.pandas", "pandera.polars"))
    toy.params(engine="polars")
    toy.data(length=LENGTHS, width=[-1, *WIDTHS[1:]], kind=KINDS)
    return by(toy.check())


@row("10_validation_switched_off_by_the_environment")
@fault("runs-pandera_switched_off")
def _(toy: Toy) -> End:
    toy.data(length=LENGTHS, width=[-1, *WIDTHS[1:]], kind=KINDS)
    return by(toy.process("python", "validate.py", "trees", PANDERA_VALIDATION_ENABLED="False"))


@row("11_a_check_written_as_code")
def _(toy: Toy) -> End:
    import pandera.pandas as pa

    check = pa.Check(lambda values: values > 1)
    schema = pa.DataFrameSchema({"width": pa.Column(float, check, coerce=True)})
    schema.to_yaml(toy.root / "trees/schema.yaml")
    return by(toy.check())


@row("12_a_wrong_type_hides_what_else_is_wrong")
def _(toy: Toy) -> End:
    toy.data(length=LENGTHS, width=["n/a?", "-1", *WIDTHS[2:]], kind=KINDS)
    return by(toy.check())


@row("13_one_missing_value_among_the_features")
def _(toy: Toy) -> End:
    toy.schema(", nullable=True")
    toy.data(length=LENGTHS, width=["", *WIDTHS[1:]], kind=NOISY)
    return by(toy.check())


@row("14_probabilities_of_the_wrong_length")
def _(toy: Toy) -> End:
    toy.data(length=LENGTHS, width=WIDTHS, kind=NOISY)
    np.save(toy.root / "trees/pred_probs.npy", np.full((100, 2), 0.5))
    return by(toy.check())


@row("15_nothing_that_a_model_could_learn_from")
def _(toy: Toy) -> End:
    toy.write("trees/schema.py", "import pandera.pandas as pa\nschema = pa.DataFrameSchema({'kind': pa.Column(str)})\n")
    toy.suite(KIND_IS_THERE)
    toy.data(kind=NOISY)
    return by(toy.check())


@row("16_probabilities_of_rows_that_the_model_has_seen")
def _(toy: Toy) -> End:
    from sklearn.ensemble import RandomForestClassifier

    toy.data(length=LENGTHS, width=WIDTHS, kind=NOISY)
    features = np.array([LENGTHS, WIDTHS], dtype=float).T
    seen = RandomForestClassifier(bootstrap=False, random_state=0).fit(features, NOISY).predict_proba(features)
    np.save(toy.root / "trees/pred_probs.npy", seen)
    return by(toy.check())


@row("17_a_check_that_raised")
@fault("runs-required_audit_crashed")
def _(toy: Toy) -> End:
    from cleanlab.datalab.internal.issue_manager.label import LabelIssueManager

    toy.data(length=LENGTHS, width=WIDTHS, kind=NOISY)
    script()
    with mock.patch.object(LabelIssueManager, "find_issues", side_effect=KeyError("a bug")):
        return by(toy.check())


@row("18_a_plan_without_steps")
@fault("declarations-no_audit_at_all")
def _(toy: Toy) -> End:
    toy.write("trees/schema.py", "import pandera.pandas as pa\nschema = pa.DataFrameSchema({})\n")
    toy.suite()
    toy.params(datalab={"issue_types": {}})
    return by(toy.check())


@row("19_one_broken_column_of_twenty")
def _(toy: Toy) -> End:
    fine = {f"width_{i}": WIDTHS for i in range(18)}
    toy.data(length=LENGTHS, **fine, width=[-1, *WIDTHS[1:]], kind=KINDS)
    return by(toy.check())


@row("20_a_runner_told_to_go_on")
def _(toy: Toy) -> End:
    toy.data(length=LENGTHS, width=[-1, *WIDTHS[1:]], kind=KINDS)
    return by(toy.repro("--ignore-errors"))


@row("21_a_failed_gate_takes_the_report_and_the_others_with_it")
def _(toy: Toy) -> End:
    import shutil

    shutil.copytree(toy.root / "trees", toy.root / "zelkovas")
    toy.write("params.yaml", '{"datasets": {"trees": {}, "zelkovas": {}}}')
    toy.data(length=LENGTHS, width=[-1, *WIDTHS[1:]], kind=KINDS)
    toy.repro()
    return "blocked" if (toy.root / "zelkovas/report.json").exists() else "wrong"


@row("22_clean_data_flagged_wholesale")
def _(toy: Toy) -> End:
    return "wrong" if toy.check() else "blocked"  # clean data must pass


@row("23_a_rule_on_what_is_not_there")
def _(toy: Toy) -> End:
    toy.data(length=LENGTHS, width=WIDTHS, kind=NOISY)
    toy.params(watched="label_issues")
    return by(toy.check())
