"""Finds the rows that decisions name in a version of the data, also where types changed, and says what became of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.decisions import Sitting, in_force, words
from governance.ingestion.row_keys import columns_digest, identifiers, written_ids

if TYPE_CHECKING:
    import polars as pl

    from governance.dataset import Column


@dataclass(frozen=True)
class Found:
    """Decisions beside the rows of one version."""

    sittings: tuple[Sitting, ...]
    """As they stand in their files, each row under the id that it has now."""
    retyped: frozenset[str] = frozenset()
    """Ids of now of rows that have another id since the type of a column changed."""
    edited: frozenset[str] = frozenset()
    """Rows that are not there, while a row with their identifier is, and holds other cells."""
    other_columns: frozenset[str] = frozenset()
    """Rows that are not there, and were decided about when the data had other columns."""


def find_rows(frame: pl.DataFrame, columns: Sequence[Column], sittings: Sequence[Sitting]) -> Found:
    """`frame` are the rows as they came in, with `row_id` and the keys of the snapshot."""
    known = set(frame["row_id"].to_list())
    lost = {row: one for row, one in in_force(sittings).items() if row not in known}
    if not lost:
        return Found(tuple(sittings))
    moved: dict[str, str] = {}
    if any(one.written for one in lost.values()):
        now = dict(zip(written_ids(frame, columns).to_list(), frame["row_id"].to_list(), strict=True))
        moved = {row: now[one.written] for row, one in lost.items() if one.written in now}
    left = {row: one for row, one in lost.items() if row not in moved}
    asked = columns_digest(columns)
    under = {word.decision.row: word.columns for word in words(sittings)}
    other = frozenset(row for row in left if under[row] not in ("", asked))
    edited = frozenset[str]()
    named = identifiers(frame, columns) if any(one.identifier for one in left.values()) else None
    if named is not None:
        there = set(named.to_list())
        edited = frozenset(row for row, one in left.items() if row not in other and one.identifier in there)
    renamed = tuple(
        sitting.model_copy(
            update={"rows": tuple(one.model_copy(update={"row": moved.get(one.row, one.row)}) for one in sitting.rows)}
        )
        for sitting in sittings
    )
    return Found(renamed, frozenset(moved.values()), edited, other)


def with_keys(sitting: Sitting, frame: pl.DataFrame, columns: Sequence[Column]) -> Sitting:
    """`sitting` with all by which later versions can tell what became of its rows, which `frame` holds as they came in."""
    ids = frame["row_id"].to_list()
    written = dict(zip(ids, written_ids(frame, columns).to_list(), strict=True))
    named = identifiers(frame, columns)
    own = {} if named is None else dict(zip(ids, named.zip_with(named.is_unique(), named.clear(len(ids))), strict=True))
    rows = tuple(
        one.model_copy(update={"written": written[one.row], "identifier": own.get(one.row) or ""})
        for one in sitting.rows
    )
    return sitting.model_copy(update={"rows": rows, "columns": columns_digest(columns)})
