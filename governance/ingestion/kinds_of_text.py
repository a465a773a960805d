"""Tells free text from the levels of a category and from other strings: names, addresses, codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.dataset import ColumnType

if TYPE_CHECKING:
    import polars as pl

_MANY_LEVELS = 50
"""A string column with more distinct values than this is drafted as `string`, not as `category`."""
_LONG = 40
"""Letters per cell, on average, from which several words are a text whatever they are."""
_CLAUSES = r"{letter}{marks}\s*[,.!?;…，。！？；、]|({letter}{marks}){{20}}"
"""What tells a text without spaces from a name or an address: the end of a clause, or many letters in a row. Of these
letters, Han say about three times as much each as Latin ones, and Kana twice, so they count as so many."""


def kind_of_text(values: pl.Series) -> ColumnType:
    """Text, category or string; `values` are strings, at least one, and none is missing.

    Texts hold several words in most cells, and are long, or are short, differ and run on as language does.
    """
    from governance.measures.running_words import SEVERAL, runs_on

    length, several = values.str.len_chars(), values.str.contains(SEVERAL)
    if values.str.len_bytes().sum() > length.sum():  # not ASCII
        from governance.measures.words import HAN, KANA, UNSPACED

        length += 2 * values.str.count_matches(f"[{HAN}]") + values.str.count_matches(f"[{KANA}]")
        several |= values.str.contains(_CLAUSES.format(letter=f"[{UNSPACED}]", marks=r"\p{M}*"))
    in_words = several.sum() > 0.5 * values.len()
    if in_words and length.sum() > _LONG * values.len():
        return ColumnType.TEXT
    distinct = values.n_unique()
    if in_words and distinct > 0.5 * values.len() and runs_on(values):
        return ColumnType.TEXT
    few = distinct <= _MANY_LEVELS and distinct <= max(2, values.len() // 2)
    return ColumnType.CATEGORY if few else ColumnType.STRING
