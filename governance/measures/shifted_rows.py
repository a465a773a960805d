"""Rows whose words stand in other columns than their own, as after a cell that was left out: all of them one column on.

A word is another column's where it stands ten times as often there. By chance some words of a row may be: where several
columns share their words, as airports to start from and to land at do, cells are so one by one. In a row that was shifted,
several are at once, and each could stand where another of them, or nothing, stands now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import pdtrc

OFTENER = 10
"""So many times as often a word stands in its own column."""
CHANCE = 1e-3
"""So rarely do as many rows have several such cells where each comes by itself."""
NOWHERE = -1


def homes_of_words(counts: Sequence[Mapping[str, int]]) -> list[dict[str, list[int]]]:
    """Of the words of each column, with their cells in `counts`, those that are other columns': in which they stand far oftener."""
    holding: dict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(counts):
        for word in words:
            holding[word].append(place)
    shared = {word: places for word, places in holding.items() if len(places) > 1}
    return [
        {
            word: homes
            for word, places in shared.items()
            if word in words
            and (homes := [there for there in places if counts[there][word] >= OFTENER * max(words[word], 1)])
        }
        for words in counts
    ]


def sources(homes: Sequence[Sequence[int]], free: Sequence[bool]) -> list[int] | None:
    """From which column of its row the right word of each cell comes; None where the row is not shifted.

    `homes`: the columns whose word each cell holds, none where it is its own; `free`: whether the right word of a cell may
    stand elsewhere. The source of a cell that is right is itself, and NOWHERE that of one whose word is in no other.
    Words that fit one place choose first. Two columns that hold each other's words are no shift.
    """
    foreign = [here for here, there in enumerate(homes) if there]
    source: dict[int, int] = {}
    for here in sorted(foreign, key=lambda here: (len(homes[here]), here)):
        place = next((there for there in homes[here] if free[there] and there not in source), None)
        if place is not None:
            source[place] = here
    exchanged = {place for place, here in source.items() if source.get(here) == place}
    if len(source) < 2 or len(source) == len(exchanged):
        return None
    return [source.get(here, NOWHERE if there else here) for here, there in enumerate(homes)]


def by_chance(rows: int, foreign: NDArray[np.bool_]) -> bool:
    """Whether so many rows, or more, may hold several `foreign` cells (all rows, columns) where these come one by one."""
    share = foreign.mean(axis=0)
    expected = foreign.shape[0] * float(share.sum() ** 2 - (share**2).sum()) / 2
    return float(pdtrc(rows - 1, expected)) > CHANCE
