"""What the gate says about a whole workspace, from git alone: no data, no DVC, today's date, every source checked."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from governance.canonical import digest_of, digest_of_bytes
from governance.collect import Collected, collect_dataset, collect_model, judge
from governance.comparing.against import Against, against_base
from governance.comparing.revision import Revision
from governance.config import WAIVERS, Config, Workspace
from governance.decision_files import misplaced
from governance.documents.answered import unknown_questions
from governance.documents.registry import formats
from governance.documents.wording import plural
from governance.errors import ConfigError, EvidenceError
from governance.evidence import ANSWERS
from governance.indexing import INDEX, render_index
from governance.lock import lock_differences, read_lock
from governance.made_from import lacks_approvals_only, words_digest
from governance.ratchet import BASELINE
from governance.references import SKETCH
from governance.report_files import evidence_file, linked, read_report
from governance.repository import Repository
from governance.signoff import approvals_demanded, links, stale_baseline
from governance.sketches import read_sketch
from governance.snapshot_problems import refused, source_problems
from governance.validation import hint
from governance.verdict import Decision, Verdict, read_verdict

DATA_BLOCKED = "evidence/data_blocked"
_OF_A_RUN = re.compile(r"evidence/(unusable|nothing_assessed|no_verdict|not_measured|stale_)|required/(?!nothing$)")
"""Rules about a model whose remedy is a run."""
OLDER_THAN_APPROVALS = "stale_approvals_in_documents"
"""What `evidence/` says of documents that lack nothing but approvals that were given since."""
_CODE = ("documents", "models", "signals", "sketch", "snapshot", "verdict")


@dataclass(frozen=True)
class Judgement:
    """The gate's word on one subject."""

    name: str
    kind: Literal["dataset", "model"]
    collected: Collected
    verdict: Verdict

    @property
    def exit_code(self) -> int:
        """0, 3 or 4."""
        return self.verdict.exit_code


@dataclass(frozen=True)
class Judged:
    """The gate's word on everything."""

    judgements: tuple[Judgement, ...]
    notes: tuple[str, ...] = ()
    """What a person should know and nothing hangs on: waivers that match no finding."""

    @property
    def exit_code(self) -> int:
        """The highest of all; 4 when there is nothing to judge."""
        return max((judgement.exit_code for judgement in self.judgements), default=4)


def judge_workspace(
    workspace: Workspace, today: datetime.date, only: Iterable[str] = (), base: Revision | None = None
) -> Judged:
    """Judge every dataset and model of params.yaml, or those named in `only`.

    With `base`, policy and waivers are those of that revision, and what is looser here than there is held against the
    change: a change cannot relax the gate that judges it.
    """
    if problems := [*_rules_about_nothing(workspace.config), *misplaced(workspace.root, workspace.config.datasets)]:
        raise ConfigError(problems)
    against = against_base(workspace, base)
    lock = _sound(read_lock(workspace))
    repository = Repository(workspace.root)
    general = [
        *(
            refused("other_code", difference, "run: govern upgrade, then dvc repro")
            for difference in lock_differences(workspace, libraries=False)
        ),
        *_wrong_clock(against.rules, repository, today),
        *links(workspace, WAIVERS, BASELINE),
    ]
    chosen = set(only)
    if not chosen and _all_reported(workspace):
        general += _stale_index(workspace)
    asked = chosen or {*workspace.config.datasets, *workspace.config.models}
    # A model is judged with the data that it was trained on, also when nobody asked about the data.
    needed = {model.dataset for name, model in workspace.config.models.items() if name in asked}
    judgements = []
    for name in workspace.config.datasets:
        if name in asked | needed:
            collected = collect_dataset(workspace, name, lock)
            further = [*general, *_dataset_problems(workspace, collected, repository)]
            judgements.append(_judged(workspace, collected, further, today, lock, against, repository))
    blocked = {j.name: j.exit_code for j in judgements if j.exit_code}
    for name, model in workspace.config.models.items():
        if name in asked:
            collected = collect_model(workspace, name, lock)
            further = list(general)
            if model.dataset in blocked:
                message = f"the data it was trained on, {model.dataset}, is blocked"
                code: Literal[3, 4] = 4 if blocked[model.dataset] == 4 else 3
                further.append(Decision(rule=DATA_BLOCKED, effect="block", exit_code=code, message=message))
            judgement = _judged(workspace, collected, further, today, lock, against, repository)
            judgements.append(_waiting(judgement) if blocked.get(model.dataset) == 3 else judgement)
    used = {d.fingerprint for j in judgements for d in j.verdict.decisions if d.waiver}
    notes = () if chosen else tuple(
        f"waiver {waiver.fingerprint} ({waiver.owner}) matches no finding that blocks; remove it from waivers.yaml"
        for waiver in against.rules.waivers
        if waiver.fingerprint not in used
    )  # fmt: skip
    return Judged(
        tuple(judgement for judgement in judgements if judgement.name in asked), (*against.loosened.notes, *notes)
    )


def _waiting(judgement: Judgement) -> Judgement:
    """Without what follows from its data being blocked: no run can make evidence on a model that may not be trained."""
    decisions = judgement.verdict.decisions
    kept = [one for one in decisions if one.exit_code != 4 or not _OF_A_RUN.match(one.rule)]
    if left := len(decisions) - len(kept):
        wait = f"; {plural(left, 'requirement')} of the model cannot be met before it passes"
        kept = [
            one.model_copy(update={"message": one.message + wait}) if one.rule == DATA_BLOCKED else one for one in kept
        ]
    return replace(judgement, verdict=judgement.verdict.model_copy(update={"decisions": tuple(kept)}))


def _rules_about_nothing(config: Config) -> list[str]:
    """A sentence for each rule of the policy about what does not exist: it applies to nothing, which looks like a pass."""
    subjects, questions = [*config.datasets, *config.models], [*config.audits, *config.evaluations, ANSWERS]
    rules = [("findings", rule.rule, rule.dataset) for rule in config.policy.findings]
    rules += [("metrics", None, rule.dataset) for rule in config.policy.metrics]  # its audit is checked with the rest
    problems = []
    for kind, rule, dataset in rules:
        if dataset is not None and dataset not in subjects:
            problems.append(f"params.yaml: policy.{kind}: there is no dataset {dataset!r}{hint(dataset, subjects)}")
        audit = rule.split("/")[0] if rule else None
        if audit is not None and audit not in questions:
            problems.append(f"params.yaml: policy.{kind}: no audit {audit!r} is configured{hint(audit, questions)}")
    for name in config.policy.minimum_units_by_audit:
        if name not in questions:
            where = "params.yaml: policy.minimum_units_by_audit"
            problems.append(f"{where}: no audit or evaluation {name!r} is configured{hint(name, questions)}")
    problems += [
        f"params.yaml: policy: the datasheet has no question {question!r}; datasheet.md shows the id of each"
        for question in unknown_questions(config.policy.resolved().required_answers)
    ]
    return problems


def _sound(lock: dict[str, Any]) -> dict[str, Any]:
    """govern.lock, when it has the parts that evidence is compared with. Raises EvidenceError."""
    whole = all(isinstance(lock[part], dict) for part in ("code", "audits", "evaluations"))
    if not whole or not set(_CODE) <= lock["code"].keys():
        raise EvidenceError("govern.lock is not a lock that this release reads.\n  Run: govern upgrade")
    return lock


def _wrong_clock(rules: Workspace, repository: Repository, today: datetime.date) -> list[Decision]:
    """A clock that stands before the commit it judges would bring ended waivers back to life."""
    made = repository.date_of_head() if rules.waivers else None
    if made is None or made <= today + datetime.timedelta(days=1):  # clocks of two machines may disagree at midnight
        return []
    message = f"the clock says {today}, HEAD was committed on {made}, and waivers hang on the date"
    return [refused("clock", message, "set the clock")]


def _judged(
    workspace: Workspace,
    collected: Collected,
    further: list[Decision],
    today: datetime.date,
    lock: dict[str, Any],
    against: Against,
    repository: Repository,
) -> Judgement:
    preview = judge(workspace, collected, waivers=workspace.waivers)
    further = [
        *further,
        *_stale_reports(workspace, collected, lock, preview),
        *stale_baseline(workspace, collected),
        *approvals_demanded(workspace, collected, against.rules, preview, repository, today),
    ]
    verdict = against.verdict(workspace, collected, further, today)
    return Judgement(collected.name, collected.kind, collected, verdict)


def _dataset_problems(workspace: Workspace, collected: Collected, repository: Repository) -> list[Decision]:
    if collected.manifest is None:
        path = workspace.dataset(collected.name).data.path
        if (workspace.root / path).exists() or repository.known(path) is not None:
            return []
        return [
            refused(
                "no_source", f"{path} does not exist, and neither git nor DVC knows it", "correct `path`, or add it"
            )
        ]
    problems = source_problems(workspace, collected.name, collected.manifest, repository)
    return [*problems, *_sketch_problems(workspace, collected.name, collected.manifest.digest)]


def _all_reported(workspace: Workspace) -> bool:
    """Whether every subject has a verdict. Without one the index cannot be made; that subject blocks, and no other."""
    folders = [workspace.report(name) for name in workspace.config.datasets]
    folders += [workspace.model_report(name) for name in workspace.config.models]
    return all((folder / "verdict.json").is_file() for folder in folders)


def _sketch_problems(workspace: Workspace, name: str, snapshot_digest: str) -> list[Decision]:
    """An approval freezes the sketch, so one of other data may not slip in."""
    try:
        sketch = read_report(workspace.report(name) / SKETCH, read_sketch, workspace)
    except EvidenceError as error:
        return [refused("no_sketch", str(error).replace(f"{workspace.root}/", ""), "run: dvc repro")]
    if (sketch.dataset, sketch.data) != (name, snapshot_digest):
        return [refused("stale_sketch", f"{SKETCH} describes other data", "run: dvc repro")]
    return []


def _stale_index(workspace: Workspace) -> list[Decision]:
    """reports/index.html, where it is there, must show what the reports say now."""
    path = workspace.root / INDEX
    if not path.is_file() or path.read_bytes() == render_index(workspace).encode():
        return []
    return [refused("stale_index", f"{INDEX} is not what the reports say now", "run: dvc repro")]


def _stale_reports(workspace: Workspace, collected: Collected, lock: dict[str, Any], now: Verdict) -> list[Decision]:
    """verdict.json must be what the evidence says now, and the documents what was rendered from it."""
    is_dataset = collected.kind == "dataset"
    folder = workspace.report(collected.name) if is_dataset else workspace.model_report(collected.name)
    again = "run: dvc repro"
    try:
        preview = read_report(folder / "verdict.json", read_verdict, workspace)
    except EvidenceError as error:
        return [refused("no_verdict", str(error).replace(f"{workspace.root}/", ""), again)]
    problems = []
    if preview.digest != now.digest:
        problems.append(
            refused("stale_verdict", "verdict.json is not what policy, waivers and evidence say now", again)
        )
    said = collected.evidence.get(ANSWERS)
    file = evidence_file(folder, ANSWERS)
    if (
        not isinstance(said, str)
        and said is not None
        and (not file.is_file() or file.read_bytes() != said.to_json().encode())
    ):
        problems.append(refused("stale_verdict", "answers.json is not what answers and evidence say now", again))
    problems.extend(_stale_documents(workspace, collected.kind, folder, preview.digest, lock, again))
    return problems


def _stale_documents(
    workspace: Workspace,
    kind: Literal["dataset", "model"],
    folder: Path,
    verdict_digest: str,
    lock: dict[str, Any],
    again: str,
) -> list[Decision]:
    try:
        content = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
        listed = content.pop("digest") == digest_of(content)
        files: dict[str, str] = dict(content["files"].items())
        made_from = (content["verdict"], content["code"], content["words"])
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        return [refused("no_documents", f"documents.json cannot be read ({type(error).__name__})", again)]
    problems = []
    if not listed or made_from[:2] != (verdict_digest, lock["code"]["documents"]):
        problems.append(refused("stale_documents", "the documents were rendered from another verdict", again))
    if lacks_approvals_only(workspace, kind, folder.name, made_from[2]):
        problems.append(
            refused(OLDER_THAN_APPROVALS, "the documents do not show approvals that were given since", again)
        )
    elif made_from[2] != words_digest(workspace, kind, folder.name):
        message = "the documents were rendered from other answers or another declaration, or other approvals"
        problems.append(refused("stale_documents", message, again))
    if absent := [name for name in formats(kind) if name not in files]:
        problems.append(refused("no_documents", f"documents.json does not list {', '.join(absent)}", again))
    if outside := [name for name in files if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts]:
        return [*problems, refused("edited_documents", f"{outside[0]} leads out of the report", again)]
    if links := sorted({link for name in files if (link := linked(folder / name, workspace))}):
        problems.append(refused("edited_documents", f"{', '.join(links[:5])} is a symbolic link", again))
    edited = sorted(
        name for name, digest in files.items()
        if not (folder / name).is_file() or digest_of_bytes((folder / name).read_bytes()) != digest
    )  # fmt: skip
    if edited:
        shown = ", ".join(edited[:5]) + (f" and {len(edited) - 5} more" if len(edited) > 5 else "")
        problems.append(refused("edited_documents", f"not as they were rendered: {shown}", again))
    return problems
