"""`govern doctor`: each fault is named with its remedy, and one fault does not hide the others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from governance.config import Workspace
from governance.diagnosis import Check, diagnose
from governance.lock import write_lock

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
    (tmp_path / "expectations/toy/schema.py").write_text("", encoding="utf-8")
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
    assert about(root, "data/toy.csv does not exist").state == "broken"


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


def test_reports_of_nothing_are_noted(root: Path) -> None:
    (root / "reports/datasets/old").mkdir()
    (root / "reports/datasets/toy/evidence").mkdir(parents=True)
    (root / "reports/datasets/toy/evidence/drift.json").write_text("{}", encoding="utf-8")
    assert about(root, "reports/datasets/old belongs to nothing").state == "note"
    assert about(root, "holds drift.json").state == "note"


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
