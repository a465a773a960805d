"""Near copies among rows that hold a text beside other columns: a text of its own, or a row that is the same beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from governance.dataset import ColumnType, Role
from governance.signals.settings import FALSE_SHARE

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.measures.similar_texts import SimilarTexts
    from governance.measures.stock_texts import LikeTexts
    from governance.signals.near_copies import Pairs
    from governance.snapshot import Snapshot

WORDS = 5
"""Texts beside other columns are compared from so many words on: short answers repeat by themselves."""
ALIKE = 0.5
"""Overlap of runs of three letters from which two texts are one that was mistyped, when the rest of the row is the same."""


class TextRows(NamedTuple):
    """The texts of a table."""

    texts: list[str]
    found: SimilarTexts
    like: LikeTexts

    @property
    def forms(self) -> dict[str, Any]:
        """The field of SignalsInfo that speaks of forms."""
        told = self.found
        return {"copy_forms": {"forms": told.forms, "texts": told.texts, "pairs": told.left_out}} if told.forms else {}

    def same_but_typos(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(pairs,) whether texts are alike, or short ones that were mistyped, or both empty."""
        from governance.measures.near_duplicates import jaccard, letter_runs

        same = self.like.alike(first, second)
        for pair in (~same).nonzero()[0].tolist():
            one, other = self.texts[int(first[pair])], self.texts[int(second[pair])]
            same[pair] = one == other or jaccard(letter_runs(one), letter_runs(other)) >= ALIKE
        return same


def texts_of(snapshot: Snapshot, frame: pl.DataFrame) -> list[str] | None:
    """The text of each row, all text columns joined; None when there is none."""
    columns = [c.name for c in snapshot.features if c.resolved_role is Role.TEXT or c.type is ColumnType.TEXT]
    if not columns:
        return None
    return ["\n".join(str(cell) for cell in row) for row in frame.select(columns).fill_null("").rows()]


def text_rows(snapshot: Snapshot, frame: pl.DataFrame, overlap: float) -> TextRows | None:
    """The texts of `frame` and which of them share so much (`overlap`); None where no column holds free text."""
    from governance.measures.similar_texts import compared_texts
    from governance.measures.stock_texts import LikeTexts

    texts = texts_of(snapshot, frame)
    if texts is None:
        return None
    found = compared_texts(texts, overlap=overlap)
    return TextRows(texts, found, LikeTexts(texts, *found.pairs[:2]))


def like_rows(
    snapshot: Snapshot, frame: pl.DataFrame, told: TextRows, near: Pairs, private: Sequence[SnapshotColumn]
) -> Pairs:
    """Pairs of rows with like texts that agree in every category, in more than a stock of phrases explains; and those of
    `near` of which that holds as well.

    Beside other columns a text is one feature of many to the neighbours, and another case or a word more is far away.
    A text that others have no words of is a copy wherever it stands. One that is put together from phrases of other
    texts is one only if all levels agree, and fewer rows with like texts would do so by chance.
    """
    import numpy as np

    from governance.measures.record_linkage import block_pairs
    from governance.measures.stock_texts import agreeing_by_chance
    from governance.signals.near_copies import agreeing, together

    words = np.array([len(words) for words in told.like.words], dtype=np.int64)[told.like.text]
    first, second, score = told.found.pairs
    long = (words[first] >= WORDS) & (words[second] >= WORDS)
    likely = first[long], second[long], score[long]
    codes, usual = _levels(snapshot, frame, private)
    cell = _numbered(codes)
    within = block_pairs(_numbered(np.column_stack([told.like.component, cell])), frame.height)
    one, other = within // frame.height, within % frame.height
    close = told.like.alike(one, other) & (words[one] >= WORDS) & (words[other] >= WORDS)
    named = together(agreeing(snapshot, frame, likely, private), near)
    named = together(named, (one[close], other[close], np.ones(int(close.sum()))))
    own = told.like.own(named[0], named[1], cell)
    agree = cell[named[0]] == cell[named[1]]
    expected = told.like.pairs() * agreeing_by_chance(codes[likely[0]] != codes[likely[1]], usual)
    kept = own | (agree & (expected <= FALSE_SHARE * (agree & ~own).sum()))
    return named[0][kept], named[1][kept], named[2][kept]


def _levels(
    snapshot: Snapshot, frame: pl.DataFrame, private: Sequence[SnapshotColumn]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The levels (rows, columns) that tell rows with like texts apart, and the chance that two rows have the same
    (columns,): categories, strings and small counts; where there is none of these, all other columns."""
    import numpy as np

    from governance.measures.encoding import value_codes
    from governance.signals.mixed_rows import identifies, is_named

    columns = [c for c in snapshot.features if c.resolved_role is not Role.TEXT and c.type is not ColumnType.TEXT]
    columns = [c for c in columns if c.type is not ColumnType.IMAGE and not identifies(c, snapshot.rows)]
    levels = [c for c in columns if is_named(c)] or columns
    codes = [value_codes(frame[column.name]) for column in (*levels, *private)]
    shares = [np.unique(code, return_counts=True)[1] / max(frame.height, 1) for code in codes]
    usual = np.array([float((share**2).sum()) for share in shares])
    return np.column_stack([np.zeros(frame.height, dtype=np.int64), *codes]), np.append(1.0, usual)


def _numbered(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """(rows,) a number per combination of `codes` (rows, columns)."""
    import numpy as np

    return np.unique(codes, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
