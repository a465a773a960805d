"""`dvc` and `govern` for tests that start them dozens of times: processes as ever, whose imports were done once.

Three quarters of the time of a DVC that finds nothing to do are imports. What the installed commands need to start is
looked at by tests/test_pipeline.py, which uses the wheel, by tests/test_canary.py and by tests/smoke.py.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMAND = """\
#!{python} -IS
import _socket, os, sys
asking = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
asking.connect({address!r})
variables = [name + b"=" + value for name, value in os.environb.items()]
words = [os.getcwdb(), str(len(sys.argv)).encode(), *map(os.fsencode, sys.argv), *variables]
message = b"\\0".join(words) + b"\\0\\0"
streams = b"".join(number.to_bytes(4, sys.byteorder) for number in range(3))
sent = asking.sendmsg([message], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
asking.sendall(message[sent:])
code = asking.recv(1)
os._exit(code[0] if code else 70)
"""
"""Hands over words, folder, variables and streams, and ends as the fork ends; 70 when nobody answers."""


@functools.cache
def binaries(code: Path = ROOT) -> Path:
    """A folder with `dvc` and `govern`, to be put first in PATH. One server for each process that runs tests.

    `code` is where this package lies, as it is at the first call: what is edited later, the forks do not see.
    """
    folder = Path(tempfile.mkdtemp(prefix="forked-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    address = folder / "socket"
    for name in ("dvc", "govern"):
        (folder / name).write_text(COMMAND.format(python=sys.executable, address=str(address)), encoding="utf-8")
        (folder / name).chmod(0o755)
    server = subprocess.Popen(
        [sys.executable, "-P", Path(__file__).with_name("fork_server.py"), address], text=True, env=environment(code=code),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder,
    )  # fmt: skip
    assert server.stdout
    assert server.stdout.readline() == "ready\n", "the server could not start; it said why"
    return folder


def environment(*first: Path, code: Path = ROOT) -> dict[str, str]:
    """This process's variables, with the package in `code` and, in PATH, `first` and where Python is."""
    path = os.pathsep.join(map(str, (*first, Path(sys.executable).parent, os.environ["PATH"])))
    return {**os.environ, "PATH": path, "PYTHONPATH": str(code)}
