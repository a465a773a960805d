"""What speaks against a snapshot: that it is of other data, declarations, code or decisions than what is here now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.config import Workspace
from governance.contract import declared_digest, read_columns, unknown_columns
from governance.decision_files import decisions_digest, named, read_decisions
from governance.errors import ConfigError
from governance.evidence import Outcome
from governance.manifest import Manifest
from governance.repository import Repository, blobs_match
from governance.verdict import Decision


def refused(rule: str, message: str, remedy: str) -> Decision:
    """A decision that blocks with exit code 4 and says what to run."""
    return Decision(rule=f"evidence/{rule}", effect="block", exit_code=4, message=f"{message}; {remedy}")


def manifest_problems(
    workspace: Workspace, name: str, manifest: Manifest, lock: Mapping[str, Any], again: str
) -> list[Decision]:
    """Whether the snapshot is of dataset `name` and made from what params.yaml, the lock, columns.yaml and people say now.

    `again` is what to run where it is not.
    """
    problems = []
    if manifest.outcome is not Outcome.ASSESSED:
        mend = f"mend the data, or what is written about it, then {again}"
        unread = refused("no_snapshot", f"no snapshot could be made of the data: {manifest.reason}", mend)
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


def unmatched_decisions(workspace: Workspace, name: str, manifest: Manifest) -> list[Decision]:
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
