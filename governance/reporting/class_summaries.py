"""Summaries by class as small tables: how many rows each split has of each, and how columns differ between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from governance.dataset import Task
from governance.evidence import Figure, Scalar, Table
from governance.reporting.column_summaries import SHOWN_ROWS, mean_and_spread

if TYPE_CHECKING:
    from governance.snapshot import Snapshot

SHOWN_CLASSES = 20
COMPARED_CLASSES = 10
COMPARED_COLUMNS = 10
"""The columns that differ most between classes; more would bury them."""


class ClassCount(NamedTuple):
    """One class, by the name that evidence may show."""

    shown: str
    name: str
    rows: int
    splits: dict[str, int]


def count_classes(snapshot: Snapshot) -> list[ClassCount]:
    """Classes by size, largest first; empty unless the task is classification.

    A class of a private target, or with hardly any rows, is numbered instead of named.
    """
    if snapshot.task is not Task.CLASSIFICATION or snapshot.target is None:
        return []
    import polars as pl

    name = pl.col(snapshot.target).cast(pl.String).alias("class")
    counts = snapshot.frame(snapshot.target).drop_nulls(snapshot.target).group_by(name, "split").agg(pl.len()).collect()
    rows = {(label, split): n for label, split, n in counts.rows()}
    private = snapshot.column(snapshot.target).private
    found = []
    for label in sorted({label for label, _ in rows}):
        splits = {split: rows.get((label, split), 0) for split in snapshot.splits}
        found.append((label, sum(splits.values()), splits))
    found.sort(key=lambda entry: (-entry[1], entry[0]))
    return [
        ClassCount(f"class {number}" if private or rows < SHOWN_ROWS else name, name, rows, splits)
        for number, (name, rows, splits) in enumerate(found, 1)
    ]


def balance_table(snapshot: Snapshot, classes: list[ClassCount]) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    """Rows of each class in each split, and their share of the split."""

    if not classes:
        return (), ()
    splits = snapshot.splits
    totals = {split: sum(one.splits[split] for one in classes) for split in splits}
    more = f"; {len(classes) - SHOWN_CLASSES} smaller classes are left out" if len(classes) > SHOWN_CLASSES else ""
    lines: list[tuple[Scalar, ...]] = [
        (one.shown, split, one.splits[split], one.splits[split] / totals[split] if totals[split] else None)
        for one in sorted(classes[:SHOWN_CLASSES], key=lambda one: one.name)
        for split in splits
    ]
    caption = f"Classes by split{more}"
    table = Table(name="classes", caption=caption, columns=("class", "split", "rows", "share"), rows=tuple(lines))
    labelled = sum(totals.values()) or 1
    alt = f"{classes[0].shown} is the largest class with {classes[0].rows / labelled:.1%} of the labelled rows, "
    alt += f"{classes[-1].shown} the smallest with {classes[-1].rows / labelled:.1%}."
    figure = Figure(
        name="classes",
        caption=caption,
        alt=alt,
        kind="grouped_bar",
        table="classes",
        x="class",
        y=("share",),
        by="split",
    )
    return (table,), (figure,)


def comparison_table(snapshot: Snapshot, classes: list[ClassCount]) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    """Mean and standard deviation by class, of the public numeric features that differ most between classes."""
    import numpy as np
    import polars as pl

    from governance.measures.histogram import variance_explained

    shown = [one for one in classes if one.rows >= SHOWN_ROWS][:COMPARED_CLASSES]
    columns = [c.name for c in snapshot.features if c.type.numeric and not c.private and c.nulls < snapshot.rows]
    if len(shown) < 2 or not columns or snapshot.target is None:
        return (), ()
    number = {one.name: position for position, one in enumerate(shown)}
    label = pl.col(snapshot.target).cast(pl.String).replace_strict(number, default=-1, return_dtype=pl.Int64)
    code = snapshot.frame(snapshot.target).select(label.fill_null(-1)).collect().to_series().to_numpy()
    measured: list[tuple[float, str, list[tuple[Scalar, ...]]]] = []
    for name in columns:
        values = snapshot.frame(name).select(pl.col(name).cast(pl.Float64).fill_null(float("nan"))).collect()
        numbers = values.to_series().to_numpy()
        known = np.isfinite(numbers) & (code >= 0)
        explained = variance_explained(numbers[known], code[known], range(len(shown)))
        lines: list[tuple[Scalar, ...]] = []
        for position, one in enumerate(shown):
            mine = numbers[known & (code == position)]
            lines.append((name, one.shown, mine.size, *mean_and_spread(mine)))
        measured.append((explained, name, lines))
    measured.sort(key=lambda entry: (-entry[0], entry[1]))
    caption = "Means by class, of the numeric columns that differ most between classes"
    if len(columns) > COMPARED_COLUMNS:
        caption += f" ({COMPARED_COLUMNS} of {len(columns)})"
    table = Table(
        name="by_class",
        caption=caption,
        columns=("column", "class", "rows", "mean", "sd"),
        rows=tuple(line for _, _, lines in measured[:COMPARED_COLUMNS] for line in lines),
    )
    alt = f"{measured[0][1]} differs most: classes explain {measured[0][0]:.0%} of its variance."
    figure = Figure(
        name="by_class",
        caption=caption,
        alt=alt,
        kind="small_multiples",
        table="by_class",
        x="class",
        y=("mean",),
        by="column",
    )
    return (table,), (figure,)
