"""What the rest of many patterns' rows says, asked in one pass: the work that they share is done once.

Thousands of patterns are judged, each by a few dozen rows. One by one, nearly all of the time goes into starting array
operations. Patterns over the same features leave out the same, so that their rows are asked together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)


class Question(NamedTuple):
    """What does the rest of these rows say?"""

    rows: NDArray[np.int64]
    features: NDArray[np.int64]
    """Taken as unknown."""
    holders: NDArray[np.int64]
    """All rows that hold the pattern: as neighbours they are not asked."""


def same_features(questions: Sequence[Question]) -> list[list[int]]:
    """Numbers of the questions with the same features, as lists."""
    found: dict[bytes, list[int]] = {}
    for number, question in enumerate(questions):
        found.setdefault(question.features.tobytes(), []).append(number)
    return list(found.values())


def outside_holders(neighbours: NDArray[np.int64], questions: Sequence[Question]) -> list[NDArray[np.int64]]:
    """For each question the neighbours (its rows, k) of its rows, -1 for those among its holders."""
    found: list[NDArray[np.int64]] = []
    held_by = np.full(len(neighbours), -1, dtype=np.int32)  # the last question that each row is a holder of
    for number, question in enumerate(questions):
        held_by[question.holders] = number
        index = neighbours.take(question.rows, axis=0)
        # Position -1 finds the last row, whose answer does not matter: it stays -1.
        index[held_by.take(index, mode="wrap") == number] = -1
        found.append(index)
    return found


def split(joined: NDArray[Kind], sizes: Sequence[int]) -> list[NDArray[Kind]]:
    """Parts of `joined` with so many rows each."""
    ends = np.cumsum(sizes).tolist()
    return [joined[end - size : end] for end, size in zip(ends, sizes, strict=True)]
