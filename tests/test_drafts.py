"""A drafted contract says that nobody has edited it until somebody does."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_workspace import build

from governance import stages
from governance.config import Workspace
from governance.drafts import BLANK, FILES, MARK, drafted_files, sealed, unedited
from governance.onboarding.adding import draft_missing


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A measured workspace whose contract was drafted from its data."""
    made = build(tmp_path_factory.mktemp("drafts") / "repository")
    for name in FILES:
        (made.contract("trees") / name).unlink(missing_ok=True)
    assert len(draft_missing(made, "trees")) == 3
    return made


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("columns.yaml", 'unit: ""', "unit: m"),
        ("schema.py", "One row per ... (say what).", "One row per tree."),
        ("suite.json", '"warning"', '"critical"'),
    ],
)
def test_any_edit_ends_it(workspace: Workspace, name: str, old: str, new: str) -> None:
    text = (workspace.contract("trees") / name).read_text(encoding="utf-8")
    assert text.count(MARK) == 1
    assert BLANK not in text
    assert unedited(text)
    assert unedited(text.replace("\n", "\r\n")), "git may write other line ends"
    assert old in text
    assert not unedited(text.replace(old, new, 1))
    assert not unedited(text.replace(MARK, "checked"))


def test_a_comment_is_no_edit_where_nothing_would_be_measured_again() -> None:
    text = sealed(f"# {MARK}: {BLANK} (x)\ncolumns: []\n")
    assert unedited(text)
    assert unedited("# mine\n" + text)
    assert not unedited(text + "more: 1\n")
    assert not unedited("columns: []\n")


def test_the_datasheet_says_so_near_the_verdict(workspace: Workspace) -> None:
    def documents() -> dict[str, str]:
        for stage in (stages.snapshot, stages.signals, stages.inputs):
            stage(workspace, "trees")
        for audit in workspace.config.audits:
            stages.audit(workspace, "trees", audit)
        stages.verdict(workspace, "trees")
        stages.documents(workspace, "trees")
        names = ("datasheet.md", "datasheet.html", "README.md")
        return {name: (workspace.report("trees") / name).read_text(encoding="utf-8") for name in names}

    said = "columns.yaml, schema.py and suite.json were drafted from the data, and nobody has edited them"
    for name, text in documents().items():
        assert said in text, name
        assert text.index(said) < text.index("Most serious findings")
    kept = {name: (workspace.contract("trees") / name).read_text(encoding="utf-8") for name in FILES}
    for name, old, new in (("schema.py", "(say what)", "tree"), ("suite.json", '"warning"', '"critical"')):
        (workspace.contract("trees") / name).write_text(kept[name].replace(old, new), encoding="utf-8")
    try:
        assert drafted_files(workspace.contract("trees")) == ("columns.yaml",)
        said = (
            "columns.yaml was drafted from the data, and nobody has edited it: that the data keep it means nothing yet"
        )
        assert said in documents()["datasheet.md"]
    finally:
        for name, text in kept.items():
            (workspace.contract("trees") / name).write_text(text, encoding="utf-8")


def test_files_that_cannot_be_read_are_no_drafts(tmp_path: Path) -> None:
    (tmp_path / "schema.py").write_bytes(b"\xff\xfe")
    assert drafted_files(tmp_path) == ()
