"""Patterns that could be triggers: sets of rows, each with what they share.

Mining (`trigger_phrases.py`, `trigger_values.py`, `trigger_patches.py`, `trigger_writing.py`) looks at no label: every pattern that enough
rows and not too many share is listed, so that a test can count how many it tries. A pattern names the features it touches, so
that what the rest of a row says can be asked without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
    """The rows of each code that `least` to `most` rows hold; `features` and `values` (codes, width). `row` ascends, and has each
    code once."""
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
