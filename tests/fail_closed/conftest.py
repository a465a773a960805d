"""One measured workspace for all tests of this folder, built once also when several processes run them."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

import pytest
from fail_closed.measured import Measured, build


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """The measured workspace. Tests copy it and leave it alone."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if base.name.startswith("popen-") else base) / "measured"
    shared.mkdir(exist_ok=True)
    done = shared / "done"
    with (shared / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # the first process builds, the others wait and share
        if not done.exists():
            shutil.rmtree(shared / "workspace", ignore_errors=True)
            build(shared / "workspace")
            done.touch()
    return Measured(shared / "workspace")


@pytest.fixture
def measured(original: Measured, tmp_path: Path) -> Measured:
    """A copy to damage."""
    place = tmp_path / "workspace"
    shutil.copytree(original.root, place, symlinks=True)
    return Measured(place)
