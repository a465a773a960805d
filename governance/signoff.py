"""What people owe a version: the approvals that the policy demands, and files of their own that are what git holds."""

from __future__ import annotations

import datetime
from typing import Literal

from governance.approvals import approvals_path, read_approvals
from governance.approving import Author, Here, approval_decisions
from governance.canonical import digest_of
from governance.collect import Collected
from governance.config import Workspace
from governance.made_from import said_digest
from governance.ratchet import BASELINE, tightened
from governance.report_files import linked
from governance.repository import Repository
from governance.snapshot_problems import refused
from governance.verdict import Decision, Verdict


def links(workspace: Workspace, *names: str) -> list[Decision]:
    """Files that people write and that are symbolic links: git does not hold what lies behind one."""
    return [
        refused("linked", f"{name} is, or lies below, a symbolic link, and git does not hold what lies behind it",
                "put the file itself there")
        for name in names
        if linked(workspace.root / name, workspace)
    ]  # fmt: skip


def stale_baseline(workspace: Workspace, collected: Collected) -> list[Decision]:
    """An entry that outlives its finding would forgive the next one like it."""
    known = workspace.baseline.of(collected.kind, collected.name)
    if known is None or known == (now := tightened(known, collected.evidence)):
        return []
    fixed = [one for one in known.findings if now.of(one.fingerprint) is None]
    fewer = [one for one in known.findings if now.of(one.fingerprint) not in (None, one)]
    parts = [f"{one.rule} [{one.fingerprint}]" for one in [*fixed, *fewer]]
    shown = ", ".join(parts[:5]) + (f" and {len(parts) - 5} more" if len(parts) > 5 else "")
    message = (
        f"{BASELINE} lets through more than there is: {len(fixed)} repaired, {len(fewer)} fewer or milder: {shown}"
    )
    return [refused("stale_baseline", message, "run: govern baseline --prune")]


def approvable(workspace: Workspace, collected: Collected, verdict: Verdict) -> Here:
    """What an approval of this subject is given to: data, verdict, and what the documents say."""
    said = digest_of([verdict.digest, said_digest(workspace, collected.kind, collected.name)])
    return Here(verdict.snapshot_digest, verdict.digest, said)


def approvals_demanded(
    workspace: Workspace,
    collected: Collected,
    rules: Workspace,
    preview: Verdict,
    repository: Repository,
    today: datetime.date,
) -> list[Decision]:
    """Approvals that the policy demands. With a base they are the base's: a change does not approve itself."""
    name, kind = collected.name, collected.kind
    demand = rules.config.policy.resolved().approvals
    here = approvable(workspace, collected, preview)
    given = read_approvals(rules.root, name, kind)
    own = read_approvals(workspace.root, name, kind)
    wanted = not demand.nobody and not demand.author_may_approve
    author = author_of_change(workspace, name, kind, repository) if wanted else Author()
    decisions = list(approval_decisions(demand, given, here, author, today))
    if given != own and any(one.effect == "block" for one in decisions):
        hoped = approval_decisions(demand, [*given, *own], here, author, today)
        if not any(one.effect == "block" for one in hoped):
            decisions = [
                one.model_copy(update={"message": f"{one.message} [would pass with this approval: merge it first]"})
                if one.effect == "block" else one for one in decisions
            ]  # fmt: skip
    path = approvals_path(workspace.root, name).relative_to(workspace.root).as_posix()
    return [*links(workspace, path), *decisions]


def author_of_change(
    workspace: Workspace, name: str, kind: Literal["dataset", "model"], repository: Repository
) -> Author:
    """Whose change an approval would be given to: who last committed the manifest, or the evidence on a model."""
    path = workspace.report(name) / "manifest.json" if kind == "dataset" else workspace.model_report(name) / "evidence"
    return Author(*repository.author_of(path.relative_to(workspace.root).as_posix()))
