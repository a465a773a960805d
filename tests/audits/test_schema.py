from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from governance.audit import Answer
from governance.audits.schema import Schema
from governance.evidence import Level, Outcome
from governance.manifest import Manifest
from governance.reporting.rule_report import checked_frame
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

CLEAN = """
import pandera.polars as pa

class People(pa.DataFrameModel):
    key: str = pa.Field(unique=True)
    age: int = pa.Field(ge=0, le=120)
    sex: str = pa.Field(isin=["female", "male"])
    weight: float = pa.Field(gt=0, nullable=True)

    class Config:
        strict = True
"""


def people() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "key": [f"id-{n:03d}" for n in range(40)],
            "age": [20 + n for n in range(40)],
            "sex": ["female", "male"] * 20,
            "weight": [None, *[50.5 + n for n in range(39)]],
        }
    )


def ask(folder: Path, frame: pl.DataFrame, model: str | None = CLEAN, **rest: object) -> tuple[Answer, Snapshot]:
    snapshot = make_snapshot(folder, frame, contract=None if model is None else {"schema.py": model}, **rest)  # type: ignore[arg-type]
    return Schema().run(snapshot), snapshot


def rules(answer: Answer) -> dict[str, tuple[tuple[str, ...], int | None, int | None]]:
    return {finding.rule: (finding.columns, finding.count, finding.of) for finding in answer.findings}


def test_clean_data_are_assessed_without_findings(tmp_path: Path) -> None:
    answer, _ = ask(tmp_path, people())
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    assert answer.rows is None
    assert answer.units is not None
    # Four columns: there, type; three not null; one unique; age 2, sex 1, weight 1 checks; strict.
    assert answer.units.declared == answer.units.evaluated == 4 + 4 + 3 + 1 + 4 + 1


def test_every_failure_is_counted_and_its_rows_named(tmp_path: Path) -> None:
    frame = people().with_columns(
        age=pl.when(pl.col("key") == "id-003").then(-1).when(pl.col("key") == "id-004").then(999).otherwise("age"),
        sex=pl.when(pl.col("key").is_in(["id-005", "id-006"])).then(pl.lit("?")).otherwise("sex"),
        key=pl.when(pl.col("key") == "id-008").then(pl.lit("id-007")).otherwise("key"),
    )
    answer, snapshot = ask(tmp_path, frame)
    assert answer.outcome is Outcome.ASSESSED
    counted = {(f.columns, f.subject): (f.count, f.of, f.level) for f in answer.findings}
    assert counted == {
        (("age",), ">= 0"): (1, 40, Level.ERROR),
        (("age",), "<= 120"): (1, 40, Level.ERROR),
        (("sex",), "one of 2 values"): (2, 40, Level.ERROR),
        (("key",), "no value twice"): (2, 40, Level.ERROR),
    }
    assert answer.rows is not None
    keys = snapshot.frame("key", "age", "sex").collect()
    broken = answer.rows.join(keys, on="row_id")
    assert set(broken.filter(rule="schema/not_unique")["key"]) == {"id-007"}
    assert set(broken.filter(rule="schema/check_failed", suggestion="breaks age: >= 0")["age"]) == {-1}
    assert set(broken.filter(pl.col("suggestion") == "breaks sex: one of 2 values")["sex"]) == {"?"}
    assert set(answer.rows["score"]) == {1.0}
    assert answer.rows["flagged"].all()


def test_structural_failures_hide_no_value_failure(tmp_path: Path) -> None:
    frame = people().drop("weight").with_columns(sex=pl.lit(1), extra=pl.lit(1), age=pl.col("age") - 30)
    answer, _ = ask(tmp_path, frame)
    found = rules(answer)
    assert found["schema/missing_column"][0] == ("weight",)
    assert found["schema/wrong_type"][0] == ("sex",)
    assert found["schema/extra_column"] == (("extra",), 1, 4)
    assert found["schema/check_failed"] == (("age",), 10, 40)
    assert answer.outcome is Outcome.ASSESSED
    assert answer.units is not None
    assert answer.units.evaluated < answer.units.declared


def test_a_type_that_stands_in_two_files_is_mended_in_either(tmp_path: Path) -> None:
    model = "import pandera.polars as pa\nschema = pa.DataFrameSchema({'seen': pa.Column(str), 'n': pa.Column(str)})\n"
    answer, snapshot = ask(tmp_path, pl.DataFrame({"seen": [date(2026, 1, 31)] * 40, "n": [1, 2] * 20}), model)
    remedies = {f.columns: f.remedy for f in answer.findings if f.rule == "schema/wrong_type"}
    contract = f"expectations/{snapshot.name}/"
    assert f"give seen `pl.Date` as its type in {contract}schema.py (with `import polars as pl`)" in remedies[("seen",)]
    assert f"correct it in {contract}columns.yaml" in remedies[("seen",)]
    assert "Where integer is right, give n `int` as its type" in remedies[("n",)]


def test_values_that_cannot_be_cast_hide_no_other(tmp_path: Path) -> None:
    model = """
import pandera.polars as pa
schema = pa.DataFrameSchema({"code": pa.Column(int, pa.Check.ge(0), coerce=True, nullable=True)})
"""
    frame = pl.DataFrame({"code": ["1", "-2", "x", None, "5"]})
    answer, _ = ask(tmp_path, frame, model)
    assert rules(answer) == {"schema/not_coercible": (("code",), 1, 5), "schema/check_failed": (("code",), 1, 3)}


def test_a_rule_on_missing_values_only_is_no_pass(tmp_path: Path) -> None:
    frame = people().with_columns(weight=pl.lit(None, dtype=pl.Float64))
    answer, _ = ask(tmp_path, frame)
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "rule_on_nothing")
    assert [f.rule for f in answer.findings] == ["schema/rule_on_nothing"]


def test_an_aggregate_of_nothing_is_no_pass(tmp_path: Path) -> None:
    model = """
import pandera.polars as pa, polars as pl
schema = pa.DataFrameSchema(
    {"weight": pa.Column(float, nullable=True)},
    checks=pa.Check(lambda data: data.lazyframe.select(pl.col("weight").mean() > 3), name="heavy"),
)
"""
    frame = people().with_columns(weight=pl.lit(None, dtype=pl.Float64))
    answer, _ = ask(tmp_path, frame, model)
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "rule_on_nothing")


def test_no_rows_no_rules_no_contract(tmp_path: Path) -> None:
    answer, snapshot = ask(tmp_path / "none", people(), None)
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "no_contract")
    assert "govern draft toy" in answer.reason
    answer, _ = ask(tmp_path / "rules", people(), "import pandera.polars as pa\nschema = pa.DataFrameSchema({})\n")
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "no_rules")
    answer, snapshot = ask(tmp_path / "rows", people())
    manifest: Manifest = snapshot.manifest.model_copy(update={"rows": 0})
    empty = Snapshot(manifest, snapshot.folder, snapshot.contract_folder, workspace=snapshot.workspace)
    assert Schema().run(empty).code == "no_rows"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import pandera.polars as pa\n\nclass M(pa.DataFrameModel:\n", "line 3: SyntaxError"),
        ("import pandera.polars as pa\nimport no_such_module\n", "line 2: ModuleNotFoundError"),
        ("from pandera.polars import NoSuchThing\n", "line 1: ImportError: cannot import name 'NoSuchThing'"),
        ("open('/etc/nowhere/at/all.csv')\n", "'all.csv'"),
        ("import sys\nsys.exit(0)\n", "line 2: SystemExit"),
        ("x = 1\n", "it defines none"),
        ("schema = 3\n", "a model of pandera.polars or pandera.pandas is needed"),
        ("import pandera.polars as pa\nclass A(pa.DataFrameModel): ...\nclass B(pa.DataFrameModel): ...\n", "2: A, B"),
    ],
)
def test_a_broken_model_says_where(tmp_path: Path, text: str, said: str) -> None:
    answer, _ = ask(tmp_path, people(), text)
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "contract_unreadable")
    assert said in answer.reason
    assert "expectations/toy/schema.py" in answer.reason
    assert str(tmp_path) not in answer.reason
    assert "site-packages" not in answer.reason
    assert "/etc" not in answer.reason
    assert "Traceback" not in answer.reason


def test_a_rule_that_raises_fails_the_answer_and_keeps_the_findings(tmp_path: Path) -> None:
    model = """
import pandera.polars as pa

class M(pa.DataFrameModel):
    key: str
    age: int = pa.Field(ge=25)

    @pa.check("key")
    def reachable(cls, data):
        raise ValueError(f"cannot judge 'id-001' of 4711")
"""
    answer, _ = ask(tmp_path, people(), model)
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "not_evaluated")
    assert {f.rule for f in answer.findings} == {"schema/not_evaluated", "schema/check_failed"}
    assert "id-001" not in str(answer)
    assert "4711" not in str(answer)


def test_checks_that_only_warn_are_warnings(tmp_path: Path) -> None:
    model = """
import pandera.polars as pa
schema = pa.DataFrameSchema({"age": pa.Column(int, pa.Check.le(30, raise_warning=True))})
"""
    answer, _ = ask(tmp_path, people(), model)
    assert [(f.level, f.count) for f in answer.findings] == [(Level.WARNING, 29)]


def test_what_would_change_data_is_left_out_and_said(tmp_path: Path) -> None:
    model = """
import pandera.polars as pa
schema = pa.DataFrameSchema({"weight": pa.Column(float, default=1.0)}, drop_invalid_rows=True)
"""
    answer, _ = ask(tmp_path, people(), model)
    assert rules(answer)["schema/null"] == (("weight",), 1, 40)
    assert len([f for f in answer.findings if f.rule == "schema/setting_ignored"]) == 2


def test_optional_columns_that_are_absent_are_named(tmp_path: Path) -> None:
    model = CLEAN.replace("    class Config", "    heigth: float | None = pa.Field(ge=0)\n\n    class Config")
    answer, _ = ask(tmp_path, people(), model)
    assert answer.outcome is Outcome.ASSESSED
    assert rules(answer)["schema/optional_column_absent"][0] == ("heigth",)
    assert answer.units is not None
    assert answer.units.declared == answer.units.evaluated == 17


def test_a_pandas_model_is_taken_by_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "project_contracts.py").write_text(CLEAN.replace("pandera.polars", "pandera.pandas"))
    snapshot = make_snapshot(tmp_path, people().with_columns(age=pl.col("age") + 70))
    elsewhere = Snapshot(
        snapshot.manifest,
        snapshot.folder,
        snapshot.contract_folder,
        schema_reference="project_contracts:People",
        workspace=tmp_path,
    )
    answer = Schema().run(elsewhere)
    assert answer.outcome is Outcome.ASSESSED, answer.reason
    assert rules(answer) == {"schema/check_failed": (("age",), 9, 40)}
    assert not list(tmp_path.rglob("__pycache__"))


def test_private_values_stay_out(tmp_path: Path) -> None:
    model = """
import pandera.polars as pa
schema = pa.DataFrameSchema({
    "key": pa.Column(
        str, [pa.Check.isin(["id-001", "id-002"]), pa.Check.ne("id-005"), pa.Check.str_startswith("id-00")]
    ),
})
"""
    snapshot = make_snapshot(tmp_path, people(), contract={"schema.py": model}, public=False)
    answer = Schema().run(snapshot)
    assert {f.count for f in answer.findings} == {38, 1, 30}
    assert "id-0" not in str((answer.findings, answer.tables, answer.metrics, answer.reason))


def test_row_order_does_not_matter(tmp_path: Path) -> None:
    frame = people().with_columns(age=pl.col("age") + 75)
    first, _ = ask(tmp_path / "a", frame)
    second, _ = ask(tmp_path / "b", frame.reverse())
    assert (first.findings, first.tables, first.metrics) == (second.findings, second.tables, second.metrics)
    assert first.rows is not None
    assert second.rows is not None
    assert first.rows["row_id"].to_list() == second.rows["row_id"].to_list()


PROBE = """
import sys
from pathlib import Path
from governance.audits.schema import Schema
from governance.manifest import read_manifest
from governance.snapshot import Snapshot

root = Path(sys.argv[1])
view = Snapshot(read_manifest(root / "m.json"), root / "build/toy/snapshot", root / "expectations/toy", workspace=root)
answer = Schema().run(view)
print("ANSWER", answer.outcome.value, answer.code, sum(f.count for f in answer.findings))
"""


@pytest.mark.parametrize(
    "weakened",
    [
        {"PANDERA_VALIDATION_ENABLED": "False", "PANDERA_VALIDATION_DEPTH": "SCHEMA_ONLY"},
        {"PANDERA_VALIDATION_DEPTH": "NO_SUCH_DEPTH", "PANDERA_USE_NARWHALS_BACKEND": "True"},
    ],
)
def test_the_environment_cannot_weaken_it(tmp_path: Path, weakened: dict[str, str]) -> None:
    snapshot = make_snapshot(tmp_path, people().with_columns(age=pl.col("age") + 75), contract={"schema.py": CLEAN})
    (tmp_path / "m.json").write_text(snapshot.manifest.to_json())
    run = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path)],
        env={**os.environ, **weakened},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip() == "ANSWER assessed  14", run.stderr


@pytest.mark.filterwarnings("ignore:Re-registered pandera backends")
def test_a_model_cannot_switch_validation_off(tmp_path: Path) -> None:
    from pandera.config import reset_config_context

    off = (
        "from pandera.config import PanderaConfig, ValidationDepth, reset_config_context, set_config\n"
        "set_config(use_narwhals_backend=True)\n"
        "reset_config_context(PanderaConfig(validation_enabled=False, validation_depth=ValidationDepth.SCHEMA_ONLY))\n"
    )
    try:
        answer, _ = ask(tmp_path / "config", people().with_columns(age=-pl.col("age")), off + CLEAN)
    finally:
        reset_config_context()
    assert answer.outcome is Outcome.ASSESSED, answer.reason
    assert rules(answer)["schema/check_failed"] == (("age",), 40, 40)


def test_validation_that_never_refuses_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandera.polars as pa

    monkeypatch.setattr(pa.DataFrameSchema, "validate", lambda self, frame, **_: frame)
    answer, _ = ask(tmp_path, people().with_columns(age=-pl.col("age")))
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "validation_disabled")


def test_a_model_that_contradicts_its_rules_fails_and_keeps_the_findings(tmp_path: Path) -> None:
    model = """
import pandera.polars as pa

class Lax(pa.DataFrameSchema):
    def validate(self, check_obj, **rest):
        return check_obj

schema = Lax({"age": pa.Column(int, pa.Check.ge(25))})
"""
    answer, _ = ask(tmp_path, people(), model)
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "engine_contradicts_itself")
    assert rules(answer) == {"schema/check_failed": (("age",), 5, 40)}


def test_images_are_not_read_for_a_model_that_names_none(tmp_path: Path) -> None:
    model = """
import pandera.polars as pa
schema = pa.DataFrameSchema({"label": pa.Column(str), "image": pa.Column(nullable=True)}, strict=True)
"""
    frame = pl.DataFrame({"label": ["a", "b"], "image": [b"1", b"2"]})
    answer, snapshot = ask(tmp_path, frame, model)
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    assert checked_frame(snapshot, ["label"])["image"].null_count() == 2
    assert checked_frame(snapshot, ["image"])["image"].null_count() == 0
