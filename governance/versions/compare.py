"""Puts the comparison of two revisions together, dataset by dataset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from governance.approvals import last_approved
from governance.comparing.loosening import Loosened, loosened
from governance.comparing.revision import opened
from governance.config import Workspace
from governance.differences.difference import (
    Clause,
    Count,
    Difference,
    Differences,
    Named,
    NotCompared,
    RowChanges,
    Side,
)
from governance.differences.manifests import class_counts, column_changes
from governance.differences.shifts import group_counts, shifts, told_by_audits
from governance.errors import ConfigError, EvidenceError, GovernanceError, UsageError
from governance.manifest import Manifest
from governance.references import SKETCH
from governance.sketches import Sketch, read_sketch
from governance.versions.cached import cached_files, locked_output
from governance.versions.evidence import Compared, compared
from governance.versions.reports import (
    Snapshot,
    answer_changes,
    by_gravity,
    metric_changes,
    section_changes,
    snapshot_of,
    version_of,
)

LOCK = "dvc.lock"


def differences(workspace: Workspace, revision: str, only: Iterable[str] = (), *, rows: bool = True) -> Differences:
    """What differs between `revision` and what is here now. Raises UsageError when git lacks the revision.

    `rows` False leaves the data alone: no cache is asked.
    """
    with opened(workspace, revision, also=frozenset({"reports", LOCK})) as before:
        base = before.workspace
        looser = loosened(before, workspace)
        chosen = list(only)
        names = chosen or list(workspace.config.datasets)
        if base is not None and not chosen:
            names += [name for name in base.config.datasets if name not in names]
        found = tuple(_difference(base, workspace, name, looser, shown=revision, rows=rows) for name in names)
        return Differences(revision=revision, datasets=found, loosened=by_gravity(looser.everywhere))


def _difference(
    base: Workspace | None, head: Workspace, name: str, looser: Loosened, *, shown: str, rows: bool
) -> Difference:
    base = base if base is not None and name in base.config.datasets else None
    here = head if name in head.config.datasets else None
    after = snapshot_of(here, name, "here")
    before = snapshot_of(base, name, f"at {shown}", after.manifest)
    was, now = before.manifest, after.manifest
    audits = compared(base, here, name, shown, (was.digest if was else "", now.digest if now else ""))
    left, right = audits.findings(audits.before), audits.findings(audits.after)
    missing = list(audits.not_compared)
    sketches: tuple[Sketch, Sketch] | None = None
    answers: tuple[Named, ...] = ()
    if base is not None and here is not None:
        missing[:0] = list(_no_snapshot(before, after))
        if was and now:
            sketches, problem = _sketches(base, here, name, shown)
            missing += problem
        try:
            answers = tuple(answer_changes(base, here, name))
        except ConfigError as error:
            form, why = "{what} cannot be read here or {place} ({reason})", "; ".join(error.problems)
            clause = Clause(form=form, place=f"at {shown}", reason=why)
            missing.append(NotCompared(what="answers", side="both", because="unreadable", clauses=(clause,)))
    elif here is not None and now is None:
        missing[:0] = list(_no_snapshot(Snapshot(None), after))
    changed, unknown = _rows(base, here, name, was, now) if rows else (None, "not asked for")
    return Difference(
        name=name,
        before=version_of(base, name, before),
        after=version_of(here, name, after),
        rows=changed,
        rows_unknown=unknown,
        not_compared=tuple(missing),
        unchecked=(*(["snapshot"] if before.unchecked else []), *audits.unchecked),
        columns=tuple(column_changes(was, now)) if was and now else (),
        counts=_counts(was, now, sketches) if was and now else (),
        new=by_gravity(finding for key, finding in right.items() if key not in left),
        fixed=by_gravity(finding for key, finding in left.items() if key not in right),
        unchanged=len(left.keys() & right.keys()),
        metrics=tuple(metric_changes(audits.evidence(audits.before), audits.evidence(audits.after))),
        shifts=tuple(shifts(*sketches, _told(here, name, was, now, audits))) if sketches else (),
        loosened=by_gravity(looser.of.get(name, ())),
        answers=answers,
        sections=tuple(section_changes(base, here, name)),
    )


def _told(
    here: Workspace | None, name: str, was: Manifest | None, now: Manifest | None, audits: Compared
) -> frozenset[str]:
    """Columns that an audit found to differ between the same two versions: where the base is the one approved before."""
    if here is None or was is None or now is None:
        return frozenset()
    try:
        approved = last_approved(here.root, name, now.digest)
    except ConfigError:
        return frozenset()
    same = approved is not None and approved.data == was.digest
    return told_by_audits(audits.evidence(audits.after).values()) if same else frozenset()


def _counts(was: Manifest, now: Manifest, sketches: tuple[Sketch, Sketch] | None) -> tuple[Count, ...]:
    return (*class_counts(was, now), *(group_counts(*sketches) if sketches else ()))


def _no_snapshot(before: Snapshot, after: Snapshot) -> Iterator[NotCompared]:
    """That rows, columns, classes and distributions are not compared, where a side has no snapshot."""
    obstacles = [one for one in (before, after) if one.obstacle is not None]
    if obstacles and (because := obstacles[0].obstacle) is not None:
        side: Side = "both" if len(obstacles) == 2 else "before" if before.obstacle is not None else "after"
        clauses = tuple(one.clause for one in obstacles if one.clause is not None)
        yield NotCompared(what="snapshot", side=side, because=because, clauses=clauses)


def _sketches(
    base: Workspace, here: Workspace, name: str, shown: str
) -> tuple[tuple[Sketch, Sketch] | None, list[NotCompared]]:
    """Both sides' sketches, or None and why one cannot be read."""
    read: list[Sketch] = []
    missing = []
    sides: tuple[tuple[Workspace, str, Side], ...] = ((base, f"at {shown}", "before"), (here, "here", "after"))
    for workspace, place, side in sides:
        try:
            read.append(read_sketch(workspace.report(name) / SKETCH))
        except EvidenceError as error:
            why = str(error).replace(f"{workspace.root}/", "")
            clause = Clause(form="the sketch of the data {place} cannot be read ({reason})", place=place, reason=why)
            missing.append(NotCompared(what="distributions", side=side, because="unreadable", clauses=(clause,)))
    return ((read[0], read[1]) if len(read) == 2 else None), missing


def _rows(
    base: Workspace | None, here: Workspace | None, name: str, was: Manifest | None, now: Manifest | None
) -> tuple[RowChanges | None, str]:
    """What became of the rows, or why that cannot be told here."""
    if base is None or here is None or was is None or now is None or not (was.digest and now.digest):
        return None, "there is no snapshot on both sides"
    if was.digest == now.digest and was.splits == now.splits:
        counted = None if _identifier(now) is None else 0
        return RowChanges(added=0, removed=0, changed=counted, relabelled=0, moved=0, same=now.rows), ""
    path = f"build/{name}/snapshot"
    md5 = locked_output(base.root / LOCK, f"snapshot@{name}", path)
    if md5 is None:
        return None, f"{LOCK} of that revision names no snapshot of {name}"
    current = [here.build(name) / "snapshot" / f"{split}.parquet" for split in now.splits]
    if not all(file.is_file() for file in current):
        return None, f"{path} is not here; run: dvc checkout, or dvc pull"
    try:
        held = cached_files(here.root, md5)
        from governance.versions.rows import compare_rows

        files = [held[f"{split}.parquet"] for split in was.splits]
        split = here.dataset(name).data.split
        divided_by = split.column if split.method == "column" else None
        found = compare_rows(files, current, identifier=_identifier(now), target=now.target, divided_by=divided_by)
        return found, ""
    except UsageError as error:
        return None, str(error).replace("\n ", "")
    except (GovernanceError, KeyError, ValueError, OSError) as error:
        return None, f"the cached snapshot cannot be read ({type(error).__name__})"


def _identifier(manifest: Manifest) -> str | None:
    """The column that names each row, if one does."""
    return next(
        (c.name for c in manifest.columns if c.resolved_role == "identifier" and c.distinct == manifest.rows), None
    )
