"""What a message tells a person to run is run as it was printed, from where the person stands."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from small_workspace import FILES, build, git

from governance.cli import main
from governance.cli.standing import folder, from_here, workspace_root
from governance.config import Workspace


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("x; run: dvc repro, and commit", "x; run: cd govern && dvc repro, and commit"),
        ("  Run: dvc checkout a, or dvc repro snapshot@a", "  Run: cd govern && dvc checkout a, or cd govern && dvc repro snapshot@a"),
        ("      dvc add data/x.csv", "      cd govern && dvc add data/x.csv"),
        ("run: govern upgrade, then dvc repro", "run: govern upgrade, then cd govern && dvc repro"),
        ("Next: dvc repro, govern gate", "Next: cd govern && dvc repro, govern gate"),
        ("what `dvc repro` needs", "what `dvc repro` needs"),
        ("params.yaml: audits.x", "govern/params.yaml: audits.x"),
        ("govern/params.yaml and ../params.yaml", "govern/params.yaml and ../params.yaml"),
        ("git rm -r reports/datasets/x", "git rm -r govern/reports/datasets/x"),
        ("build/x/rows/a.parquet, rule a/b", "govern/build/x/rows/a.parquet, rule a/b"),
    ],
)  # fmt: skip
def test_commands_and_files_get_the_way_to_the_workspace(
    text: str, seen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "govern"
    root.mkdir()
    monkeypatch.chdir(tmp_path)
    assert from_here(text, root) == seen
    assert from_here(text, None) == text
    assert folder(root) == "govern/"
    monkeypatch.chdir(root)
    assert from_here(text, root) == text


def test_outside_of_a_workspace_nothing_is_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert workspace_root() is None


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository with the workspace in its folder `govern/`, measured, then without its snapshot."""
    git(tmp_path, "init", "-q")
    (tmp_path / "params.yaml").write_text("lr: 0.1\n", encoding="utf-8")
    workspace = build(tmp_path / "govern", **{"dvc.yaml": "stages: {}\n"})
    subprocess.run(["rm", "-rf", str(tmp_path / "govern" / ".git")], check=True)
    git(tmp_path, "add", "-A")
    assert Workspace.find(tmp_path).root == workspace.root
    return tmp_path


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        main(words)
    printed = capsys.readouterr()
    return printed.out + printed.err


def test_every_hint_of_a_workspace_in_a_subfolder_leads_there(
    top: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(top)
    report = top / "govern" / "reports" / "datasets" / "trees"
    (report / "manifest.json").unlink()
    texts = [said(words, capsys) for words in (["gate"], ["status", "trees"], ["guard", "trees", "--", "true"])]
    (top / "govern" / "expectations" / "trees" / "columns.yaml").unlink()
    texts.append(said(["doctor"], capsys))
    for text in texts:
        commands = re.findall(r"(?:cd govern && )?\bdvc (?:repro|add|pull|checkout)\b", text)
        assert [c for c in commands if not c.startswith("cd govern && dvc ")] == []
        for file in re.findall(r"[\w./]*(?:reports|expectations)/[\w./]+[a-z]", text):
            assert file.startswith("govern/"), text
    assert "run: cd govern && dvc repro" in texts[0]
    (top / "govern" / "params.yaml").write_text(FILES["params.yaml"].replace("tier", "teir"), encoding="utf-8")
    assert "govern/params.yaml: policy.teir: there is no such key; did you mean 'tier'?" in said(["gate"], capsys)
