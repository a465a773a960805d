"""A folder that is slow to make, made once for all tests that copy it, also when several processes run them."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def built_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """The folder that `build` filled. Tests copy it and leave it alone; whatever raises is raised in each process."""
    base = factory.getbasetemp()
    shared = (base.parent if base.name.startswith("popen-") else base) / name
    shared.mkdir(exist_ok=True)
    folder, done = shared / "workspace", shared / "done"
    with (shared / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # the first process builds, the others wait and share
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            build(folder)
            done.touch()
    return folder


def copied(original: Path, place: Path) -> Path:
    """A copy to change, links kept as links, times of files kept for git."""
    return Path(shutil.copytree(original, place, symlinks=True))
