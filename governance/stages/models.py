"""What each DVC stage of a model does: training, evaluations, verdict, card."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from governance.asking import bind, guarded
from governance.audit import load
from governance.canonical import canonical_json, digest_of
from governance.collect import collect_dataset, collect_model, judge, label_noise
from governance.config import Workspace
from governance.errors import DataError
from governance.evidence import Metric
from governance.files import fresh_folder, write_atomic
from governance.lock import read_lock, require_lock
from governance.made_from import made_by_digest, settings_digest, words_digest
from governance.recording import prune
from governance.references import approved_results, results_path
from governance.stages.opening import open_snapshot
from governance.stages.settings import resolved


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
        complete = resolved(kind, f"evaluations.{evaluation}", settings)
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
        text = canonical_json({"settings": complete.model_dump(mode="json"), "digests": digests, **beside})
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
    rendered = rendered_model_documents(workspace, name, folder)
    list_documents(folder, rendered, read_lock(workspace), words_digest(workspace, "model", name))
    for fault in rendered.faults:
        print(f"{name}: {fault}", file=sys.stderr)  # noqa: T201
