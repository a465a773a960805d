"""Who or what labels may depend on: the columns with the roles source, annotator and sensitive, as levels to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import Role
from governance.reporting.level_numbers import numbers_of

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn
    from governance.measures.conditional_association import Codes
    from governance.snapshot import Snapshot

MANY = 20
"""A numeric column with more values than this is compared by fifths."""
SHOWN_FROM = 5
"""Rows that must hold a value of a public column before it is named."""


@dataclass(frozen=True)
class Factor:
    """One column, coded."""

    column: str
    role: Role
    codes: Codes
    """(rows,) from 0."""
    names: tuple[str, ...]
    """What each level is called in a report: its value, or its number where that may not be shown."""
    numbered: frozenset[int] = frozenset()
    """The levels that are called by their number."""


def factors(snapshot: Snapshot, row_id: list[str]) -> list[Factor]:
    """The factors of the rows in `row_id`, in declared order; columns with one level are left out."""
    import polars as pl

    columns = snapshot.with_role(Role.SOURCE, Role.ANNOTATOR, Role.SENSITIVE)
    if not columns:
        return []
    wanted = pl.DataFrame({"row_id": row_id}, schema={"row_id": pl.String})
    frame = wanted.join(
        snapshot.frame(*[c.name for c in columns]).collect(), on="row_id", how="left", maintain_order="left"
    )
    made = []
    for column in columns:
        series = frame[column.name]
        if column.type.numeric and series.n_unique() > MANY:
            codes, names = _fifths(series)
            factor = Factor(column.name, column.resolved_role, codes, names)
        else:
            factor = by_value(snapshot, column, series)
        if int(factor.codes.max(initial=0)) > 0:
            made.append(factor)
    return made


def by_value(snapshot: Snapshot, column: SnapshotColumn, series: pl.Series) -> Factor:
    """The rows of `series`, which are some of `column`, coded in order of the values as text, missing last."""
    import numpy as np
    import polars as pl

    text = series.cast(pl.String)
    counts = text.drop_nulls().value_counts(sort=False).sort(series.name)
    rank = {value: position for position, value in enumerate(counts[series.name])}
    hidden = {value for value, rows in counts.iter_rows() if column.private or rows < SHOWN_FROM}
    called = numbers_of(snapshot, column.name) if hidden else {}
    names = [called[value] if value in hidden else value for value in rank]
    if text.null_count():
        names.append("(missing)")
    codes = np.array([len(rank) if value is None else rank[value] for value in text], dtype=np.int64)
    return Factor(column.name, column.resolved_role, codes, tuple(names), frozenset(rank[value] for value in hidden))


def _fifths(series: pl.Series) -> tuple[Codes, tuple[str, ...]]:
    import numpy as np
    import polars as pl

    numbers = series.cast(pl.Float64).to_numpy()
    known = np.isfinite(numbers)
    edges = np.unique(np.quantile(numbers[known], [0.2, 0.4, 0.6, 0.8]))
    codes = np.where(known, np.searchsorted(edges, np.nan_to_num(numbers), side="right"), edges.size + 1)
    names = [f"part {part + 1} of {edges.size + 1} (low to high)" for part in range(edges.size + 1)] + ["(missing)"]
    used = np.unique(codes)
    return np.searchsorted(used, codes).astype(np.int64), tuple(names[code] for code in used)
