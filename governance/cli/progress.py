"""One line on standard error about what takes longer than two seconds, gone when it is done; none without a terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from governance.telling import heard_by

PATIENCE = 2.0
"""Seconds without a word."""
_WIDEST = 79
_ERASE = "\r\x1b[2K"


@contextmanager
def progress(label: str, stream: TextIO | None = None) -> Iterator[Callable[[str], None]]:
    """Gives a function that hears the name of each step; shows `label`, the step and the seconds from PATIENCE on.

    What the work inside tells by `governance.telling` stands behind the step, until the next step.

    Imports nothing heavy: every stage of the pipeline begins with it.
    """
    out = stream or sys.stderr
    if not out.isatty():
        yield lambda _: None
        return
    step = ["", ""]
    over = threading.Event()
    shown = threading.Thread(target=_show, args=(out, label, step, over), daemon=True)
    shown.start()
    try:
        with heard_by(lambda detail: step.__setitem__(1, detail)):
            yield lambda name: step.__setitem__(slice(None), [name, ""])
    finally:
        over.set()
        shown.join()


def _show(out: TextIO, label: str, step: list[str], over: threading.Event) -> None:
    start = time.monotonic()
    if over.wait(PATIENCE):
        return
    while True:
        told = ", ".join(filter(None, step))
        words = f"{label}: {told}" if told else label
        # The cursor waits at the start of the line, so that whatever else is printed begins there.
        words = "".join(sign if sign.isprintable() else "?" for sign in words[:_WIDEST])
        out.write(f"{_ERASE}{words}, {time.monotonic() - start:.0f} s\r")
        out.flush()
        if over.wait(1.0):
            out.write(_ERASE)
            out.flush()
            return
