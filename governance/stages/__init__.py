"""What each DVC stage does: the only place that joins configuration, snapshot, audits and evidence.

A stage that could write its evidence succeeds, also when what it found is terrible. Only configuration that makes no
sense (exit 2) and training on blocked data (exit 3) make a stage fail.
"""

from __future__ import annotations

from collections.abc import Callable

from governance.stages.datasets import audit, complete, documents, index, inputs, signals, sketch, snapshot, verdict
from governance.stages.models import evaluate, model_documents, model_inputs, model_settings, model_verdict, train
from governance.stages.opening import STALE, open_snapshot

__all__ = [
    "STAGES", "STALE", "audit", "complete", "documents", "evaluate", "index", "inputs", "model_documents",
    "model_inputs", "model_settings", "model_verdict", "open_snapshot", "signals", "sketch", "snapshot", "train",
    "verdict",
]  # fmt: skip

STAGES: dict[str, Callable[..., None]] = {
    "snapshot": snapshot,
    "sketch": sketch,
    "signals": signals,
    "inputs": inputs,
    "audit": audit,
    "verdict": verdict,
    "documents": documents,
    "complete": complete,
    "index": index,
    "model_settings": model_settings,
    "train": train,
    "model_inputs": model_inputs,
    "evaluate": evaluate,
    "model_verdict": model_verdict,
    "model_documents": model_documents,
}
"""What `govern stage NAME ...` runs; dvc.yaml is its only caller."""
