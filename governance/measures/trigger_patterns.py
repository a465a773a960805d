"""Patterns that could be triggers, with their rows: words and phrases, values and pairs of values.

Mining looks at no label: every pattern that enough rows and not too many share is listed, so that a test can count
how many it tries. A pattern names the features it touches, so that what the rest of a row says can be asked without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import pdtrc
from governance.measures.words import words_and_signs

LONGEST_PHRASE = 3
"""Longer templates are put together from the phrases that the same rows hold."""
MAX_PAIRED_COLUMNS = 30
"""Pairs of values are sought among this many columns at most: those with the fewest different values."""

AROUND = 10
"""Values on either side of a value that say how often it would be held."""


@dataclass(frozen=True)
class Patterns:
    """Sets of rows, each with what they share."""

    rows: NDArray[np.int64]
    """Row positions of all patterns, one pattern after the other, ascending within each."""
    start: NDArray[np.int64]
    """(patterns + 1,) where each pattern's rows begin in `rows`."""
    features: NDArray[np.int64]
    """(patterns, width) numbers of the features (tokens, columns, pixels) that it consists of; -1 fills."""
    values: NDArray[np.int64]
    """(patterns, width) code of the value of each feature, -1 where the feature itself is the pattern."""
    kind: NDArray[np.str_]
    """(patterns,) `word`, `phrase`, `writing`, `value`, `values`, `pixel` or `patch`."""
    chance: NDArray[np.float64]
    """(patterns,) that so many rows hold it, by what is usual around it, or of pixels that they share so many squares; labels
    not looked at; 1 where unknown."""

    @property
    def size(self) -> int:
        """How many there are."""
        return int(self.start.size - 1)

    def of(self, number: int) -> NDArray[np.int64]:
        """Rows of one pattern."""
        return self.rows[self.start[number] : self.start[number + 1]]

    def take(self, numbers: NDArray[np.int64]) -> Patterns:
        """Some of the patterns, `numbers` ascending."""
        kept = np.zeros(self.size, dtype=bool)
        kept[numbers] = True
        sizes = np.diff(self.start)
        start = np.concatenate([[0], np.cumsum(sizes[kept])]).astype(np.int64)
        rows = self.rows[np.repeat(kept, sizes)]
        return Patterns(rows, start, self.features[kept], self.values[kept], self.kind[kept], self.chance[kept])


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


def common_values(codes: NDArray[np.int64], *, least: int, most: int, pairs: bool = True) -> Patterns:
    """Values, and pairs of values of two columns, that `least` to `most` rows of `codes` (rows, columns) hold.

    A pair counts only where each of its values alone is held by half as many rows again, as it else says no more.
    """
    rows, columns = codes.shape
    every = np.arange(rows)
    parts: list[Patterns] = []
    known: list[_Column] = []
    for number in range(columns):
        values, index, count = _counted(codes[:, number] + 1)
        features = np.full((values.size, 2), -1, dtype=np.int64)
        features[:, 0] = number
        each = np.column_stack([values - 1, np.full(values.size, -1)])
        parts.append(once(every, index, features, least, most, "value", each, _over_represented(count)))
        known.append(_Column(number, values - 1, index, count, count[index] > least))
    if pairs:
        narrow = sorted(known, key=lambda column: (column.values.size, column.number))[:MAX_PAIRED_COLUMNS]
        narrow.sort(key=lambda column: column.number)
        for position, a in enumerate(narrow):
            parts.extend(_value_pairs(a, b, least, most) for b in narrow[position + 1 :])
    return joined(parts)


@dataclass(frozen=True)
class _Column:
    """One column's values."""

    number: int
    values: NDArray[np.int64]
    """(values,) codes, ascending."""
    index: NDArray[np.int64]
    """(rows,) which of them each row holds."""
    count: NDArray[np.int64]
    """(values,) rows that hold each."""
    often: NDArray[np.bool_]
    """(rows,) whether more rows hold the row's value than a pattern must have."""


def _value_pairs(a: _Column, b: _Column, least: int, most: int) -> Patterns:
    here = np.flatnonzero(a.often & b.often)
    width = b.values.size
    pair, index, count = _counted(a.index[here] * width + b.index[here])
    first, second = pair // width, pair % width
    alone = a.count[first], b.count[second]
    # All rows with both values are here, as both values alone are held more often.
    wanted = (count >= least) & (count <= most) & (1.5 * count <= np.minimum(*alone))
    some = np.flatnonzero(wanted[index])
    found = np.flatnonzero(wanted)
    features = np.tile(np.array([a.number, b.number], dtype=np.int64), (found.size, 1))
    each = np.column_stack([a.values[first[found]], b.values[second[found]]])
    chance = pdtrc(count[found] - 1, (alone[0] * alone[1])[found] / a.index.size)
    place = np.cumsum(wanted) - 1
    return once(here[some], place[index[some]], features, least, most, "values", each, chance)


def _counted(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Different `codes`, 0 or more, ascending; where each code stands among them; how often each occurs."""
    highest = int(codes.max(initial=0))
    if highest > 4 * codes.size + 1000:
        values, index, count = np.unique(codes, return_inverse=True, return_counts=True)
        return values, index.astype(np.int64), count.astype(np.int64)
    held = np.bincount(codes, minlength=highest + 1)
    values = np.flatnonzero(held)
    place = np.cumsum(held > 0) - 1
    return values, place[codes], held[values]


def _over_represented(count: NDArray[np.int64]) -> NDArray[np.float64]:
    """(values,) chance that a value, in order, is held so often, when it is as usual as the values next to it."""
    if count.size <= 2 * AROUND:
        return np.ones(count.size)
    sums = np.concatenate([[0], np.cumsum(count)])
    first = np.clip(np.arange(count.size) - AROUND, 0, count.size - 2 * AROUND - 1)
    usual = (sums[first + 2 * AROUND + 1] - sums[first] - count) / (2 * AROUND)
    return np.asarray(pdtrc(count - 1, usual), dtype=np.float64)


def _grouped(
    row: NDArray[np.int64],
    code: NDArray[np.int64],
    rows: int,
    features: NDArray[np.int64],
    least: int,
    most: int,
    kind: str,
    values: NDArray[np.int64] | None = None,
    chance: NDArray[np.float64] | None = None,
) -> Patterns:
    """The rows of each code that `least` to `most` rows hold; `features` and `values` (codes, width)."""
    keys = np.unique(code * rows + row)
    return once(keys % max(rows, 1), keys // max(rows, 1), features, least, most, kind, values, chance)


def once(
    row: NDArray[np.int64],
    code: NDArray[np.int64],
    features: NDArray[np.int64],
    least: int,
    most: int,
    kind: str,
    values: NDArray[np.int64] | None = None,
    chance: NDArray[np.float64] | None = None,
) -> Patterns:
    """As _grouped, of rows that have each code once and stand in ascending order."""
    size = np.bincount(code, minlength=len(features)) if len(features) else np.empty(0, dtype=np.int64)
    kept = np.flatnonzero((size >= least) & (size <= most))
    wanted = np.zeros(len(features), dtype=bool)
    wanted[kept] = True
    some = np.flatnonzero(wanted[code])
    found = code[some]
    # Of two bytes, a stable sort is by digits, and takes a time that grows with the rows only.
    order = np.argsort(found.astype(np.uint16) if len(features) <= 2**16 else found, kind="stable")
    held = row[some[order]]
    start = np.concatenate([[0], np.cumsum(size[kept])]).astype(np.int64)
    known = np.full_like(features, -1) if values is None else values
    odds = np.ones(kept.size) if chance is None else chance[kept]
    return Patterns(held, start, features[kept], known[kept], np.full(kept.size, kind), odds)


def joined(parts: Sequence[Patterns]) -> Patterns:
    """All patterns of `parts`, each set of rows once: of those with the same rows, the first."""
    whole = stacked(parts)
    first = first_alike(whole)
    kept = np.flatnonzero(first == np.arange(whole.size))
    return whole if kept.size == whole.size else whole.take(kept)


def stacked(parts: Sequence[Patterns]) -> Patterns:
    """All patterns of `parts`, one part after the other."""
    parts = [part for part in parts if part.size]
    if not parts:
        none = np.empty((0, 1), dtype=np.int64)
        empty = np.empty(0, dtype=np.int64)
        return Patterns(empty, np.zeros(1, dtype=np.int64), none, none, np.empty(0, dtype=np.str_), np.empty(0))
    width = max(part.features.shape[1] for part in parts)
    sizes = np.concatenate([np.diff(part.start) for part in parts])
    return Patterns(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.vstack([_wide(part.features, width) for part in parts]),
        np.vstack([_wide(part.values, width) for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.chance for part in parts]),
    )


def first_alike(patterns: Patterns) -> NDArray[np.int64]:
    """(patterns,) the first pattern with the same rows as each: itself, or an earlier one."""
    first = np.arange(patterns.size)
    if not patterns.size:
        return first
    sizes, start, last = np.diff(patterns.start), patterns.start[:-1], patterns.start[1:] - 1
    rows = patterns.rows
    run = _runs((sizes, np.add.reduceat(rows, start), rows[start], rows[last]))
    some = np.flatnonzero(np.bincount(run)[run] > 1)
    if some.size:
        # A sum of one fixed random number per row names a set of rows; equal sums are equal sets.
        names = np.random.default_rng(0).integers(0, 2**62, int(rows.max()) + 1, dtype=np.int64)
        few = patterns.take(some)
        run = _runs((sizes[some], np.add.reduceat(names.take(few.rows), few.start[:-1])))
        earliest = np.full(int(run.max()) + 1, some.size, dtype=np.int64)
        np.minimum.at(earliest, run, np.arange(some.size))
        first[some] = some[earliest[run]]
    return first


def _runs(keys: tuple[NDArray[np.int64], ...]) -> NDArray[np.int64]:
    """A number that those with the same `keys` share."""
    order = np.lexsort(keys)
    new = np.zeros(order.size, dtype=bool)
    for key in keys:
        new[1:] |= np.diff(key[order]) != 0
    run = np.empty(order.size, dtype=np.int64)
    run[order] = np.cumsum(new)
    return run


def _wide(matrix: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    missing = width - matrix.shape[1]
    return np.pad(matrix, ((0, 0), (0, missing)), constant_values=-1) if missing else matrix
