"""Is that two texts are alike told by words of their own, or are they put together from phrases that others use too?

Subjects of tickets, messages of machines and short answers are made of a small stock of phrases, so that the same words
come again without anything being copied. What no text but the two and those like them says, no stock explains.

Source: A. Broder. On the Resemblance and Containment of Documents. SEQUENCES, 1997 (runs of words).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from governance.measures.components import components
from governance.measures.words import plain

Ints = NDArray[np.int64]

RUN = 3
"""Words in a run: so many in a row are rarely the same by chance in free writing."""
OWN_SHARE = 0.5
"""Texts have words of their own when more than so large a share of the runs that they share is no others': a name or a
number filled in to a sentence of the stock makes less."""
RARE = 2e-4
"""A run is no others' that at most so large a share of the rows has: in many texts all runs come again somewhere."""
SURE = 10
"""Pairs at which what pairs of like texts show of a column counts as much as what any pairs of rows show."""


class LikeTexts:
    """Which rows have like texts."""

    def __init__(self, texts: Sequence[str], first: Ints, second: Ints) -> None:
        """`texts` of the rows, and the pairs of them that are similar, of equal ones at least each with the first."""
        numbers: dict[str, int] = {}
        self.text = np.array([numbers.setdefault(plain(text), len(numbers)) for text in texts], dtype=np.int64)
        """(rows,) a number per text, case, punctuation and spaces left out."""
        self.words = [text.split() for text in numbers]
        self.like: dict[int, set[int]] = defaultdict(set)
        """The texts that a text is similar to, but for itself."""
        for one, other in zip(self.text[first].tolist(), self.text[second].tolist(), strict=True):
            if one != other:
                self.like[one].add(other)
                self.like[other].add(one)
        self.rows = np.bincount(self.text, minlength=len(numbers))

    @cached_property
    def component(self) -> Ints:
        """(rows,) a number per set of texts that are joined by similar ones."""
        joined = [(one, other) for one, others in self.like.items() for other in others]
        ends = np.array(joined, dtype=np.int64).reshape(-1, 2)
        return components(ends[:, 0], ends[:, 1], self.rows.size)[self.text]

    def alike(self, first: Ints, second: Ints) -> NDArray[np.bool_]:
        """(pairs,) whether rows have equal or similar texts, and some."""
        pairs = zip(self.text[first].tolist(), self.text[second].tolist(), strict=True)
        return np.array([bool(self.words[a]) and (a == b or b in self.like.get(a, ())) for a, b in pairs], dtype=bool)

    def pairs(self) -> float:
        """How many pairs of rows have equal or similar texts."""
        between = sum(int(self.rows[one] * self.rows[list(others)].sum()) for one, others in self.like.items()) / 2
        told = self.rows[[bool(words) for words in self.words]].astype(np.float64)
        return between + float((told * (told - 1)).sum()) / 2

    def own(self, first: Ints, second: Ints, cell: Ints) -> NDArray[np.bool_]:
        """(pairs,) whether the rows share words of their own; rows of another `cell` (rows,) differ in other columns."""
        runs = [{tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)} for words in self.words]
        holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, held in enumerate(runs):
            for run in held:
                holders[run].append(number)
        having = {run: int(self.rows[texts].sum()) for run, texts in holders.items()}
        order = np.argsort(self.text, kind="stable")
        cells = [part.tolist() for part in np.split(cell[order], np.cumsum(self.rows)[:-1])]
        result = np.zeros(first.size, dtype=bool)
        for place, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
            a, b = int(self.text[one]), int(self.text[other])
            near, here = {a, b, *self.like.get(a, ()), *self.like.get(b, ())}, {int(cell[one]), int(cell[other])}
            shared, own = runs[a] & runs[b], 0
            for run in shared:
                like = [text for text in near if run in runs[text]]
                outside = having[run] - int(self.rows[like].sum())
                # A row with a like text that differs in other columns shows that the text comes again by itself.
                again = any(number not in here for text in like for number in cells[text])
                own += outside <= RARE * self.text.size and not again
            result[place] = own > OWN_SHARE * len(shared)
        return result


def agreeing_by_chance(unlike: NDArray[np.bool_], usual: NDArray[np.float64]) -> float:
    """The chance that a pair of rows with like texts agrees in all other columns.

    `unlike` (pairs, columns) says where pairs with like texts differ, and `usual` (columns,) how often any pair of rows
    agrees. Asked of a column are pairs that differ elsewhere: copies differ nowhere, and would make agreement look usual.
    """
    elsewhere = unlike.sum(axis=1, keepdims=True) - unlike > 0
    agree = (elsewhere & ~unlike).sum(axis=0) + SURE * usual
    return float(np.prod(agree / (elsewhere.sum(axis=0) + SURE)))
