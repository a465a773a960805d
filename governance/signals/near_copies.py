"""The signal `near_copies`: pairs of rows that distances point to, checked against the columns themselves.

On disk: near_copies.parquet with `first`, `second` (row ids) and `score`, 0 to 1. What the search could have noticed stands
in signals.json.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from governance.dataset import ColumnType, Modality, Role
from governance.errors import DataError
from governance.signals import Absent
from governance.signals.settings import FALSE_SHARE
from governance.telling import tell

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.signals import Neighbours
    from governance.snapshot import Snapshot

Pairs = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.float64]"]
"""Positions of the first and the second row of each pair, and how near they are, 0 to 1."""
NEIGHBOURS = 10


def find_near_copies(
    snapshot: Snapshot,
    frame: pl.DataFrame,
    graph: Neighbours | Absent,
    recall: float | None,
    *,
    closeness: float,
    overlap: float,
) -> tuple[pl.DataFrame, dict[str, Any]] | Absent:
    """The frame of near_copies.parquet and the fields of SignalsInfo that speak of it, or why there are none.

    Texts are compared by what they share, other rows by distances and then by their columns; in tables of categories and
    numbers, by how much more they agree in than chance gives. `frame` holds all rows of the snapshot without images, in
    the order of `graph`, and `recall` is that of `graph`. Raises SourceChanged.
    """
    tell("near copies")
    if snapshot.modality is Modality.TEXT:
        from governance.signals.text_rows import text_rows

        told = text_rows(snapshot, frame, overlap)
        if told is not None:
            return _written(frame["row_id"], told.found.pairs, told.forms)
    if isinstance(graph, Absent):
        return graph
    try:
        pairs, about = _by_distance(snapshot, frame, graph, closeness, overlap)
    except DataError as error:
        return Absent(outcome="failed", code="unreadable_images", reason=str(error))
    return _written(frame["row_id"], pairs, {**about, "copy_recall": recall})


def _written(row_id: pl.Series, pairs: Pairs, about: dict[str, Any]) -> tuple[pl.DataFrame, dict[str, Any]]:
    import polars as pl

    first, second, score = pairs
    return pl.DataFrame({"first": row_id.gather(first), "second": row_id.gather(second), "score": score}), about


def _by_distance(
    snapshot: Snapshot, frame: pl.DataFrame, graph: Neighbours, closeness: float, overlap: float
) -> tuple[Pairs, dict[str, Any]]:
    """Pairs, and the fields of SignalsInfo that say how near a copy must be to be noticed, whether copies cannot be told
    from neighbours, and what was left out."""
    import numpy as np

    from governance.measures.near_duplicates import near_pairs
    from governance.signals.changed_cell import changed_cells
    from governance.signals.mixed_rows import mixed_pairs
    from governance.signals.private_columns import private_columns
    from governance.signals.text_rows import like_rows, text_rows

    nothing = np.empty(0, dtype=np.int64)
    kind = _missing_together(snapshot, frame) if snapshot.modality is Modality.TABULAR else None
    found = near_pairs(graph.index, graph.distance, closeness=closeness, kind=kind)
    pairs: Pairs = (nothing, nothing, np.empty(0))
    aside: dict[str, Any] = {}
    private = private_columns(snapshot).compared
    one, other = np.repeat(np.arange(len(graph.index)), graph.index.shape[1]), graph.index.ravel()
    ordered = np.minimum(one, other) * frame.height + np.maximum(one, other)
    no_copy = ~np.isin(ordered, found.first * frame.height + found.second)
    apart = one[no_copy], other[no_copy]
    if not found.blind:
        pairs = agreeing(snapshot, frame, (found.first, found.second, found.score), private, apart)
    if snapshot.modality is Modality.IMAGE:
        pairs, more = _images(snapshot, frame["row_id"].to_list(), pairs)
    else:
        records, texts = _records(snapshot, frame, private), text_rows(snapshot, frame, overlap)
        aside = {} if texts is None else texts.forms
        by_text: Pairs | None = None
        # Where records say too little, rows of other people are no copies by their numbers alone.
        by_numbers = records is None and not private
        if by_numbers and (beyond := mixed_pairs(snapshot, frame, pairs, texts)) is not None:
            # Where distances cannot tell copies and nothing is beyond chance either, nothing was seen.
            pairs, records = (nothing, nothing, np.empty(0)), beyond if beyond[0].size or not found.blind else None
        elif by_numbers and texts is None and (changed := changed_cells(snapshot, frame, pairs, apart)) is not None:
            records = changed[:3] if changed.first.size or not found.blind else None
            pairs = changed.left(pairs, frame.height)
            aside = {"copies_differ_in": changed.differ_in} if changed.differ_in else {}
        if texts is not None:
            by_text, pairs = like_rows(snapshot, frame, texts, pairs, private), (nothing, nothing, np.empty(0))
        more = records if by_text is None else together(by_text, records)
    reach, blind = None if found.blind else found.reach, found.blind and more is None
    return together(pairs, more), {"copy_reach": reach, "copies_blind": blind, **aside}


def _missing_together(snapshot: Snapshot, frame: pl.DataFrame) -> NDArray[np.int64]:
    """(rows,) a number per set of columns that a row lacks."""
    import polars as pl

    names = [column.name for column in snapshot.features if column.nulls]
    if not names:
        return pl.zeros(frame.height, dtype=pl.Int64, eager=True).to_numpy()
    lacking = frame.select(pl.struct(pl.col(names).is_null()).rank("dense").alias("kind"))
    return lacking["kind"].cast(pl.Int64).to_numpy()


def _records(snapshot: Snapshot, frame: pl.DataFrame, private: Sequence[SnapshotColumn]) -> Pairs | None:
    """Rows that name the same thing in spite of typing errors; None without two columns of strings, or too few bits."""
    from governance.measures.record_linkage import field, linked
    from governance.signals.private_columns import STRINGS

    columns = [c for c in snapshot.features if c.type not in {ColumnType.TEXT, ColumnType.IMAGE, ColumnType.BOOLEAN}]
    strings = [c.name for c in columns if c.type is ColumnType.STRING and c.resolved_role is not Role.TEXT]
    columns += private
    if snapshot.modality is not Modality.TABULAR or (len(strings) < STRINGS and not private):
        return None
    # A number with decimals agrees or does not; whole numbers, dates and codes are typed in, and mistyped.
    fields = [
        field(frame[column.name].cast(str).to_list(), typed=column.type is not ColumnType.NUMBER) for column in columns
    ]
    return linked(fields)


def _images(snapshot: Snapshot, row_id: list[str], pairs: Pairs) -> tuple[Pairs, Pairs | None]:
    """The `pairs` that embeddings point to and the perceptual hash does not speak against; and those it points to.

    Pairs that are near in either way and differ in the hash are looked at again, with a margin cut off; and images
    that others look like when mirrored, turned or cut.
    """
    from governance.measures.perceptual_hash import DIFFERING_BITS, differing_bits
    from governance.signals.changed_images import changed_copies
    from governance.signals.near_images import cut_copies, grey_images, hashes_of, near_signatures

    column = snapshot.image_column
    if column is None or len(row_id) <= NEIGHBOURS:
        return pairs, None
    signature, views = hashes_of(snapshot, row_id, column)
    found = near_signatures(signature)
    every = pairs if found is None else together(pairs, found.pairs)
    alike = differing_bits(signature, every[0], every[1]) <= DIFFERING_BITS
    kept = every[0][alike], every[1][alike], every[2][alike]
    if found is None:
        return kept, None
    doubtful = every[0][~alike], every[1][~alike], every[2][~alike]
    grey = grey_images(snapshot, row_id, column)
    cut = cut_copies(grey, doubtful, found.others)
    changed = changed_copies(grey, signature, views, kept)
    return (kept if changed is None else changed), cut


def together(pairs: Pairs, more: Pairs | None) -> Pairs:
    """Pairs of both, each once, with the higher score."""
    import numpy as np

    if more is None:
        return pairs
    both = np.column_stack([np.concatenate([pairs[0], more[0]]), np.concatenate([pairs[1], more[1]])])
    score = np.concatenate([pairs[2], more[2]])
    order = np.lexsort((-score, both[:, 1], both[:, 0]))
    unique, first = np.unique(both[order], axis=0, return_index=True)
    return unique[:, 0], unique[:, 1], score[order][first]


def agreeing(
    snapshot: Snapshot,
    frame: pl.DataFrame,
    pairs: Pairs,
    private: Sequence[SnapshotColumn] = (),
    apart: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None,
) -> Pairs:
    """The `pairs` that agree in every category and have alike strings, and alike values in `private` columns, where that
    they are alike says that they are one: codes that begin alike are two codes.

    Distances do not see levels that few rows have, so without this, rows that differ in a name would pass for copies.
    `apart`: near rows that are no copies, which tell how often strings are alike among rows like these.
    """
    import numpy as np

    from governance.measures.alike_strings import alike_beyond_chance
    from governance.measures.encoding import value_codes

    first, second, score = pairs
    if first.size == 0:
        return pairs
    columns = [c for c in (*snapshot.features, *private) if c.resolved_role is not Role.TEXT or c in private]
    typed = [c.name for c in columns if c.type is ColumnType.STRING or c in private]
    levels = [c.name for c in columns if c.name not in typed and c.type in {ColumnType.CATEGORY, ColumnType.BOOLEAN}]
    code = np.column_stack([np.zeros(frame.height, dtype=np.int64), *(value_codes(frame[name]) for name in levels)])
    kept = np.flatnonzero((code[first] == code[second]).all(axis=1))
    near = []
    if apart is not None:
        of_same = (code[apart[0]] == code[apart[1]]).all(axis=1)
        near = [apart, (apart[0][of_same], apart[1][of_same])]
    strings = [frame[name].cast(str).to_list() for name in typed]
    kept = kept[alike_beyond_chance(strings, (first[kept], second[kept]), near, FALSE_SHARE)]
    return first[kept], second[kept], score[kept]
