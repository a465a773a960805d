"""What holds for all formats: the same bytes every time, no line lost, and no text that steers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from governance.config import Workspace
from governance.formats import Format, render
from governance.judging import Judged


@pytest.mark.parametrize("format", Format)
def test_the_same_judgement_gives_the_same_bytes(format: Format, judged: Judged, workspace: Workspace) -> None:
    first = render(judged, workspace, format)
    assert first == render(judged, Workspace(workspace.root), format)
    assert first.endswith("\n")
    assert str(workspace.root) not in first


@pytest.mark.parametrize("format", Format)
def test_what_blocks_is_in_it(format: Format, judged: Judged, workspace: Workspace) -> None:
    text = render(judged, workspace, format)
    for rule in ("schema/check", "duplicates/exact", "evidence/unusable"):
        assert rule in text


@pytest.mark.parametrize("format", Format)
def test_nothing_to_judge_is_said(format: Format, nothing: Judged, workspace: Workspace) -> None:
    text = render(nothing, workspace, format)
    assert "Nothing to judge" in text or json.loads(text) == {"exit_code": 4, "notes": [], "verdicts": []}


@pytest.mark.parametrize("format", [Format.TEXT, Format.GITHUB, Format.MARKDOWN, Format.JUNIT])
def test_no_character_steers_a_terminal(format: Format, judged: Judged, workspace: Workspace) -> None:
    text = render(judged, workspace, format)
    assert not [c for c in text if not c.isprintable() and c != "\n"]


@pytest.mark.parametrize("format", Format)
def test_a_workspace_without_readable_files_still_renders(format: Format, judged: Judged, tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("datasets: [", encoding="utf-8")
    (tmp_path / ".git").mkdir()
    assert "schema/check" in render(judged, Workspace(tmp_path), format)


def test_json_holds_every_decision(judged: Judged, workspace: Workspace) -> None:
    content = json.loads(render(judged, workspace, Format.JSON))
    assert content["exit_code"] == 4
    assert [len(v["decisions"]) for v in content["verdicts"]] == [len(j.verdict.decisions) for j in judged.judgements]


def test_text_ends_with_the_count(passed: Judged, workspace: Workspace) -> None:
    assert render(passed, workspace, Format.TEXT).endswith("2 judged, all passed. Exit code 0.\n")
