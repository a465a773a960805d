"""Progress: one line, on a terminal only, from two seconds on, erased at the end."""

from __future__ import annotations

import dataclasses
import io
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audits.label_consistency import LabelConsistency
from governance.cli import progress as module
from governance.cli.progress import progress
from governance.dataset import Role, Task
from governance.signals.compute import compute_signals
from governance.signals.settings import SignalsConfig
from governance.telling import heard_by, tell
from governance.testing import make_snapshot


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


def test_what_the_work_inside_tells_stands_behind_the_step_until_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    out = Terminal()
    with progress("scanning a.csv", out) as said:
        said("signals")
        tell("fold 2 of 5 \x1b[31m")
        time.sleep(0.3)
        said("outliers")
        time.sleep(1.2)
    tell("nobody hears this")
    assert out.getvalue().startswith("\r\x1b[2Kscanning a.csv: signals, fold 2 of 5 ?[31m, 0 s\r")
    assert "scanning a.csv: outliers, 1 s\r" in out.getvalue()
    assert "nobody" not in out.getvalue()


def test_without_a_terminal_nobody_listens() -> None:
    heard: list[str] = []
    with heard_by(heard.append), progress("reading", io.StringIO()):
        tell("to the one outside")
    assert heard == ["to the one outside"]


def test_signals_and_what_audits_compute_tell_their_steps(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    label = random.integers(0, 2, 90)
    frame = pl.DataFrame({"a": label + random.normal(size=90), "who": random.choice(["x", "y"], 90)})
    frame = frame.with_columns(kind=pl.Series(np.array(["no", "yes"])[label]))
    snapshot = make_snapshot(tmp_path, frame, target="kind", task=Task.CLASSIFICATION, roles={Role.ANNOTATOR: ("who",)})
    heard: list[str] = []
    with heard_by(heard.append):
        compute_signals(snapshot, tmp_path / "signals", SignalsConfig(folds=3))
    folds = ["fold 1 of 3", "fold 2 of 3", "fold 3 of 3"]
    assert heard == ["features", *folds, "label errors", "neighbours", "near copies"]
    heard.clear()
    with heard_by(heard.append):
        ask(LabelConsistency(), dataclasses.replace(snapshot, signals_folder=tmp_path / "signals"))
    assert heard == ["labels by who", "label issues by who"]


PROGRAM = """
import sys, time
from governance.cli import main, progress
from governance.stages import datasets
from governance.telling import tell
progress.PATIENCE = 0.05
datasets.snapshot = lambda workspace, name: (tell("features"), time.sleep(1.5))
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
        assert re.match(rb"\r\x1b\[2Kgovern stage snapshot toy: features, \d s\r", said)
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
    assert re.search(rb"\r\x1b\[2Kgovern stage snapshot toy: features, \d s\r", said)
