"""Notes of values that cannot be told: documents say `cannot tell: ` before them already."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from case_runner import case_folders

import governance

SOURCES = sorted(Path(governance.__file__).parent.rglob("*.py"))


def notes(tree: ast.AST) -> list[str]:
    """Texts that a source hands over or keeps as `note`."""
    named = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "note"]
    kept = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "note" for t in node.targets)
    ]
    inner = [part for one in [*named, *kept] for part in ast.walk(one)]
    return [part.value for part in inner if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def test_no_note_in_the_sources_says_cannot_tell_again() -> None:
    said = [note for path in SOURCES for note in notes(ast.parse(path.read_text(encoding="utf-8")))]
    assert len(said) > 30
    assert not [note for note in said if "cannot tell" in note]


@pytest.mark.parametrize(
    "folder", [f for f in case_folders() if (f / "evidence.json").exists()], ids=lambda f: f"{f.parent.name}-{f.name}"
)
def test_no_note_in_evidence_says_cannot_tell_again(folder: Path) -> None:
    metrics = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))["metrics"]
    assert not [m["note"] for m in metrics if m["value"] is None and "cannot tell" in m.get("note", "")]
