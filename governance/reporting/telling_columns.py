"""By which columns, and by what of their texts, two sets of rows are told apart most: names for a finding, and no test."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.reporting.row_comparison import RowPair, compared_columns

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.reporting.drift_tests import ColumnResult, JointResult

NAMED = 3
"""So many columns, and so many things of a text, at most."""
SURE = 0.05
"""What is named differs as much by chance this rarely, over all that could be."""
WORDS_AT_LEAST = 10
"""Texts that hold a word before it may be named."""
TRAITS = {
    "Latin letters": r"\p{Latin}",
    "Greek letters": r"\p{Greek}",
    "Cyrillic letters": r"\p{Cyrillic}",
    "Arabic letters": r"\p{Arabic}",
    "Hebrew letters": r"\p{Hebrew}",
    "Devanagari letters": r"\p{Devanagari}",
    "Thai letters": r"\p{Thai}",
    "Chinese characters": r"\p{Han}",
    "Japanese letters": r"\p{Hiragana}|\p{Katakana}",
    "Korean letters": r"\p{Hangul}",
    "Latin letters beyond a to z": r"[\p{Latin}--\p{ASCII}]",
    "digits": r"\p{Nd}",
    "a line break": r"\n",
    "an address of the internet": r"https?://|www\.",
    "a word in CAPITALS": r"\b\p{Lu}{3,}\b",
    "an exclamation mark": r"[!！]",
    "a question mark": r"[?？]",
}
"""What a text may hold, told without any of its words, and the pattern of it."""


def telling(result: JointResult, columns: list[ColumnResult]) -> tuple[str, ...]:
    """Columns that differ most by themselves, the furthest first, texts with what in them differs; in words."""
    own = [one for one in columns if one.comparison is result.comparison]
    rare = [one for one in own if one.p_value * len(own) <= SURE]
    found = dict.fromkeys(one.pair.column for one in sorted(rare, key=lambda one: (-one.effect, one.pair.column)))
    pair, positions = result.comparison.rows, result.comparison.joint.positions
    texts: dict[str, str] = {}
    if pair is not None and positions is not None:
        for column in compared_columns(pair.snapshot):
            of_text = column.type is ColumnType.TEXT or column.resolved_role is Role.TEXT
            if of_text and pair.has(column.name):
                said = _of_text(pair, positions, column.name, public=not column.private)
                texts |= {column.name: f"{column.name} ({'; '.join(said)})"} if said else {}
    return tuple(texts.get(name, name) for name in dict.fromkeys([*texts, *found]))[:NAMED]


def _of_text(pair: RowPair, positions: NDArray[np.int64], name: str, *, public: bool) -> list[str]:
    """What stands in more texts of one set than of the other, with the shares of the second set and of the first, as the
    sets are named. Single words only of a column that may be shown."""
    import polars as pl

    text = pair.series(name).gather(positions).cast(pl.String).fill_null("")
    second = pair.is_second[positions]
    held = {trait: text.str.contains(pattern).to_numpy() for trait, pattern in TRAITS.items()}
    counted = [(trait, int(one[second].sum()), int(one[~second].sum())) for trait, one in held.items() if one.any()]
    sizes = int(second.sum()), int((~second).sum())
    found = _apart(counted, sizes)
    if public:
        found += _apart(_words(text, pl.Series(second)), sizes)
    return [f"{what} in {a:.0%} and {b:.0%} of the texts" for what, a, b in found[:NAMED]]


def _words(text: pl.Series, second: pl.Series) -> list[tuple[str, int, int]]:
    """Words, and how many texts of the second set and of the first hold each."""
    import polars as pl

    words = pl.DataFrame({"word": text.str.to_lowercase().str.extract_all(r"[\p{L}\p{M}]{2,}"), "second": second})
    each = words.with_columns(pl.col("word").list.unique()).explode("word").drop_nulls()
    table = each.group_by("word").agg(pl.col("second").sum().alias("second"), pl.len().alias("all")).sort("word")
    table = table.filter(pl.col("all") >= WORDS_AT_LEAST)
    return [(f"“{word}”", int(there), int(both - there)) for word, there, both in table.iter_rows()]


def _apart(counted: list[tuple[str, int, int]], sizes: tuple[int, int]) -> list[tuple[str, float, float]]:
    """Those of `counted` whose shares differ beyond chance, the furthest first: name, and both shares."""
    found = []
    for what, there, here in counted:
        a, b, both = there / sizes[0], here / sizes[1], (there + here) / sum(sizes)
        spread = math.sqrt(both * (1 - both) * (1 / sizes[0] + 1 / sizes[1]))
        if spread and math.erfc(abs(a - b) / spread / math.sqrt(2)) * len(counted) <= SURE:
            found.append((what, a, b))
    return sorted(found, key=lambda one: (-abs(one[1] - one[2]), one[0]))
