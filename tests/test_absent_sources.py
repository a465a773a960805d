"""Sources that are not there: lost ones go on record, fetchable ones do not, and those that a stage makes are waited for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
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
