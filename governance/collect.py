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
from governance.contract import declared_digest, read_columns, unknown_columns
from governance.contradictions import contradictions
from governance.decision_files import decisions_digest, named, read_decisions
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
from governance.repository import Repository, blobs_match
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


def refused(rule: str, message: str, remedy: str) -> Decision:
    """A decision that blocks with exit code 4 and says what to run."""
    return Decision(rule=f"evidence/{rule}", effect="block", exit_code=4, message=f"{message}; {remedy}")


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
        further.extend(_manifest_problems(workspace, name, manifest, lock, again))
        further.extend(_without_rows(workspace, name, manifest))
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
                "files": files_digest(workspace.root, settings, committed=True),
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
        return f"{shown} was made from another {', '.join(sorted(changed))} than what is here now; run: dvc repro"
    return evidence


def _manifest_problems(
    workspace: Workspace, name: str, manifest: Manifest, lock: Mapping[str, Any], again: str
) -> list[Decision]:
    problems = []
    if manifest.outcome is not Outcome.ASSESSED:
        mend = f"mend the data or its declaration, then {again}"
        unread = refused("no_snapshot", f"the data could not be read: {manifest.reason}", mend)
        problems.append(unread.model_copy(update={"observed": manifest.reason}))
    if manifest.dataset != name:
        problems.append(refused("other_dataset", f"manifest.json is about {manifest.dataset}", again))
    if manifest.code != lock["code"]["snapshot"]:
        problems.append(refused("other_code", "the snapshot was made by other code than govern.lock names", again))
    problems += _other_decisions(workspace, name, manifest, again)
    try:
        columns = read_columns(workspace.contract(name) / "columns.yaml", f"expectations/{name}/columns.yaml")
        made = manifest.declared or manifest.outcome is Outcome.ASSESSED
        if made and manifest.declared != declared_digest(workspace.dataset(name).data, columns):
            message = "params.yaml or columns.yaml declare other data than the snapshot was made from"
            if unknown := unknown_columns(columns, [column.name for column in manifest.columns], name):
                message, again = "; ".join(unknown), f"correct it, or bring the column in, then {again}"
            problems.append(refused("other_declaration", message, again))
    except ConfigError as error:
        more = f" (and {len(error.problems) - 1} more: govern doctor)" if len(error.problems) > 1 else ""
        problems.append(refused("no_declaration", f"{error.problems[0]}{more}", f"correct it, then {again}"))
    return problems


def _other_decisions(workspace: Workspace, name: str, manifest: Manifest, again: str) -> list[Decision]:
    """Whether people decided otherwise since the snapshot was made; what nobody can read is said, and not applied."""
    if manifest.decisions == decisions_digest(workspace.root, name):
        return []
    message = f"{named(workspace.root, name)} says other things about rows than the snapshot was made by"
    try:
        read_decisions(workspace.root, name)
    except ConfigError as error:
        message, again = "; ".join(error.problems), f"correct it, then {again}"
    return [refused("other_decisions", message, again)]


def _without_rows(workspace: Workspace, name: str, manifest: Manifest) -> list[Decision]:
    """People's decisions about rows that this version does not hold: they did nothing, which somebody must know."""
    counted = manifest.quarantined
    if counted is None or not counted.unmatched:
        return []
    applied = counted.dropped + counted.relabelled + counted.kept
    known = applied + counted.unmatched
    told = []
    if counted.other_columns:
        told.append(
            f"{counted.other_columns} were taken when the data had other columns, and each row is another since: decide again"
        )
    if counted.edited:
        told.append(f"{counted.edited} are about rows that were edited, as their identifier is there: decide again")
    if counted.not_found:
        told.append(
            f"{counted.not_found} are about rows that were not found: removed, or {'cells' if applied else 'cells or types'} "
            "of them changed, which makes other rows of them. A decision whose row was removed has nothing to do any more "
            "and can be deleted"
        )
    message = (
        f"{counted.unmatched} of {known} decisions in {named(workspace.root, name)} match no row of this version and did nothing: "
        f"{'; '.join(told)}. To see which: govern quarantine {name} --check"
    )
    loud = not applied or counted.other_columns or counted.edited
    return [Decision(rule="evidence/unmatched_decisions", effect="warn" if loud else "note", message=message)]


def source_problems(workspace: Workspace, name: str, manifest: Manifest, repository: Repository) -> list[Decision]:
    """Whether the source that was audited is the one that this commit holds, by `.dvc`, dvc.lock or git blob."""
    path = workspace.dataset(name).data.path
    again = "run: dvc repro, and commit what changed"
    if manifest.source_path != path:
        return [refused("other_source", f"{manifest.source_path} was audited, and params.yaml names {path}", again)]
    known = repository.known(path)
    if known is None:
        add = f"run: dvc add {path} (or git add), and commit"
        return [
            refused("unknown_source", f"neither git nor DVC knows {path}, so nobody can tell what was audited", add)
        ]
    if known.md5:
        otherwise = [by for by, md5 in ((known.by, known.md5), *known.also) if md5 != manifest.source_md5]
        return [
            refused("other_source", f"{path} is not the version that was audited, says {by}", again) for by in otherwise
        ]
    audited = {source.path: source.git_blob for source in manifest.sources}
    committed = dict(known.git_blobs)
    if not audited:
        advice = f"run: dvc add {path}"
        return [refused("unknown_source", f"{path} holds too many files to compare with git one by one", advice)]
    changed = sorted(p for p in audited.keys() | committed.keys() if audited.get(p) != committed.get(p))
    on_disk = [
        p for p, blob in committed.items() if p not in changed and blobs_match(workspace.root / p, blob) is False
    ]
    if changed or on_disk:
        names = ", ".join([*changed, *on_disk][:5])
        return [refused("other_source", f"{names} is not the version that was audited, says git", again)]
    return []


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
