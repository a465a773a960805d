"""A list of locks that a killed DVC left cut short stops every later one; `govern repro` clears it away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fresh import fresh
from in_process import govern
from zc.lockfile import LockFile

from governance.adapters.dvc_locks import cut_short, mend
from governance.errors import DataError

ENV = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def run(folder: Path, *command: str) -> tuple[int, str]:
    done = subprocess.run(command, cwd=folder, env=ENV, text=True, capture_output=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fresh(tmp_path_factory, tmp_path / "workspace")


def locks(workspace: Path) -> Path:
    path = workspace / ".dvc" / "tmp" / "rwlock"
    path.parent.mkdir(exist_ok=True)
    return path


@pytest.mark.parametrize("content", ["", '{"write": {"/a": {"pid": 7, "cm', "\0" * 9])
def test_what_a_kill_left_is_named_and_cleared_away(workspace: Path, content: str) -> None:
    path = locks(workspace)
    assert cut_short(workspace) is None, "there is none"
    path.write_text(content, encoding="utf-8")
    assert cut_short(workspace) == path
    assert cut_short(workspace / "reports") == path, "a workspace can be a folder of the repository"
    assert mend(workspace)
    assert not path.exists()
    assert not mend(workspace)


@pytest.mark.pipeline
def test_dvc_runs_again(workspace: Path) -> None:
    (workspace / "data").mkdir()
    (workspace / "data" / "a.csv").write_text("a\n1\n2\n", encoding="utf-8")
    assert run(workspace, "dvc", "add", "data/a.csv")[0] == 0
    locks(workspace).write_text("", encoding="utf-8")
    code, said = run(workspace, "dvc", "repro")
    assert code == 255, said
    assert "rwlock" in said, "were DVC to cope by itself, nothing of this would be needed"
    code, said = govern(workspace, "doctor")
    assert code == 2
    assert "rwlock" in said
    code, said = run(workspace, "govern", "repro")
    assert code == 0, said
    assert "cleared away the list of locks" in said


def test_one_that_can_be_read_or_is_being_written_stays(workspace: Path) -> None:
    path = locks(workspace)
    path.write_text('{"write": {"/a": {"pid": 7, "cmd": "dvc repro"}}, "read": {}}', encoding="utf-8")
    assert not mend(workspace)
    path.write_text("", encoding="utf-8")
    held = LockFile(str(path.with_name("rwlock.lock")))
    assert not mend(workspace)
    held.close()
    assert mend(workspace)


def test_what_is_no_file_is_named_without_a_traceback(workspace: Path) -> None:
    locks(workspace).mkdir()
    with pytest.raises(DataError, match=r"\.dvc/tmp/rwlock cannot be read \(Is a directory\)"):
        cut_short(workspace)
    code, said = govern(workspace, "doctor")
    assert code == 2
    assert "rwlock cannot be read" in said
    assert "Traceback" not in said
    code, said = govern(workspace, "repro")
    assert code == 4
    assert "rwlock cannot be read" in said
    assert "Traceback" not in said
