"""Progress: one line, on a terminal only, from two seconds on, erased at the end."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from governance.cli import progress as module
from governance.cli.progress import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_nothing_is_said_of_what_is_quick() -> None:
    out = Terminal()
    with progress("reading", out) as tell:
        tell("one")
    assert out.getvalue() == ""


def test_nothing_is_said_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    out = io.StringIO()
    with progress("reading", out) as tell:
        tell("one")
        time.sleep(0.1)
    assert out.getvalue() == ""


def test_the_step_is_shown_and_erased_also_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    out = Terminal()

    def ends_badly() -> None:
        with progress("scanning a.csv", out) as tell:
            tell("outliers")
            time.sleep(0.4)
            raise KeyError

    with pytest.raises(KeyError):
        ends_badly()
    assert out.getvalue().startswith("\r\x1b[2Kscanning a.csv: outliers, 0 s\r")
    assert out.getvalue().endswith("\r\x1b[2K")
    assert "\n" not in out.getvalue()


PROGRAM = """
import sys, time
from governance.cli import main, progress
from governance import stages
progress.PATIENCE = 0.05
stages.STAGES["snapshot"] = lambda workspace, name: time.sleep(1.5)
main(["stage", "snapshot", "toy"])
"""


@pytest.mark.parametrize("terminal", [True, False])
def test_a_stage_tells_a_terminal(tmp_path: Path, terminal: bool) -> None:
    for name in ("params.yaml", "govern.lock"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    mine, its = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, stderr=its, env={**os.environ, "COLUMNS": "80"}
    )
    os.close(its)
    said = b""
    try:
        while block := os.read(mine, 1024):
            said += block
    except OSError:  # a pseudo-terminal ends so
        pass
    finally:
        os.close(mine)
    assert process.wait() == 0
    if terminal:
        assert re.match(rb"\r\x1b\[2Kgovern stage snapshot toy, \d s\r", said)
        assert said.endswith(b"\r\x1b[2K")
    else:
        assert said == b""


def test_a_stage_tells_the_terminal_through_dvc_repro(tmp_path: Path) -> None:
    for name in ("params.yaml", "govern.lock"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "stage.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "dvc.yaml").write_text(f"stages: {{snapshot: {{cmd: '{sys.executable} stage.py'}}}}", encoding="utf-8")
    env = {**os.environ, "COLUMNS": "80", "DVC_NO_ANALYTICS": "1"}
    dvc = [sys.executable, "-m", "dvc"]
    subprocess.run([*dvc, "init", "--no-scm", "-q"], cwd=tmp_path, env=env, check=True)
    mine, its = pty.openpty()
    process = subprocess.Popen([*dvc, "repro"], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=its, env=env)
    os.close(its)
    said = b""
    try:
        while block := os.read(mine, 1024):
            said += block
    except OSError:
        pass
    finally:
        os.close(mine)
    assert process.wait() == 0
    assert re.search(rb"\r\x1b\[2Kgovern stage snapshot toy, \d s\r", said)
