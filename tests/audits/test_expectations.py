from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from governance.audit import Answer
from governance.audits.expectations import Expectations
from governance.evidence import Level, Outcome
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

Entry = dict[str, Any]


def expect(kind: str, severity: str = "critical", **kwargs: Any) -> Entry:
    return {"type": f"expect_{kind}", "kwargs": kwargs, "severity": severity, "meta": {}}


def suite(*entries: Entry, **rest: Any) -> str:
    return json.dumps({"name": "toy", "expectations": list(entries), "meta": {}, **rest})


def people() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "key": [f"id-{n:03d}" for n in range(40)],
            "age": [20 + n for n in range(40)],
            "sex": ["female", "male"] * 20,
            "weight": [None, *[50.5 + n for n in range(39)]],
        }
    )


def ask(folder: Path, frame: pl.DataFrame, *entries: Entry, schema: str | None = None, **rest: Any) -> Answer:
    contract = {"suite.json": suite(*entries, **rest.pop("extra", {}))}
    if schema is not None:
        contract["schema.py"] = schema
    return Expectations().run(make_snapshot(folder, frame, contract=contract, **rest))


def test_a_met_suite_is_assessed_without_findings(tmp_path: Path) -> None:
    answer = ask(
        tmp_path,
        people(),
        expect("column_values_to_be_unique", column="key"),
        expect("column_values_to_be_between", column="age", min_value=0, max_value=120),
        expect("column_mean_to_be_between", column="weight", min_value=40, max_value=120),
        expect("table_row_count_to_equal", value=40),
        expect("column_to_exist", column="sex"),
    )
    assert answer.outcome is Outcome.ASSESSED, answer.reason
    assert answer.findings == ()
    assert answer.units is not None
    assert answer.units.declared == answer.units.evaluated == 5
    evaluated = {row[0]: row[4] for row in answer.tables[0].rows}
    assert evaluated["values to be unique"] == 40
    assert evaluated["mean to be between (min_value 40, max_value 120)"] == 39


def test_severity_is_the_level_and_rows_are_named(tmp_path: Path) -> None:
    frame = people().with_columns(
        age=pl.when(pl.col("key") == "id-003").then(-1).otherwise("age"),
        sex=pl.when(pl.col("key").is_in(["id-005", "id-006"])).then(pl.lit("?")).otherwise("sex"),
    )
    snapshot = make_snapshot(
        tmp_path,
        frame,
        contract={
            "suite.json": suite(
                expect("column_values_to_be_between", column="age", min_value=0),
                expect("column_values_to_be_in_set", "warning", column="sex", value_set=["female", "male"]),
                expect("column_values_to_not_be_null", "info", column="weight"),
            )
        },
    )
    answer = Expectations().run(snapshot)
    assert answer.outcome is Outcome.ASSESSED
    assert {(f.rule, f.level, f.count, f.of) for f in answer.findings} == {
        ("expectations/column_values_to_be_between", Level.ERROR, 1, 40),
        ("expectations/column_values_to_be_in_set", Level.WARNING, 2, 40),
        ("expectations/column_values_to_not_be_null", Level.NOTE, 1, 40),
    }
    assert answer.rows is not None
    broken = answer.rows.join(snapshot.frame("key").collect(), on="row_id")
    named = {rule: set(part["key"]) for (rule,), part in broken.group_by("rule")}
    assert named == {
        "expectations/column_values_to_be_between": {"id-003"},
        "expectations/column_values_to_be_in_set": {"id-005", "id-006"},
        "expectations/column_values_to_not_be_null": {"id-000"},
    }


def test_mostly_is_respected(tmp_path: Path) -> None:
    frame = people().with_columns(age=pl.when(pl.col("key") == "id-003").then(-1).otherwise("age"))
    answer = ask(tmp_path, frame, expect("column_values_to_be_between", column="age", min_value=0, mostly=0.9))
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    assert answer.tables[0].rows[0][5] == 1


def test_an_empty_suite_no_rows_no_contract(tmp_path: Path) -> None:
    answer = ask(tmp_path, people())
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "no_rules")
    snapshot = make_snapshot(
        tmp_path, people(), contract={"suite.json": suite(expect("column_to_exist", column="age"))}
    )
    empty = Snapshot(
        snapshot.manifest.model_copy(update={"rows": 0}), snapshot.folder, snapshot.contract_folder, workspace=tmp_path
    )
    answer = Expectations().run(empty)
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "no_rows")
    (snapshot.contract_folder / "suite.json").unlink()
    answer = Expectations().run(snapshot)
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "no_contract")
    assert "govern draft toy" in answer.reason


NOBODY = {"row_condition": 'sex=="none"', "condition_parser": "pandas"}


@pytest.mark.parametrize(
    "entry",
    [
        expect("column_values_to_be_between", column="weight", min_value=0),
        expect("column_mean_to_be_between", column="weight", min_value=0),
        expect("column_distinct_values_to_be_in_set", column="weight", value_set=[1.0]),
        expect("column_values_to_be_between", column="age", min_value=0, **NOBODY),
        expect("column_mean_to_be_between", column="age", min_value=0, **NOBODY),
    ],
)
def test_an_expectation_on_nothing_is_no_pass(tmp_path: Path, entry: Entry) -> None:
    frame = people().with_columns(weight=pl.lit(None, dtype=pl.Float64))
    answer = ask(tmp_path, frame, entry)
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "rule_on_nothing"), answer.reason


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (expect("column_values_to_be_between", column="age", min_valeu=0), "cannot be built"),
        (
            expect("column_values_to_be_between", column="age", min_value={"$PARAMETER": "low"}),
            "no value for parameter low",
        ),
        (expect("column_mean_to_be_between", column="sex", min_value=0), "string dtype"),
        (expect("column_values_to_be_between", column="age", min_value=2**60 + 1), "2**53"),
        (expect("column_values_to_be_between", "urgent", column="age", min_value=0), "severity 'urgent'"),
        (expect("column_mean_to_be_between", column="age"), "nothing could break it"),
        (
            {"type": "unexpected_rows_expectation", "kwargs": {"unexpected_rows_query": "select * from {batch}"}},
            "query",
        ),
        (expect("column_values_to_be_betwen", column="age"), "did you mean expect_column_values_to_be_between?"),
    ],
)
def test_what_cannot_be_evaluated_fails_the_answer_and_keeps_the_rest(tmp_path: Path, entry: Entry, said: str) -> None:
    answer = ask(tmp_path, people(), entry, expect("column_values_to_not_be_null", column="weight"))
    code = "unknown_expectation" if "did you mean" in said else "not_evaluated"
    assert (answer.outcome, answer.code) == (Outcome.FAILED, code)
    assert said in answer.reason
    assert "expectations/column_values_to_not_be_null" in {f.rule for f in answer.findings}
    assert answer.units is not None
    assert (answer.units.declared, answer.units.evaluated) == (2, 1)


def test_a_missing_column_is_a_finding(tmp_path: Path) -> None:
    answer = ask(tmp_path, people(), expect("column_values_to_be_unique", column="kee"))
    assert answer.outcome is Outcome.ASSESSED
    assert [(f.rule, f.columns) for f in answer.findings] == [("expectations/column_values_to_be_unique", ("kee",))]
    assert "there is no column kee" in answer.findings[0].message


def test_parameters_of_the_suite_are_filled_in(tmp_path: Path) -> None:
    entry = expect("column_values_to_be_between", column="age", min_value={"$PARAMETER": "low"})
    answer = ask(tmp_path, people(), entry, extra={"suite_parameters": {"low": 30}})
    assert [f.count for f in answer.findings] == [10]


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "cannot be read as JSON"), ("[]", "needs a list `expectations`"), ('{"expectations": [1]}', "of objects")],
)
def test_a_broken_suite_says_so(tmp_path: Path, text: str, said: str) -> None:
    answer = Expectations().run(make_snapshot(tmp_path, people(), contract={"suite.json": text}))
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "contract_unreadable")
    assert said in answer.reason
    assert "expectations/toy/suite.json" in answer.reason
    assert str(tmp_path) not in answer.reason


MODEL = """
import pandera.polars as pa

class People(pa.DataFrameModel):
    age: int = pa.Field(ge=0, le=50)
    sex: str = pa.Field(isin=["male", "female"], nullable=True)
    key: str = pa.Field(str_matches="^id-[0-9]+$")
    weight: float = pa.Field(nullable=True)
"""


def test_engines_that_agree_are_counted(tmp_path: Path) -> None:
    answer = ask(
        tmp_path,
        people().with_columns(age=pl.when(pl.col("age") == 20).then(-3).otherwise("age")),
        expect("column_values_to_be_between", column="age", min_value=0, max_value=50),
        expect("column_values_to_be_in_set", column="sex", value_set=["female", "male"]),
        expect("column_values_to_match_regex", column="key", regex="^id-[0-9]+$"),
        expect("column_values_to_be_of_type", column="weight", type_="float64"),
        expect("column_values_to_not_be_null", column="age"),
        expect("column_values_to_be_between", column="weight", min_value=0),
        schema=MODEL,
    )
    compared = next(m for m in answer.metrics if m.name == "assertions_compared")
    assert compared.value == 5
    assert [f.rule for f in answer.findings] == ["expectations/column_values_to_be_between"]
    assert answer.findings[0].count == 10
    assert ("age", "a range", 10, 10, True) in answer.tables[1].rows


def test_engines_that_disagree_are_a_finding(tmp_path: Path) -> None:
    # Pandera takes two missing values for the same value, Great Expectations does not.
    model = MODEL.replace(
        "weight: float = pa.Field(nullable=True)", "weight: float = pa.Field(nullable=True, unique=True)"
    )
    frame = people().with_columns(weight=pl.when(pl.col("age") < 23).then(None).otherwise("weight"))
    answer = ask(tmp_path, frame, expect("column_values_to_be_unique", column="weight"), schema=model)
    found = [f for f in answer.findings if f.rule == "expectations/engines_disagree"]
    assert [(f.level, f.columns, f.count) for f in found] == [(Level.ERROR, ("weight",), 3)]
    assert "Pandera counts 3" in found[0].message
    assert "Great Expectations 0" in found[0].message


def test_a_broken_model_does_not_stop_the_suite(tmp_path: Path) -> None:
    answer = ask(
        tmp_path, people(), expect("column_values_to_not_be_null", column="age"), schema="import nothing_like_it"
    )
    assert answer.outcome is Outcome.ASSESSED
    compared = next(m for m in answer.metrics if m.name == "assertions_compared")
    assert compared.value == 0
    assert "`schema` says why" in compared.note


def test_private_values_stay_out(tmp_path: Path) -> None:
    answer = ask(
        tmp_path,
        people(),
        expect("column_values_to_be_in_set", column="key", value_set=["id-001"]),
        expect("column_values_to_match_regex", column="key", regex="^id-001$"),
        expect("column_distinct_values_to_equal_set", column="key", value_set=["id-001"]),
        expect("column_most_common_value_to_be_in_set", column="key", value_set=["id-001"]),
        expect("column_min_to_be_between", column="key", min_value="id-001"),
        expect("column_max_to_be_between", column="age", max_value=1, **{**NOBODY, "row_condition": 'key=="id-001"'}),
        expect("column_values_to_be_decreasing", column="key"),
        public=False,
    )  # fmt: skip
    assert len(answer.findings) == 7
    assert "id-0" not in str((answer.findings, answer.tables, answer.metrics, answer.reason))


def test_dates_and_times_are_compared_as_such(tmp_path: Path) -> None:
    frame = people().with_columns(
        day=pl.date(2020, 1, 1) + pl.duration(days=pl.int_range(40)),
        moment=pl.datetime(2020, 1, 1, 12) + pl.duration(days=pl.int_range(40)),
    )
    answer = ask(
        tmp_path,
        frame,
        expect("column_values_to_be_between", column="day", min_value="2020-01-11"),
        expect("column_values_to_be_between", column="moment", min_value="2020-01-11"),
    )
    assert [(f.columns, f.count) for f in answer.findings] == [(("day",), 10), (("moment",), 10)]


def test_large_integers_with_gaps_keep_every_digit(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [2**60 + 1, 2**60 + 2, None]})
    answer = ask(
        tmp_path,
        frame,
        expect("column_values_to_be_in_set", column="n", value_set=[2**60 + 1]),
        expect("column_values_to_be_unique", column="n"),
    )
    assert [(f.rule, f.count, f.of) for f in answer.findings] == [("expectations/column_values_to_be_in_set", 1, 2)]


def test_table_expectations_see_all_columns_and_no_images(tmp_path: Path) -> None:
    frame = pl.DataFrame({"label": ["a", "b"], "image": [b"1", b"2"]})
    answer = ask(tmp_path, frame, expect("table_columns_to_match_ordered_list", column_list=["label", "image"]))
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    answer = ask(tmp_path, frame, expect("column_values_to_not_be_null", column="image"))
    assert answer.findings == ()


def test_row_order_does_not_matter(tmp_path: Path) -> None:
    entries = [
        expect("column_values_to_be_between", column="age", min_value=30, max_value=40),
        expect("column_values_to_not_be_null", column="weight"),
    ]
    first, second = ask(tmp_path / "a", people(), *entries), ask(tmp_path / "b", people().reverse(), *entries)
    assert (first.findings, first.tables, first.metrics) == (second.findings, second.tables, second.metrics)
    assert first.rows is not None
    assert second.rows is not None
    assert first.rows["row_id"].to_list() == second.rows["row_id"].to_list()


PROBE = """
import socket
import sys
from pathlib import Path

def refuse(*arguments):
    print("NETWORK")
    raise OSError

socket.getaddrinfo = socket.socket.connect = refuse
from governance.audits.expectations import Expectations
from governance.manifest import read_manifest
from governance.snapshot import Snapshot

root = Path(sys.argv[1])
view = Snapshot(read_manifest(root / "m.json"), root / "build/toy/snapshot", root / "expectations/toy", workspace=root)
answer = Expectations().run(view)
print("ANSWER", answer.outcome.value, answer.code, sum(f.count for f in answer.findings))
"""


def probe(folder: Path, **environment: str) -> tuple[subprocess.CompletedProcess[str], set[Path]]:
    snapshot = make_snapshot(
        folder,
        people(),
        contract={"suite.json": suite(expect("column_values_to_be_between", column="age", max_value=50))},
    )
    (folder / "m.json").write_text(snapshot.manifest.to_json())
    home = folder / "home"
    home.mkdir()
    before = set(folder.rglob("*"))
    run = subprocess.run(
        [sys.executable, "-c", PROBE, str(folder)],
        env={**os.environ, "HOME": str(home), **environment},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    return run, set(folder.rglob("*")) - before


def test_it_is_silent_and_writes_no_file(tmp_path: Path) -> None:
    run, written = probe(tmp_path, GX_ANALYTICS_ENABLED="true")
    assert run.stdout.strip() == "ANSWER assessed  9"
    assert run.stderr == ""
    assert written == set()


def test_an_import_that_ends_the_process_is_no_pass(tmp_path: Path) -> None:
    fake = tmp_path / "shadow" / "great_expectations"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text("import sys\nsys.exit(0)\n")
    paths = [str(fake.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    run, _ = probe(tmp_path, PYTHONPATH=os.pathsep.join(paths))
    assert run.stdout.startswith("ANSWER failed engine_unavailable")


@pytest.mark.parametrize(
    "said",
    [
        {"meta": {"why": "Nobody is older than fifty here"}},
        {"notes": "Nobody is older than fifty here"},
        {"notes": ["Nobody is older", "than fifty here"]},
        {"meta": {"notes": {"format": "markdown", "content": ["Nobody is older than\nfifty here"]}}},
    ],
)
def test_a_persons_reason_is_what_a_reader_reads(tmp_path: Path, said: Entry) -> None:
    entry = expect("column_values_to_be_between", column="age", max_value=50) | said
    answer = ask(tmp_path, people(), entry)
    (finding,) = answer.findings
    assert finding.message == (
        "age: Nobody is older than fifty here. 9 of 40 rows break it (22.50%). "
        "Rule: values to be between (max_value 50)."
    )
    assert finding.remedy.startswith("Look at the rows in build/toy/rows/expectations.parquet; ")
    rules = answer.tables[0]
    assert rules.rows[0][0] == "Nobody is older than fifty here"
    assert (rules.columns[-1], rules.rows[0][-1]) == ("written_as", "values to be between (max_value 50)")
    assert finding.subject == "values to be between (max_value 50)", "a reworded reason leaves the fingerprint alone"


def test_without_a_reason_the_rule_speaks_for_itself(tmp_path: Path) -> None:
    (finding,) = ask(tmp_path, people(), expect("column_values_to_be_between", column="age", max_value=50)).findings
    assert finding.message == "age: values to be between (max_value 50): 9 of 40 rows break it (22.50%)."
