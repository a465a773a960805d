"""What is true of things that several sources tell about, when the sources differ, copy each other and leave out.

Each source counts by how often it told what was found to be true, and sources that tell the same of what others disagree on
count little more than one: many copies of a mistake are one mistake. Truth and trust follow from each other, and are found in turn.
Source: X. Dong, L. Berti-Equille, D. Srivastava. Integrating Conflicting Data: The Role of Source Dependence. PVLDB 2,
2009 (trust and truth in turn); the weight of copies is that of near copies in sequence weighting: S. Henikoff,
J. Henikoff. Position-based Sequence Weights. J. Mol. Biol. 243, 1994.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_SOURCES, MOST_SOURCES = 8, 300
"""With fewer, what they agree on can be chance; more are no sources."""
LEAST_THINGS = 10
LEAST_TOLD = 0.15
"""Share of the pairs of a thing and a source that must have a row: what hangs together by chance has fewer."""
ONE_ROW = 0.98
"""Share of rows that must be the only one of their source on their thing."""
AGREE, BY_CHANCE = 0.25, 0.2
"""Share of pairs of rows of one thing that must agree for a column to be what sources tell of it, and the share of that
in which rows of different things may."""
COPIES = 0.8
"""Sources that agree in so many of the cases in which others do not count as one: copies slip in cells of their own."""
GROWTH = 1 / 3
"""Power with which the weight of a set of copies grows with their number: some are mistaken for copies and are right."""
COMPARED = 4000
"""Disputed cases by which sources are compared: the first ones."""
TRUST, DRAWN_IN = 0.8, 60.0
"""How often a source is right before anything is known, and the cases of one column that outweigh what
it tells in all: who is right about one question is trusted in another."""
ROUNDS = 20


@dataclass(frozen=True)
class Told:
    """What the sources tell in one column."""

    truth: NDArray[np.int64]
    """For each row, the code of what is true of its thing; -1 when nobody tells."""
    sure: NDArray[np.float64]
    """For each row, how sure that is, 0 to 1."""
    own: NDArray[np.float64]
    """For each row, how likely it is that what it tells is true, 0 to 1; NaN where it tells nothing."""
    others: NDArray[np.int64]
    """For each row, how many other rows of its thing tell anything."""


def are_reports(thing: NDArray[np.int64], source: NDArray[np.int64]) -> bool:
    """Whether each of many sources (n,) tells once of each of many things (n,); dense codes, -1 for missing."""
    things, sources = int(thing.max(initial=-1)) + 1, int(source.max(initial=-1)) + 1
    if things < LEAST_THINGS or not LEAST_SOURCES <= sources <= MOST_SOURCES:
        return False
    known = (thing >= 0) & (source >= 0)
    if known.mean() < ONE_ROW or not LEAST_TOLD <= known.sum() / (things * sources) <= 1 / ONE_ROW:
        return False
    thing, source = thing[known], source[known]
    pairs = np.unique(thing * sources + source).size
    return bool(pairs >= ONE_ROW * thing.size and np.median(np.bincount(thing)) >= LEAST_SOURCES / 2)


def told_of(thing: NDArray[np.int64], values: NDArray[np.int64]) -> bool:
    """Whether a column (n,) is told of the things (n,): rows of one agree, and far more often than rows of two."""
    known = (thing >= 0) & (values >= 0)
    if known.sum() < LEAST_SOURCES * LEAST_THINGS:
        return False
    thing, values = thing[known], values[known]
    _, together = np.unique(thing * (int(values.max()) + 1) + values, return_counts=True)
    rows, alike = np.bincount(thing).astype(float), np.bincount(values).astype(float)
    within = rows @ (rows - 1)
    across = thing.size * (thing.size - 1.0) - within
    same = float(together @ (together - 1.0))
    if within == 0 or across == 0:
        return False
    agree, chance = same / within, (float(alike @ (alike - 1)) - same) / across
    return bool(agree >= AGREE and chance <= BY_CHANCE * agree)


def told(thing: NDArray[np.int64], source: NDArray[np.int64], columns: list[NDArray[np.int64]]) -> list[Told]:
    """What is true in each of the columns (n,) of codes, -1 for missing, that sources (n,) tell of things (n,)."""
    who = np.where((thing >= 0) & (source >= 0), source, -1)
    things, sources = int(thing.max()) + 1, int(source.max()) + 1
    # A case is one thing in one column; a claim is a source's value in a case; an answer is a case's possible value.
    rows = [np.flatnonzero((values >= 0) & (who >= 0)) for values in columns]
    width = max(int(values.max()) for values in columns) + 1
    case = np.concatenate([thing[row] + things * place for place, row in enumerate(rows)])
    value = np.concatenate([values[row] for values, row in zip(columns, rows, strict=True)])
    by = np.concatenate([who[row] for row in rows])
    answers, answer = np.unique(case * width + value, return_inverse=True)
    of_case = answers // width
    likely = _likely(case, answer, by, of_case, _weights(case, answer, by, sources), things, len(columns))
    best, sure = _best(of_case, likely, things * len(columns))
    ends = np.cumsum([row.size for row in rows])
    result = []
    for place, values in enumerate(columns):
        own = np.full(values.size, np.nan)
        own[rows[place]] = likely[answer[ends[place] - rows[place].size : ends[place]]]
        cases = np.where(thing >= 0, thing, 0) + things * place
        known = (best[cases] >= 0) & (thing >= 0)
        count = np.bincount(thing[(values >= 0) & (thing >= 0)], minlength=things)
        result.append(
            Told(
                np.where(known, answers[best[cases]] % width, -1),
                np.where(known, sure[cases], 0.0),
                own,
                np.where(thing >= 0, count[cases - things * place], 0) - (values >= 0),
            )
        )
    return result


def _weights(
    case: NDArray[np.int64], answer: NDArray[np.int64], by: NDArray[np.int64], sources: int
) -> NDArray[np.float64]:
    """For each source, less than one when it and others tell the same in nearly all disputed cases."""
    disputed = np.flatnonzero(np.bincount(np.unique(np.stack([case, answer]), axis=1)[0]) > 1)[:COMPARED]
    place = np.full(int(case.max()) + 1, -1)
    place[disputed] = np.arange(disputed.size)
    said = np.full((sources, disputed.size), -1)
    here = place[case] >= 0
    said[by[here], place[case[here]]] = answer[here]
    weight = np.ones(sources)
    for one in range(sources):
        both = (said >= 0) & (said[one] >= 0)
        shared = both.sum(axis=1)
        same = ((said == said[one]) & both).sum(axis=1)
        copies = (shared >= LEAST_SOURCES) & (same >= COPIES * shared)
        weight[one] = (1.0 + copies.sum() - copies[one]) ** (GROWTH - 1)
    return weight


def _likely(
    case: NDArray[np.int64],
    answer: NDArray[np.int64],
    by: NDArray[np.int64],
    of_case: NDArray[np.int64],
    weight: NDArray[np.float64],
    things: int,
    columns: int,
) -> NDArray[np.float64]:
    """How likely each answer is, from the sources that give it and what they are worth."""
    cell, sources = by * columns + case // things, weight.size
    told = np.bincount(cell, minlength=sources * columns).reshape(sources, columns)
    right = np.full(sources * columns, TRUST)
    likely = np.ones(of_case.size)
    for _ in range(ROUNDS):
        votes = np.bincount(
            answer, weights=weight[by] * np.log(right[cell] / (1 - right[cell]) * 5), minlength=of_case.size
        )
        most = np.full(int(of_case.max()) + 1, -np.inf)
        np.maximum.at(most, of_case, votes)
        odds = np.exp(votes - most[of_case])
        likely = odds / np.bincount(of_case, weights=odds)[of_case]
        hits = np.bincount(cell, weights=likely[answer], minlength=sources * columns).reshape(sources, columns)
        overall = (hits.sum(axis=1) + 2 * TRUST) / (told.sum(axis=1) + 2)
        right = np.clip((hits + DRAWN_IN * overall[:, None]) / (told + DRAWN_IN), 0.05, 0.95).ravel()
    return likely


def _best(
    of_case: NDArray[np.int64], likely: NDArray[np.float64], cases: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    order = np.lexsort((np.arange(of_case.size), -likely, of_case))
    first = order[np.concatenate([[True], of_case[order][1:] != of_case[order][:-1]])]
    best, sure = np.full(cases, -1, dtype=np.int64), np.zeros(cases)
    best[of_case[first]], sure[of_case[first]] = first, likely[first]
    return best, sure
