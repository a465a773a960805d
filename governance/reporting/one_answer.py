"""Rows of a questionnaire that give one answer throughout, and how many of them chance makes equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.measures.answer_scales import MOST_LEVELS, answer_scales

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn

_ANSWERS = {ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.BOOLEAN, ColumnType.CATEGORY, ColumnType.STRING}


def scales_of(frame: pl.LazyFrame, columns: Sequence[SnapshotColumn]) -> list[tuple[str, ...]]:
    """Sets of `columns` that hold answers on one scale (measures.answer_scales)."""
    import polars as pl

    asked = [column for column in columns if column.type in _ANSWERS and column.distinct <= MOST_LEVELS]
    if not asked:
        return []
    found = pl.collect_all([frame.select(pl.col(column.name).drop_nulls().unique()) for column in asked])
    kinds = {column.name: str(levels.dtypes[0]) for column, levels in zip(asked, found, strict=True)}
    scales = []
    for kind in dict.fromkeys(kinds.values()):
        of_kind = {c.name: frozenset(f.to_series()) for c, f in zip(asked, found, strict=True) if kinds[c.name] == kind}
        scales += answer_scales(of_kind)
    return scales


def throughout(scales: Sequence[tuple[str, ...]]) -> pl.Expr:
    """Whether a row gives one answer to all questions of each scale, or none to any; false without a scale."""
    import polars as pl

    same = [pl.col(name).eq_missing(pl.col(first)) for first, *others in scales for name in others]
    return pl.all_horizontal(same) if same else pl.lit(False)


def told_once(names: Sequence[str], scales: Sequence[tuple[str, ...]]) -> list[str]:
    """`names` with the first question of each scale alone: the others repeat it in rows of one answer throughout."""
    repeated = {name for _, *others in scales for name in others}
    return [name for name in names if name not in repeated]
