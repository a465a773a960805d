"""Searches patterns for triggers: judges each by the rest of its rows, and explains each row by one pattern only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.trigger_judgement import Asked, Judged
from governance.measures.trigger_limits import OVER_REPRESENTED, limits_of, prior_of
from governance.measures.trigger_patterns import Patterns
from governance.measures.trigger_test import CONTRADICTS, Background, Verdict
from governance.measures.trigger_weight import chance_of, lean_of

LEAST_LIKENESS = 0.5
"""The rest of a trigger's rows is nearer to other classes than to the label; see Verdict.likeness."""
LEAST_TAKEOVER = 0.5
"""A trigger decides the label of at least half of the rows that speak for another class."""
UNREMARKABLE = 0.05
"""Rows of a pattern that are left when a narrower one is taken out owe it nothing at this level."""
STANDS_OUT = 0.01
"""Rows with nearly a pattern's values do as its own do this seldom. It is asked of the few that all else has passed."""
MAX_JUDGED = 4000
"""Patterns judged: those that lean to one label most, and of those whose rows contradict at first look as many as fit."""
MAX_LEANING = 1500
"""Of the former: at first look a row is seen with its pattern, so that a trigger that is learnt well hides itself."""
MAX_STANDING_OUT = 500
"""And of those that far more rows hold than is usual: where many lean as much as can be, a trigger is lost among them."""
AT_ONCE = 2**19
"""Numbers of evidence of the patterns that are judged in one pass: 4 MB, and some twenty times as much beside them."""
DOUBTED_SHARE, DOUBTED_ROWS = 0.25, 2
"""At first look, the rows of a pattern contradict when so many of those that carry its label do: one may be a slip."""
MAX_HOLDERS = 400
"""Of a pattern that more rows hold, an evenly spaced sample is judged, and all only when that is accepted."""


@dataclass(frozen=True)
class Trigger:
    """A pattern that was accepted as a trigger."""

    number: int
    """Index into the patterns."""
    features: NDArray[np.int64]
    """All features in which its rows agree, the pattern's own among them."""
    rows: NDArray[np.int64]
    """Rows with the pattern and the label."""
    score: NDArray[np.float64]
    verdict: Verdict
    log_p: float
    """After the correction for all that was tried."""


@dataclass(frozen=True)
class Search:
    """What a search found."""

    triggers: tuple[Trigger, ...]
    score: NDArray[np.float64]
    """(rows,) 0 to 1; from 0.5 on for rows of a trigger."""
    tested: int
    """Patterns times classes: the number of tests that was corrected for."""
    judged: int


def search(
    patterns: Patterns, asked: Asked, *, first_look: NDArray[np.float64], least: int, false_alarms: float
) -> Search:
    """Triggers among `patterns`.

    `first_look` (rows,) is the contradiction of each row as a whole: with more patterns than can be judged, those
    whose rows show some go first. `false_alarms` is the chance that clean data, in which patterns and the rest are
    independent given the label, gives any trigger.
    """
    label = asked.label
    score = np.zeros(label.size)
    limits, tests = limits_of(patterns, asked.usual, least, false_alarms)
    if patterns.size == 0:
        return Search((), score, tests, 0)
    prior, lean = prior_of(patterns, label.size), lean_of(patterns, label, asked.usual.labels)
    numbers, given = _promising(patterns, label, asked.usual, first_look, least)
    judged: list[tuple[float, int, int, Judged]] = []
    held = [_spaced(patterns.of(number)) for number in numbers.tolist()]
    for number, chosen, rows, found in zip(
        numbers.tolist(), given.tolist(), held, _all_judged(patterns, asked, numbers, given, held), strict=True
    ):
        if found is None:
            continue
        verdict = found.verdict
        if verdict.log_p < 0 and verdict.likeness > 0:
            every = patterns.of(number)
            own = every[label[every] == chosen]
            doubt = found.speaks[label[rows] == chosen]
            other = None if asked.margins is None else asked.margins.other(found.margin, chosen)
            sure = chance_of(
                found.speaks, label[rows] == chosen, asked.weight(rows), chosen, found.usual, lean, float(prior[number]), other
            )  # fmt: skip
            score[own] = np.maximum(score[own], _graded(sure, doubt, own.size))
            judged.append((verdict.log_p - limits[number], number, chosen, found))
    judged.sort(key=lambda one: (round(one[0], 6), one[1]))
    triggers: list[Trigger] = []
    explained = np.zeros(label.size, dtype=bool)
    for excess, number, chosen, found in judged:
        if excess > 0:
            break
        rows = patterns.of(number)
        if explained[rows].any() or rows.size > MAX_HOLDERS:
            rows = rows[~explained[rows]]
            if int((label[rows] == chosen).sum()) < least:
                continue
            again = asked.judge(rows, patterns.features[number], chosen)
            if again is None:
                continue
            found = again
        if found.verdict.log_p > limits[number]:
            continue
        corrected = found.verdict.log_p - limits[number] + float(np.log(false_alarms))
        inner = _narrower(rows, found, chosen, patterns, float(np.log(false_alarms)), judged, asked)
        if inner is not None:
            number, found = inner
            rows = patterns.of(number)
        verdict = found.verdict
        if verdict.likeness < LEAST_LIKENESS or verdict.takeover < LEAST_TAKEOVER:
            continue
        if asked.stands_out(rows, patterns.features[number], chosen, found) > np.log(STANDS_OUT):
            continue
        own = label[rows] == chosen
        sure = 0.75 + 0.25 * found.speaks[own]
        triggers.append(Trigger(number, found.features, rows[own], sure, verdict, corrected))
        explained[rows] = True
        score[rows[own]] = sure
    return Search(tuple(triggers), score, tests, len(numbers))


def _all_judged(
    patterns: Patterns,
    asked: Asked,
    numbers: NDArray[np.int64],
    given: NDArray[np.int64],
    held: Sequence[NDArray[np.int64]],
) -> Iterator[Judged | None]:
    """The patterns `numbers`, as many in one pass as fit into memory."""
    chunk = max(AT_ONCE // (MAX_HOLDERS * asked.usual.labels.size), 1)
    for first in range(0, len(held), chunk):
        some = slice(first, first + chunk)
        features = patterns.features[numbers[some]]
        yield from asked.judge_all(list(zip(held[some], features, given[some].tolist(), strict=True)))


def _narrower(
    rows: NDArray[np.int64],
    outer: Judged,
    chosen: int,
    patterns: Patterns,
    limit: float,
    judged: Sequence[tuple[float, int, int, Judged]],
    asked: Asked,
) -> tuple[int, Judged] | None:
    """A pattern within this one that explains it: without its rows, the others do as their rest says.

    That there is a trigger is settled, so that `limit`, on log_p, is for a choice among few. One with all the rows
    that carry the label leaves nothing to explain.
    """
    if (asked.label[rows] == chosen).all():
        return None
    for _, number, label, found in judged:
        inside, verdict = patterns.of(number), found.verdict
        if label != chosen or inside.size >= rows.size or not np.isin(inside, rows).all():
            continue
        if verdict.log_p > limit or verdict.likeness < LEAST_LIKENESS or verdict.takeover < outer.verdict.takeover:
            continue
        rest = np.setdiff1d(rows, inside)
        if not (asked.label[rest] == chosen).any():
            return number, found
        others = asked.judge(rest, outer.features, chosen)
        if others is None or others.verdict.log_p > np.log(UNREMARKABLE):
            return number, found
    return None


def _graded(chance: float, doubt: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """Score below 0.5 of the labelled rows of a pattern that is a trigger with this chance.

    `doubt` is that of each of them, or of a sample of them.
    """
    each = doubt if doubt.size == rows else np.full(rows, doubt.mean())
    return 0.49 * chance * (0.75 + 0.25 * each)


def _promising(
    patterns: Patterns, label: NDArray[np.int64], usual: Background, first_look: NDArray[np.float64], least: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Patterns worth judging, and the label that most of their rows carry."""
    classes = usual.labels.size
    sizes, given = np.diff(patterns.start), label.take(patterns.rows)
    cells = np.repeat(np.arange(0, patterns.size * classes, classes), sizes)
    cells += given
    counts = np.bincount(cells, minlength=patterns.size * classes).reshape(patterns.size, classes)
    most = counts.argmax(axis=1)
    held = counts[np.arange(patterns.size), most]
    kept = (held >= least) & (2 * held >= sizes)
    numbers = np.flatnonzero(kept)
    if numbers.size > MAX_LEANING:
        speaks = (first_look >= CONTRADICTS).take(patterns.rows)
        speaks &= given == np.repeat(most, sizes)
        doubted = np.add.reduceat(speaks, patterns.start[:-1], dtype=np.int64)
        dull = doubted[numbers] < np.maximum(DOUBTED_SHARE * held[numbers], DOUBTED_ROWS)
        prior = usual.labels[most[numbers]] / usual.labels.sum()
        order = np.lexsort((numbers, -np.round(_leans(held[numbers], sizes[numbers], prior), 9)))
        chance = patterns.chance[numbers[order]]
        ranked = np.argsort(chance, kind="stable")[:MAX_STANDING_OUT]
        first = np.union1d(np.arange(MAX_LEANING), ranked[chance[ranked] <= OVER_REPRESENTED[-1]])
        others = np.setdiff1d(np.arange(order.size), first)
        others = others[~dull[order[others]]][: MAX_JUDGED - first.size]
        numbers = np.sort(numbers[order[np.concatenate([first, others])]])
    return numbers, most[numbers]


def _leans(held: NDArray[np.int64], sizes: NDArray[np.int64], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much likelier the labels of patterns are at their own share of one label (`held` of `sizes`) than at `prior`.

    Natural logarithm, and below 0 where the share is the lower one.
    """
    share = held / sizes
    other = np.where(share < 1, 1 - share, 1.0)
    gain = held * np.log(share / prior) + (sizes - held) * np.log(other / np.maximum(1 - prior, 1e-12))
    return np.asarray(np.where(share >= prior, gain, -gain), dtype=np.float64)


def _spaced(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return rows[evenly_spaced(rows.size, MAX_HOLDERS)]
