"""What splits share beside equal rows: the same entity on both sides, later times in training, dates after the label."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role

if TYPE_CHECKING:
    from governance.manifest import SnapshotColumn
    from governance.snapshot import Snapshot

_NAMES_ENTITY = re.compile(
    r"(^|[_ .-])(patient|subject|person|people|customer|client|user|member|employee|student|household|account|device"
    r"|session)([_ .-]?(id|nr|no|num|number|code|key|uuid|guid))?$|([a-z]|[_ .-])I[Dd]$|(^|[_ .-])(id|uuid|guid|key)$"
)
LATER_PAIRS = 0.01
"""Training counts as later than a split when it is in more than this share of pairs of rows: a late entry is no leak."""
APART, ERRORS = 0.25, 4
"""Times of splits are clearly apart when one is later in so much more than half of the pairs, and so many standard errors."""
LEAST_ENTITIES = 0.05
"""A column that repeats names entities, and is no category, from so many different values on, as a share of the rows."""


@dataclass(frozen=True)
class SharedEntities:
    """Rows of one later split whose entity has rows in an earlier split."""

    column: str
    split: str
    rows: tuple[str, ...]
    """Their row ids, sorted."""
    entities: int
    of: int
    """Rows of the split."""


@dataclass(frozen=True)
class TimeOverlap:
    """How training and a later split lie in time."""

    column: str
    split: str
    later_pairs: float
    """Share of pairs (training row, row of the split) in which the training row is later: 0 when all of training
    comes first, 0.5 when time played no part."""
    earlier_pairs: float
    """Share in which it is earlier; all others are of one time."""
    later_rows: int
    """Training rows that are later than the split's median row."""
    train: int
    """Training rows with a time."""
    units: tuple[int, int]
    """Independent units among them, and among the split's rows with a time."""

    @property
    def apart(self) -> bool:
        """Whether the two are of clearly other times: a row of one later than a row of the other in three pairs of four,
        and by more than chance does (H. Mann, D. Whitney, Annals of Mathematical Statistics 18, 1947)."""
        away = abs(self.later_pairs - self.earlier_pairs) / 2
        error = math.sqrt((sum(self.units) + 1) / (12 * math.prod(self.units)))
        return away >= max(APART, ERRORS * error)


@dataclass(frozen=True)
class LateDates:
    """A date among the features that often lies after the time of the label."""

    column: str
    rows: tuple[str, ...]
    """Row ids, sorted."""
    of: int
    """Rows in which both are known."""


def entity_columns(snapshot: Snapshot) -> tuple[SnapshotColumn, ...]:
    """Columns that name what a row is about: role `group`, and identifiers that repeat."""
    return (*snapshot.with_role(Role.GROUP), *snapshot.repeated_identifiers)


def may_name_entities(snapshot: Snapshot, column: SnapshotColumn) -> bool:
    """Whether so many values repeat that the column may name what rows are about."""
    kinds = {ColumnType.STRING, ColumnType.CATEGORY, ColumnType.INTEGER}
    return column.type in kinds and LEAST_ENTITIES * snapshot.rows <= column.distinct < snapshot.rows - column.nulls


def likely_entity_columns(snapshot: Snapshot) -> tuple[SnapshotColumn, ...]:
    """Features that are called as what names people or things is, and repeat: nobody declared what they are."""
    return tuple(
        column
        for column in snapshot.features
        if may_name_entities(snapshot, column)
        and (_NAMES_ENTITY.search(column.name) or _NAMES_ENTITY.search(column.name.lower()))
    )


def shared_entities(snapshot: Snapshot, columns: Iterable[SnapshotColumn]) -> tuple[SharedEntities, ...]:
    """For each of `columns`, which name entities, and each later split, the rows that belong to an earlier split's entity."""
    import polars as pl

    splits = snapshot.splits
    order = {split: number for number, split in enumerate(splits)}
    found = []
    for column in columns:
        frame = snapshot.frame(column.name).select("row_id", "split", column.name).collect()
        place = pl.col("split").replace_strict(order, return_dtype=pl.Int64)
        frame = frame.drop_nulls(column.name).with_columns(place.alias("place"))
        late = frame.with_columns(pl.col("place").min().over(column.name).alias("first"))
        late = late.filter(pl.col("place") > pl.col("first"))
        for split in splits[1:]:
            here = late.filter(pl.col("split") == split)
            if here.height:
                rows = tuple(here["row_id"].sort().to_list())
                entities = here[column.name].n_unique()
                found.append(SharedEntities(column.name, split, rows, entities, snapshot.manifest.splits[split]))
    return tuple(found)


def moment_column(snapshot: Snapshot) -> SnapshotColumn | None:
    """The column that says when a row, and its label, came to be."""
    return next((column for column in snapshot.with_role(Role.TIMESTAMP) if column.distinct > 0), None)


def time_overlap(snapshot: Snapshot) -> tuple[TimeOverlap, ...]:
    """How the first split's rows and each later split's lie in time; none without a timestamp or without splits."""
    column = moment_column(snapshot)
    if column is None or column.type in {ColumnType.STRING, ColumnType.CATEGORY, ColumnType.TEXT}:
        return ()
    return overlap_by(snapshot, column)


def dates_of(snapshot: Snapshot) -> list[SnapshotColumn]:
    """The dates among the features that differ at all."""
    return [c for c in snapshot.features if c.type in {ColumnType.DATE, ColumnType.DATETIME} and c.distinct > 1]


def likely_time_overlap(snapshot: Snapshot) -> tuple[TimeOverlap, ...]:
    """The same by each date among the features by which a given split is of clearly other times than the first, and still
    has training rows later than its own: nobody declared what the date is."""
    return tuple(
        overlap
        for column in dates_of(snapshot)
        for overlap in overlap_by(snapshot, column)
        if overlap.later_pairs > LATER_PAIRS and overlap.apart
    )


def overlap_by(snapshot: Snapshot, column: SnapshotColumn) -> tuple[TimeOverlap, ...]:
    """The same by `column`, of numbers or dates."""
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers

    splits, group = snapshot.splits, snapshot.grouping
    names = [column.name] if group is None or group.name == column.name else [column.name, group.name]
    frame = snapshot.frame(*names).select("split", *names).collect().drop_nulls(column.name)
    parts = {split: frame.filter(pl.col("split") == split) for split in splits}
    times = {split: np.sort(to_numbers(part[column.name])) for split, part in parts.items()}
    units = {split: part.height if len(names) == 1 else part[names[1]].n_unique() for split, part in parts.items()}
    train, found = times[splits[0]], []
    for split in splits[1:]:
        later = times[split]
        if train.size and later.size:
            before = np.searchsorted(later, train, side="left")
            behind = later.size - np.searchsorted(later, train, side="right")
            after = int((train > np.median(later)).sum())
            pairs = train.size * later.size
            shares = float(before.sum()) / pairs, float(behind.sum()) / pairs
            independent = units[splits[0]], units[split]
            found.append(TimeOverlap(column.name, split, *shares, after, train.size, independent))
    return tuple(found)


def late_dates(snapshot: Snapshot) -> tuple[LateDates, ...]:
    """Dates among the features that lie after the declared timestamp; by the day when one of the two holds days."""
    import polars as pl

    moment = moment_column(snapshot)
    kinds = {ColumnType.DATE, ColumnType.DATETIME}
    if moment is None or moment.type not in kinds:
        return ()
    found = []
    for column in snapshot.features:
        if column.type not in kinds:
            continue
        frame = snapshot.frame(column.name, moment.name).select("row_id", column.name, moment.name).collect()
        frame = frame.drop_nulls()
        kind = pl.Datetime("us") if column.type is moment.type is ColumnType.DATETIME else pl.Date()
        late = frame.filter(pl.col(column.name).cast(kind) > pl.col(moment.name).cast(kind))
        if late.height:
            found.append(LateDates(column.name, tuple(late["row_id"].sort().to_list()), frame.height))
    return tuple(found)
