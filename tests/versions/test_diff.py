"""`govern diff` on a real repository: git for the reports, DVC's cache for the rows."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from forked import binaries, environment
from fresh import fresh
from in_process import governed
from small_workspace import TABLE, build, edit, git, measure

from governance.config import Workspace
from governance.differences.difference import RowChanges
from governance.errors import UsageError
from governance.stages.opening import open_snapshot
from governance.versions.compare import differences
from governance.versions.words import LIMIT, as_markdown, as_text, details, headline


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "change")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = build(tmp_path / "trees")
    commit(made.root)
    return made


def test_nothing_changed_is_said_in_a_line(workspace: Workspace) -> None:
    found = differences(workspace, "HEAD")
    assert not found.datasets[0].anything
    assert "trees: no change" in as_text(found)
    assert "No dataset changed." in as_markdown(found)


def test_all_that_git_knows_is_compared(workspace: Workspace) -> None:
    table = workspace.root / "data" / "trees.csv"
    table.write_text(TABLE.replace(",elm", ",oak", 30) + "200.0,1.0,oak\n", encoding="utf-8")
    workspace = edit(workspace, "expectations/trees/columns.yaml", "unit: cm", "unit: mm")
    workspace = edit(
        workspace,
        "expectations/trees/schema.py",
        "width: float = pa.Field(ge=0, le=100)",
        "width: float = pa.Field(ge=0)",
    )
    workspace = edit(
        workspace,
        "answers/trees.yaml",
        "answers: {}",
        "answers:\n  motivation.purpose: {answer: To show., by: Ada, on: 2026-01-01}",
    )
    measure(workspace)
    (one,) = differences(workspace, "HEAD").datasets
    assert one.before is not None
    assert one.after is not None
    assert (one.before.rows, one.after.rows) == (120, 121)
    assert (one.before.result, one.after.result) == ("passed", "blocked")
    assert [(c.column, c.what, c.before, c.after) for c in one.columns] == [("width", "unit", "cm", "mm")]
    assert {finding.rule for finding in one.new} >= {"schema/in_range"} or one.new
    assert any("width" in finding.message for finding in one.loosened)
    assert [(a.name, a.what) for a in one.answers] == [("motivation.purpose", "added")]
    assert [shift.column for shift in one.shifts] == ["kind"]
    assert one.shifts[0].size == pytest.approx(0.25, abs=0.01)
    assert one.sections
    assert one.rows is None
    assert "dvc.lock of that revision names no snapshot" in one.rows_unknown
    assert "verdict passed became blocked" in headline(one)
    text = as_markdown(differences(workspace, "HEAD"))
    assert text.splitlines()[0] == "<!-- govern-diff -->"
    assert "<details>" in text
    assert len(text.encode()) < LIMIT


def test_rows_that_decisions_left_out_are_told_apart_from_those_that_the_file_lost(workspace: Workspace) -> None:
    row = open_snapshot(workspace, "trees").frame("row_id").collect()["row_id"][0]
    (workspace.root / "decisions").mkdir()
    (workspace.root / "decisions" / "trees.yaml").write_text(
        f"decisions:\n  - by: Ada\n    on: 2026-01-01\n    rows: [{{row: {row}, action: drop, why: seen twice}}]\n"
    )
    measure(workspace)
    (one,) = differences(workspace, "HEAD").datasets
    assert one.before is not None
    assert one.after is not None
    assert (one.before.dropped, one.after.dropped, one.after.rows) == (0, 1, 119)
    known = RowChanges(added=0, removed=1, changed=None, relabelled=0, moved=0, same=119)
    lines = dict(details(one.model_copy(update={"rows": known}), str))["Rows"]
    assert lines == ["120 became 119; 119 are the same", "decisions left out 1 row, and 0 before"]


def test_a_dataset_that_came_and_one_that_went(workspace: Workspace) -> None:
    params = workspace.root / "params.yaml"
    text = params.read_text(encoding="utf-8")
    params.write_text(text.replace("  trees:\n", "  shrubs:\n"), encoding="utf-8")
    found = {one.name: one for one in differences(Workspace(workspace.root), "HEAD").datasets}
    assert headline(found["shrubs"]) == "new, without a snapshot; not compared: snapshot, schema, summary"
    assert headline(found["trees"]) == "gone; it had 120 rows"


def test_a_long_list_is_cut_and_counted_and_the_comment_keeps_its_limit(workspace: Workspace) -> None:
    (workspace.root / "data" / "trees.csv").write_text(TABLE.replace(",elm", ",oak", 30), encoding="utf-8")
    measure(workspace)
    found = differences(workspace, "HEAD")
    many = found.model_copy(update={"datasets": found.datasets * 400})
    text = as_markdown(many)
    assert len(text.encode()) <= LIMIT
    assert "more did not fit here" in text


def test_the_name_of_a_class_of_hardly_any_rows_stands_nowhere(workspace: Workspace) -> None:
    workspace = edit(
        workspace, "params.yaml", "      split:", "      target: kind\n      task: classification\n      split:"
    )
    measure(workspace)
    commit(workspace.root)
    (workspace.root / "data" / "trees.csv").write_text(TABLE + "11.0,1.0,SECRETX3\n", encoding="utf-8")
    measure(workspace)
    found = differences(workspace, "HEAD")
    counts = found.datasets[0].counts
    assert [(c.level, c.before, c.after) for c in counts] == [("classes of fewer than 5 rows", 0, 1)]
    told = [as_text(found), as_markdown(found), found.model_dump_json()]
    told += [
        path.read_text(encoding="utf-8")
        for path in workspace.report("trees").rglob("*")
        if path.suffix != ".png" and path.is_file()
    ]
    assert len(told) > 10
    assert not [text for text in told if "SECRETX3" in text]


def test_a_revision_that_does_not_exist_is_a_users_error(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="knows no revision"):
        differences(workspace, "no-such-branch")


@pytest.mark.pipeline
def test_rows_come_from_the_cache_of_dvc(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = fresh(tmp_path_factory, tmp_path / "workspace")

    def run(*words: str) -> None:
        done = subprocess.run(words, cwd=root, env=environment(binaries()), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    (root / "data").mkdir()
    raw = root / "data" / "trees.csv"
    raw.write_text(TABLE, encoding="utf-8")
    governed(root, "add", "data/trees.csv", "--name", "trees", "--target", "kind")
    run("dvc", "repro", "snapshot", "sketch")
    commit(root)
    lines = TABLE.splitlines()
    raw.unlink()
    raw.write_text("\n".join([*lines[:-2], lines[-2].replace("elm", "oak"), "11.5,1.5,oak"]) + "\n", encoding="utf-8")
    run("dvc", "repro", "snapshot", "sketch")
    rows = json.loads(governed(root, "diff", "--format", "json"))["datasets"][0]["rows"]
    assert rows == {"added": 1, "removed": 1, "changed": None, "relabelled": 1, "moved": 0, "same": 118}
    assert "1 added, 1 removed, 1 relabelled" in governed(root, "diff", "HEAD")
    run("dvc", "gc", "--workspace", "--force")
    assert "dvc fetch --all-commits" in governed(root, "diff", "HEAD", "--format", "markdown")
    assert "git knows no revision" in governed(root, "diff", "nowhere", code=2)
