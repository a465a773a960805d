"""Runs an audit on a case folder: `data.csv`, `case.yaml`, contract files, and the evidence that is expected."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from governance.asking import ask as answer_of
from governance.asking import bind
from governance.audit import Answer, Audit, load
from governance.dataset import ColumnType, Role, Split, Task
from governance.evidence import Evidence
from governance.ingestion.column_types import typed
from governance.signals import SIGNALS
from governance.signals.compute import compute_signals
from governance.snapshot import Snapshot
from governance.testing import make_snapshot
from governance.yaml_files import read_yaml

CASES = Path(__file__).parent / "cases"
_SIGNALS: dict[str, Path] = {}
"""Digest of a snapshot's files, and whether labels were read, to a folder with its signals, made by an earlier test of this process."""


def case_folders() -> list[Path]:
    """Every `cases/<audit>/<case>`."""
    return sorted(path.parent for path in CASES.glob("*/*/case.yaml"))


def read_case(folder: Path) -> tuple[dict[str, Any], pl.DataFrame]:
    """case.yaml, and data.csv in the types that case.yaml declares."""
    case = read_yaml(folder / "case.yaml")
    raw = pl.read_csv(folder / "data.csv", infer_schema=False)
    columns = [typed(raw[name], ColumnType(kind), "data.csv") for name, kind in case["types"].items()]
    return case, pl.DataFrame(columns)


def snapshot_of(
    folder: Path, workspace: Path, change: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame, **override: Any
) -> Snapshot:
    """The case's snapshot below `workspace`, its frame passed through `change` first, without signals."""
    case, frame = read_case(folder)
    values: dict[str, Any] = {
        "name": "case",
        "types": {name: ColumnType(kind) for name, kind in case["types"].items()},
        "target": case.get("target"),
        "task": Task(case.get("task", "none")),
        "roles": {Role(role): tuple(names) for role, names in case.get("roles", {}).items()},
        "split": Split.model_validate(case.get("split", {})),
        "contract": {
            f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name in {"schema.py", "suite.json"}
        },
    }
    return make_snapshot(workspace, change(frame), **(values | override))


def with_signals(snapshot: Snapshot, audit: type[Audit], *, kept: bool) -> Snapshot:
    """The snapshot with its signals, when the audit needs any; `kept`: those of a snapshot of the same bytes will do.

    An audit that names nothing about labels in its `needs` gets nothing of them: no models are fitted.
    """
    if not audit.needs & set(SIGNALS):
        return snapshot
    folder = snapshot.workspace / "build" / snapshot.name / "signals"
    read = snapshot
    if not audit.needs & {"predictions", "label_errors"}:
        unlabelled = snapshot.manifest.model_copy(update={"target": None, "task": Task.NONE})
        read = dataclasses.replace(snapshot, manifest=unlabelled)
    held = b"".join(file.read_bytes() for file in sorted(snapshot.folder.iterdir()))
    same = f"{hashlib.sha256(held).hexdigest()} {read is snapshot}"
    if kept and _SIGNALS.get(same) == folder:
        return dataclasses.replace(snapshot, signals_folder=folder)
    shutil.rmtree(folder, ignore_errors=True)
    for other in [key for key, place in _SIGNALS.items() if place == folder]:
        del _SIGNALS[other]  # it holds other signals from here on
    if kept and same in _SIGNALS:
        shutil.copytree(_SIGNALS[same], folder)
    else:
        folder.mkdir(parents=True)
        compute_signals(read, folder, workspace=snapshot.workspace)
        _SIGNALS[same] = folder
    return dataclasses.replace(snapshot, signals_folder=folder)


def ask(
    name: str, snapshot: Snapshot, settings: dict[str, Any] | None = None, *, kept: bool = True
) -> tuple[Evidence, Answer]:
    """Evidence and answer of audit `name`, as its stage makes them; `kept` as in `with_signals`."""
    kind = load(name)
    question = kind.model_validate(settings or {})
    prepared = with_signals(snapshot, kind, kept=kept)
    answer = answer_of(question, prepared)
    return bind(question, snapshot.name, name, answer, {"snapshot": snapshot.manifest.digest}), answer
