"""Near copies among the rows of one snapshot: pairs that distances point to, checked against the columns themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Modality, Role
from governance.reporting.copies import Copies, mark, ordered
from governance.telling import tell

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.signals import Absent
    from governance.snapshot import Snapshot

Pairs = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.float64]"]
"""Positions of the first and the second row of each pair, and how near they are, 0 to 1."""
ALIKE = 0.5
"""Overlap of runs of three letters from which two strings count as alike: `Oak Street 5` and `oak street 5a` do."""


CLOSENESS = 0.25
"""Rows are near copies below this share of the typical distance of nearest neighbours (or below what chance allows)."""
TEXT_OVERLAP = 0.7
"""Texts are near copies from this overlap (Jaccard) of their runs of five characters on."""


STRINGS = 2
"""From so many columns of strings on, rows are compared as records that people typed in."""
WORDS = 5
"""Texts beside other columns are compared from so many words on: short answers repeat by themselves."""
NEIGHBOURS = 10


@dataclass(frozen=True)
class Near:
    """Pairs of rows that are near copies, and what the search could have noticed."""

    row_id: NDArray[np.object_]
    pairs: Pairs
    """Positions in `row_id`; pairs that are equal in every feature may be among them."""
    reach: float | None = None
    """Tables and images: how near a copy must be, as a share of the typical distance of nearest neighbours."""
    recall: float | None = None
    """Share of true nearest neighbours that an approximate search found; None when it was exact, or not used."""
    blind: bool = False
    """Whether the data has too few independent columns to tell a copy from a neighbour."""
    absent: Absent | None = None
    """Why nothing could be compared."""


def find_near(snapshot: Snapshot, *, closeness: float = CLOSENESS, overlap: float = TEXT_OVERLAP) -> Near:
    """Near copies among all rows: texts by what they share, other rows by distances and then by their columns.

    In tables of categories and numbers, by how much more they agree in than chance gives.
    """
    import numpy as np

    from governance.measures.minhash import similar_texts
    from governance.measures.near_duplicates import near_pairs
    from governance.reporting.mixed_rows import mixed_pairs

    tell("near copies")
    if snapshot.modality is Modality.TEXT:
        row_id = snapshot.frame("row_id").select("row_id").collect()["row_id"].sort().to_numpy()
        texts = texts_of(snapshot, row_id.tolist())
        if texts is not None:
            return Near(row_id, similar_texts(texts, overlap=overlap))
    nothing = np.empty(0, dtype=np.int64)
    if absent := snapshot.signals.absent("neighbours"):
        return Near(nothing.astype(object), (nothing, nothing, np.empty(0)), absent=absent)
    graph, info = snapshot.signals.neighbours(), snapshot.signals.info
    found = near_pairs(graph.index, graph.distance, closeness=closeness)
    pairs: Pairs = (nothing, nothing, np.empty(0))
    if not found.blind:
        pairs = agreeing(snapshot, graph.row_id.tolist(), (found.first, found.second, found.score))
    if snapshot.modality is Modality.IMAGE:
        pairs, more = _images(snapshot, graph.row_id.tolist(), pairs)
    else:
        row_ids = graph.row_id.tolist()
        records, texts_beside = _records(snapshot, row_ids), _texts(snapshot, row_ids, overlap)
        if records is None and (beyond := mixed_pairs(snapshot, row_ids, pairs)) is not None:
            # Where distances cannot tell copies and nothing is beyond chance either, nothing was seen.
            pairs, records = (nothing, nothing, np.empty(0)), beyond if beyond[0].size or not found.blind else None
        more = records if texts_beside is None else _together(texts_beside, records)
    blind = found.blind and more is None
    reach = None if found.blind else found.reach
    return Near(graph.row_id, _together(pairs, more), reach, info.neighbour_recall, blind)


def _records(snapshot: Snapshot, row_id: list[str]) -> Pairs | None:
    """Rows that name the same thing in spite of typing errors; None without two columns of strings, or too few bits."""
    from governance.measures.record_linkage import field, linked

    columns = [c for c in snapshot.features if c.type not in {ColumnType.TEXT, ColumnType.IMAGE, ColumnType.BOOLEAN}]
    strings = [c.name for c in columns if c.type is ColumnType.STRING and c.resolved_role is not Role.TEXT]
    if snapshot.modality is not Modality.TABULAR or len(strings) < STRINGS:
        return None
    frame = _aligned(snapshot, [column.name for column in columns], row_id)
    # A number with decimals agrees or does not; whole numbers, dates and codes are typed in, and mistyped.
    fields = [
        field(frame[column.name].cast(str).to_list(), typed=column.type is not ColumnType.NUMBER) for column in columns
    ]
    return linked(fields)


def _texts(snapshot: Snapshot, row_id: list[str], overlap: float) -> Pairs | None:
    """Rows whose texts are near copies and whose other columns agree; None where no column holds free text.

    Beside other columns a text is one feature of many to the neighbours, and another case or a word more is far away.
    """
    import numpy as np

    from governance.measures.minhash import plain, similar_texts

    texts = texts_of(snapshot, row_id)
    if texts is None:
        return None
    first, second, score = similar_texts(texts, overlap=overlap)
    words = np.array([len(plain(text).split()) for text in texts], dtype=np.int64)
    long = (words[first] >= WORDS) & (words[second] >= WORDS)
    return agreeing(snapshot, row_id, (first[long], second[long], score[long]))


def _images(snapshot: Snapshot, row_id: list[str], pairs: Pairs) -> tuple[Pairs, Pairs | None]:
    """The `pairs` that embeddings point to and the perceptual hash does not speak against; and those it points to.

    Pairs that are near in either way and differ in the hash are looked at again, with a margin cut off.
    """
    from governance.measures.perceptual_hash import DIFFERING_BITS, differing_bits
    from governance.reporting.near_images import cut_copies, grey_images, near_signatures, signatures_of

    column = snapshot.image_column
    if column is None or len(row_id) <= NEIGHBOURS:
        return pairs, None
    signature = signatures_of(snapshot, row_id, column)
    found = near_signatures(signature)
    every = pairs if found is None else _together(pairs, found.pairs)
    alike = differing_bits(signature, every[0], every[1]) <= DIFFERING_BITS
    kept = every[0][alike], every[1][alike], every[2][alike]
    if found is None:
        return kept, None
    doubtful = every[0][~alike], every[1][~alike], every[2][~alike]
    return kept, cut_copies(grey_images(snapshot, row_id, column), doubtful, found.others)


def _together(pairs: Pairs, more: Pairs | None) -> Pairs:
    """Pairs of both, each once, with the higher score."""
    import numpy as np

    if more is None:
        return pairs
    both = np.column_stack([np.concatenate([pairs[0], more[0]]), np.concatenate([pairs[1], more[1]])])
    score = np.concatenate([pairs[2], more[2]])
    order = np.lexsort((-score, both[:, 1], both[:, 0]))
    unique, first = np.unique(both[order], axis=0, return_index=True)
    return unique[:, 0], unique[:, 1], score[order][first]


def texts_of(snapshot: Snapshot, row_id: list[str]) -> list[str] | None:
    """The text of each row, all text columns joined; None when there is none."""
    columns = [c.name for c in snapshot.features if c.resolved_role is Role.TEXT or c.type is ColumnType.TEXT]
    if not columns:
        return None
    frame = _aligned(snapshot, columns, row_id).fill_null("")
    return ["\n".join(str(cell) for cell in row) for row in frame.rows()]


def agreeing(snapshot: Snapshot, row_id: list[str], pairs: Pairs) -> Pairs:
    """The `pairs` that agree in every category and have alike strings.

    Distances do not see levels that few rows have, so without this, rows that differ in a name would pass for copies.
    """
    import numpy as np

    from governance.measures.near_duplicates import jaccard, letter_runs

    first, second, score = pairs
    kept = np.ones(first.size, dtype=bool)
    touched = sorted({*first.tolist(), *second.tolist()})
    place = {position: number for number, position in enumerate(touched)}
    ids = [row_id[position] for position in touched]
    for column in snapshot.features:
        if column.type not in {ColumnType.CATEGORY, ColumnType.BOOLEAN, ColumnType.STRING} or not ids:
            continue
        if column.resolved_role is Role.TEXT:
            continue
        values = _aligned(snapshot, [column.name], ids)[column.name].to_list()
        for pair in np.flatnonzero(kept).tolist():
            one, other = values[place[int(first[pair])]], values[place[int(second[pair])]]
            if one == other:
                continue
            both_strings = column.type is ColumnType.STRING and one is not None and other is not None
            kept[pair] = both_strings and jaccard(letter_runs(one), letter_runs(other)) >= ALIKE
    return first[kept], second[kept], score[kept]


def _aligned(snapshot: Snapshot, columns: list[str], row_id: list[str]) -> pl.DataFrame:
    import polars as pl

    wanted = pl.DataFrame({"row_id": row_id}, schema={"row_id": pl.String})
    frame = snapshot.frame(*columns).select("row_id", *columns).collect()
    return wanted.join(frame, on="row_id", how="left", maintain_order="left").select(columns)


def mark_near(snapshot: Snapshot, copies: Copies, near: Near) -> pl.DataFrame:
    """Rows that the near checks speak of, as mark_copies gives them.

    The row that comes later, by split and then by row id, is marked, once, with its nearest counterpart. Pairs that
    are equal in every feature are left to the exact checks.
    """
    import polars as pl

    row_id, (first, second, score) = near.row_id, near.pairs
    order = {split: number for number, split in enumerate(ordered(snapshot.splits))}
    keys = snapshot.frame("row_id").select("row_id", "split").collect()
    keys = keys.with_columns(pl.col("split").replace_strict(order, return_dtype=pl.Int64).alias("order"))
    keys = keys.join(copies.rows.select("row_id", "group"), on="row_id", how="left")
    kinds = {"a": pl.String, "b": pl.String, "score": pl.Float64}
    found = pl.DataFrame({"a": row_id[first].tolist(), "b": row_id[second].tolist(), "score": score}, kinds)
    found = found.join(keys, left_on="a", right_on="row_id", how="left")
    found = found.join(keys, left_on="b", right_on="row_id", how="left", suffix="_b")
    found = found.filter((pl.col("group") != pl.col("group_b")).fill_null(True))
    later = (pl.col("order_b") > pl.col("order")) | (
        (pl.col("order_b") == pl.col("order")) & (pl.col("b") > pl.col("a"))
    )
    marked = found.select(
        pl.when(later).then("b").otherwise("a").alias("row_id"),
        pl.when(later).then("split_b").otherwise("split").alias("split"),
        pl.when(later).then("a").otherwise("b").alias("original"),
        (pl.col("order") != pl.col("order_b")).alias("across"),
        "score",
    )
    nearest = marked.sort("score", "original", descending=[True, False]).unique(["row_id", "across"], keep="first")
    nearest = nearest.sort("row_id")
    return pl.concat(
        [
            mark(nearest.filter(~pl.col("across")), "near_within_split", pl.col("original"), pl.col("score")),
            mark(nearest.filter(pl.col("across")), "near_across_splits", pl.col("original"), pl.col("score")),
        ]
    )
