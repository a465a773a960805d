"""One line on standard error about what takes longer than two seconds, gone when it is done; none without a terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

PATIENCE = 2.0
"""Seconds without a word."""
_WIDEST = 79
_ERASE = "\r\x1b[2K"


@contextmanager
def progress(label: str, stream: TextIO | None = None) -> Iterator[Callable[[str], None]]:
    """Gives a function that hears the name of each step; shows `label`, the step and the seconds from PATIENCE on.

    Imports nothing heavy: every stage of the pipeline begins with it.
    """
    out = stream or sys.stderr
    if not out.isatty():
        yield lambda _: None
        return
    step = [""]
    over = threading.Event()
    shown = threading.Thread(target=_show, args=(out, label, step, over), daemon=True)
    shown.start()
    try:
        yield lambda name: step.__setitem__(0, name)
    finally:
        over.set()
        shown.join()


def _show(out: TextIO, label: str, step: list[str], over: threading.Event) -> None:
    start = time.monotonic()
    if over.wait(PATIENCE):
        return
    while True:
        words = f"{label}: {step[0]}" if step[0] else label
        # The cursor waits at the start of the line, so that whatever else is printed begins there.
        out.write(f"{_ERASE}{words[:_WIDEST]}, {time.monotonic() - start:.0f} s\r")
        out.flush()
        if over.wait(1.0):
            out.write(_ERASE)
            out.flush()
            return
