from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from governance.adapters.pandera import Validation, named_columns, validate
from governance.adapters.pandera_model import load_model
from governance.errors import ConfigError
from governance.rule_results import Result, RuleResult

POLARS = "import pandera.polars as pa\nimport polars as pl\n"
PANDAS = "import pandera.pandas as pa\nimport pandas as pd\n"
FRAME = pl.DataFrame(
    {
        "a": [1, 2, 2, None],
        "s": ["x", "y", "z", None],
        "d": [dt.date(2020, 1, day) for day in (1, 2, 3, 4)],
        "t": [dt.datetime(2020, 1, 1, 5)] * 4,
        "b": [True, None, False, True],
        "x": [0.1, 0.2, 0.3, 0.4],
    }
)


def run(folder: Path, text: str, frame: pl.DataFrame = FRAME, private: frozenset[str] = frozenset()) -> Validation:
    (folder / "model.py").write_text(text)
    return validate(load_model("model.py", folder), frame, private)


def one(validation: Validation, reason: str) -> RuleResult:
    found = [result for result in validation.results if result.reason == reason]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("dtype", ["int", "pl.Int64", '"int64"'])
def test_types_and_missing_values(tmp_path: Path, dtype: str) -> None:
    validation = run(
        tmp_path, f"{POLARS}schema = pa.DataFrameSchema({{'a': pa.Column({dtype}), 't': pa.Column(pl.Datetime)}})"
    )
    assert {r.result for r in validation.results if r.reason == "wrong_type"} == {Result.PASSED}
    missing = next(r for r in validation.results if r.reason == "null" and r.columns == ("a",))
    assert (missing.result, missing.failures, missing.evaluated) == (Result.FAILED, 1, 4)
    assert missing.positions is not None
    assert missing.positions.tolist() == [3]


@pytest.mark.parametrize(
    ("check", "evaluated", "failures", "units", "positions"),
    [
        ("pa.Check.ge(2)", 3, 1, "rows", [0]),
        ("pa.Check.ge(2, ignore_na=False)", 4, 2, "rows", [0, 3]),
        ("pa.Check(lambda v: v > 1, element_wise=True)", 3, 1, "rows", [0]),
        ("pa.Check(lambda d: d.lazyframe.select(pl.col(d.key).mean() > 5))", 1, 1, "column", None),
        ("pa.Check(lambda d: d.lazyframe.select(pl.col(d.key) > pl.col('x') * 7))", 3, 1, "rows", [2]),
        ("pa.Check(lambda d: d.lazyframe.group_by('b').agg(pl.col('a').sum() > 1).select('a'))", 3, 0, "groups", None),
    ],
)
def test_checks_of_every_kind_are_counted(
    tmp_path: Path, check: str, evaluated: int, failures: int, units: str, positions: list[int] | None
) -> None:
    frame = FRAME.with_columns(a=pl.Series([1, 2, 2, None]))
    text = f"{POLARS}schema = pa.DataFrameSchema({{'a': pa.Column(int, {check}, nullable=True)}})"
    result = one(run(tmp_path, text, frame), "check_failed")
    assert (result.units, result.evaluated) == (units, evaluated)
    if units != "groups":
        assert result.failures == failures
    assert (None if result.positions is None else result.positions.tolist()) == positions


def test_a_statistic_of_one_value_is_no_pass(tmp_path: Path) -> None:
    check = "pa.Check(lambda d: d.lazyframe.select(pl.col(d.key).std() < 1))"
    text = f"{POLARS}schema = pa.DataFrameSchema({{'x': pa.Column(float, {check})}})"
    assert one(run(tmp_path, text, FRAME.head(1)), "check_failed").result is Result.ON_NOTHING


def test_patterns_leave_named_columns_alone(tmp_path: Path) -> None:
    text = POLARS + (
        "schema = pa.DataFrameSchema({\n"
        " 'p_.*': pa.Column(int, pa.Check.ge(2), regex=True),\n"
        " 'p_2': pa.Column(int, pa.Check.ge(0)),\n"
        " 'q_.*': pa.Column(int, regex=True),\n"
        " 'r_.*': pa.Column(int, regex=True, required=False)})"
    )
    validation = run(tmp_path, text, pl.DataFrame({"p_1": [1, 2], "p_2": [1, 2], "p_3": [2, 2]}))
    checks = {(r.columns, r.text): r.failures for r in validation.results if r.reason == "check_failed"}
    assert checks == {(("p_1",), ">= 2"): 1, (("p_3",), ">= 2"): 0, (("p_2",), ">= 0"): 0}
    there = {r.columns[0]: r.result for r in validation.results if r.reason == "missing_column"}
    assert there["q_.*"] is Result.FAILED
    assert there["r_.*"] is Result.ABSENT
    assert validation.problem == ""


def test_rules_over_several_columns(tmp_path: Path) -> None:
    text = POLARS + (
        "schema = pa.DataFrameSchema({'s': pa.Column(nullable=True), 'a': pa.Column(nullable=True)},\n"
        " unique=['a', 't'], ordered=True, strict=True,\n"
        " checks=pa.Check(lambda d: d.lazyframe.select(pl.col('a') > pl.col('x') * 7), name='a beats x'))"
    )
    validation = run(tmp_path, text)
    assert one(validation, "rows_not_unique").positions.tolist() == [1, 2]  # type: ignore[union-attr]
    assert one(validation, "column_order").failures == 2
    assert one(validation, "extra_column").columns == ("b", "d", "t", "x")
    check = one(validation, "check_failed")
    assert (check.text, check.evaluated, check.failures) == ("a beats x", 3, 1)


def test_a_joint_key_that_is_not_there_is_not_left_out(tmp_path: Path) -> None:
    text = f"{POLARS}schema = pa.DataFrameSchema({{'a': pa.Column(nullable=True)}}, unique=['t', 'nope'])"
    result = one(run(tmp_path, text), "rows_not_unique")
    assert result.result is Result.NOT_EVALUATED
    assert "nope" in result.problem


def test_a_check_on_a_wrong_type_is_blocked_and_not_lost(tmp_path: Path) -> None:
    text = f"{POLARS}schema = pa.DataFrameSchema({{'s': pa.Column(int, pa.Check.ge(0), nullable=True)}})"
    validation = run(tmp_path, text)
    assert one(validation, "wrong_type").problem == "the snapshot holds String"
    assert one(validation, "check_failed").result is Result.BLOCKED


@pytest.mark.parametrize("head", [POLARS, PANDAS])
def test_casting_names_the_rows_that_fail_and_checks_the_rest(tmp_path: Path, head: str) -> None:
    frame = pl.DataFrame({"c": ["1", "-2", "x", "7"]})
    validation = run(
        tmp_path, f"{head}schema = pa.DataFrameSchema({{'c': pa.Column(int, pa.Check.ge(0), coerce=True)}})", frame
    )
    cast = one(validation, "not_coercible")
    assert cast.positions is not None
    assert (cast.positions.tolist(), cast.failures, cast.evaluated) == ([2], 1, 4)
    check = one(validation, "check_failed")
    assert check.positions is not None
    assert (check.positions.tolist(), check.evaluated) == ([1], 3)


@pytest.mark.parametrize(
    ("column", "dtype"),
    [("a", "float"), ("a", "pd.Int64Dtype()"), ("s", "object"), ("s", "str"), ("s", "pa.Category"), ("d", "pa.Date"),
     ("d", '"datetime64[ns]"'), ("t", "pa.DateTime"), ("b", "object"), ("b", "pd.BooleanDtype()"), ("x", "float")],
)  # fmt: skip
def test_pandas_models_meet_the_form_that_they_were_written_for(tmp_path: Path, column: str, dtype: str) -> None:
    text = f"{PANDAS}schema = pa.DataFrameSchema({{'{column}': pa.Column({dtype}, nullable=True)}})"
    validation = run(tmp_path, text)
    assert one(validation, "wrong_type").result is Result.PASSED
    assert validation.problem == ""


def test_pandas_models_of_another_type_fail(tmp_path: Path) -> None:
    validation = run(tmp_path, f"{PANDAS}schema = pa.DataFrameSchema({{'x': pa.Column(int)}})")
    assert one(validation, "wrong_type").result is Result.FAILED


def test_pandas_checks_see_pandas(tmp_path: Path) -> None:
    text = PANDAS + (
        "schema = pa.DataFrameSchema({'a': pa.Column(None, pa.Check(lambda s: s.isin([1, 9])), nullable=True)},\n"
        " checks=pa.Check(lambda df: df['a'] > df['x'] * 7, name='a beats x'))"
    )
    results = {r.text: r for r in run(tmp_path, text).results if r.reason == "check_failed"}
    assert results["<lambda>"].positions.tolist() == [1, 2]  # type: ignore[union-attr]
    assert results["a beats x"].positions.tolist() == [2, 3]  # type: ignore[union-attr]


def test_what_a_snapshot_does_not_have_is_not_evaluated(tmp_path: Path) -> None:
    index = one(
        run(tmp_path, f"{PANDAS}schema = pa.DataFrameSchema({{'x': pa.Column()}}, index=pa.Index(int))"), "index"
    )
    assert index.result is Result.NOT_EVALUATED
    text = PANDAS + (
        "from pydantic import BaseModel\nfrom pandera.engines.pandas_engine import PydanticModel\n"
        "class Row(BaseModel):\n    x: float\n"
        "class M(pa.DataFrameModel):\n    class Config:\n        dtype = PydanticModel(Row)\n        coerce = True\n"
    )
    assert one(run(tmp_path, text), "row_model").result is Result.NOT_EVALUATED


def test_a_model_that_accepts_what_its_rules_refuse_contradicts_itself(tmp_path: Path) -> None:
    lax = "class S(pa.DataFrameSchema):\n    def validate(self, o, **_):\n        return o\n"
    validation = run(tmp_path, f"{POLARS}{lax}schema = S({{'x': pa.Column(float, pa.Check.ge(1))}})")
    assert "accepts the data; its rule '>= 1' of x does not" in validation.problem
    hard = "class S(pa.DataFrameSchema):\n    def validate(self, o, **_):\n        raise ValueError('no')\n"
    validation = run(tmp_path, f"{POLARS}{hard}schema = S({{'x': pa.Column(float)}})")
    assert "ended with ValueError" in validation.problem


def test_counts_are_the_truth_on_random_data(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    text = POLARS + (
        "schema = pa.DataFrameSchema({\n"
        " 'n': pa.Column(int, [pa.Check.ge(-2), pa.Check.lt(3)], unique=True),\n"
        " 's': pa.Column(str, [pa.Check.isin(['a', 'b']), pa.Check.str_matches('[ab]')])})"
    )
    for _ in range(15):
        size = int(rng.integers(1, 12))
        numbers = [None if rng.random() < 0.2 else int(value) for value in rng.integers(-4, 5, size)]
        letters = [None if rng.random() < 0.2 else str(value) for value in rng.choice(list("abc"), size)]
        frame = pl.DataFrame({"n": numbers, "s": letters}, schema={"n": pl.Int64, "s": pl.String})
        truth = {
            ("n", "no missing value"): [i for i, v in enumerate(numbers) if v is None],
            ("n", "no value twice"): [i for i, v in enumerate(numbers) if numbers.count(v) > 1],
            ("n", ">= -2"): [i for i, v in enumerate(numbers) if v is not None and v < -2],
            ("n", "< 3"): [i for i, v in enumerate(numbers) if v is not None and v >= 3],
            ("s", "no missing value"): [i for i, v in enumerate(letters) if v is None],
            ("s", "one of 2 values"): [i for i, v in enumerate(letters) if v == "c"],
            ("s", "starts with pattern [ab]"): [i for i, v in enumerate(letters) if v == "c"],
        }
        validation = run(tmp_path, text, frame)
        found = {
            (r.columns[0], r.text): r.positions.tolist()
            for r in validation.results
            if r.positions is not None and r.columns
        }
        assert found == truth
        assert validation.problem == ""


def test_only_columns_that_are_named_are_read(tmp_path: Path) -> None:
    text = f"{POLARS}schema = pa.DataFrameSchema({{'a': pa.Column(), 'q.*': pa.Column(regex=True)}})"
    (tmp_path / "model.py").write_text(text)
    assert named_columns(load_model("model.py", tmp_path), ["a", "b", "q1"]) == ("a", "q1")


def test_a_model_may_lie_anywhere_in_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "govern").mkdir()
    (tmp_path / "repository_contract.py").write_text(f"{POLARS}schema = pa.DataFrameSchema({{'x': pa.Column()}})")
    for reference in ("../repository_contract.py", "repository_contract:schema"):
        assert load_model(reference, tmp_path / "govern").backend == "polars"


@pytest.mark.parametrize("reference", ["../model.py", "missing.py", "no_such_module:Model", "just_a_word"])
def test_references_that_lead_nowhere(tmp_path: Path, reference: str) -> None:
    workspace = tmp_path / "inside"
    workspace.mkdir()
    (tmp_path / "model.py").write_text("schema = 1\n")
    with pytest.raises(ConfigError) as caught:
        load_model(reference, workspace)
    assert str(tmp_path) not in str(caught.value)


def test_a_class_that_is_extended_is_not_the_contract(tmp_path: Path) -> None:
    text = POLARS + "class Shared(pa.DataFrameModel):\n    a: int\n\nclass Own(Shared):\n    x: float\n"
    (tmp_path / "model.py").write_text(text)
    assert load_model("model.py", tmp_path).name == "Own"


def test_annotations_written_as_text_are_understood(tmp_path: Path) -> None:
    text = (
        "from __future__ import annotations\n" + POLARS + "Share = float\nclass Own(pa.DataFrameModel):\n    x: Share\n"
    )
    assert {r.result for r in run(tmp_path, text).results} == {Result.PASSED}
