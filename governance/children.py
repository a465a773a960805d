"""Programs that this one starts and waits for: when it is told to end, they end first, with all that they started.

A process that is ended leaves its children running. A stage that goes on writing after its DVC was ended, and a DVC that
still holds its locks, would stand in the way of the next run.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

GRACE = 10.0
"""Seconds that they have for ending before they are killed."""
OWN_WAY = 1.0
"""Seconds after Ctrl-C, which reaches them too, for giving their locks back before they are told to end."""


def run_together(commands: Sequence[Sequence[str]], folder: Path) -> list[int]:
    """Run `commands` in `folder`, all at once, and wait; their exit codes. SIGTERM ends them, and then this process."""
    with _ending_with_us():
        running = [subprocess.Popen(command, cwd=folder) for command in commands]
        try:
            return [process.wait() for process in running]
        except KeyboardInterrupt:
            for process in running:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=OWN_WAY)
            raise


@contextmanager
def _ending_with_us() -> Iterator[None]:
    """Within it, SIGTERM is an exit with code 143; whatever ends it early ends what was started first."""
    from governance.adapters.psutil import end_descendants

    ours = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, _leave) if ours else None
    try:
        yield
    except BaseException:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        end_descendants(GRACE)
        raise
    finally:
        if ours:
            signal.signal(signal.SIGTERM, before)


def _leave(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # who ends a whole group sends it twice
    sys.exit(128 + number)
