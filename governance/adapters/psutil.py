"""psutil: the processes that this one started, and what those started."""

from __future__ import annotations

from contextlib import suppress

from governance.errors import MissingExtra

try:
    import psutil
except ImportError:
    raise MissingExtra("psutil") from None


def end_descendants(grace: float) -> None:
    """Tell all that this process started to end, wait until it has, and kill what still runs after `grace` seconds.

    Each is halted before its children are looked up, so that none starts another one meanwhile.
    """
    halted: list[psutil.Process] = []
    _halt(psutil.Process(), halted)
    for process in halted:
        with suppress(psutil.Error):
            process.terminate()
            process.resume()
    _, left = psutil.wait_procs(halted, timeout=grace)
    for process in left:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(left, timeout=grace)


def _halt(parent: psutil.Process, halted: list[psutil.Process]) -> None:
    with suppress(psutil.Error):
        for child in parent.children():
            with suppress(psutil.Error):
                child.suspend()
                halted.append(child)
                _halt(child, halted)
