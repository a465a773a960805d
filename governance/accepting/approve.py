"""Writes one approval, and freezes the version once all approvals that the policy demands are there."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.accepting.person import Person
from governance.approvals import (
    APPROVALS,
    Approval,
    KeptFindings,
    approvals_path,
    findings_path,
    manifest_path,
    parse_approvals,
    read_approvals,
    sketch_path,
)
from governance.approving import Author, approval_decisions
from governance.collect import judge
from governance.errors import Blocked, EvidenceError, UsageError
from governance.evidence import Evidence
from governance.files import write_atomic
from governance.policy import ROLE_PATTERN
from governance.references import RESULTS, results_path
from governance.report_files import linked
from governance.repository import Repository
from governance.signoff import approvable, author_of_change
from governance.stale_reports import OLDER_THAN_APPROVALS
from governance.yaml_entries import with_list_entry

if TYPE_CHECKING:
    from governance.config import Workspace
    from governance.judging import Judgement
    from governance.verdict import Decision

HEAD = (
    "# People's word on versions of {name}, oldest first; written by `govern approve`. A line here is never changed.\n"
)


@dataclass(frozen=True)
class Given:
    """What came of an approval."""

    approval: Approval
    missing: tuple[Decision, ...]
    """What the policy still demands."""
    frozen: tuple[Path, ...]
    """Files written below references/, relative to the workspace."""


def approve(
    workspace: Workspace, judgement: Judgement, who: Person, role: str, note: str, today: datetime.date
) -> Given:
    """Append the approval of what is judged. Raises what blocks it: approvals are of what the gate lets through."""
    name, kind = judgement.name, judgement.kind
    _refuse_blocked(judgement)
    preview = judge(workspace, judgement.collected, waivers=workspace.waivers)
    here = approvable(workspace, judgement.collected, preview)
    entry: dict[str, Any] = {"by": who.name}
    entry |= {"email": who.email} if who.email else {}
    entry |= {"role": role, "on": today.isoformat(), "note": note.strip()}
    entry |= {"kind": kind} if kind == "model" else {}
    entry |= {"data": here.data, "verdict": here.verdict, "documents": here.documents}
    path, shown = approvals_path(workspace.root, name), f"{APPROVALS}/{name}.yaml"
    if link := linked(path, workspace):
        raise EvidenceError(f"{link} is a symbolic link, and git does not hold what lies behind it")
    given = read_approvals(workspace.root, name, kind)
    approval = _checked(entry, role, note)
    author = author_of_change(workspace, name, kind, Repository(workspace.root))
    demand = workspace.config.policy.resolved().approvals
    _refuse_pointless(approval, given, author, excluded=not demand.nobody and not demand.author_may_approve)
    text = path.read_text(encoding="utf-8") if path.is_file() else HEAD.format(name=name)
    added = with_list_entry(text, "approvals", entry, shown)
    decisions = approval_decisions(demand, [*given, approval], here, author, today)
    missing = tuple(decision for decision in decisions if decision.effect == "block")
    # Frozen first: a reference without its approval counts for nothing, the other way round one would be missing.
    frozen: tuple[Path, ...] = ()
    if not missing:
        frozen = (
            _freeze(workspace, judgement, here.data) if kind == "dataset" else _freeze_results(workspace, judgement)
        )
    write_atomic(path, added)
    return Given(approval, missing, frozen)


def _refuse_blocked(judgement: Judgement) -> None:
    # Nor does it matter that documents do not show an approval yet: the next person may approve what they say as well.
    accepted = ("approval/", f"evidence/{OLDER_THAN_APPROVALS}")
    rest = [one for one in judgement.verdict.blocking if not one.rule.startswith(accepted)]
    if not rest:
        return
    reasons = "\n".join(f"  - {decision.message}" for decision in rest)
    error = EvidenceError if any(one.exit_code == 4 for one in rest) else Blocked
    raise error(f"{judgement.name} cannot be approved while the gate blocks it:\n{reasons}")


def _checked(entry: dict[str, Any], role: str, note: str) -> Approval:
    problems = []
    if not re.match(ROLE_PATTERN, role):
        problems.append(f"--role {role!r} is no role: small letters, digits and `_`, such as data_owner")
    if len(note.strip()) < 3:
        problems.append("--note is empty; say what was looked at, and what it may be used for")
    if len(entry["by"].strip()) < 3:
        problems.append(f"{entry['by']!r} is too short for a name; give --name 'Your Name'")
    if problems:
        raise UsageError("\n".join(problems))
    (approval,), _ = parse_approvals({"approvals": [entry]}, APPROVALS)
    return approval


def _refuse_pointless(approval: Approval, given: tuple[Approval, ...], author: Author, *, excluded: bool) -> None:
    """An approval that would count for nothing is refused rather than written."""
    bound = ("by", "email", "role", "data", "verdict", "documents")
    if any(all(getattr(one, part) == getattr(approval, part) for part in bound) for one in given):
        raise UsageError(f"{approval.by} has approved this version as {approval.role} already")
    if excluded and author.unknown:
        raise EvidenceError(f"nobody can tell whose change this is, and an author may not approve: {author.unknown}")
    if excluded and author.is_of(approval.by, approval.email):
        raise Blocked(f"{approval.by} made this change, and the policy wants other people's approval")


def _freeze(workspace: Workspace, judgement: Judgement, data: str) -> tuple[Path, ...]:
    """Copy what later versions are compared with into references/. The manifest comes last: it marks the whole."""
    name = judgement.name
    evidence = (item for item in judgement.collected.evidence.values() if isinstance(item, Evidence))
    kept = findings_path(workspace.root, name, data)
    if link := linked(kept, workspace):
        raise EvidenceError(f"{link} is a symbolic link, and git does not hold what lies behind it")
    write_atomic(kept, KeptFindings.of(name, data, evidence).to_json())
    report, written = workspace.report(name), [kept.relative_to(workspace.root)]
    for file, path in (
        (report / "sketch.json", sketch_path(workspace.root, name, data)),
        (report / "manifest.json", manifest_path(workspace.root, name, data)),
    ):
        if link := linked(path, workspace):
            raise EvidenceError(f"{link} is a symbolic link, and git does not hold what lies behind it")
        if file.is_file():
            write_atomic(path, file.read_bytes())
            written.append(path.relative_to(workspace.root))
    return tuple(written)


def _freeze_results(workspace: Workspace, judgement: Judgement) -> tuple[Path, ...]:
    """Keep how the model did, row by row, for the next one to be compared with. Nothing without held-out rows."""
    from governance.modelling.frozen_results import data_of, freeze, results_key, results_of

    name, folder = judgement.name, workspace.model_build(judgement.name)
    again = f"Run: dvc pull train@{name}, or dvc repro train@{name}"
    if not (folder / "predictions.json").is_file():
        raise EvidenceError(f"the predictions of {name} are not here, and an approval keeps what they show.\n  {again}")
    results = results_of(folder)
    if results.height == 0:
        return ()
    used = judgement.collected.evidence.values()
    judged = {item.inputs["results"] for item in used if not isinstance(item, str) and "results" in item.inputs}
    manifest = judgement.collected.manifest
    if judged - {results_key(results)} or manifest is None or manifest.digest != data_of(folder):
        raise EvidenceError(f"the predictions of {name} that are here are not those that were judged.\n  {again}")
    listed = results_path(workspace.root, name, results_key(results)).parent / RESULTS
    if link := linked(listed, workspace):
        raise EvidenceError(f"{link} is a symbolic link, and git does not hold what lies behind it")
    path = freeze(folder, workspace.root, name)
    return (path.relative_to(workspace.root), listed.relative_to(workspace.root))
