"""Compares two manifests: columns and classes."""

from __future__ import annotations

from collections.abc import Iterator

from governance.differences.difference import ColumnChange, Count
from governance.manifest import RARE_CLASS, Manifest, class_rows
from governance.render import number


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


RARE = f"classes of fewer than {RARE_CLASS} rows"


def class_counts(before: Manifest | None, after: Manifest | None) -> Iterator[Count]:
    """Rows per class whose number changed, over all splits; classes too rare to be named are counted together.

    None stands for fewer than RARE_CLASS rows, where that side has such classes: their names are not told.
    """
    target = (after.target if after else None) or (before.target if before else None) or ""
    old, new = (class_rows(manifest.classes if manifest else {}) for manifest in (before, after))
    for level in sorted(old.named.keys() | new.named.keys()):
        was, now = (side.named.get(level, None if side.rare else 0) for side in (old, new))
        if was != now:
            yield Count(of=target, level=level, before=was, after=now)
    if (old.rare, old.rare_rows) != (new.rare, new.rare_rows):
        yield Count(of=target, level=RARE, before=old.rare_rows, after=new.rare_rows)


def counted(rows: int | None) -> str:
    """The number of rows of a class, as `class_counts` tells it."""
    return f"fewer than {RARE_CLASS}" if rows is None else number(rows)
