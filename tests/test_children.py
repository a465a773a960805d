"""`govern repro` told to end: what it started ends first, told by real processes and a stand-in for DVC."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from small_workspace import build, edit

DVC = """#!/bin/sh
case "$*" in *inputs@*) exit 0;; esac
sleep 600 &
echo "$$ $!" > "started.$$.half" && mv "started.$$.half" "started.$$"
wait
"""
"""A `dvc` with a stage that takes long."""


def _started(root: Path, count: int) -> list[int]:
    """The processes of `count` stand-ins and of their stages, once all run."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if len(found := [path for path in root.glob("started.*") if not path.name.endswith(".half")]) == count:
            return [int(number) for path in found for number in path.read_text(encoding="utf-8").split()]
        time.sleep(0.05)
    raise AssertionError(f"{count} DVCs did not start")


def _runs(number: int) -> bool:
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(("ahead", "sent", "code"), [
    (1, [signal.SIGTERM], 143), (2, [signal.SIGTERM], 143), (1, [signal.SIGTERM] * 2, 143), (2, [signal.SIGINT], 130),
])  # fmt: skip
def test_what_it_started_ends_with_it(tmp_path: Path, ahead: int, sent: list[signal.Signals], code: int) -> None:
    workspace = build(tmp_path / "here")
    if ahead > 1:  # enough audits are due for two DVCs at once
        edit(
            workspace,
            "params.yaml",
            "  summary: {}\n",
            "  summary: {levels: 7}\n  privacy: {}\n  drift: {}\n  leakage: {}\n",
        )
    fake = tmp_path / "bin" / "dvc"
    fake.parent.mkdir()
    fake.write_text(DVC, encoding="utf-8")
    fake.chmod(0o755)
    running = subprocess.Popen(
        [sys.executable, "-c", "from governance.cli import main; main(['repro', '--jobs', '2'])"],
        cwd=workspace.root, env={**os.environ, "PATH": f"{fake.parent}:{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    numbers: list[int] = []
    try:
        numbers = _started(workspace.root, ahead)
        for one in sent:
            running.send_signal(one)
        assert running.wait(timeout=30) == code
        assert [number for number in numbers if _runs(number)] == []
    finally:
        for number in [*numbers, running.pid]:
            if _runs(number):
                os.kill(number, signal.SIGKILL)
        running.wait()
