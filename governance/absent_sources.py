"""Sources that are not where params.yaml says, and evidence that says so.

DVC looks for what a stage depends on before it starts it, so no stage can put on record that its source is missing.
`govern repro` does, by the very functions that the stages call, and lets DVC run all that can run.
"""

from __future__ import annotations

from dataclasses import dataclass

from governance.config import Workspace
from governance.repository import Repository


@dataclass(frozen=True)
class AbsentSource:
    """A source that no run of the pipeline will find or make."""

    dataset: str
    message: str
    remedy: str
    lost: bool
    """Neither git nor DVC knows it: there is nothing to fetch, so the evidence has failed."""


def absent_source(workspace: Workspace, repository: Repository, name: str) -> AbsentSource | None:
    """What is missing of the dataset `name`; None when its source is here, or a stage makes it."""
    path = workspace.dataset(name).data.path
    if (workspace.root / path).exists():
        return None
    known = repository.known(path)
    if known is None:
        if made_by_a_stage(workspace, path):
            return None
        message = f"{path} does not exist, and neither git nor DVC knows it"
        remedy = "correct `path` in params.yaml, or add the file; meanwhile `govern repro` runs all else"
        return AbsentSource(name, message, remedy, lost=True)
    if known.by.startswith("dvc.lock"):
        return None
    fetch = f"git checkout -- {path}" if known.by == "git" else repository.fetch(path)
    return AbsentSource(name, f"{path} is not here; {known.by} knows it", fetch, lost=False)


def made_by_a_stage(workspace: Workspace, path: str) -> bool:
    """Whether a dvc.yaml of the repository names `path` as an output that was not made yet."""
    target = (workspace.root / path).resolve()
    for file in workspace.boundary.rglob("dvc.yaml"):
        if "build" in file.parts:
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            word = line.strip().removeprefix("- ").rstrip(":")
            if word and (file.parent / word).resolve() == target:
                return True
    return False


def put_on_record(workspace: Workspace, name: str) -> None:
    """Run every stage of the dataset `name`, as DVC would: each says `failed`, and why.

    Raises GovernanceError where a stage would: configuration that makes no sense, a stale govern.lock.
    """
    from governance.stages import stage

    for step in ("snapshot", "sketch", "signals", "inputs"):
        stage(step)(workspace, name)
    for audit in workspace.config.audits:
        stage("audit")(workspace, name, audit)
    for step in ("verdict", "documents"):
        stage(step)(workspace, name)
