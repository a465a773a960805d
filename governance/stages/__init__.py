"""What each DVC stage does: the only place that joins configuration, snapshot, audits and evidence.

A stage that could write its evidence succeeds, also when what it found is terrible. Only configuration that makes no
sense (exit 2) and training on blocked data (exit 3) make a stage fail.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from governance.stages.opening import STALE, open_snapshot

__all__ = ["STAGES", "STALE", "open_snapshot", "stage"]

_DATASETS = ("snapshot", "sketch", "signals", "inputs", "audit")
_JUDGEMENT = ("verdict", "documents", "complete", "index")
_MODELS = ("model_settings", "train", "model_inputs", "evaluate", "model_verdict", "model_documents")
STAGES = (
    dict.fromkeys(_DATASETS, "datasets") | dict.fromkeys(_JUDGEMENT, "judgement") | dict.fromkeys(_MODELS, "models")
)
"""What `govern stage NAME ...` runs, and the module that holds it: a process runs one, and loads no other's."""


def stage(name: str) -> Callable[..., None]:
    """The function of a stage. Its first argument is the Workspace, the others are words."""
    function: Callable[..., None] = getattr(import_module(f"{__name__}.{STAGES[name]}"), name)
    return function


def __getattr__(name: str) -> Any:
    if name in STAGES:
        return stage(name)
    raise AttributeError(name)
