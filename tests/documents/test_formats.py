"""A format of documents is one file: nothing else names it."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Literal

import pytest
from ruamel.yaml import YAML
from small_workspace import build, judge

from governance.config import Workspace
from governance.documents import dataset_formats, model_formats
from governance.documents.registry import FORMATS, formats
from governance.judging import judge_workspace
from governance.lock import installed_lock, write_lock
from governance.records.documents import looked_at

ROOT = Path(__file__).parent.parent.parent
NEW = '''"""Only how many rows there are."""

FILE = "formats/rows.txt"


def render(pages):
    return f"{pages.facts.manifest.rows} rows in {pages.sheet.title}\\n"
'''


@pytest.mark.parametrize(("kind", "stage"), [("dataset", "documents"), ("model", "model_documents")])
def test_dvc_knows_every_format(kind: Literal["dataset", "model"], stage: str) -> None:
    """DVC restores and compares outputs that it knows, and no others: formats/ as a whole, others by name."""
    outs = YAML(typ="safe").load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"][stage]["do"]["outs"]
    named = {Path(next(iter(out))).name for out in outs}
    beside = {file for file in formats(kind) if "/" not in file}
    assert named == {*beside, "figures", FORMATS, "documents.json"}


def test_a_format_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = build(tmp_path / "repository")
    before = installed_lock(workspace, libraries=False)
    added = tmp_path / "added"
    added.mkdir()
    (added / "row_count.py").write_text(NEW, encoding="utf-8")
    monkeypatch.setattr(dataset_formats, "__path__", [*dataset_formats.__path__, str(added)])

    after = installed_lock(workspace, libraries=False)
    assert {part for part, code in after["code"].items() if code != before["code"][part]} == {"documents"}
    write_lock(workspace)
    assert "stale_documents" in rules(workspace), "the documents are older than the code that renders them"

    judge(workspace, "trees")
    written = workspace.report("trees") / "formats" / "rows.txt"
    assert written.read_text(encoding="utf-8") == "120 rows in trees\n"
    assert (
        "formats/rows.txt"
        in json.loads((workspace.report("trees") / "documents.json").read_text(encoding="utf-8"))["files"]
    )
    assert not {rule for rule in rules(workspace) if "documents" in rule}
    assert verified(workspace) == []

    written.write_text("121 rows in trees\n", encoding="utf-8")
    assert "edited_documents" in rules(workspace)
    (written.parent / "planted.txt").write_text("planted", encoding="utf-8")
    assert ("reports/datasets/trees/formats/planted.txt", "documents.json does not list it") in verified(workspace)
    assert ("reports/datasets/trees/formats/rows.txt", "is not as it was rendered") in verified(workspace)

    monkeypatch.undo()
    write_lock(workspace)
    judge(workspace, "trees")
    assert [path.name for path in written.parent.iterdir()] == [".gitkeep"], "what is no format any more leaves"


def rules(workspace: Workspace) -> set[str]:
    """What the gate refuses, by the second half of the rule."""
    judged = judge_workspace(workspace, datetime.date(2026, 11, 20))
    return {one.rule.partition("/")[2] for each in judged.judgements for one in each.verdict.decisions}


def verified(workspace: Workspace) -> list[tuple[str, str]]:
    """What `govern verify` says of the documents."""
    return looked_at(workspace, "dataset", "trees", workspace.report("trees")).problems


def test_a_workspace_whose_documents_lack_a_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = build(tmp_path)
    assert "no_documents" not in rules(workspace)
    monkeypatch.setattr("governance.stale_reports.formats", lambda kind: {"rows.txt": None})
    assert "no_documents" in rules(workspace)


def test_two_formats_never_write_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "another_card.py").write_text('FILE = "README.md"\nrender = str\n', encoding="utf-8")
    monkeypatch.setattr(model_formats, "__path__", [*model_formats.__path__, str(tmp_path)])
    with pytest.raises(ValueError, match=r"two formats write README\.md"):
        formats("model")


@pytest.mark.parametrize("file", ["other/rows.txt", "/rows.txt", "../rows.txt", "formats/more/rows.txt"])
def test_a_format_writes_where_dvc_knows_of_it(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "row_count.py").write_text(f'FILE = "{file}"\nrender = str\n', encoding="utf-8")
    monkeypatch.setattr(model_formats, "__path__", [*model_formats.__path__, str(tmp_path)])
    with pytest.raises(ValueError, match=r"row_count\.py writes"):
        formats("model")
