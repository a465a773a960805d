"""A file of decisions that belongs to no dataset would do nothing in silence: doctor and gate name it, all at once."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from small_workspace import build as small

from governance.decision_files import misplaced
from governance.diagnosis import diagnose
from governance.errors import ConfigError
from governance.judging import judge_workspace


def test_every_file_that_nobody_reads_is_named_with_the_dataset_it_is_near_to(tmp_path: Path) -> None:
    folder = tmp_path / "decisions"
    assert misplaced(tmp_path, ["trees", "birds"]) == []
    folder.mkdir()
    for name in ("README.md", ".gitkeep", "trees.yaml", "notes.txt", "birds.yaml~"):
        (folder / name).touch()
    assert misplaced(tmp_path, ["trees", "birds"]) == []
    for name in ("treees.yaml", "birds.yml", "zoo.yaml", "Trees.yaml"):
        (folder / name).touch()
    unread = "is read for no dataset, so what it says is not applied"
    assert misplaced(tmp_path, ["trees", "birds"]) == [
        f"decisions/Trees.yaml {unread}; did you mean 'trees'? Put what it says into decisions/trees.yaml",
        f"decisions/birds.yml {unread}; its name must be birds.yaml. Run: mv decisions/birds.yml decisions/birds.yaml",
        f"decisions/treees.yaml {unread}; did you mean 'trees'? Put what it says into decisions/trees.yaml",
        f"decisions/zoo.yaml {unread}; params.yaml has: birds, trees. Rename it, or delete it",
    ]


def test_doctor_and_gate_refuse_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = small(tmp_path / "trees")
    monkeypatch.chdir(workspace.root)
    folder = workspace.root / "decisions"
    folder.mkdir()
    (folder / "treees.yaml").write_text("decisions: []\n", encoding="utf-8")
    (folder / "bushes.yaml").write_text("decisions: []\n", encoding="utf-8")
    found = [check for check in diagnose(workspace.root).checks if check.what == "decisions"]
    assert [check.state for check in found] == ["broken", "broken"]
    assert "did you mean 'trees'?" in found[1].message
    with pytest.raises(ConfigError) as caught:
        judge_workspace(workspace, datetime.date(2026, 5, 1))
    assert len(caught.value.problems) == 2
