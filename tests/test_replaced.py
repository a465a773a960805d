"""A raw file that was replaced and not measured is noted, whether git or DVC holds it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from small_workspace import TABLE, build

from governance import replaced as module
from governance.cli import main
from governance.config import Workspace
from governance.diagnosis import diagnose
from governance.drafts import BLANK, MARK, sealed
from governance.manifest import Manifest, read_manifest
from governance.replaced import replaced
from governance.report_files import read_report


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return build(tmp_path_factory.mktemp("replaced") / "repository")


@pytest.fixture
def manifest(workspace: Workspace) -> Manifest:
    (workspace.root / "data" / "trees.csv").write_text(TABLE, encoding="utf-8")
    return read_report(workspace.report("trees") / "manifest.json", read_manifest, workspace)


SAID = "data/trees.csv was replaced, and not measured yet"


@pytest.mark.parametrize("text", [TABLE + "1,2,oak\n", TABLE.replace("oak", "elk")], ids=["longer", "same size"])
def test_it_is_noted(workspace: Workspace, manifest: Manifest, text: str) -> None:
    assert replaced(workspace, manifest) == ""
    (workspace.root / "data" / "trees.csv").write_text(text, encoding="utf-8")
    assert replaced(workspace, manifest) == SAID


def test_an_old_large_file_is_not_hashed(
    workspace: Workspace, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_HASHED", 10)
    path = workspace.root / "data" / "trees.csv"
    path.write_text(TABLE.replace("oak", "elk"), encoding="utf-8")
    assert replaced(workspace, manifest) == SAID
    os.utime(path, (1, 1))
    assert replaced(workspace, manifest) == ""


def test_a_file_that_is_not_here_is_not_called_replaced(workspace: Workspace, manifest: Manifest) -> None:
    (workspace.root / "data" / "trees.csv").unlink()
    assert replaced(workspace, manifest) == ""


def test_a_folder(workspace: Workspace, tmp_path: Path) -> None:
    from governance.hashing import folder_md5, hash_file

    place = Workspace(tmp_path)
    (tmp_path / "data").mkdir()
    place.report("trees").mkdir(parents=True)
    (place.report("trees") / "manifest.json").write_text("{}", encoding="utf-8")
    for name in ("a.csv", "b.csv"):
        (tmp_path / "data" / name).write_text("x\n1\n", encoding="utf-8")
    sources = [hash_file(tmp_path / "data" / name, f"data/{name}") for name in ("a.csv", "b.csv")]
    manifest = Manifest(
        dataset="trees", outcome="assessed", declared="", code="", source_path="data", files=2,
        sources=tuple(sources), source_md5=folder_md5(tmp_path / "data", sources, tmp_path),
    )  # fmt: skip
    assert replaced(place, manifest) == ""
    (tmp_path / "data" / "b.csv").write_text("x\n2\n", encoding="utf-8")
    assert replaced(place, manifest) == "data was replaced, and not measured yet"
    (tmp_path / "data" / "b.csv").unlink()
    assert replaced(place, manifest) == "data was replaced, and not measured yet"


def test_status_and_doctor_say_so(
    workspace: Workspace, manifest: Manifest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert manifest.rows
    (workspace.root / "data" / "trees.csv").write_text(TABLE + "1,2,oak\n", encoding="utf-8")
    monkeypatch.chdir(workspace.root)
    main_status(["status"])
    assert f"note: trees: {SAID}; run: dvc repro" in capsys.readouterr().out
    assert SAID in [check.message for check in diagnose(workspace.root).checks]


def test_status_says_that_a_contract_is_a_draft_until_it_is_edited(
    workspace: Workspace, manifest: Manifest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert manifest.rows
    model = workspace.contract("trees") / "schema.py"
    drafted = sealed(f"{model.read_text(encoding='utf-8')}\n# {MARK}: {BLANK}\n")
    model.write_text(drafted, encoding="utf-8")
    monkeypatch.chdir(workspace.root)
    main_status(["status"])
    said = "note: trees: the contract is a draft: schema.py was drafted from the data, and nobody has edited it"
    assert said in capsys.readouterr().out
    model.write_text(drafted.replace("class ", "class My", 1), encoding="utf-8")
    main_status(["status"])
    assert "is a draft" not in capsys.readouterr().out


def main_status(words: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert not end.value.code
