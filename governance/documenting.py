"""Gathers what documents show and renders them into a folder: the one place that joins reports, words and approvals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from governance.approvals import Approval, concerning, last_approved, read_approvals, read_kept
from governance.approving import Here
from governance.canonical import canonical_json, digest_of, digest_of_bytes
from governance.collect import collect_dataset, collect_model, judge
from governance.config import Workspace
from governance.documents.answers import read_answers
from governance.documents.datasets import render_dataset_documents
from governance.documents.facts import ApprovalFact, Before, DatasetFacts, ModelFacts, TrainingData
from governance.documents.models import render_model_documents
from governance.documents.registry import Lacks, problems
from governance.drafts import drafted_files
from governance.errors import EvidenceError
from governance.evidence import Evidence, Outcome
from governance.files import write_atomic
from governance.lock import read_lock
from governance.made_from import said_digest
from governance.manifest import Manifest, read_manifest
from governance.references import SKETCH
from governance.render import visible
from governance.sketches import Sketch, read_sketch
from governance.verdict import read_verdict

NO_DOCUMENTS = ("answers.json", "manifest.json", "verdict.json", SKETCH)
"""What a report holds beside evidence/ that documents are made from, or compared with."""


@dataclass(frozen=True)
class Rendered:
    """Documents that were rendered into a folder."""

    written: list[Path]
    verdict: str
    """Digest of the verdict that they show."""
    problems: tuple[tuple[str, str], ...]
    """(file, problem) of what a reader of a format would object to; see `documents.registry`."""

    @property
    def faults(self) -> list[str]:
        """Problems that no declaration mends, in words."""
        return [f"{file}: {visible(problem)}" for file, problem in self.problems if not isinstance(problem, Lacks)]


def rendered_documents(workspace: Workspace, name: str, into: Path, *, kept: bool = True) -> Rendered:
    """Render the documents of a dataset into a folder; `kept` says whether the files of its snapshot stay."""
    verdict = read_verdict(workspace.report(name) / "verdict.json")
    facts = replace(dataset_facts(workspace, name, read_lock(workspace)), verdict=verdict)
    facts = replace(facts, approvals=_approvals(workspace, facts), before=_before(workspace, facts))
    facts = replace(facts, beside=_beside(workspace.report(name)), kept=kept)
    written = render_dataset_documents(facts, into, workspace.root)
    return Rendered(written, verdict.digest, problems("dataset", facts))


def dataset_facts(workspace: Workspace, name: str, lock: Mapping[str, Any]) -> DatasetFacts:
    """What the documents of dataset `name` are made of, judged now and whatever verdict.json says."""
    collected = collect_dataset(workspace, name, lock)
    return DatasetFacts(
        name=name,
        dataset=workspace.dataset(name),
        manifest=collected.manifest or _no_manifest(workspace, name),
        evidence=tuple(item for item in collected.evidence.values() if isinstance(item, Evidence)),
        verdict=judge(workspace, collected, waivers=workspace.waivers),
        answers=read_answers(workspace.answers(name)),
        expected_audits=tuple(workspace.config.audits),
        drafted=drafted_files(workspace.contract(name)),
    )


def _beside(report: Path) -> int:
    """Bytes of what git tracks in `report` that is no document."""
    files = [report / name for name in NO_DOCUMENTS]
    return sum(
        file.stat().st_size for file in [*files, *sorted((report / "evidence").glob("*.json"))] if file.is_file()
    )


def _approvals(workspace: Workspace, facts: DatasetFacts) -> tuple[ApprovalFact, ...]:
    """What people said of this version and of those before it, and what changed since."""
    verdict, data = facts.verdict, facts.manifest.digest
    here = Here(data, verdict.digest, digest_of([verdict.digest, said_digest(workspace, "dataset", facts.name)]))
    given = concerning(read_approvals(workspace.root, facts.name), data)
    return _told(given, here)


def _told(given: tuple[Approval, ...], here: Here) -> tuple[ApprovalFact, ...]:
    return tuple(ApprovalFact(one.by, one.role, one.on.isoformat(), one.note, here.lapsed(one)) for one in given)


def _before(workspace: Workspace, facts: DatasetFacts) -> Before | None:
    """The version that was approved before this one, as it was frozen."""
    approved = last_approved(workspace.root, facts.name, facts.manifest.digest)
    if approved is None:
        return None
    sketches: list[Sketch | None] = []
    for path in (approved.sketch, workspace.report(facts.name) / SKETCH):
        try:
            sketches.append(read_sketch(path) if path is not None else None)
        except EvidenceError:
            sketches.append(None)  # shown as not compared; the gate names a damaged sketch
    try:
        kept = read_kept(approved.findings) if approved.findings is not None else None
    except EvidenceError:
        kept = None  # shown as not compared
    return Before(approved.approval.on.isoformat(), read_manifest(approved.manifest), sketches[0], sketches[1], kept)


def rendered_model_documents(workspace: Workspace, name: str, into: Path) -> Rendered:
    """Render the card of a model into a folder."""
    lock = read_lock(workspace)
    model = workspace.model(name)
    collected = collect_model(workspace, name, lock)
    data = collect_dataset(workspace, model.dataset, lock)
    dataset = workspace.dataset(model.dataset)
    manifest = data.manifest or _no_manifest(workspace, model.dataset)
    verdict = read_verdict(workspace.model_report(name) / "verdict.json")
    documents = digest_of([verdict.digest, said_digest(workspace, "model", name)])
    given = concerning(read_approvals(workspace.root, name, "model"), manifest.digest)
    facts = ModelFacts(
        name=name,
        model=model.model_dump(mode="json"),
        evidence=tuple(item for item in collected.evidence.values() if isinstance(item, Evidence)),
        verdict=verdict,
        data=TrainingData(
            name=model.dataset,
            digest=manifest.digest,
            result=read_verdict(workspace.report(model.dataset) / "verdict.json").result,
            title=dataset.about.title,
            licence=dataset.about.licence,
            target=manifest.target or "",
            splits=manifest.splits,
            findings=tuple(f for item in data.evidence.values() if isinstance(item, Evidence) for f in item.findings),
            task=manifest.task,
            modality=manifest.modality,
        ),
        expected_evaluations=tuple(workspace.config.evaluations),
        approvals=_told(given, Here(manifest.digest, verdict.digest, documents)),
    )
    written = render_model_documents(facts, into, workspace.root)
    return Rendered(written, facts.verdict.digest, problems("model", facts))


def list_documents(folder: Path, rendered: Rendered, lock: Mapping[str, Any], words: str) -> None:
    """documents.json: what was rendered from which verdict, so that an edited or stale document is found."""
    written = sorted(rendered.written)
    files = {path.relative_to(folder).as_posix(): digest_of_bytes(path.read_bytes()) for path in written}
    content = {"verdict": rendered.verdict, "code": lock["code"]["documents"], "words": words, "files": files}
    write_atomic(folder / "documents.json", canonical_json(content | {"digest": digest_of(content)}))


def _no_manifest(workspace: Workspace, name: str) -> Manifest:
    return Manifest(
        dataset=name, outcome=Outcome.FAILED, reason="manifest.json is missing or damaged", declared="", code="",
        source_path=workspace.dataset(name).data.path,
    )  # fmt: skip
