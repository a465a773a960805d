"""Whether the cells of a column run on as language does, however short they are, or are records: names, addresses, codes.

In language most cells hold words that begin with a small letter, as articles, prepositions and verbs do (G. K. Zipf.
The Psycho-Biology of Language, 1935: the short and frequent ones), and as many words as their sentence needs. Names of
people, firms and places hold capitals and at most a particle; terms such as `Quercus robur var. alba` hold as many words
each; addresses, dates and measurements hold a number each. Where nothing has a capital, small letters tell nothing, and
words must come again from cell to cell instead, as surnames do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.measures.column_evidence import COLUMN_VALUES, kind_of_column, names_streets

if TYPE_CHECKING:
    import polars as pl

SEVERAL = r"\s\S+\s"
"""Three words and more, whatever they are made of."""
_TWO = r"\p{L}\S*\s+\S*\p{L}"
"""Two words that have letters."""
_OPENS = "[\"'(\u201e\u201c\u00ab\u00bf\u00a1]*"
SMALL_WORD = rf"(?:^|\s){_OPENS}\p{{Ll}}"
"""A word that begins with a small letter."""
_CAPITAL = r"\p{Lu}"
_WORD = r"\p{L}[\p{L}\p{M}'\u2019-]+"
"""A word of two letters and more: no initial, no number, no code."""
_MACHINE = r"[\p{L}\d][=_/\\|]\S"
"""Signs between letters, as in paths and in settings."""
LEAST_VALUES = 20
"""Distinct cells below which nothing is told."""
RUNNING = 0.45
"""Share of the cells with two small words and more: 0.48 to 1 of real texts of 100 to 5,000 rows (short descriptions of
packages, messages of programs in three languages, first lines of documentation), and at most 0.41 of names of people in
which every one has a particle."""
MANY_WORDS = 5.0
"""Words per cell, on average, from which capitals do not matter: headlines and titles of products; names have fewer."""
VARYING = 0.5
"""Standard deviation of the number of words per cell, below which cells are filled in as a form is."""
NUMBERED = 0.9
"""Share of the cells with a digit from which on they are records."""
CAPITALS = 0.05
"""Share of the cells with a capital below which none are written."""
RECURRING = 0.3
"""Share of the words that stand in one cell of a hundred and more, and in three: below it, of a column without capitals,
they are names (0.22 to 0.23 of made-up full names with particles; 0.67 and more of search queries and commit messages)."""


def of_words(values: pl.Series, pattern: str = _TWO) -> bool:
    """Whether most of `values`, strings, hold several words (two and more, or what `pattern` wants), and not nearly all of
    them a number, as addresses, dates and numbered names do."""
    known = values.drop_nulls()
    if known.is_empty():
        return False
    return int(known.str.contains(pattern).sum()) > 0.5 * known.len() and _share(known, r"\d") < NUMBERED


def runs_on(values: pl.Series) -> bool:
    """Whether `values`, strings without missing ones of which most hold three words and more and most differ, are texts."""
    words = values.str.count_matches(r"\S+")
    spread = words.std()
    if not isinstance(spread, float) or spread < VARYING:
        return False
    if _share(values, r"\d") >= NUMBERED or _share(values, _MACHINE) > 0.5:
        return False
    small = values.str.count_matches(SMALL_WORD) >= 2
    many = values.str.count_matches(_WORD).sum() >= MANY_WORDS * values.len()
    if small.sum() < RUNNING * values.len() and not many:
        return False
    distinct = values.unique().sort()
    some = distinct.gather_every(max(1, distinct.len() // COLUMN_VALUES))
    if some.len() < LEAST_VALUES:
        return False
    if _share(some, _CAPITAL) < CAPITALS and _recurring(some) < RECURRING:
        return False
    listed = some.to_list()
    return kind_of_column(values.name, listed, words=True, number=False) is None and not names_streets(listed)


def _share(values: pl.Series, pattern: str) -> float:
    return int(values.str.contains(pattern).sum()) / values.len()


def _recurring(values: pl.Series) -> float:
    """Share of the words of `values` that stand in one of a hundred of them and more, and in three."""
    words = values.str.to_lowercase().str.extract_all(_WORD).explode().drop_nulls()
    if words.is_empty():
        return 0.0
    times = words.value_counts(name="_times")["_times"]
    return int(times.filter(times >= max(3.0, 0.01 * values.len())).sum()) / words.len()
