"""Gathers what a verdict rests on, and refuses what does not belong together.

The expected set (subject, audit, settings, code, contract, source) is derived from params.yaml, govern.lock and git.
Neither dvc.lock nor the presence of a file counts as proof of anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from governance.canonical import digest_of
from governance.config import Workspace
from governance.contradictions import contradictions
from governance.documents.answered import answered
from governance.documents.answers import read_answers
from governance.documents.questions import questionnaire
from governance.errors import ConfigError, EvidenceError
from governance.evidence import ANSWERS, Evidence, Metric, Outcome, read_evidence
from governance.gate import decide
from governance.made_from import (
    PEOPLES_FILES,
    made_by_digest,
    said_digest,
    settings_digest,
    signals_digest,
    written_digest,
)
from governance.manifest import Manifest, read_manifest
from governance.references import approved_results, files_digest, sketch_digest
from governance.report_files import read_report
from governance.snapshot_problems import manifest_problems, refused, unmatched_decisions
from governance.verdict import Decision, Verdict


@dataclass(frozen=True)
class Collected:
    """All that is known about one subject before it is judged."""

    name: str
    kind: Literal["dataset", "model"]
    manifest: Manifest | None
    evidence: dict[str, Evidence | str]
    """Configured audit to its evidence, or to why there is none that counts."""
    further: tuple[Decision, ...] = ()
    answered: frozenset[str] = frozenset()
    """Questions of the datasheet that people answered."""


def collect_dataset(workspace: Workspace, name: str, lock: Mapping[str, Any]) -> Collected:
    """Evidence on dataset `name`, bound to what params.yaml, the lock, the contract and the manifest say now."""
    dataset = workspace.dataset(name)
    folder = workspace.report(name)
    again = "run: dvc repro"
    further: list[Decision] = []
    manifest: Manifest | None = None
    try:
        manifest = read_report(folder / "manifest.json", read_manifest, workspace)
    except EvidenceError as error:
        missing = _relative(error, workspace)
        fresh = not any(folder.glob("**/*.json"))
        further.append(refused("no_manifest", f"nothing was run yet ({missing})" if fresh else missing, again))
    if manifest is not None:
        further.extend(manifest_problems(workspace, name, manifest, lock, again))
        further.extend(unmatched_decisions(workspace, name, manifest))
    evidence: dict[str, Evidence | str] = {}
    for audit in workspace.config.audits:
        settings = workspace.audit_settings(audit, name)
        expected = {
            "settings": settings_digest(settings),
            "code": lock["audits"].get(audit, "absent"),
            "made_by": made_by_digest(lock),
            "signals": signals_digest(workspace, name, lock),
        }
        if manifest is not None and manifest.outcome is Outcome.ASSESSED:
            expected |= {
                "snapshot": manifest.digest,
                "reference": sketch_digest(workspace.root, name, manifest.digest),
                "files": files_digest(workspace.root, settings, committed=True, read=dataset.data.read),
            }
        for what in PEOPLES_FILES:
            expected[what] = written_digest(workspace.root, workspace.contract(name), dataset.data, what)
        evidence[audit] = bound_evidence(folder / "evidence" / f"{audit}.json", name, audit, expected, workspace)
    if manifest is not None:
        further.extend(_not_measured(folder, workspace.config.audits))
    given: frozenset[str] = frozenset()
    try:
        answers = read_answers(workspace.answers(name))
    except ConfigError as error:
        again = f"correct answers/{name}.yaml"
        further.append(refused("unreadable_answers", "; ".join(error.problems), again))
    else:
        given = answered(answers, dataset.about)
        measured = [item for item in evidence.values() if isinstance(item, Evidence)]
        if manifest is not None:
            inputs = {
                "snapshot": manifest.digest or "absent",
                "words": said_digest(workspace, "dataset", name),
                "evidence": digest_of({item.audit: item.digest for item in measured}),
                "code": lock["code"]["verdict"],
            }
            evidence[ANSWERS] = contradictions(name, dataset.about, answers, manifest, measured, inputs)
    return Collected(name, "dataset", manifest, evidence, tuple(further), given)


def _not_measured(report: Path, asked: Collection[str]) -> list[Decision]:
    """One refusal for several where there is a snapshot and no evidence at all: a run was stopped, or never began."""
    if len(asked) < 2 or any((report / "evidence" / f"{name}.json").exists() for name in asked):
        return []
    message = f"the run was not finished: reports/{report.parent.name}/{report.name}/evidence/ holds no evidence"
    return [refused("not_measured", message, "run: dvc repro")]


Expected = Mapping[str, str | Callable[[Evidence], str]]
"""What evidence must have been made from: a digest, or how to find it for evidence that needs it."""


def bound_evidence(path: Path, subject: str, audit: str, expected: Expected, workspace: Workspace) -> Evidence | str:
    """Evidence in `path` when it is about `subject` and was made from `expected`; otherwise why not."""
    try:
        evidence = read_report(path, read_evidence, workspace)
    except EvidenceError as error:
        said = _relative(error, workspace)
        return said if "run" in said.lower().split() else f"{said}; run: dvc repro"
    shown = path.relative_to(workspace.root).as_posix()
    if evidence.sealed() != evidence:
        return f"{shown} holds findings whose order or fingerprints are not theirs; run: dvc repro"
    if (evidence.subject, evidence.audit) != (subject, audit):
        return f"{shown} is evidence of {evidence.audit} on {evidence.subject}"
    changed = [
        what
        for what, digest in expected.items()
        if (what in evidence.inputs or what in {"settings", "code", "made_by", "snapshot"})
        and evidence.inputs.get(what) != (digest if isinstance(digest, str) else digest(evidence))
    ]
    if changed:
        return f"{shown} {outdated(changed)}; run: dvc repro"
    return evidence


def outdated(changed: Collection[str]) -> str:
    """What is said of evidence whose inputs `changed` since. Reviews are added by people, so nothing was exchanged there."""
    other = sorted(set(changed) - {"reviews"})
    said = [f"was made from another {', '.join(other)} than what is here now"] if other else []
    return " and ".join([*said, *(["was made before these reviews were added"] if "reviews" in changed else [])])


def collect_model(workspace: Workspace, name: str, lock: Mapping[str, Any]) -> Collected:
    """Evidence on model `name`: its evaluations, bound to its declaration and to the data it was trained on."""
    model = workspace.model(name)
    folder = workspace.model_report(name)
    further: list[Decision] = []
    manifest: Manifest | None = None
    try:
        manifest = read_report(workspace.report(model.dataset) / "manifest.json", read_manifest, workspace)
    except EvidenceError as error:
        further.append(refused("no_manifest", _relative(error, workspace), "run: dvc repro"))
    evidence: dict[str, Evidence | str] = {}
    for evaluation, settings in workspace.config.evaluations.items():
        expected: dict[str, str | Callable[[Evidence], str]] = {
            "settings": settings_digest(settings),
            "code": lock["evaluations"].get(evaluation, "absent"),
            "made_by": made_by_digest(lock),
            "snapshot": manifest.digest if manifest else "absent",
            "model": digest_of([model.made_from(), lock["code"]["models"]]),
            "approved": lambda found: approved_results(workspace.root, name, found.inputs.get("results", "")),
            "label_noise": lambda _: digest_of([m.model_dump(mode="json") for m in _noise_of(workspace, name, lock)]),
        }
        path = folder / "evidence" / f"{evaluation}.json"
        evidence[evaluation] = bound_evidence(path, name, evaluation, expected, workspace)
    if manifest is not None:
        further.extend(_not_measured(folder, workspace.config.evaluations))
    return Collected(name, "model", manifest, evidence, tuple(further))


NOISE_RATES = ("estimated_noise_rate", "reviewed_noise_rate")
"""Metrics by which evidence on a dataset says how many of its labels are wrong."""


def label_noise(data: Collected) -> tuple[Metric, ...]:
    """What usable evidence on a dataset says of its labels as a whole, sorted by name."""
    usable = (item for item in data.evidence.values() if isinstance(item, Evidence))
    found = [m for item in usable for m in item.metrics if m.name in NOISE_RATES and not m.group]
    return tuple(sorted(found, key=lambda metric: metric.name))


def _noise_of(workspace: Workspace, model: str, lock: Mapping[str, Any]) -> tuple[Metric, ...]:
    return label_noise(collect_dataset(workspace, workspace.model(model).dataset, lock))


def judge(workspace: Workspace, collected: Collected, **rest: Any) -> Verdict:
    """The verdict on what was collected, by the workspace's own policy unless `rest` names another `policy`.

    `rest`: `waivers`, `known`, `today`, `further`, as for `gate.decide`; `known` is the baseline's unless given.
    """
    if "known" not in rest:
        rest["known"] = workspace.baseline.of(collected.kind, collected.name)
    return decide(
        rest.pop("policy", None) or workspace.config.policy.resolved(),
        subject=collected.name,
        kind=collected.kind,
        snapshot_digest=collected.manifest.digest if collected.manifest else "",
        evidence=collected.evidence,
        answered=collected.answered,
        asked={question.id: question.short for question in questionnaire().questions},
        further=(*collected.further, *rest.pop("further", ())),
        **rest,
    )


def _relative(error: Exception, workspace: Workspace) -> str:
    return str(error).replace(str(workspace.root) + "/", "")
