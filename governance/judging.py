"""What the gate says about a whole workspace, from git alone: no data, no DVC, today's date, every source checked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from governance.collect import Collected, collect_dataset, collect_model, judge
from governance.comparing.against import Against, against_base
from governance.comparing.revision import Revision
from governance.config import WAIVERS, Config, Workspace
from governance.decision_files import misplaced
from governance.documents.answered import unknown_questions
from governance.documents.wording import plural
from governance.errors import ConfigError, EvidenceError
from governance.evidence import ANSWERS
from governance.lock import lock_differences, read_lock
from governance.ratchet import BASELINE
from governance.repository import Repository
from governance.signoff import approvals_demanded, links, stale_baseline
from governance.snapshot_problems import refused, source_problems
from governance.stale_reports import sketch_problems, stale_index, stale_reports
from governance.validation import hint
from governance.verdict import Decision, Verdict

DATA_BLOCKED = "evidence/data_blocked"
_OF_A_RUN = re.compile(r"evidence/(unusable|nothing_assessed|no_verdict|not_measured|stale_)|required/(?!nothing$)")
"""Rules about a model whose remedy is a run."""
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
        general += stale_index(workspace)
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
        *stale_reports(workspace, collected, lock, preview),
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
    return [*problems, *sketch_problems(workspace, collected.name, collected.manifest.digest)]


def _all_reported(workspace: Workspace) -> bool:
    """Whether every subject has a verdict. Without one the index cannot be made; that subject blocks, and no other."""
    folders = [workspace.report(name) for name in workspace.config.datasets]
    folders += [workspace.model_report(name) for name in workspace.config.models]
    return all((folder / "verdict.json").is_file() for folder in folders)
