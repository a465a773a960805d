from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from governance.adapters.great_expectations import validate
from governance.adapters.great_expectations_suite import Suite, needed_columns, read_suite
from governance.adapters.great_expectations_text import text_of
from governance.errors import ConfigError
from governance.evidence import Level
from governance.rule_results import Result, RuleResult

FRAME = pl.DataFrame(
    {
        "a": [1, 2, 3, 4],
        "s": ["x", "y", None, "y"],
        "f": [1.5, None, 2.5, 9.0],
        "b": [True, False, None, True],
        "g": [1, None, 3, 4],
    }
)


def suite(*entries: tuple[str, dict[str, Any]]) -> Suite:
    return Suite("toy", tuple({"type": f"expect_{kind}", "kwargs": kwargs} for kind, kwargs in entries), {})


def one(kind: str, frame: pl.DataFrame = FRAME, private: frozenset[str] = frozenset(), **kwargs: Any) -> RuleResult:
    (result,) = validate(suite((kind, kwargs)), frame, private)
    return result


def quantile(ends: list[float | None]) -> dict[str, Any]:
    return {"quantiles": [0.5], "value_ranges": [ends]}


@pytest.mark.parametrize(
    ("kind", "kwargs", "evaluated", "failures", "positions"),
    [
        ("column_values_to_be_between", {"column": "a", "min_value": 2, "strict_min": True}, 4, 2, [0, 1]),
        ("column_values_to_be_in_set", {"column": "s", "value_set": ["y"]}, 3, 1, [0]),
        ("column_values_to_not_be_null", {"column": "f"}, 4, 1, [1]),
        ("column_values_to_be_null", {"column": "f"}, 4, 3, [0, 2, 3]),
        ("column_values_to_be_unique", {"column": "s"}, 3, 2, [1, 3]),
        ("column_values_to_match_regex", {"column": "s", "regex": "^x"}, 3, 2, [1, 3]),
        ("column_value_lengths_to_equal", {"column": "s", "value": 2}, 3, 3, [0, 1, 3]),
        ("column_values_to_be_in_set", {"column": "b", "value_set": [True]}, 3, 1, [1]),
        ("column_pair_values_a_to_be_greater_than_b", {"column_A": "a", "column_B": "f"}, 4, 3, [0, 1, 3]),
        ("compound_columns_to_be_unique", {"column_list": ["s", "b"]}, 3, 0, []),
        ("multicolumn_sum_to_equal", {"column_list": ["a", "f"], "sum_total": 2.5}, 4, 3, [1, 2, 3]),
    ],
)
def test_rows_are_counted_and_named(
    kind: str, kwargs: dict[str, Any], evaluated: int, failures: int, positions: list[int]
) -> None:
    result = one(kind, **kwargs)
    assert (result.evaluated, result.failures) == (evaluated, failures)
    assert result.positions is not None
    assert result.positions.tolist() == positions
    assert result.result is (Result.FAILED if failures else Result.PASSED)


@pytest.mark.parametrize(
    ("kind", "kwargs", "result", "units", "evaluated"),
    [
        ("column_mean_to_be_between", {"column": "f", "max_value": 3}, Result.FAILED, "values", 3),
        (
            "column_proportion_of_non_null_values_to_be_between",
            {"column": "f", "min_value": 0.9},
            Result.FAILED,
            "values",
            4,
        ),
        (
            "column_quantile_values_to_be_between",
            {"column": "a", "quantile_ranges": quantile([2, 3])},
            Result.PASSED,
            "values",
            4,
        ),
        (
            "column_quantile_values_to_be_between",
            {"column": "a", "quantile_ranges": quantile([4, None])},
            Result.FAILED,
            "values",
            4,
        ),
        ("column_values_to_be_of_type", {"column": "a", "type_": "int64"}, Result.PASSED, "columns", 1),
        ("column_values_to_be_of_type", {"column": "s", "type_": "object"}, Result.PASSED, "columns", 1),
        ("column_values_to_be_in_type_list", {"column": "b", "type_list": ["bool"]}, Result.PASSED, "columns", 1),
        ("column_values_to_be_in_type_list", {"column": "g", "type_list": ["int64"]}, Result.PASSED, "columns", 1),
        ("column_values_to_be_in_type_list", {"column": "g", "type_list": ["float64"]}, Result.FAILED, "columns", 1),
        ("column_values_to_be_of_type", {"column": "g", "type_": "int64"}, Result.PASSED, "columns", 1),
        ("column_values_to_be_in_type_list", {"column": "s", "type_list": ["str"]}, Result.PASSED, "rows", 3),
        ("column_to_exist", {"column": "zzz"}, Result.FAILED, "columns", 1),
        ("table_row_count_to_equal", {"value": 4}, Result.PASSED, "tables", 1),
        ("table_columns_to_match_ordered_list", {"column_list": ["a", "s", "b", "f", "g"]}, Result.FAILED, "tables", 1),
    ],
)
def test_statements_about_columns_and_tables(
    kind: str, kwargs: dict[str, Any], result: Result, units: str, evaluated: int
) -> None:
    answer = one(kind, **kwargs)
    assert (answer.result, answer.units, answer.evaluated) == (result, units, evaluated), answer.problem
    assert answer.positions is None or answer.units == "rows"


@pytest.mark.parametrize(
    ("kind", "kwargs"),
    [
        ("column_mean_to_be_between", {"column": "a"}),
        ("column_values_to_be_between", {"column": "a"}),
        ("column_values_to_be_between", {"column": "a", "min_value": 9, "mostly": 0}),
        ("table_row_count_to_be_between", {}),
        ("column_quantile_values_to_be_between", {"column": "a", "quantile_ranges": quantile([None, None])}),
        ("table_columns_to_match_ordered_list", {}),
        ("column_values_to_not_be_in_set", {"column": "a", "value_set": []}),
        ("column_distinct_values_to_contain_set", {"column": "a", "value_set": []}),
        ("column_values_to_be_in_type_list", {"column": "a"}),
        ("column_values_to_match_regex", {"column": "s", "regex": ""}),
    ],
)
def test_an_expectation_that_nothing_could_break_is_no_pass(kind: str, kwargs: dict[str, Any]) -> None:
    assert one(kind, **kwargs).result is Result.NOT_EVALUATED


def test_arguments_on_how_to_run_are_not_the_suites_to_give() -> None:
    result = one(
        "column_values_to_be_between", column="a", min_value=2, result_format="BOOLEAN_ONLY", catch_exceptions=False
    )
    assert (result.failures, result.evaluated) == (1, 4)
    assert result.text == "values to be between (min_value 2)"


def test_one_expectation_that_brings_down_the_run_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    import great_expectations as gx

    def broken(self: Any, *_: Any, **__: Any) -> Any:
        raise RuntimeError("gone with 'secret' 42")

    monkeypatch.setattr(gx.expectations.ExpectColumnValuesToBeUnique, "_validate", broken)
    monkeypatch.setattr(gx.expectations.ExpectColumnValuesToBeUnique, "get_validation_dependencies", broken)
    first, second = validate(
        suite(
            ("column_values_to_be_unique", {"column": "a"}),
            ("column_values_to_be_between", {"column": "a", "min_value": 3}),
        ),
        FRAME,
    )
    assert first.result is Result.NOT_EVALUATED
    assert "secret" not in first.problem
    assert "42" not in first.problem
    assert (second.result, second.failures) == (Result.FAILED, 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda results: [], "returned no answer"),
        (lambda results: [setattr(r, "success", None) or r for r in results], "neither yes nor no"),
        (lambda results: [r.result.update(element_count=2) or r for r in results], "looked at 2 of 4 rows"),
        (lambda results: [r.result.update(missing_count=3) or r for r in results], "3 missing values of 0"),
        (lambda results: [setattr(r, "success", True) or r for r in results], "calls it met with 1 unexpected"),
    ],
)
def test_only_a_full_answer_counts(monkeypatch: pytest.MonkeyPatch, change: Any, said: str) -> None:
    from governance.adapters import great_expectations as adapter

    honest = adapter._validated
    monkeypatch.setattr(adapter, "_validated", lambda *arguments: change(honest(*arguments)))
    result = one("column_values_to_be_between", column="a", min_value=2)
    assert result.result is Result.NOT_EVALUATED
    assert said in result.problem


def test_a_suite_outside_the_repository_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "suite.json").write_text(
        '{"name": "toy", "expectations": [{"expectation_type": "expect_column_to_exist"}]}'
    )
    with pytest.raises(ConfigError, match="outside the repository"):
        read_suite("../suite.json", tmp_path / "inside")
    (tmp_path / ".git").mkdir()
    assert len(read_suite("../suite.json", tmp_path / "inside").entries) == 1


def test_suites_of_older_releases_are_understood() -> None:
    entry = {"expectation_type": "expect_column_to_exist", "kwargs": {"column": "a"}, "meta": {}}
    (result,) = validate(Suite("old", (entry,), {}), FRAME)
    assert result.result is Result.PASSED


def test_duplicates_of_an_expectation_are_each_answered() -> None:
    entry = ("column_values_to_be_between", {"column": "a", "min_value": 2})
    results = validate(suite(entry, entry), FRAME)
    assert [r.failures for r in results] == [1, 1]
    assert results[1].text == f"{results[0].text} (2)"


def test_what_speaks_of_some_rows_only_is_not_comparable() -> None:
    some = {"row_condition": "a > 1", "condition_parser": "pandas"}
    assert one("column_values_to_be_unique", column="a").assertion is not None
    assert one("column_values_to_be_unique", column="a", **some).assertion is None


def test_severities_and_their_default() -> None:
    entries = tuple(
        {"type": "expect_column_to_exist", "kwargs": {"column": "zzz"}, **({"severity": s} if s else {})}
        for s in ("critical", "warning", "info", "")
    )
    levels = [r.level for r in validate(Suite("toy", entries, {}), FRAME)]
    assert levels == [Level.ERROR, Level.WARNING, Level.NOTE, Level.ERROR]


def test_texts_of_private_columns_hold_numbers_only() -> None:
    result = one("column_values_to_match_regex", private=frozenset({"s"}), column="s", regex="^secret")
    assert result.text == "values to match regex (regex (not shown))"
    result = one("column_values_to_be_in_set", private=frozenset({"s"}), column="s", value_set=["secret"])
    assert result.text == "values to be in set (value_set of 1)"
    some = {"row_condition": 's=="secret"', "condition_parser": "pandas"}
    result = one("column_values_to_be_between", private=frozenset({"s"}), column="a", min_value=0, **some)
    assert result.text == "values to be between (min_value 0, of some rows only, by a condition)"


def test_counts_are_the_truth_on_random_data() -> None:
    rng = np.random.default_rng(3)
    for _ in range(4):
        size = int(rng.integers(1, 12))
        numbers = [None if rng.random() < 0.2 else int(value) for value in rng.integers(-4, 5, size)]
        letters = [None if rng.random() < 0.2 else str(value) for value in rng.choice(list("abc"), size)]
        frame = pl.DataFrame({"n": numbers, "s": letters}, schema={"n": pl.Int64, "s": pl.String})
        results = validate(
            suite(
                ("column_values_to_be_between", {"column": "n", "min_value": -2, "max_value": 3, "strict_max": True}),
                ("column_values_to_be_unique", {"column": "n"}),
                ("column_values_to_not_be_null", {"column": "s"}),
                ("column_values_to_be_in_set", {"column": "s", "value_set": ["a", "b"]}),
            ),
            frame,
        )
        truth = [
            [i for i, v in enumerate(numbers) if v is not None and not -2 <= v < 3],
            [i for i, v in enumerate(numbers) if v is not None and numbers.count(v) > 1],
            [i for i, v in enumerate(letters) if v is None],
            [i for i, v in enumerate(letters) if v == "c"],
        ]
        assert [r.positions.tolist() for r in results if r.positions is not None] == truth, frame


def test_only_columns_that_could_be_read_are_asked_for() -> None:
    names = FRAME.columns
    assert needed_columns(suite(("column_values_to_be_unique", {"column": "s"})), names) == ("s",)
    pair = ("column_pair_values_to_be_equal", {"column_A": "a", "column_B": "f"})
    assert needed_columns(suite(pair), names) == ("a", "f")
    some = ("column_values_to_be_unique", {"column": "s", "row_condition": "a > 1"})
    assert needed_columns(suite(some), names) == tuple(names)
    assert needed_columns(suite(("table_column_count_to_equal", {"value": 4})), names) == tuple(names)


def test_an_expectation_in_words_that_a_reader_knows() -> None:
    kwargs = {"column": "sex", "partition_object": {"values": ["a"], "weights": [1.0]}, "threshold": 0.05}
    kind = "expect_column_kl_divergence_to_be_less_than"
    expected = "shares of the values to be near the expected ones (KL divergence at most 0.05)"
    assert text_of(kind, kwargs, ()) == expected
    some = text_of("expect_column_values_to_be_unique", {"column": "age", "row_condition": "sex == 1"}, ())
    assert some == "values to be unique (of some rows only, by a condition)"
