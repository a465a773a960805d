"""`govern doctor`: each fault is named with its remedy, and one fault does not hide the others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_workspace import build, edit

from governance.collect import collect_dataset
from governance.config import Workspace
from governance.diagnosis import Check, diagnose
from governance.lock import package_pipeline, read_lock, write_lock

PARAMS = """
datasets:
  toy:
    data: {path: data/toy.csv, task: classification, target: y}
audits: {schema: {}, summary: {}, label_issues: {}}
signals: {}
evaluations: {}
models: {}
policy: {}
"""

SCHEMA = "import pandera.polars as pa\n\n\nclass Toy(pa.DataFrameModel):\n    x: int\n    y: str\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for folder in ("data", "expectations/toy", "answers", "reports/datasets"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "params.yaml").write_text(PARAMS, encoding="utf-8")
    (tmp_path / "data" / "toy.csv").write_text("x,y\n1,a\n", encoding="utf-8")
    (tmp_path / "expectations/toy/columns.yaml").write_text(
        "columns:\n  - {name: x, type: integer}\n  - {name: y, type: category}\n", encoding="utf-8"
    )
    (tmp_path / "expectations/toy/schema.py").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "answers/toy.yaml").write_text("answers: {}\n", encoding="utf-8")
    write_lock(Workspace(tmp_path))
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    return tmp_path


def found(root: Path, what: str) -> list[Check]:
    return [check for check in diagnose(root).checks if check.what == what]


def about(root: Path, words: str) -> Check:
    matching = [check for check in diagnose(root).checks if words in check.message]
    assert matching, [check.message for check in diagnose(root).checks]
    return matching[0]


def test_a_mistake_in_a_file_that_several_looks_read_is_told_once(root: Path) -> None:
    columns = root / "expectations/toy/columns.yaml"
    columns.write_text(columns.read_text(encoding="utf-8").replace("category", "catgory"), encoding="utf-8")
    told = [check.message for check in diagnose(root).checks if "catgory" in check.message]
    assert len(told) == 1
    assert "did you mean 'category'?" in told[0]


def test_cells_that_are_not_of_their_declared_type_are_told_with_the_setting_that_reads_them(root: Path) -> None:
    columns, data = root / "expectations/toy/columns.yaml", root / "data/toy.csv"
    columns.write_text("columns:\n  - {name: x, type: date}\n  - {name: y, type: category}\n", encoding="utf-8")
    data.write_text("x,y\n2026-01-31,a\n17.03.2025,b\n", encoding="utf-8")
    check = about(root, 'it looks like 31.01.2026: declare `read: {date_format: "%d.%m.%Y"}`')
    assert check.state == "broken"
    assert "17.03.2025" not in check.message
    edit(Workspace(root), "params.yaml", "target: y}", "target: y, read: {date_format: '%d.%m.%Y'}}")
    assert not [one for one in diagnose(root).checks if "cells are not" in one.message]


def test_a_type_that_the_model_does_not_ask_for_is_told_before_the_gate_blocks(root: Path) -> None:
    edit(Workspace(root), "expectations/toy/schema.py", "x: int", "x: str")
    check = about(root, "columns.yaml declares 'x' as integer, and the Pandera model asks for string")
    assert check.state == "broken"
    assert check.remedy == "give it `int` as its type in the model, or correct columns.yaml"


def test_a_sound_workspace_is_called_so(root: Path) -> None:
    assert [c for c in diagnose(root).checks if c.state == "broken" and c.what not in {"dvc", "govern"}] == []
    assert about(root, "3 of 3 audits can run").state == "ok"


def test_no_workspace(tmp_path: Path) -> None:
    assert diagnose(tmp_path).broken
    assert "govern init" in about(tmp_path, "is in no workspace").message


def test_a_missing_file_is_named(root: Path) -> None:
    (root / "data" / "toy.csv").unlink()
    assert about(root, "data/toy.csv is not here; git knows it").state == "broken"
    subprocess.run(["git", "rm", "-q", "--cached", "data/toy.csv"], cwd=root, check=True)
    assert about(root, "data/toy.csv does not exist").state == "note", "`govern repro` runs all else"


def test_an_unknown_file_is_noted(root: Path) -> None:
    subprocess.run(["git", "rm", "-q", "--cached", "data/toy.csv"], cwd=root, check=True)
    check = about(root, "neither git nor DVC knows data/toy.csv")
    assert (check.state, check.remedy) == ("note", "dvc add data/toy.csv")


@pytest.mark.parametrize("file", ["expectations/toy/columns.yaml", "answers/toy.yaml"])
def test_what_the_pipeline_depends_on_is_missed(root: Path, file: str) -> None:
    (root / file).unlink()
    check = about(root, f"{file} does not exist")
    assert (check.state, check.remedy) == ("broken", "govern draft toy")


def test_audits_that_cannot_run_say_what_they_need(root: Path) -> None:
    (root / "expectations/toy/schema.py").unlink()
    (root / "params.yaml").write_text(PARAMS.replace(", task: classification, target: y", ""), encoding="utf-8")
    words = about(root, "1 of 3 audits can run").message
    assert "label_issues needs a target" in words
    assert "schema needs expectations/toy/schema.py" in words


def test_audits_that_compare_run_without_an_approved_version_too(root: Path) -> None:
    text = PARAMS.replace("summary: {}", "summary: {}, drift: {}, integrity: {}")
    (root / "params.yaml").write_text(text, encoding="utf-8")
    check = about(root, "5 of 5 audits can run")
    assert check.state == "ok"
    assert "drift and integrity compare with an earlier version as well, once one is approved" in check.message


def test_a_declared_column_that_the_first_line_does_not_have_is_named(root: Path) -> None:
    (root / "expectations/toy/columns.yaml").write_text(
        "columns:\n  - {name: xx, type: integer}\n  - {name: y, type: category}\n", encoding="utf-8"
    )
    check = about(root, "columns.yaml declares 'xx', which the data does not have; did you mean 'x'?")
    assert check.state == "broken"


def test_a_declared_column_that_the_snapshot_does_not_have_is_named(tmp_path: Path) -> None:
    workspace = edit(build(tmp_path / "repository"), "expectations/trees/columns.yaml", "name: width", "name: widht")
    said = "expectations/trees/columns.yaml declares 'widht', which the data does not have; did you mean 'width'?"
    assert about(workspace.root, said).state == "broken"
    told = [one.message for one in collect_dataset(workspace, "trees", read_lock(workspace)).further]
    assert any(said in message and "run: dvc repro" in message for message in told)


def test_labels_of_other_tasks_are_said_not_to_be_audited(root: Path) -> None:
    (root / "params.yaml").write_text(PARAMS.replace("task: classification", "task: ranking"), encoding="utf-8")
    assert "does not audit labels of task ranking" in about(root, "2 of 3 audits can run").message


def test_wrong_settings_and_unknown_audits_are_found(root: Path) -> None:
    text = PARAMS.replace("summary: {}", "summary: {binz: 3}, leekage: {}")
    (root / "params.yaml").write_text(text, encoding="utf-8")
    assert "binz" in found(root, "audits.summary")[0].message
    assert "there is no audit named 'leekage'" in found(root, "audits.leekage")[0].message


def test_problems_in_several_files_are_told_together(root: Path) -> None:
    (root / "waivers.yaml").write_text("waivers: [{}]", encoding="utf-8")
    (root / "govern.lock").write_text("{", encoding="utf-8")
    (root / "data" / "toy.csv").unlink()
    broken = {check.what for check in diagnose(root).checks if check.state == "broken"}
    assert {"waivers.yaml", "govern.lock", "toy"} <= broken


def test_missing_keys_are_named_with_what_to_write(root: Path) -> None:
    (root / "params.yaml").write_text(PARAMS.replace("evaluations: {}\n", ""), encoding="utf-8")
    assert about(root, "dvc.yaml needs the keys evaluations").remedy == "write `evaluations: {}`"


def test_a_pipeline_of_another_release_is_noted(root: Path) -> None:
    (root / "dvc.yaml").write_text(package_pipeline(), encoding="utf-8")
    assert found(root, "dvc.yaml") == []
    (root / "dvc.yaml").write_text("stages: {}\n", encoding="utf-8")
    (check,) = found(root, "dvc.yaml")
    assert (check.state, check.remedy.split(",")[0]) == ("note", "govern upgrade --dvc-yaml")


def test_reports_of_nothing_are_noted(root: Path) -> None:
    (root / "reports/datasets/old").mkdir()
    (root / "reports/datasets/toy/evidence").mkdir(parents=True)
    (root / "reports/datasets/toy/evidence/drift.json").write_text("{}", encoding="utf-8")
    assert about(root, "reports/datasets/old belongs to nothing").state == "note"
    left = about(root, "evidence/drift.json is of an audit that is not configured")
    assert (left.state, left.remedy) == ("note", "git rm reports/datasets/toy/evidence/drift.json")


def test_what_people_wrote_under_a_misspelt_name_is_noted(root: Path) -> None:
    assert not [check for check in diagnose(root).checks if "nobody reads it" in check.message]
    (root / "expectations/tyo").mkdir()
    (root / "answers/forests.yaml").write_text("{}\n", encoding="utf-8")
    check = about(root, "expectations/tyo is of nothing in params.yaml")
    assert (check.state, check.remedy) == ("note", "if 'toy' is meant, rename it")
    assert about(root, "answers/forests.yaml is of nothing in params.yaml").remedy == "rename or remove it"


def test_reports_are_not_to_be_deleted_for_a_misspelt_name(root: Path) -> None:
    (root / "reports/datasets/toy/evidence").mkdir(parents=True)
    (root / "reports/datasets/toy/evidence/summary.json").write_text("{}", encoding="utf-8")
    (root / "params.yaml").write_text(PARAMS.replace("summary", "sumary"), encoding="utf-8")
    remedy = about(root, "summary.json is of an audit that is not configured").remedy
    assert "git rm" not in remedy
    assert "if 'sumary' in params.yaml is 'summary' misspelt" in remedy
    assert "there is no audit sumary" in about(root, "2 of 3 audits can run").message
    (root / "params.yaml").write_text(PARAMS.replace("  toy:", "  toyz:"), encoding="utf-8")
    assert "if 'toyz' in params.yaml is 'toy' misspelt" in about(root, "reports/datasets/toy belongs").remedy


def test_a_remote_is_asked_only_where_there_is_one(root: Path) -> None:
    (root / "data" / "toy.csv").unlink()
    assert about(root, "git knows it").remedy == "git checkout -- data/toy.csv"
    pointer = "outs:\n- md5: d41d8cd98f00b204e9800998ecf8427e\n  path: toy.csv\n"
    (root / "data" / "toy.csv.dvc").write_text(pointer, encoding="utf-8")
    assert about(root, "toy.csv.dvc knows it").remedy == "dvc checkout data/toy.csv"
    (root / ".dvc").mkdir()
    (root / ".dvc" / "config").write_text("[core]\n    analytics = false\n", encoding="utf-8")
    assert about(root, "toy.csv.dvc knows it").remedy == "dvc checkout data/toy.csv"
    (root / ".dvc" / "config.local").write_text("['remote \"storage\"']\n    url = /srv\n", encoding="utf-8")
    assert about(root, "toy.csv.dvc knows it").remedy == "dvc pull data/toy.csv"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import pandera.polars as pa\nraise RuntimeError('no database')\n", "schema.py, line 2: RuntimeError: no database"),
        ("def x(:\n", "schema.py, line 1: SyntaxError"),
        ("import sys\nsys.exit(0)\n", "schema.py, line 2: SystemExit"),
        ("", "must define one DataFrameModel"),
        ("import pandera.polars as pa\nclass Toy(pa.DataFrameModel):\n    pass\n", "Toy declares nothing"),
    ],
)  # fmt: skip
def test_a_contract_that_cannot_be_used_is_told_in_one_line(root: Path, text: str, words: str) -> None:
    (root / "expectations/toy/schema.py").write_text(text, encoding="utf-8")
    check = about(root, words)
    assert check.state == "broken"
    assert "\n" not in check.message
    assert "3 of 3 audits can run: schema, summary, label_issues" in about(root, "audits can run").message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "suite.json cannot be read as JSON"),
        ("{}", "is no suite of Great Expectations"),
        ('{"expectations": []}', "holds no expectation"),
    ],
)
def test_a_suite_that_checks_nothing_is_told(root: Path, text: str, words: str) -> None:
    (root / "expectations/toy/suite.json").write_text(text, encoding="utf-8")
    assert about(root, words).state == "broken"


def test_values_of_a_column_that_was_declared_private_later_are_told(root: Path) -> None:
    kwargs = '{"column": "%s", "value_set": ["a", "b"]}'
    entries = [f'{{"type": "expect_column_values_to_be_in_set", "kwargs": {kwargs % column}}}' for column in ("x", "y")]
    (root / "expectations/toy/suite.json").write_text(f'{{"expectations": [{", ".join(entries)}]}}', encoding="utf-8")
    assert not [check for check in found(root, "toy") if "value_set" in check.message or "lists" in check.message]
    params = root / "params.yaml"
    params.write_text(PARAMS.replace("target: y", "target: y, roles: {private: [x]}"), encoding="utf-8")
    told = about(root, "lists")
    assert told.state == "note"
    assert told.message == "expectations/toy/suite.json lists 2 values of x, which is declared private: git keeps them"
    assert len([check for check in found(root, "toy") if "lists" in check.message]) == 1


def test_an_audit_of_the_workspace_that_raises_is_told_with_its_line(root: Path) -> None:
    (root / "audits").mkdir()
    (root / "audits" / "mine.py").write_text("import json\n\njson.loads('no')\n", encoding="utf-8")
    (root / "params.yaml").write_text(PARAMS.replace("summary: {}", "summary: {}, mine: {}"), encoding="utf-8")
    told = {check.what: check for check in diagnose(root).checks if check.state == "broken"}
    assert told["audits.mine"].message.startswith("audits/mine.py, line 3: JSONDecodeError")
    assert told["toy"].message.startswith("audits/mine.py, line 3: JSONDecodeError")


@pytest.mark.parametrize(
    ("declared", "state", "words"),
    [
        ("estimator: sklearn.linear_model.LogisticRegression", "ok", "takes its parameters"),
        ("estimator: sklearn.linear_model.LogisticRegresion", "broken", "is no scikit-learn estimator class"),
        ("estimator: sklearn.linear_model.LogisticRegression, parameters: {c: 1}", "broken", "there is no parameter 'c'"),
        ("estimator: sklearn.linear_model.LogisticRegression, parameters: {C: -1}", "broken", "'C' parameter of"),
        ("estimator: sklearn.linear_model.Ridge", "broken", "is not a classifier"),
        ("estimator: sklearn.nowhere.Model", "broken", "cannot be imported"),
    ],
)  # fmt: skip
def test_estimators_of_models_are_tried(root: Path, declared: str, state: str, words: str) -> None:
    text = PARAMS.replace("models: {}", f"models: {{m: {{dataset: toy, {declared}}}}}")
    (root / "params.yaml").write_text(text, encoding="utf-8")
    (check,) = found(root, "m")
    assert check.state == state
    assert words in check.message


def test_a_model_of_a_task_that_is_not_learned_is_told(root: Path) -> None:
    model = "models: {m: {dataset: toy, estimator: sklearn.linear_model.LogisticRegression}}"
    text = PARAMS.replace("models: {}", model).replace("task: classification", "task: ranking")
    (root / "params.yaml").write_text(text, encoding="utf-8")
    assert "the task of toy is ranking" in found(root, "m")[0].message


def test_kill_switches_are_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANDERA_VALIDATION_ENABLED", "False")
    assert about(root, "is set to weaken validation").remedy == "unset PANDERA_VALIDATION_ENABLED"


def test_the_command_prints_and_ends_with_two_when_something_is_broken(root: Path) -> None:
    binaries = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}"}

    def doctor(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["govern", "doctor", *options], cwd=root, env=env, text=True, capture_output=True, check=False
        )

    sound = doctor()
    assert sound.returncode == 0, sound.stdout + sound.stderr
    (root / "answers" / "toy.yaml").unlink()
    broken = doctor("--json")
    assert broken.returncode == 2
    assert json.loads(broken.stdout)["broken"] is True


def test_a_name_that_two_files_write_otherwise_is_told_with_both(root: Path) -> None:
    columns = root / "expectations/toy/columns.yaml"
    columns.write_text(columns.read_text(encoding="utf-8").replace("name: y", "name: yy"), encoding="utf-8")
    said = about(root, "there is no column 'y' to be target").message
    assert "params.yaml" in said
    assert "expectations/toy/columns.yaml" in said
