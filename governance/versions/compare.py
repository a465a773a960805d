"""Puts the comparison of two revisions together, dataset by dataset."""

from __future__ import annotations

from collections.abc import Iterable

from governance.comparing.loosening import Loosened, loosened
from governance.comparing.revision import opened
from governance.config import Workspace
from governance.differences.difference import Difference, Differences, RowChanges
from governance.differences.manifests import class_counts, column_changes
from governance.differences.shifts import group_counts, shifts
from governance.errors import EvidenceError, GovernanceError, UsageError
from governance.manifest import Manifest
from governance.references import SKETCH
from governance.sketches import Sketch, read_sketch
from governance.versions.cached import cached_files, locked_output
from governance.versions.reports import (
    answer_changes,
    by_gravity,
    evidence_of,
    findings_of,
    manifest_of,
    metric_changes,
    section_changes,
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
        found = tuple(_difference(base, workspace, name, looser, rows=rows) for name in names)
        return Differences(revision=revision, datasets=found, loosened=by_gravity(looser.everywhere))


def _difference(base: Workspace | None, head: Workspace, name: str, looser: Loosened, *, rows: bool) -> Difference:
    base = base if base is not None and name in base.config.datasets else None
    here = head if name in head.config.datasets else None
    was, now = manifest_of(base, name), manifest_of(here, name)
    old, new = evidence_of(base, name), evidence_of(here, name)
    left, right = findings_of(old), findings_of(new)
    sketches = _sketches(base, here, name)
    changed, unknown = _rows(base, here, name, was, now) if rows else (None, "not asked for")
    return Difference(
        name=name,
        before=version_of(base, name),
        after=version_of(here, name),
        rows=changed,
        rows_unknown=unknown,
        columns=tuple(column_changes(was, now)) if was and now else (),
        counts=(*class_counts(was, now), *(group_counts(*sketches) if sketches else ())),
        new=by_gravity(finding for key, finding in right.items() if key not in left),
        fixed=by_gravity(finding for key, finding in left.items() if key not in right),
        unchanged=len(left.keys() & right.keys()),
        metrics=tuple(metric_changes(old, new)),
        shifts=tuple(shifts(*sketches)) if sketches else (),
        loosened=by_gravity(looser.of.get(name, ())),
        answers=tuple(answer_changes(base, here, name)),
        sections=tuple(section_changes(base, here, name)),
    )


def _sketches(base: Workspace | None, here: Workspace | None, name: str) -> tuple[Sketch, Sketch] | None:
    """Both sides' sketches, None where one cannot be read."""
    if base is None or here is None:
        return None
    try:
        return read_sketch(base.report(name) / SKETCH), read_sketch(here.report(name) / SKETCH)
    except EvidenceError:
        return None


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
