"""Decisions of several files: read together, and refused where files contradict each other until one counts over the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from flagged_workspace import ask, fill, flagged

from governance.config import Workspace
from governance.decision_files import decisions_digest, misplaced, named, read_decisions
from governance.decisions import in_force
from governance.errors import ConfigError

ROW = "a" * 32 + "-0"


def write(root: Path, name: str, action: str, by: str, day: str = "2026-03-01", over: str = "") -> None:
    path = root / "decisions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"decisions:\n- by: {by}\n  on: {day}\n" + (f"  over: [{over}]\n" if over else "")
    path.write_text(f"{head}  rows:\n  - {{row: {ROW}, action: {action}, why: looked}}\n", encoding="utf-8")


def test_files_are_read_together_and_named(tmp_path: Path) -> None:
    assert (read_decisions(tmp_path, "toy"), decisions_digest(tmp_path, "toy")) == ((), "")
    assert named(tmp_path, "toy") == "decisions/toy.yaml"
    write(tmp_path, "toy/ada.yaml", "drop", "Ada")
    assert named(tmp_path, "toy") == "decisions/toy/"
    write(tmp_path, "toy.yaml", "drop", "Bo")
    assert named(tmp_path, "toy") == "decisions/toy.yaml and decisions/toy/"
    assert [one.file for one in read_decisions(tmp_path, "toy")] == ["toy.yaml", "toy/ada.yaml"]
    before = decisions_digest(tmp_path, "toy")
    (tmp_path / "decisions/toy/ada.yaml").rename(tmp_path / "decisions/toy/eve.yaml")
    assert decisions_digest(tmp_path, "toy") != before
    write(tmp_path, "toys/ada.yaml", "drop", "Ada")
    write(tmp_path, "toy/bo.yml", "drop", "Ada")
    unread = "is read for no dataset, so what it says is not applied"
    assert misplaced(tmp_path, ["toy"]) == [
        f"decisions/toy/bo.yml {unread}; its name must be toy/bo.yaml. "
        "Run: mv decisions/toy/bo.yml decisions/toy/bo.yaml",
        f"decisions/toys/ada.yaml {unread}; did you mean 'toy'? Run: mv decisions/toys/ada.yaml decisions/toy/ada.yaml",
    ]


def test_contradictions_between_files_are_refused_with_both_names(tmp_path: Path) -> None:
    write(tmp_path, "toy/ada.yaml", "drop", "Ada")
    write(tmp_path, "toy/bo.yaml", "keep", "Bo", "2026-02-01")
    with pytest.raises(ConfigError) as caught:
        read_decisions(tmp_path, "toy")
    (told,) = caught.value.problems
    assert "toy/bo.yaml says keep by Bo on 2026-02-01; toy/ada.yaml says drop by Ada on 2026-03-01" in told
    assert "`over: [toy/bo.yaml]`" in told
    assert len(read_decisions(tmp_path, "toy", settled=False)) == 2
    # Whichever is said to count does, whatever their days are; a third that repeats what was overruled does not.
    write(tmp_path, "toy/bo.yaml", "keep", "Bo", "2026-02-01", over="toy/ada.yaml")
    assert in_force(read_decisions(tmp_path, "toy"))[ROW].action == "keep"
    write(tmp_path, "toy/cy.yaml", "drop", "Cy")
    with pytest.raises(ConfigError, match=r"toy/cy\.yaml says drop by Cy"):
        read_decisions(tmp_path, "toy")
    (tmp_path / "decisions/toy/cy.yaml").unlink()
    write(tmp_path, "toy/ada.yaml", "drop", "Ada", over="toy/bo.yaml")
    with pytest.raises(ConfigError, match="contradict each other"):
        read_decisions(tmp_path, "toy")


def test_two_branches_merge_and_a_sheet_settles_what_they_contradict(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace: Workspace = flagged(tmp_path_factory, tmp_path / "trees")
    monkeypatch.chdir(workspace.root)
    ask(to="a.csv")
    sheet = workspace.build("trees") / "quarantine" / "a.csv"
    fill(sheet, {1: ("drop", "", "a copy"), 2: ("keep", "", "stays")})
    ask(from_="a.csv")
    folder = workspace.root / "decisions" / "trees"
    (ada,) = folder.iterdir()
    aside = ada.rename(workspace.root / ada.name)  # as on another branch
    fill(sheet, {1: ("keep", "", "no copy"), 2: ("keep", "", "it is right")})
    ask(from_="a.csv", by="Bo")
    aside.rename(ada)
    with pytest.raises(ConfigError) as caught:
        ask(to="b.csv")
    (told,) = caught.value.problems
    assert ada.name in told
    fill(sheet, {1: ("drop", "", "settled with Bo"), 2: ("", "", "")})
    ask(from_="a.csv", by="Cy", replace=True)
    decided = in_force(read_decisions(workspace.root, "trees"))
    assert sorted(one.action for one in decided.values()) == ["drop", "keep"]
