"""What the gate says about a whole workspace, from git alone: no data, no DVC, today's date, every source checked."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from governance.collect import Collected, collect_dataset, collect_model, judge, refused, source_problems
from governance.config import Workspace
from governance.errors import EvidenceError
from governance.evidence import digest_of, digest_of_bytes
from governance.lock import lock_differences, read_lock
from governance.policy import Decision, Verdict, read_verdict
from governance.repository import Repository


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


def judge_workspace(workspace: Workspace, today: datetime.date, only: Iterable[str] = ()) -> Judged:
    """Judge every dataset and model of params.yaml, or those named in `only`."""
    lock = read_lock(workspace)
    repository = Repository(workspace.root)
    general = [
        refused("other_code", difference, "run: govern upgrade, then dvc repro")
        for difference in lock_differences(workspace, libraries=False)
    ]
    chosen = tuple(only)
    judgements = []
    for name in workspace.config.datasets:
        if not chosen or name in chosen:
            collected = collect_dataset(workspace, name, lock)
            further = [*general, *_dataset_problems(workspace, collected, repository)]
            judgements.append(_judged(workspace, collected, further, today, lock))
    blocked = {j.name: j.exit_code for j in judgements if j.exit_code}
    for name, model in workspace.config.models.items():
        if not chosen or name in chosen:
            collected = collect_model(workspace, name, lock)
            further = list(general)
            if model.dataset in blocked:
                message = f"the data it was trained on, {model.dataset}, is blocked"
                code: Literal[3, 4] = 4 if blocked[model.dataset] == 4 else 3
                further.append(Decision(rule="evidence/data_blocked", effect="block", exit_code=code, message=message))
            judgements.append(_judged(workspace, collected, further, today, lock))
    used = {d.fingerprint for j in judgements for d in j.verdict.decisions if d.waiver}
    notes = () if chosen else tuple(
        f"waiver {waiver.fingerprint} ({waiver.owner}) matches no finding that blocks; remove it from waivers.yaml"
        for waiver in workspace.waivers
        if waiver.fingerprint not in used
    )  # fmt: skip
    return Judged(tuple(judgements), notes)


def _judged(
    workspace: Workspace, collected: Collected, further: list[Decision], today: datetime.date, lock: dict[str, Any]
) -> Judgement:
    further = [*further, *_stale_reports(workspace, collected, lock)]
    verdict = judge(workspace, collected, waivers=workspace.waivers, today=today, further=further)
    return Judgement(collected.name, collected.kind, collected, verdict)


def _dataset_problems(workspace: Workspace, collected: Collected, repository: Repository) -> list[Decision]:
    if collected.manifest is None:
        return []
    return source_problems(workspace, collected.name, collected.manifest, repository)


def _stale_reports(workspace: Workspace, collected: Collected, lock: dict[str, Any]) -> list[Decision]:
    """verdict.json must be what the evidence says now, and the documents what was rendered from it."""
    is_dataset = collected.kind == "dataset"
    folder = workspace.report(collected.name) if is_dataset else workspace.model_report(collected.name)
    stage = "documents" if is_dataset else "model_documents"
    again = f"run: dvc repro {stage}@{collected.name}"
    try:
        preview = read_verdict(folder / "verdict.json")
    except EvidenceError as error:
        return [refused("no_verdict", str(error).replace(f"{workspace.root}/", ""), again)]
    problems = []
    if preview.digest != judge(workspace, collected, waivers=workspace.waivers).digest:
        problems.append(
            refused("stale_verdict", "verdict.json is not what policy, waivers and evidence say now", again)
        )
    problems.extend(_stale_documents(folder, preview.digest, lock, again))
    return problems


def _stale_documents(folder: Path, verdict_digest: str, lock: dict[str, Any], again: str) -> list[Decision]:
    try:
        content = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
        listed = content.pop("digest") == digest_of(content)
        files: dict[str, str] = content["files"]
        made_from = (content["verdict"], content["code"])
    except (OSError, ValueError, KeyError, AttributeError) as error:
        return [refused("no_documents", f"documents.json cannot be read ({type(error).__name__})", again)]
    problems = []
    if not listed or made_from != (verdict_digest, lock["code"]["documents"]):
        problems.append(refused("stale_documents", "the documents were rendered from another verdict", again))
    edited = sorted(
        name for name, digest in files.items()
        if not (folder / name).is_file() or digest_of_bytes((folder / name).read_bytes()) != digest
    )  # fmt: skip
    if edited:
        shown = ", ".join(edited[:5]) + (f" and {len(edited) - 5} more" if len(edited) > 5 else "")
        problems.append(refused("edited_documents", f"not as they were rendered: {shown}", again))
    return problems
