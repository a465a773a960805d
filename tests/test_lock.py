from __future__ import annotations

import ast
import importlib.metadata
import json
from pathlib import Path

import pytest

from governance.audit import names
from governance.config import Workspace
from governance.errors import ConfigError, EvidenceError
from governance.lock import PACKAGE, code_files, installed_lock, lock_differences, read_lock, require_lock, write_lock


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path)
    assert write_lock(made)
    return made


def test_what_is_installed_agrees_with_a_fresh_lock(workspace: Workspace) -> None:
    assert not write_lock(workspace)
    assert lock_differences(workspace) == ()
    assert require_lock(workspace, "code", "snapshot") == read_lock(workspace)


def test_every_audit_has_its_own_digest(workspace: Workspace) -> None:
    lock = installed_lock(workspace)
    assert set(lock["audits"]) == set(names())
    assert len(set(lock["audits"].values())) == len(names())


def changed(workspace: Workspace, *path: str) -> None:
    file = workspace.root / "govern.lock"
    content = json.loads(file.read_text(encoding="utf-8"))
    inner = content
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = "other"
    file.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [
        ("package",),
        ("made_by",),
        ("code", "snapshot"),
        ("libraries", "numpy"),
        ("audits", "summary"),
        ("evaluations", "slices"),
    ],
)
def test_each_difference_is_told_with_what_to_run(workspace: Workspace, path: tuple[str, ...]) -> None:
    changed(workspace, *path)
    assert any(path[-1] in words or "is installed" in words for words in lock_differences(workspace))
    kind, name = (path[0], path[-1]) if path[0] in {"code", "audits", "evaluations"} else ("code", "snapshot")
    with pytest.raises(ConfigError, match="govern upgrade"):
        require_lock(workspace, kind, name)


def test_a_stage_asks_only_about_its_own_code(workspace: Workspace) -> None:
    changed(workspace, "audits", "summary")
    require_lock(workspace, "audits", "outliers")


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"package": "1"}'])
def test_a_damaged_lock_is_no_lock(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "govern.lock").write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError, match="govern upgrade"):
        read_lock(Workspace(tmp_path))


def test_the_files_of_an_audit_are_those_that_it_imports() -> None:
    """The reading of imports agrees with Python's own parser, file by file."""
    for file in sorted(PACKAGE.rglob("*.py")):
        wanted = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("governance"):
                base = node.module.removeprefix("governance").strip(".")
                for name in [base, *(f"{base}.{alias.name}".strip(".") for alias in node.names)]:
                    path = PACKAGE.joinpath(*name.split(".")) if name else None
                    if path is not None:
                        wanted |= {c for c in (path.with_suffix(".py"), path / "__init__.py") if c.is_file()}
        assert wanted <= set(code_files(file)), file


def test_a_helper_file_of_an_own_audit_is_not_forgotten(tmp_path: Path) -> None:
    (tmp_path / "audits").mkdir()
    own = tmp_path / "audits" / "mine.py"
    own.write_text("from governance.measures import intervals\n", encoding="utf-8")
    assert PACKAGE / "measures" / "intervals.py" in code_files(own)


def test_versions_are_those_that_python_tells(workspace: Workspace) -> None:
    found = installed_lock(workspace)["libraries"]
    assert {"numpy", "polars", "scikit-learn"} <= found.keys()
    assert found == {library: importlib.metadata.version(library) for library in found}
