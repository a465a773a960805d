"""The workspace that `govern init` makes, made once: what tests of later commands start from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from built_once import built_once, copied


def fresh(factory: pytest.TempPathFactory, place: Path) -> Path:
    """A git repository at `place`, not there before, with a workspace at its root that holds no dataset yet."""
    return copied(built_once(factory, "fresh", _initialised), place)


def _initialised(folder: Path) -> None:
    folder.mkdir()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for command in (["git", "init", "-q", "-b", "main"], ["govern", "init", "--yes"]):
        subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, check=True, capture_output=True)
