"""A workspace to copy, measured once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from accepting.place import Place, built
from built_once import built_once, copied


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace that tests copy."""
    return built_once(tmp_path_factory, "accepting", built)


@pytest.fixture
def anonymous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git knows nobody until a test says whom."""
    for name in list(os.environ):
        if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


@pytest.fixture
def place(template: Path, tmp_path: Path, anonymous: None) -> Place:
    """A copy to change."""
    return Place(copied(template, tmp_path / "workspace"))
