"""Compares two manifests: columns and classes."""

from __future__ import annotations

from collections.abc import Iterator

from governance.differences.difference import ColumnChange, Count
from governance.manifest import Manifest


def column_changes(before: Manifest | None, after: Manifest | None) -> Iterator[ColumnChange]:
    """Columns that came, went, or are declared otherwise, in the order of their names."""
    old = {column.name: column for column in (before.columns if before else ())}
    new = {column.name: column for column in (after.columns if after else ())}
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            sides = ["absent" if one is None else str(one.type) for one in (was, now)]
            yield ColumnChange(column=name, what="column", before=sides[0], after=sides[1])
            continue
        for what, left, right in (
            ("type", str(was.type), str(now.type)),
            ("role", str(was.resolved_role), str(now.resolved_role)),
            ("private", _yes(was.private), _yes(now.private)),
            ("unit", was.unit or "none", now.unit or "none"),
        ):
            if left != right:
                yield ColumnChange(column=name, what=what, before=left, after=right)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def class_counts(before: Manifest | None, after: Manifest | None) -> Iterator[Count]:
    """Rows per class whose number changed, over all splits."""
    target = (after.target if after else None) or (before.target if before else None) or ""
    old, new = (_classes(manifest) for manifest in (before, after))
    for level in sorted(old.keys() | new.keys()):
        if old.get(level, 0) != new.get(level, 0):
            yield Count(of=target, level=level, before=old.get(level, 0), after=new.get(level, 0))


def _classes(manifest: Manifest | None) -> dict[str, int]:
    counts: dict[str, int] = {}
    for classes in (manifest.classes if manifest else {}).values():
        for level, rows in classes.items():
            counts[level] = counts.get(level, 0) + rows
    return counts
