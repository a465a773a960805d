"""What is printed as the next step leads to a green gate in one step, and not to the next refusal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_workspace import build

import governance
from governance.clock import today
from governance.judging import judge_workspace

ROOT = Path(governance.__file__).parent
_PART = re.compile(r"dvc repro (?:--single-item|index|(?:model_)?documents@|(?:model_)?verdict@|sketch@|\{stage\}@)")
"""A run of some stages after which the gate asks for others: it wants sketch, documents and index up to date."""


@pytest.mark.parametrize("file", sorted(p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*.py")))
def test_no_message_sends_to_a_part_of_what_the_gate_asks_for(file: str) -> None:
    assert _PART.findall((ROOT / file).read_text(encoding="utf-8")) == []


def test_the_documentation_commits_what_the_gate_reads() -> None:
    text = (ROOT.parent / "docs" / "gate.md").read_text(encoding="utf-8")
    assert _PART.findall(text) == []
    added = re.findall(r"git add ([^&\n]*)", text)
    assert added
    assert all("dvc.lock" in words for words in added)


def test_whatever_is_missing_the_gate_names_the_run_that_makes_all_of_it(tmp_path: Path) -> None:
    workspace = build(tmp_path / "repository")
    report = workspace.report("trees")
    for name in ("sketch.json", "documents.json", "evidence/summary.json"):
        (report / name).unlink()
        judged = judge_workspace(workspace, today())
        hints = [d.message for j in judged.judgements for d in j.verdict.blocking if "run: " in d.message]
        assert hints
        assert {hint.partition("run: ")[2] for hint in hints} == {"dvc repro"}, hints
