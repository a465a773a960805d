"""OpenMP, the threads below scikit-learn and faiss: they sleep while they wait.

By default a thread that waits for another keeps its core busy. When several stages share two cores, that alone made
boosting eight times and neighbour search two and a half times as dear in CPU time.
"""

from __future__ import annotations

import os


def sleep_while_waiting() -> None:
    """Set it for this process, unless the environment says otherwise. Call before the library is imported."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
