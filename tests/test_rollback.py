"""The recipe of docs/gate.md: data and reports go back together, with real git and real DVC."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from in_process import governed
from test_resolve import Clone, clone

__all__ = ["clone"]
ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.pipeline


def recipe() -> list[str]:
    """The commands between the first version and the commit, as the guide prints them."""
    text = (ROOT / "docs/gate.md").read_text(encoding="utf-8")
    block = text.split("Data and reports go back together:")[1].split("Files that were added")[0]
    lines = [line.strip().split("  ")[0] for line in block.splitlines() if line.strip()]
    assert lines[0].startswith("REV=")
    return lines[1:]


def test_back_to_an_earlier_version(clone: Clone) -> None:
    first = clone.run("git", "rev-parse", "HEAD").strip()
    data = clone.folder / "data/first.csv"
    before = data.read_bytes()
    digest = re.search(r"sha256:\w+", governed(clone.folder, "history", "first"))
    data.write_bytes(b"\n".join(before.splitlines()[:-20]) + b"\n")
    clone.run("dvc", "add", "data/first.csv")
    clone.run("dvc", "repro")
    clone.commit("twenty rows less")
    governed(clone.folder, "gate")
    for line in recipe():
        clone.run("sh", "-c", f"REV={first}; {line}")
    assert data.read_bytes() == before
    assert clone.ran(clone.run("dvc", "repro")) == []
    assert clone.run("git", "status", "--short") == ""
    shown = governed(clone.folder, "history", "first")
    assert digest
    assert shown.splitlines()[1].strip().startswith(f"data {digest[0]}")
    assert shown.count("first version") == 1
