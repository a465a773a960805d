"""Columns of words that no model reads, because their type says that they are names of something and no text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.measures.running_words import SEVERAL, of_words

if TYPE_CHECKING:
    import polars as pl

    from governance.dataset import Column


def words_unread(frame: pl.DataFrame, columns: Sequence[Column], read: Collection[str]) -> str:
    """Which of `columns`, strings of several words, models learn nothing of, as they are not among those `read`, and the
    cure; empty where there is none."""
    names = [
        repr(column.name)
        for column in columns
        if column.type is ColumnType.STRING and column.resolved_role is not Role.TEXT and column.name not in read
        and of_words(frame[column.name], SEVERAL)
    ]  # fmt: skip
    if not names:
        return ""
    one = len(names) == 1
    return (
        f"{', '.join(names)} {'holds' if one else 'hold'} several words a row, which no model reads, as the type is string; "
        f"if {'it is a text' if one else 'they are texts'}, write `type: text` in columns.yaml"
    )
