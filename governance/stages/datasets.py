"""What each DVC stage of a dataset does, from its source to evidence."""

from __future__ import annotations

import json
import sys

from governance.asking import ask, bind, write_rows, write_tables
from governance.audit import load
from governance.canonical import canonical_json
from governance.config import Workspace
from governance.evidence import Outcome
from governance.files import fresh_folder, write_atomic
from governance.image_files import SOURCE_CHANGED
from governance.lock import require_lock
from governance.made_from import made_by_digest, settings_digest, signals_digest, written_digest
from governance.references import SKETCH, files_digest, sketch_digest
from governance.signals import SIGNALS, Absent, Signals, SignalsInfo
from governance.stages.opening import link_contract, open_snapshot, snapshot_again
from governance.stages.settings import check_settings, resolved
from governance.telling import tell


def snapshot(workspace: Workspace, name: str) -> None:
    """Source to `build/<name>/snapshot` and manifest.json."""
    from governance.ingestion.ingest import ingest

    lock = require_lock(workspace, "code", "snapshot")
    link_contract(workspace, name)
    folder = fresh_folder(workspace.build(name) / "snapshot")
    manifest = ingest(
        name, workspace.dataset(name), workspace.root, folder, workspace.contract(name), lock["code"]["snapshot"]
    )
    write_atomic(workspace.report(name) / "manifest.json", manifest.to_json())
    if manifest.outcome is not Outcome.ASSESSED:
        print(f"{name}: no snapshot: {manifest.reason}", file=sys.stderr)  # noqa: T201


def sketch(workspace: Workspace, name: str) -> None:
    """Snapshot to sketch.json: its distributions, for later versions to be compared with."""
    from governance.sketches.compute import compute_sketch

    require_lock(workspace, "code", "sketch")
    made = compute_sketch(open_snapshot(workspace, name))
    write_atomic(workspace.report(name) / SKETCH, made.to_json())


def signals(workspace: Workspace, name: str) -> None:
    """Snapshot to `build/<name>/signals`."""
    require_lock(workspace, "code", "signals")
    folder = fresh_folder(workspace.build(name) / "signals")
    tell("reading")
    view = open_snapshot(workspace, name)
    if view.manifest.outcome is not Outcome.ASSESSED:
        absent = Absent(outcome="failed", code="no_snapshot", reason=f"there is no snapshot: {view.manifest.reason}")
        info = SignalsInfo(absent=dict.fromkeys(SIGNALS, absent))
        (folder / "signals.json").write_text(canonical_json(info.model_dump(mode="json")), encoding="utf-8")
        return
    from governance.signals.compute import compute_signals

    config = workspace.config
    info = compute_signals(
        view, folder, config.signals, user=workspace.dataset(name).data.signals, workspace=workspace.root
    )
    if SOURCE_CHANGED in {absent.code for absent in info.absent.values()}:
        snapshot_again(workspace, name)


def inputs(workspace: Workspace, name: str) -> None:
    """Digests of exactly what each audit needs, one file an audit: what DVC re-runs an audit for."""
    lock = require_lock(workspace, "code", "signals")
    link_contract(workspace, name)
    folder = fresh_folder(workspace.build(name) / "inputs")
    config = workspace.dataset(name).data
    signal = Signals.open(workspace.build(name) / "signals").info
    snapshot_digest = open_snapshot(workspace, name).manifest.digest
    check_settings(workspace, name)
    for audit in workspace.config.audits:
        settings = workspace.audit_settings(audit, name)
        kind = load(audit, workspace=workspace.root)
        complete = resolved(kind, f"audits.{audit}", settings)
        digests = {
            "settings": settings_digest(settings),
            "code": lock["audits"][audit],
            "made_by": made_by_digest(lock),
        }
        if kind.needs & set(SIGNALS):
            digests["signals"] = signals_digest(workspace, name, lock)
        for need in sorted(kind.needs):
            if need in SIGNALS:
                absent = signal.absent.get(need)
                digests[need] = absent.code if absent else signal.digests[need]
            elif need == "reference":
                digests[need] = sketch_digest(workspace.root, name, snapshot_digest)
            else:
                digests[need] = written_digest(workspace.root, workspace.contract(name), config, need)
        files = files_digest(workspace.root, complete.model_dump(mode="json"), committed=False, read=config.read)
        digests |= {"files": files} if files != "absent" else {}
        text = canonical_json({"settings": complete.model_dump(mode="json"), "digests": digests})
        (folder / f"{audit}.json").write_text(text, encoding="utf-8")


def audit(workspace: Workspace, name: str, audit_name: str) -> None:
    """Ask one audit's question: `evidence/<audit>.json`, and, in the data folder, which rows and all of its tables."""
    require_lock(workspace, "audits", audit_name)
    prepared = json.loads((workspace.build(name) / "inputs" / f"{audit_name}.json").read_text(encoding="utf-8"))
    view = open_snapshot(workspace, name)
    kind = load(audit_name, workspace=workspace.root)
    question = kind.model_validate(prepared["settings"])
    tell("asking")
    answer = ask(question, view)
    tell("writing")
    if answer.code == SOURCE_CHANGED:
        snapshot_again(workspace, name)
    evidence = bind(
        question, name, audit_name, answer, prepared["digests"] | {"snapshot": view.manifest.digest or "absent"}
    )
    write_rows(workspace.build(name) / "rows" / f"{audit_name}.parquet", answer)
    write_tables(workspace.build(name) / "tables" / f"{audit_name}.json", answer)
    write_atomic(workspace.report(name) / "evidence" / f"{audit_name}.json", evidence.to_json())
