"""MinHash: which texts of a large collection share most of their runs of letters, without comparing all pairs.

Texts are plain (`governance.measures.words`): words in lower case with one space between. What is compared are runs of
five characters, so that a typo, a changed word and an inserted sentence all cost in proportion to what they change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LETTERS = 5
"""Length of a run. Shorter runs occur in unrelated texts; longer ones make a single typo costly."""
ROWS_PER_BAND = 6
BANDS = 21
"""Pairs that share 0.7 of their runs meet in a band with probability 0.93, 0.8: 0.998, 0.5: 0.28, 0.2: 0.001."""
SEED = 7
LARGEST_BUCKET = 40
"""Of a larger bucket not all pairs are compared: each text with the first one and with the next one."""
TIER = 256
"""Of a text with more runs than twice this, a fixed share is compared, chosen by the runs' own hashes."""
_CHUNK = 200_000
Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""First position, second position (larger), overlap 0 to 1; sorted by positions."""


@dataclass(frozen=True)
class Runs:
    """The distinct runs of each text, as 64-bit hashes: text `t` has `values[start[t]:start[t + 1]]`, ascending."""

    values: NDArray[np.uint64]
    start: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Runs of each text."""
        return np.diff(self.start)


def runs_of(texts: Sequence[str]) -> Runs:
    """The runs of LETTERS characters of each plain text; a shorter text is one run, an empty one has none."""
    return sets_of(*runs_in_order(texts), len(texts))


def runs_in_order(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """(runs,) the text that each run stands in, ascending, and its hash, in order of reading."""
    # A space at either end tells first and last words from the middles of others.
    padded = [f" {text} " if text else "" for text in texts]
    lengths = np.fromiter((len(text) for text in padded), np.int64, len(padded))
    counts = np.where(lengths == 0, 0, np.maximum(lengths - LETTERS + 1, 1))
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    codes = np.concatenate([codes, np.zeros(LETTERS, dtype=np.uint64)])
    begin = np.concatenate([[0], np.cumsum(lengths)])[:-1]
    text = np.repeat(np.arange(len(padded)), counts)
    position = np.arange(text.size) - np.repeat(np.cumsum(counts) - counts, counts) + begin[text]
    hashed = np.zeros(text.size, dtype=np.uint64)
    for letter in range(LETTERS):
        inside = position + letter < (begin + lengths)[text]
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + np.where(inside, codes[position + letter] + np.uint64(1), 0)
    return text, _mixed(hashed)


def sets_of(text: NDArray[np.int64], hashed: NDArray[np.uint64], texts: int) -> Runs:
    """The distinct runs of each of `texts` texts; `text` and `hashed` (runs,) in any order."""
    order = np.lexsort((hashed, text))
    text, hashed = text[order], hashed[order]
    new = np.ones(text.size, dtype=bool)
    new[1:] = (text[1:] != text[:-1]) | (hashed[1:] != hashed[:-1])
    start = np.concatenate([[0], np.cumsum(np.bincount(text[new], minlength=texts))])
    return Runs(hashed[new], start.astype(np.int64))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser: spreads every bit over all. Source: G. Steele et al., OOPSLA 2014."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)), dtype=np.uint64)


def similar_sets(runs: Runs, *, overlap: float = 0.7) -> Pairs:
    """Pairs of sets whose overlap (Jaccard) is at least `overlap`: candidates by MinHash, each verified.

    Sources: A. Broder, SEQUENCES 1997; banding: J. Leskovec, A. Rajaraman, J. Ullman, Mining of Massive Datasets,
    chapter 3. Sets of more than 512 runs are compared on those whose hash is below a bound, 256 or more of them.
    """
    sizes = runs.sizes
    found: list[NDArray[np.int64]] = []
    overlaps: list[NDArray[np.float64]] = []
    top = max(int(np.log2(max(int(sizes.max(initial=1)), 1) / TIER)), 0) if sizes.size else 0
    for tier in range(top + 1):
        low = 0 if tier == 0 else int(TIER * 2**tier * overlap)
        members = np.flatnonzero((sizes > low) & (sizes <= TIER * 2 ** (tier + 1)))
        if members.size < 2:
            continue
        sampled = _some(runs, members, tier)
        first, second = _candidates(sampled)
        shared = jaccard_of(sampled, first, second)
        kept = shared >= overlap
        found.append(np.column_stack([members[first[kept]], members[second[kept]]]))
        overlaps.append(shared[kept])
    if not found:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, np.empty(0)
    pairs, position = np.unique(np.concatenate(found), axis=0, return_index=True)
    return pairs[:, 0], pairs[:, 1], np.concatenate(overlaps)[position]


def _some(runs: Runs, members: NDArray[np.int64], tier: int) -> Runs:
    """The runs of `members`; of them about one in 2 ** tier, those of smallest hash, the same for all texts."""
    sizes = runs.sizes[members]
    owner = np.repeat(np.arange(members.size), sizes)
    position = np.arange(owner.size) - np.repeat(np.cumsum(sizes) - sizes, sizes) + runs.start[members][owner]
    values = runs.values[position]
    if tier:
        kept = values < np.uint64(2 ** (64 - tier))
        owner, values = owner[kept], values[kept]
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=members.size))])
    return Runs(values, start.astype(np.int64))


def _candidates(runs: Runs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (first < second) whose signatures agree in one band."""
    sizes = runs.sizes
    filled = np.flatnonzero(sizes)
    keys = np.zeros((BANDS, filled.size), dtype=np.uint64)
    generator = np.random.default_rng(SEED)
    salts = generator.integers(0, 2**64, (BANDS, ROWS_PER_BAND, 2), dtype=np.uint64)
    for begin, end in _chunks(runs.start[filled], runs.start[filled + 1]):
        values = runs.values[runs.start[filled[begin]] : runs.start[filled[end - 1] + 1]]
        offsets = runs.start[filled[begin:end]] - runs.start[filled[begin]]
        for band in range(BANDS):
            key = np.zeros(end - begin, dtype=np.uint64)
            for row in range(ROWS_PER_BAND):
                factor, shift = salts[band, row] | np.uint64(1)
                # Values are mixed already, so an odd factor and the upper half make one more order of them.
                order = ((values * factor + shift) >> np.uint64(32)).astype(np.uint32)
                key = _mixed(key + np.minimum.reduceat(order, offsets).astype(np.uint64) + np.uint64(row + 1))
            keys[band, begin:end] = key
    found = [_meeting(filled, band) for band in keys]
    pairs = np.unique(np.concatenate(found), axis=0) if found else np.empty((0, 2), dtype=np.int64)
    return pairs[:, 0], pairs[:, 1]


def _chunks(start: NDArray[np.int64], end: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Consecutive ranges of texts with about _CHUNK runs each, so that the arrays stay in the cache."""
    begin = 0
    while begin < start.size:
        last = int(np.searchsorted(end, start[begin] + _CHUNK, side="right"))
        last = max(last, begin + 1)
        yield begin, last
        begin = last


def _meeting(members: NDArray[np.int64], keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """(pairs, 2) of `members` (ascending) with equal `keys`; of large buckets a star and a chain only."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    edges = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1], [True]]))
    sizes, begins = np.diff(edges), edges[:-1]
    pairs: list[NDArray[np.int64]] = [np.empty((0, 2), dtype=np.int64)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= LARGEST_BUCKET)]).tolist():
        block = members[order[begins[sizes == size][:, None] + np.arange(size)]]
        one, other = np.triu_indices(size, 1)
        pairs.append(np.column_stack([block[:, one].ravel(), block[:, other].ravel()]))
    for begin, size in zip(begins[sizes > LARGEST_BUCKET], sizes[sizes > LARGEST_BUCKET], strict=True):
        block = members[order[begin : begin + size]]
        pairs.append(np.column_stack([np.full(size - 1, block[0]), block[1:]]))
        pairs.append(np.column_stack([block[:-1], block[1:]]))
    return np.concatenate(pairs)


def jaccard_of(runs: Runs, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    """Shared runs over all runs of each pair of sets; 0 when both are empty."""
    sizes = runs.sizes
    shared = shared_runs(runs, first, second)
    union = sizes[first] + sizes[second] - shared
    return np.asarray(shared / np.maximum(union, 1), dtype=np.float64)


def shared_runs(runs: Runs, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many runs each pair of sets shares."""
    sizes = runs.sizes
    shared = np.zeros(first.size, dtype=np.int64)
    ends = np.cumsum(sizes[first] + sizes[second])
    begin = 0
    while begin < first.size:
        before = int(ends[begin - 1]) if begin else 0
        end = max(int(np.searchsorted(ends, before + 20 * _CHUNK, side="right")), begin + 1)
        one, other = first[begin:end], second[begin:end]
        both = np.concatenate([one, other])
        length = sizes[both]
        owner = np.repeat(np.concatenate([np.arange(one.size)] * 2), length)
        inside = np.arange(owner.size) - np.repeat(np.cumsum(length) - length, length)
        values = runs.values[np.repeat(runs.start[both], length) + inside]
        order = np.lexsort((values, owner))
        owner, values = owner[order], values[order]
        twice = (owner[1:] == owner[:-1]) & (values[1:] == values[:-1])
        shared[begin:end] = np.bincount(owner[1:][twice], minlength=one.size)
        begin = end
    return shared
