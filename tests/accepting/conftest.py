"""A workspace to copy, measured once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from accepting.place import Place, built


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace that tests copy."""
    return built(tmp_path_factory.mktemp("accepting") / "workspace").root


@pytest.fixture
def place(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A copy; git knows nobody until a test says whom."""
    for name in list(os.environ):
        if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    shutil.copytree(template, tmp_path / "workspace", symlinks=True)
    return Place(tmp_path / "workspace")
