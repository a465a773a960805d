"""The file of people's decisions: what it may say, and that nothing in it is passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_workspace import build as small
from small_workspace import measure

from governance.collect import collect_dataset
from governance.decisions import read_file
from governance.diagnosis import diagnose
from governance.errors import ConfigError
from governance.lock import read_lock

ROW = "a" * 32 + "-0"
ONE = f"- by: Ada\n  on: 2026-03-01\n  rows:\n  - {{row: {ROW}, action: drop, why: a copy}}\n"


def told(path: Path, text: str) -> tuple[str, ...]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_file(path, f"decisions/{path.name}")
    return caught.value.problems


def test_a_key_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    known = "there is no such key; did you mean 'decisions'? Its keys are: decisions"
    assert told(path, f"decision:\n{ONE}") == (f"decisions/toy.yaml: decision: {known}",)
    assert told(path, f"decision:\n{ONE}decisions:\n{ONE.replace('why:', 'wy:')}") == (
        f"decisions/toy.yaml: decision: {known}",
        "decisions/toy.yaml: decision 1: rows.0.why: is missing",
        "decisions/toy.yaml: decision 1: rows.0.wy: there is no such key; did you mean 'why'? "
        "Its keys are: row, action, to, new_label, why, written, identifier, source_row, source_file",
    )
    for text in (ONE, "decisions: drop\n", "no\n"):
        assert told(path, text) == ("decisions/toy.yaml: needs a list `decisions:` of {by, on, rows}",)
    for text in ("", "# nothing yet\n", "decisions:\n", "decisions: []\n"):
        path.write_text(text, encoding="utf-8")
        assert read_file(path, "toy.yaml") == ()


def test_doctor_and_gate_say_what_is_wrong_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = small(tmp_path / "trees")
    monkeypatch.chdir(workspace.root)
    path = workspace.root / "decisions" / "trees.yaml"
    path.parent.mkdir()
    path.write_text(f"decision:\n{ONE}", encoding="utf-8")
    found = [check for check in diagnose(workspace.root).checks if "decisions/trees.yaml" in check.message]
    assert [(check.state, "did you mean 'decisions'?" in check.message) for check in found] == [("broken", True)]
    (unread,) = collect_dataset(workspace, "trees", read_lock(workspace)).further
    assert unread.rule == "evidence/other_decisions"
    assert "did you mean 'decisions'?" in unread.message
    measure(workspace)
    rules = [one.rule for one in collect_dataset(workspace, "trees", read_lock(workspace)).further]
    assert "evidence/no_snapshot" in rules

    path.write_text("", encoding="utf-8")
    (empty,) = [check for check in diagnose(workspace.root).checks if "decisions/trees.yaml" in check.message]
    assert (empty.state, empty.remedy) == ("note", "git log -p -- decisions/trees.yaml")


def test_a_later_entry_with_an_older_date_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = small(tmp_path / "trees")
    monkeypatch.chdir(workspace.root)
    path = workspace.root / "decisions" / "trees.yaml"
    path.parent.mkdir()
    other = ONE.replace("Ada", "Bo").replace("2026-03-01", "2020-01-01").replace("drop", "keep")
    path.write_text(f"decisions:\n{ONE}{other}", encoding="utf-8")
    (said,) = [check for check in diagnose(workspace.root).checks if "decisions/trees.yaml" in check.message]
    assert said.state == "note"
    assert (
        f"row {ROW}: keep by Bo on 2020-01-01 counts, as it stands last, over drop by Ada on 2026-03-01" in said.message
    )
    path.write_text(f"decisions:\n{other}{ONE}", encoding="utf-8")
    assert not [check for check in diagnose(workspace.root).checks if "decisions/trees.yaml" in check.message]
