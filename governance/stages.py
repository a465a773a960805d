"""What each DVC stage does: the only place that joins configuration, snapshot, audits and evidence.

A stage that could write its evidence succeeds, also when what it found is terrible. Only configuration that makes no
sense (exit 2) and training on blocked data (exit 3) make a stage fail.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from governance.asking import ask, bind, guarded, write_rows
from governance.audit import load
from governance.collect import (
    collect_dataset,
    collect_model,
    evidence_file,
    judge,
    label_noise,
    made_by_digest,
    settings_digest,
    signals_digest,
    words_digest,
    written_digest,
)
from governance.config import PARAMS, Workspace
from governance.contract import link_elsewhere
from governance.contradictions import NAME as ANSWERS
from governance.errors import ConfigError, DataError, EvidenceError
from governance.evidence import Evidence, Metric, Outcome, canonical_json, digest_of
from governance.files import fresh_folder, write_atomic
from governance.image_files import SOURCE_CHANGED
from governance.lock import read_lock, require_lock
from governance.policy import read_verdict
from governance.recording import prune
from governance.references import SKETCH, approved_results, approved_sketch, files_digest, results_path, sketch_digest
from governance.signals import SIGNALS, Absent, Signals, SignalsInfo
from governance.validation import worded_item

if TYPE_CHECKING:
    pass

PASS = "pass.json"  # noqa: S105 - a file that says whether the data passed
"""Written beside the snapshot: only whether it passed, and the digest, so that a changed report does not retrain."""

STALE = "stale"
"""Written into the snapshot's folder when images that it names by path are not those that it was made from."""


def snapshot(workspace: Workspace, name: str) -> None:
    """Source to `build/<name>/snapshot` and manifest.json."""
    from governance.ingestion.ingest import ingest

    lock = require_lock(workspace, "code", "snapshot")
    _link_contract(workspace, name)
    folder = fresh_folder(workspace.build(name) / "snapshot")
    manifest = ingest(
        name, workspace.dataset(name), workspace.root, folder, workspace.contract(name), lock["code"]["snapshot"]
    )
    write_atomic(workspace.report(name) / "manifest.json", manifest.to_json())
    if manifest.outcome is not Outcome.ASSESSED:
        print(f"{name}: no snapshot: {manifest.reason}", file=sys.stderr)  # noqa: T201


def _link_contract(workspace: Workspace, name: str) -> None:
    """Called by the stages that run when params.yaml names another model or suite: DVC hashes dependencies afterwards."""
    for problem in link_elsewhere(workspace.root, workspace.contract(name), workspace.dataset(name).data):
        print(f"{name}: {problem}", file=sys.stderr)  # noqa: T201


def open_snapshot(workspace: Workspace, name: str, build: Path | None = None) -> Any:
    """The Snapshot of dataset `name`, with its signals, from its build folder or from another one."""
    from governance.ingestion.ingest import open_view
    from governance.snapshot import Snapshot

    config = workspace.dataset(name).data
    build = build or workspace.build(name)
    folder = build / "snapshot"
    manifest = open_view(folder)
    return Snapshot(
        manifest=manifest,
        folder=folder,
        contract_folder=workspace.contract(name),
        signals_folder=build / "signals",
        schema_reference=config.schema_,
        suite_reference=config.suite,
        reviews_file=workspace.root / "reviews" / f"{name}.yaml",
        reference_file=approved_sketch(workspace.root, name, manifest.digest),
        workspace=workspace.root,
    )


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
    view = open_snapshot(workspace, name)
    if view.manifest.outcome is not Outcome.ASSESSED:
        absent = Absent(outcome="failed", code="no_snapshot", reason=f"there is no snapshot: {view.manifest.reason}")
        info = SignalsInfo(absent=dict.fromkeys(SIGNALS, absent))
        (folder / "signals.json").write_text(canonical_json(info.model_dump(mode="json")), encoding="utf-8")
        return
    from governance.signals.compute import compute_signals

    config = workspace.config
    info = compute_signals(
        view, folder, folds=config.signals.folds, user=workspace.dataset(name).data.signals, workspace=workspace.root
    )
    if SOURCE_CHANGED in {absent.code for absent in info.absent.values()}:
        _snapshot_again(workspace, name)


def _snapshot_again(workspace: Workspace, name: str) -> None:
    """Marks the snapshot's folder, so that the next `dvc repro` makes it anew, and what was measured beside the mark.

    Without the mark, evidence that failed because an image was another one for a while would be up to date for DVC
    once the image is back.
    """
    write_atomic(workspace.build(name) / "snapshot" / STALE, "images are not those that this snapshot names\n")


def inputs(workspace: Workspace, name: str) -> None:
    """Digests of exactly what each audit needs, one file an audit: what DVC re-runs an audit for."""
    lock = require_lock(workspace, "code", "signals")
    _link_contract(workspace, name)
    folder = fresh_folder(workspace.build(name) / "inputs")
    config = workspace.dataset(name).data
    signal = Signals.open(workspace.build(name) / "signals").info
    snapshot_digest = open_snapshot(workspace, name).manifest.digest
    _check_settings(workspace, name)
    for audit in workspace.config.audits:
        settings = workspace.audit_settings(audit, name)
        kind = load(audit, workspace=workspace.root)
        resolved = _settings(kind, f"audits.{audit}", settings)
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
        files = files_digest(workspace.root, resolved.model_dump(mode="json"), committed=False)
        digests |= {"files": files} if files != "absent" else {}
        text = canonical_json({"settings": resolved.model_dump(mode="json"), "digests": digests})
        (folder / f"{audit}.json").write_text(text, encoding="utf-8")


def _check_settings(workspace: Workspace, name: str) -> None:
    """Raises ConfigError with what is wrong with the settings of all audits, not of the first alone."""
    problems: list[str] = []
    for audit in workspace.config.audits:
        try:
            kind = load(audit, workspace=workspace.root)
            _settings(kind, f"audits.{audit}", workspace.audit_settings(audit, name))
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)


def _settings(kind: type[BaseModel], name: str, settings: Mapping[str, Any]) -> BaseModel:
    try:
        return kind.model_validate(settings)
    except ValidationError as error:
        raise ConfigError(f"{PARAMS}: {worded_item(item, kind, name.split('.'))}" for item in error.errors()) from None


def audit(workspace: Workspace, name: str, audit_name: str) -> None:
    """Ask one audit's question: `evidence/<audit>.json`, and `rows/<audit>.parquet` in the data folder."""
    require_lock(workspace, "audits", audit_name)
    prepared = json.loads((workspace.build(name) / "inputs" / f"{audit_name}.json").read_text(encoding="utf-8"))
    view = open_snapshot(workspace, name)
    kind = load(audit_name, workspace=workspace.root)
    question = kind.model_validate(prepared["settings"])
    answer = ask(question, view)
    if answer.code == SOURCE_CHANGED:
        _snapshot_again(workspace, name)
    evidence = bind(
        question, name, audit_name, answer, prepared["digests"] | {"snapshot": view.manifest.digest or "absent"}
    )
    write_rows(workspace.build(name) / "rows" / f"{audit_name}.parquet", answer)
    write_atomic(workspace.report(name) / "evidence" / f"{audit_name}.json", evidence.to_json())


def verdict(workspace: Workspace, name: str) -> None:
    """Evidence to verdict.json and `pass.json`, and to answers.json: what people say, held against the evidence.

    Waivers count without their dates: those are for the gate. What was repaired leaves baseline.yaml here, so that the
    change that repairs it also takes the permission away.
    """
    lock = read_lock(workspace)
    collected = collect_dataset(workspace, name, lock)
    prune(workspace, [collected])
    said = collected.evidence.get(ANSWERS)
    text = (
        said.to_json() if isinstance(said, Evidence) else canonical_json({"failed": "answers or manifest are damaged"})
    )
    write_atomic(evidence_file(workspace.report(name), ANSWERS), text)
    result = judge(workspace, collected, waivers=workspace.waivers)
    write_atomic(workspace.report(name) / "verdict.json", result.to_json())
    passed = {"passed": result.result == "passed", "digest": result.snapshot_digest}
    write_atomic(workspace.build(name) / PASS, canonical_json(passed))


def documents(workspace: Workspace, name: str) -> None:
    """Evidence, verdict and answers to datasheet, dataset card, Croissant document and figures, and the list of them."""
    from governance.documenting import list_documents, rendered_documents

    folder = workspace.report(name)
    written, judged = rendered_documents(workspace, name, folder)
    list_documents(folder, written, judged, read_lock(workspace), words_digest(workspace, "dataset", name))


def complete(workspace: Workspace) -> None:
    """A constant: all datasets are judged and documented, models may begin. Says which are blocked: DVC does not."""
    blocked = []
    for name in workspace.config.datasets:
        try:
            passed = read_verdict(workspace.report(name) / "verdict.json").result == "passed"
        except EvidenceError:
            passed = False
        blocked += [] if passed else [name]
    if blocked:
        print(f"blocked: {', '.join(blocked)}; run: govern status NAME", file=sys.stderr)  # noqa: T201
    write_atomic(workspace.root / "build" / "complete", "all datasets are judged\n")


def index(workspace: Workspace) -> None:
    """All verdicts, approvals and waivers to reports/index.html."""
    from governance.indexing import INDEX, render_index

    write_atomic(workspace.root / INDEX, render_index(workspace))


def model_settings(workspace: Workspace, name: str) -> None:
    """The model's entry without `about`, in a file: what training depends on, so that words do not train again."""
    write_atomic(workspace.model_settings(name), canonical_json(workspace.model(name).made_from()))


def train(workspace: Workspace, name: str) -> None:
    """Fit or open a model on data that `require` lets through. Raises Blocked or EvidenceError with the reasons."""
    from governance.access import require
    from governance.modelling.training import train as fit

    require_lock(workspace, "code", "models")
    model = workspace.model(name)
    require(model.dataset, workspace.root)
    fit(model, open_snapshot(workspace, model.dataset), fresh_folder(workspace.model_build(name)))


def model_inputs(workspace: Workspace, name: str) -> None:
    """Digests of exactly what each evaluation of a model needs, one file an evaluation: what DVC re-runs it for."""
    lock = read_lock(workspace)
    model = workspace.model(name)
    folder = fresh_folder(workspace.model_inputs(name))
    data = collect_dataset(workspace, model.dataset, lock)
    noise = label_noise(data)
    for evaluation, settings in workspace.config.evaluations.items():
        require_lock(workspace, "evaluations", evaluation)
        kind = load(evaluation, "evaluations", workspace.root)
        resolved = _settings(kind, f"evaluations.{evaluation}", settings)
        digests = {
            "settings": settings_digest(settings),
            "code": lock["evaluations"][evaluation],
            "made_by": made_by_digest(lock),
            "snapshot": data.manifest.digest if data.manifest else "absent",
            "model": digest_of([model.made_from(), lock["code"]["models"]]),
        }
        beside: dict[str, Any] = {}
        if "approved" in kind.needs:
            digests["results"] = _results_key(workspace.model_build(name))
            digests["approved"] = approved_results(workspace.root, name, digests["results"])
        if "label_noise" in kind.needs:
            digests["label_noise"] = digest_of([metric.model_dump(mode="json") for metric in noise])
            beside["label_noise"] = [metric.model_dump(mode="json") for metric in noise]
        text = canonical_json({"settings": resolved.model_dump(mode="json"), "digests": digests, **beside})
        write_atomic(folder / f"{evaluation}.json", text)


def _results_key(folder: Path) -> str:
    from governance.modelling.frozen_results import results_key, results_of

    try:
        return results_key(results_of(folder))
    except DataError:
        return "absent"  # the evaluation says why


def evaluate(workspace: Workspace, name: str, evaluation: str) -> None:
    """Ask one evaluation's question of a model: `reports/models/<name>/evidence/<evaluation>.json`."""
    from governance.evaluation import evaluate as answer_of

    require_lock(workspace, "evaluations", evaluation)
    prepared = json.loads((workspace.model_inputs(name) / f"{evaluation}.json").read_text(encoding="utf-8"))
    settings, digests = prepared["settings"], prepared["digests"]
    kind = load(evaluation, "evaluations", workspace.root)
    question = kind.model_validate(settings)
    view = open_snapshot(workspace, workspace.model(name).dataset)
    approved = digests.get("approved", "absent")
    beside: dict[str, Any] = {
        "approved": None if approved == "absent" else results_path(workspace.root, name, approved),
        "label_noise": tuple(Metric.model_validate(metric) for metric in prepared.get("label_noise", ())),
    }
    answer = guarded(lambda: answer_of(evaluation, settings, workspace.model_build(name), view, **beside), question)
    evidence = bind(question, name, evaluation, answer, digests | {"snapshot": view.manifest.digest})
    write_atomic(workspace.model_report(name) / "evidence" / f"{evaluation}.json", evidence.to_json())


def model_verdict(workspace: Workspace, name: str) -> None:
    """Evaluations to the model's verdict.json."""
    collected = collect_model(workspace, name, read_lock(workspace))
    prune(workspace, [collected])
    result = judge(workspace, collected, waivers=workspace.waivers)
    write_atomic(workspace.model_report(name) / "verdict.json", result.to_json())


def model_documents(workspace: Workspace, name: str) -> None:
    """Evaluations and verdict to the model card, and the list of what was rendered."""
    from governance.documenting import list_documents, rendered_model_documents

    folder = workspace.model_report(name)
    written, judged = rendered_model_documents(workspace, name, folder)
    list_documents(folder, written, judged, read_lock(workspace), words_digest(workspace, "model", name))


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
