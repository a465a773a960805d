"""Sources that are not there: lost ones go on record, fetchable ones do not, and those that a stage makes are waited for."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from forked import binaries, environment
from fresh import fresh
from in_process import govern, governed
from small_workspace import build, git

from governance.absent_sources import AbsentSource, absent_source, put_on_record
from governance.config import Workspace
from governance.evidence import Evidence
from governance.repository import Repository


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = build(tmp_path)
    (made.root / "data" / "trees.csv").unlink()
    return made


def look(workspace: Workspace) -> AbsentSource | None:
    return absent_source(workspace, Repository(workspace.root), "trees")


def test_what_git_knows_is_to_be_fetched(workspace: Workspace) -> None:
    found = look(workspace)
    assert found
    assert (found.lost, found.remedy) == (False, "git checkout -- data/trees.csv")
    git(workspace.root, "checkout", "--", "data/trees.csv")
    assert look(workspace) is None


def test_what_nobody_knows_is_lost_and_all_its_evidence_has_failed(workspace: Workspace) -> None:
    git(workspace.root, "rm", "-q", "--cached", "data/trees.csv")
    found = look(workspace)
    assert found
    assert found.lost
    put_on_record(workspace, "trees")
    report = workspace.report("trees")
    for audit in workspace.config.audits:
        evidence = Evidence.model_validate_json((report / "evidence" / f"{audit}.json").read_text(encoding="utf-8"))
        assert (evidence.outcome, evidence.code) == ("failed", "no_snapshot")
        assert evidence.reason == "there is no snapshot: data/trees.csv does not exist"
    assert json.loads((report / "verdict.json").read_text(encoding="utf-8"))["result"] != "passed"
    assert "data/trees.csv does not exist" in (report / "datasheet.md").read_text(encoding="utf-8")


def test_what_a_stage_will_make_is_not_missing(workspace: Workspace) -> None:
    git(workspace.root, "rm", "-q", "--cached", "data/trees.csv")
    (workspace.root / "prepare").mkdir()
    (workspace.root / "prepare" / "dvc.yaml").write_text(
        "stages:\n  trees:\n    cmd: make trees\n    outs:\n      - ../data/trees.csv\n", encoding="utf-8"
    )
    assert look(workspace) is None


@pytest.mark.pipeline
def test_the_page_over_all_is_written_when_training_refuses(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = fresh(tmp_path_factory, tmp_path / "workspace")
    env = environment(binaries())

    def run(*command: str) -> tuple[int, str]:
        done = subprocess.run(command, cwd=root, env=env, text=True, capture_output=True, check=False)
        return done.returncode, done.stdout + done.stderr

    (root / "data").mkdir()
    lines = [f"{number / 7:.3f},{'yes' if number % 2 else 'no'}" for number in range(40)]
    (root / "data" / "a.csv").write_text("x,y\n" + "\n".join(lines) + "\n", encoding="utf-8")
    governed(root, "add", "data/a.csv", "--name", "a", "--target", "y")
    params = root / "params.yaml"
    text = re.sub(r"(?m)^audits:\n(?:  .*\n)+", "audits:\n  summary: {}\n", params.read_text(encoding="utf-8"))
    model = "models:\n  m: {dataset: a, estimator: sklearn.linear_model.LogisticRegression}\n"
    params.write_text(text.replace("models: {}\n", model).replace("folds: 5", "folds: 2"), encoding="utf-8")
    code, said = run("govern", "repro")
    assert code == 255, said
    assert "failed to reproduce 'train@m'" in said
    assert "no audit" not in said
    page = (root / "reports" / "index.html").read_text(encoding="utf-8")
    assert ">a<" in page
    assert "stale_index" not in govern(root, "gate")[1]
