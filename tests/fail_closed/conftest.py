"""One measured workspace for all tests of this folder, built once also when several processes run them."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_once import built_once, copied
from fail_closed.measured import Measured, build


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """The measured workspace. Tests copy it and leave it alone."""
    return Measured(built_once(tmp_path_factory, "measured", build))


@pytest.fixture
def measured(original: Measured, tmp_path: Path) -> Measured:
    """A copy to damage."""
    return Measured(copied(original.root, tmp_path / "workspace"))
