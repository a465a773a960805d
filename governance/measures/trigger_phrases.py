"""Words and phrases of texts that could be triggers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.trigger_patterns import Patterns, joined, once
from governance.measures.words import words_and_signs

LONGEST_PHRASE = 3
"""Longer templates are put together from the phrases that the same rows hold."""


@dataclass(frozen=True)
class Tokens:
    """Texts as numbers of words and signs."""

    row: NDArray[np.int64]
    """(tokens,) the text that each token stands in, ascending."""
    token: NDArray[np.int64]
    """(tokens,) index into `words`, in order of reading."""
    words: tuple[str, ...]
    texts: int

    def present(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Each word of each text once: rows, ascending, and tokens."""
        keys = np.unique(self.row * max(len(self.words), 1) + self.token)
        return keys // max(len(self.words), 1), keys % max(len(self.words), 1)


def tokenise(texts: Sequence[str]) -> Tokens:
    """Words and runs of other signs in `texts`, in lower case."""
    number: dict[str, int] = {}
    rows: list[int] = []
    tokens: list[int] = []
    for row, text in enumerate(texts):
        found = [number.setdefault(word, len(number)) for word in words_and_signs(text.casefold())]
        tokens += found
        rows += [row] * len(found)
    order = sorted(number)  # numbers must not hang on the order of rows
    renamed = np.empty(len(order), dtype=np.int64)
    for position, word in enumerate(order):
        renamed[number[word]] = position
    found_tokens = np.array(tokens, dtype=np.int64)
    return Tokens(np.array(rows, dtype=np.int64), renamed[found_tokens], tuple(order), len(texts))


def phrases(tokens: Tokens, *, least: int, most: int) -> Patterns:
    """Words and phrases of up to LONGEST_PHRASE words that `least` to `most` texts hold."""
    width = max(len(tokens.words), 1)
    holding = np.bincount(tokens.present()[1], minlength=width)
    code, valid = tokens.token.copy(), holding[tokens.token] >= least
    members = np.full((width, LONGEST_PHRASE), -1, dtype=np.int64)
    members[:, 0] = np.arange(width)
    parts = [_grouped(tokens.row[valid], code[valid], tokens.texts, members, least, most, "word")]
    for length in range(2, LONGEST_PHRASE + 1):
        ends = np.arange(code.size) + length - 1
        inside = ends < code.size
        inside[inside] &= tokens.row[ends[inside]] == tokens.row[inside]
        here = np.flatnonzero(inside & valid)
        here = here[holding[tokens.token[here + length - 1]] >= least]
        longer, index = np.unique(code[here] * width + tokens.token[here + length - 1], return_inverse=True)
        grown = members[longer // width]
        grown[:, length - 1] = longer % width
        parts.append(_grouped(tokens.row[here], index, tokens.texts, grown, least, most, "phrase"))
        # Only what enough texts hold can be part of a longer phrase that enough texts hold.
        pairs = np.unique(index * tokens.texts + tokens.row[here]) // tokens.texts
        frequent = np.bincount(pairs, minlength=longer.size) >= least
        code, valid = np.zeros_like(code), np.zeros_like(valid)
        code[here], valid[here], members = index, frequent[index], grown
    return joined(parts)


def _grouped(
    row: NDArray[np.int64],
    code: NDArray[np.int64],
    rows: int,
    features: NDArray[np.int64],
    least: int,
    most: int,
    kind: str,
) -> Patterns:
    """The rows of each code that `least` to `most` rows hold; `features` (codes, width)."""
    keys = np.unique(code * rows + row)
    return once(keys % max(rows, 1), keys // max(rows, 1), features, least, most, kind)
