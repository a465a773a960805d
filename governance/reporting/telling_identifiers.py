"""Columns that name rows and tell the target: by the order in which rows were numbered, or by a part of the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from governance.dataset import ColumnType, Role
from governance.reporting.labelled_sample import MIN_ROWS
from governance.reporting.parts_of_codes import last_digits, parts_of, pieces_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.reporting.labelled_sample import LabelledSample
    from governance.snapshot import Snapshot

IDENTIFIER_SKILL = 0.1
"""Skill that an identifier must exceed, so that it matters beside being beyond chance."""
CONFIDENCE = 0.95
"""One-sided, over all columns and all parts of their values together (Bonferroni)."""
NEARLY_ALL = 0.95
"""Share of rows in which a column differs that looks like an identifier: copied rows repeat theirs."""


def identifier_columns(snapshot: Snapshot) -> list[SnapshotColumn]:
    """Columns that are identifiers, or look like one: serial numbers, or codes that differ in nearly every row."""
    return [column for column in snapshot.columns if _names_rows(snapshot, column)]


def numbers_apart(snapshot: Snapshot, naming: Sequence[SnapshotColumn]) -> list[SnapshotColumn]:
    """Whole numbers that differ in nearly every row and lie far apart, unlike those `naming` rows: account numbers, or
    measurements."""
    return [column for column in snapshot.columns if _differs(snapshot, column) and column not in naming]


def telling_identifiers(
    samples: list[LabelledSample], columns: list[SnapshotColumn], apart: Sequence[SnapshotColumn] = ()
) -> tuple[tuple[str, float, Literal["order", "part"]], ...]:
    """Of `columns`, those that tell the target out of fold in one of `samples`, beyond chance and by enough to matter;
    with their skill, and whether it is the order of their values that tells it, or a part of them. Words have no order
    that rows could have been numbered in: they are asked for their parts only.

    Of numbers that lie far `apart` only the last digit is asked: the size of a measurement may well tell the target.
    """
    import polars as pl

    from governance.measures import feature_codes
    from governance.measures.running_words import of_words

    found: list[tuple[str, float, Literal["order", "part"]]] = []
    asked: list[tuple[LabelledSample, str, Literal["order", "part"], NDArray[np.int64]]] = []
    for sample in samples:
        for column in columns:
            series = sample.frame[column.name]
            if series.dtype != pl.String or not of_words(series):  # the alphabet's order of words is no order of rows
                asked.append(
                    (sample, column.name, "order", feature_codes.binned(_in_order(series), feature_codes.COARSE))
                )
            asked += [(sample, column.name, "part", codes) for codes in parts_of(series)]
        for column in apart:
            asked += [(sample, column.name, "part", codes) for codes in last_digits(sample.frame[column.name])]
    level = 1 - (1 - CONFIDENCE) / max(len(asked), 1)
    best: dict[str, float] = {}
    for sample, name, by, codes in asked:
        skill = sample.skill_of(codes, level)
        if skill.low > max(IDENTIFIER_SKILL, best.get(name, 0.0)):
            best[name] = skill.low
            found = [item for item in found if item[0] != name]
            found.append((name, skill.value, by))
    return tuple(sorted(found))


def _names_rows(snapshot: Snapshot, column: SnapshotColumn) -> bool:
    import polars as pl

    if column.resolved_role is Role.IDENTIFIER:
        return True
    if not _differs(snapshot, column):
        return False
    if column.type is ColumnType.INTEGER:
        ends = snapshot.frame(column.name).select(pl.col(column.name).max() - pl.col(column.name).min() + 1)
        return bool(ends.collect().item() <= 2 * snapshot.rows)
    return True


def _differs(snapshot: Snapshot, column: SnapshotColumn) -> bool:
    """Whether a feature of whole numbers or of codes differs in nearly every row."""
    if column.resolved_role is not Role.FEATURE or snapshot.rows < MIN_ROWS or column.nulls:
        return False
    return column.type in {ColumnType.INTEGER, ColumnType.STRING} and column.distinct >= NEARLY_ALL * snapshot.rows


def _in_order(series: pl.Series) -> NDArray[np.float64]:
    """The place of each value when all are sorted as a person would: runs of digits by their number."""
    import numpy as np

    from governance.measures.encoding import to_numbers

    if series.dtype.is_numeric() or series.dtype.is_temporal():
        return to_numbers(series)
    pieces = [
        [(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in pieces_of(value)] for value in series.to_list()
    ]
    places = {tuple(piece): place for place, piece in enumerate(sorted({tuple(piece) for piece in pieces}))}
    return np.array([places[tuple(piece)] for piece in pieces], dtype=np.float64)
