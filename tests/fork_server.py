"""Starts `dvc` and `govern` as forks of one process that has loaded them: real processes without the wait for imports.

Run as a script with the path of a socket; tests/forked.py does so, and writes the commands that ask here. Libraries that
start threads when they are imported, such as polars, are left to each process: a fork takes no thread with it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import socket
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from governance.process import settle

LOADED = (
    "dvc.cli", "dvc.commands.repro", "dvc.repo.reproduce", "dvc_data.index.checkout", "flufl.lock", "networkx", "numpy",
    "governance.cli", "governance.stages.datasets", "governance.stages.judgement", "governance.stages.models",
)  # fmt: skip


def serve(path: str) -> None:
    """Until the standard input ends, which is when the tests do, also when they were killed."""
    for name in LOADED:
        import_module(name)
    threads = list(Path("/proc/self/task").iterdir())
    assert len(threads) == 1, f"{len(threads)} threads: a fork would lack all but one"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            asked, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _answer(asked)
            asked.close()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:  # those before, which have answered
                    pass


def _answer(asked: socket.socket) -> NoReturn:
    """Run what is asked for in a process of its own and tell its exit code."""
    message, streams, _, _ = socket.recv_fds(asked, 1 << 20, 3)
    while not message.endswith(b"\0\0"):
        message += asked.recv(1 << 20)
    folder, count, *rest = message[:-2].split(b"\0")
    words, variables = rest[: int(count)], rest[int(count) :]
    worker = os.fork()
    if worker == 0:
        asked.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(folder)
        os.environ.clear()
        os.environb.update(one.split(b"=", 1) for one in variables)
        sys.argv = [os.fsdecode(word) for word in words]
        _run()
    for stream in streams:
        os.close(stream)
    asked.sendall(bytes([os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) & 255]))
    os._exit(0)


def _run() -> NoReturn:
    """What the installed command does, up to the end of its process."""
    code: object = 1
    try:
        if Path(sys.argv[0]).name == "dvc":
            from dvc.cli import main as dvc

            code = dvc(sys.argv[1:])
        else:
            from governance.cli import main as govern

            govern()
            code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    settle()
    serve(sys.argv[1])
