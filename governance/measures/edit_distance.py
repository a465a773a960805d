"""How many typing errors apart two short strings are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST = 24
"""Characters of a value that are compared for typing errors."""


def likeness(values: Sequence[str], one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """How alike `values[one]` and `values[other]` are: 1 less twice the share of characters to change, 0 at least.

    Counted are insertions, deletions, changes and swaps of neighbours (optimal string alignment).
    """
    if one.size == 0:
        return np.empty(0)
    pairs, place = np.unique(np.column_stack([one, other]), axis=0, return_inverse=True)
    distance, length = edit_distance([values[i] for i in pairs[:, 0]], [values[i] for i in pairs[:, 1]])
    return np.asarray(np.maximum(1 - 2 * distance / np.maximum(length, 1), 0.0)[place.ravel()], dtype=np.float64)


def edit_distance(first: Sequence[str], second: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Optimal string alignment distance of each pair of strings, cut at LONGEST, and the longer length.

    Source: G. Navarro, A Guided Tour to Approximate String Matching, ACM Computing Surveys 33, 2001.
    """
    a, a_length = _padded(first)
    b, b_length = _padded(second)
    pairs, width, height = len(first), int(a_length.max(initial=0)), int(b_length.max(initial=0))
    rows = [np.tile(np.arange(height + 1), (pairs, 1)).T.copy()]
    result = np.where(a_length == 0, b_length, 0)
    for i in range(1, width + 1):
        row = np.empty((height + 1, pairs), dtype=np.int64)
        row[0] = i
        for j in range(1, height + 1):
            change = rows[-1][j - 1] + (a[i - 1] != b[j - 1])
            row[j] = np.minimum(np.minimum(rows[-1][j], row[j - 1]) + 1, change)
            if i > 1 and j > 1:
                swapped = (a[i - 1] == b[j - 2]) & (a[i - 2] == b[j - 1])
                row[j] = np.where(swapped, np.minimum(row[j], rows[-2][j - 2] + 1), row[j])
        rows = [rows[-1], row]
        done = a_length == i
        result[done] = row[b_length[done], np.flatnonzero(done)]
    return result, np.maximum(a_length, b_length)


def _padded(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Characters as numbers, (longest, texts), and lengths."""
    cut = [text[:LONGEST] for text in texts]
    length = np.fromiter((len(text) for text in cut), np.int64, len(cut))
    width = int(length.max(initial=0))
    codes = np.frombuffer("".join(text.ljust(width, "\0") for text in cut).encode("utf-32-le"), dtype="<u4")
    return codes.astype(np.int64).reshape(len(cut), width).T if width else np.empty((0, len(cut)), np.int64), length
