"""Which audits `govern repro` measures ahead of the rest; that the result is the same is tested with DVC (test_pipeline)."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_workspace import build, edit

from governance import parallel_runs
from governance.config import Workspace
from governance.parallel_runs import due, run_ahead

BOTH = [("trees", "schema"), ("trees", "summary")]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return build(tmp_path)


def test_nothing_is_due_after_a_run(workspace: Workspace) -> None:
    assert due(workspace) == []


def test_an_audit_of_other_settings_is_due(workspace: Workspace) -> None:
    edited = edit(workspace, "params.yaml", "summary: {}", "summary: {levels: 7}")
    assert due(edited) == [("trees", "summary")]
    assert due(edited, without={"trees"}) == []


def test_reports_of_a_clone_do_not_count_without_what_lies_in_build(workspace: Workspace) -> None:
    (workspace.build("trees") / "rows" / "schema.parquet").unlink()
    assert due(workspace) == [("trees", "schema")]


def test_all_is_due_before_the_first_run_and_nothing_without_a_lock(workspace: Workspace) -> None:
    for path in (workspace.report("trees") / "evidence").glob("*.json"):
        path.unlink()
    assert due(workspace) == BOTH
    (workspace.root / "govern.lock").unlink()
    assert due(workspace) == []


def test_what_the_stages_will_refuse_is_left_to_them(workspace: Workspace) -> None:
    (workspace.contract("trees") / "columns.yaml").write_text("columns: [", encoding="utf-8")
    (workspace.root / "answers" / "trees.yaml").write_text("answers: [", encoding="utf-8")
    assert due(Workspace(workspace.root)) == []


@pytest.mark.parametrize(("jobs", "gone"), [(1, ["schema", "summary"]), (2, ["schema"])])
def test_one_at_a_time_or_few_audits_start_no_further_dvc(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, jobs: int, gone: list[str]
) -> None:
    for audit in gone:
        (workspace.build("trees") / "rows" / f"{audit}.parquet").unlink()
    started: list[object] = []
    monkeypatch.setattr(parallel_runs, "run_together", lambda commands, _: started.extend(commands))
    run_ahead(workspace, jobs)
    assert started == []
