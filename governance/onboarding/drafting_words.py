"""Says what short cells of several words were taken for, texts or names, since models read only the words of texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.measures.running_words import SEVERAL, of_words
from governance.onboarding.drafting_layout import some

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn

_LONG = 80
"""Letters per cell, on average, from which nobody doubts that a column is a text."""


def about_words(columns: Sequence[SnapshotColumn], frame: pl.DataFrame) -> list[str]:
    """A sentence about those features of `columns` that were taken for short texts, and one about those that were not."""
    asked = [
        column
        for column in columns
        if column.resolved_role is Role.FEATURE and column.type in {ColumnType.TEXT, ColumnType.STRING}
        and column.distinct > 0.5 * (frame.height - column.nulls)
        and of_words(frame[column.name], SEVERAL)
    ]  # fmt: skip
    texts = [c.name for c in asked if c.type is ColumnType.TEXT and _letters(frame[c.name]) < _LONG]
    strings = [c.name for c in asked if c.type is ColumnType.STRING]
    said = []
    if texts:
        one = len(texts) == 1
        said.append(
            f"{some(texts)} {'was' if one else 'were'} taken for {'a text' if one else 'texts'}, whose words models learn from; "
            f"if {'it names' if one else 'they name'} what rows are about, write `type: string` in columns.yaml"
        )
    if strings:
        one = len(strings) == 1
        said.append(
            f"{some(strings)} {'was' if one else 'were'} taken for names of several words, which models do not read; "
            f"if {'it is a text' if one else 'they are texts'}, write `type: text` in columns.yaml"
        )
    return said


def _letters(series: pl.Series) -> float:
    known = series.drop_nulls()
    return int(known.str.len_chars().sum()) / max(known.len(), 1)
