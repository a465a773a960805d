"""The environment in which every command and stage computes: silent towards the network, and the same arithmetic.

Set before any library is imported that reads it. Part of every code digest in govern.lock.
"""

from __future__ import annotations

import atexit
import gc
import os
import platform
import sys
from pathlib import Path
from typing import NoReturn

QUIET = {
    "DVC_NO_ANALYTICS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "GX_ANALYTICS_ENABLED": "False",
    "DO_NOT_TRACK": "1",
    # Plugins of pydantic see whatever is validated, and some send it away. Looking for them takes a tenth of a start.
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
}
"""Nothing leaves the machine."""

THREADS = {
    "OMP_NUM_THREADS": "2",
    "POLARS_MAX_THREADS": "2",
    # Sums depend on how many threads share them. One is also faster where several processes share two cores.
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # Threads that wait sleep. Spinning ones made a busy machine 6 to 17 times slower than it had to be.
    "OMP_WAIT_POLICY": "PASSIVE",
}

KERNEL = {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "512"}
"""OpenBLAS picks its arithmetic by the processor, and the last bits differ. Every x86-64 with AVX2 knows this one."""


COLLECTED_AFTER = (50_000, 20, 20)
"""Objects made until Python looks for circles among them, not 700: libraries and what they compile make a million that
stay, and looking through them took about a twentieth of a stage's time."""


def settle() -> None:
    """Put all of it into this process's environment, for it and for what it starts."""
    gc.set_threshold(*COLLECTED_AFTER)
    os.environ.update(QUIET | THREADS)
    if platform.machine() == "x86_64" and _has_avx2():
        os.environ.update(KERNEL)


def leave() -> NoReturn:
    """End this process with exit code 0, without freeing one by one all that it made: a tenth to a fifth of a short stage.

    What libraries left to do at the end is done, and what was printed is written.
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _has_avx2() -> bool:
    try:
        return " avx2 " in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
