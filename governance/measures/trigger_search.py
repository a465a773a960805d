"""Searches patterns for triggers: judges each by the rest of its rows, and explains each row by one pattern only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.rest_of_row import against
from governance.measures.trigger_patterns import Patterns
from governance.measures.trigger_test import CONTRADICTS, Background, Verdict, judge, most_per_row

Rest = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]
"""Rows to ask about, features of the pattern, all rows that hold it: gives evidence (rows, classes) of the rest."""
Closure = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]
"""Rows that share a pattern, its features: gives all features in which these rows agree as others do not."""

LEAST_LIKENESS = 0.5
"""The rest of a trigger's rows is nearer to other classes than to the label; see Verdict.likeness."""
LEAST_TAKEOVER = 0.5
"""A trigger decides the label of at least half of the rows that speak for another class."""
MAX_JUDGED = 4000
"""Patterns judged one by one: those whose rows contradict at first look, then those that carry one label purely."""
MAX_DULL = 1500
"""Of the latter, when there are more patterns than that."""
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
    least_rows: int
    """The fewest rows that could have been significant with this many tests."""


def search(
    patterns: Patterns,
    label: NDArray[np.int64],
    usual: Background,
    rest: Rest,
    closure: Closure,
    *,
    group: NDArray[np.int64],
    first_look: NDArray[np.float64],
    least: int,
    false_alarms: float,
) -> Search:
    """Triggers among `patterns`.

    `label` and `group` (rows,) are class and independent unit of each row. `first_look` (rows,) is the contradiction
    of each row as a whole: with more patterns than can be judged, those whose rows show some go first.
    `false_alarms` is the chance that clean data, in which patterns and the rest are independent given the label,
    gives any trigger.
    """
    tests, least_rows = _tests(np.diff(patterns.start), usual, least, false_alarms)
    score = np.zeros(label.size)
    limit = float(np.log(false_alarms / tests))
    if patterns.size == 0:
        return Search((), score, tests, 0, least_rows)
    numbers, given = _promising(patterns, label, usual, first_look, least)
    judged: list[tuple[float, int, int, NDArray[np.int64], NDArray[np.float64], Verdict]] = []
    for number, chosen in zip(numbers.tolist(), given.tolist(), strict=True):
        rows = _spaced(patterns.of(number))
        found = _judge(rows, patterns.features[number], chosen, label, group, usual, rest, closure)
        if found is None:
            continue
        features, speaks, verdict = found
        if verdict.log_p < 0 and verdict.likeness > 0:
            every = patterns.of(number)
            own = every[label[every] == chosen]
            both = 0.5 * (verdict.excess_log_p + verdict.rest_log_p)
            strength = both / limit * min(verdict.likeness, 1.0) * verdict.takeover
            doubt = speaks[label[rows] == chosen]
            graded = 0.5 * strength / (1 + strength) * (0.5 + 0.5 * (doubt if doubt.size == own.size else doubt.mean()))
            score[own] = np.maximum(score[own], graded)
            judged.append((verdict.log_p, number, chosen, features, speaks, verdict))
    judged.sort(key=lambda one: (round(one[0], 6), one[1]))
    triggers: list[Trigger] = []
    explained = np.zeros(label.size, dtype=bool)
    for log_p, number, chosen, features, speaks, verdict in judged:
        if log_p > limit:
            break
        rows = patterns.of(number)
        if explained[rows].any() or rows.size > MAX_HOLDERS:
            rows = rows[~explained[rows]]
            if int((label[rows] == chosen).sum()) < least:
                continue
            again = _judge(rows, patterns.features[number], chosen, label, group, usual, rest, closure)
            if again is None:
                continue
            features, speaks, verdict = again
        if verdict.log_p > limit or verdict.likeness < LEAST_LIKENESS or verdict.takeover < LEAST_TAKEOVER:
            continue
        own = label[rows] == chosen
        sure = 0.75 + 0.25 * speaks[own]
        triggers.append(Trigger(number, features, rows[own], sure, verdict, verdict.log_p + float(np.log(tests))))
        explained[rows] = True
        score[rows[own]] = sure
    return Search(tuple(triggers), score, tests, len(numbers), least_rows)


def _tests(sizes: NDArray[np.int64], usual: Background, least: int, false_alarms: float) -> tuple[int, int]:
    """How many tests to correct for, and the fewest rows that can then be significant.

    A pattern with so few rows that it could never be significant takes no chance, and is not counted (R. Tarone,
    Biometrics 46, 1990). Sizes of patterns hang on no label.
    """
    per_row = max(float(most_per_row(usual).max()), 1e-9)
    for rows in range(least, int(sizes.max(initial=least)) + 1):
        tests = max(int((sizes >= rows).sum()) * usual.labels.size, 1)
        if rows * per_row >= np.log(tests / false_alarms):
            return tests, rows
    return max(sizes.size * usual.labels.size, 1), int(sizes.max(initial=least)) + 1


def _promising(
    patterns: Patterns, label: NDArray[np.int64], usual: Background, first_look: NDArray[np.float64], least: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Patterns worth judging, and the label that most of their rows carry."""
    classes = usual.labels.size
    sizes = np.diff(patterns.start)
    owner = np.repeat(np.arange(patterns.size), sizes)
    counts = np.zeros((patterns.size, classes), dtype=np.int64)
    np.add.at(counts, (owner, label[patterns.rows]), 1)
    most = counts.argmax(axis=1)
    held = counts[np.arange(patterns.size), most]
    kept = (held >= least) & (2 * held >= sizes)
    numbers = np.flatnonzero(kept)
    if numbers.size > MAX_DULL:
        own = label[patterns.rows] == most[owner]
        speaks = np.bincount(owner, weights=own & (first_look[patterns.rows] >= CONTRADICTS), minlength=patterns.size)
        dull = speaks[numbers] < 0.25 * held[numbers]
        share = held[numbers] / sizes[numbers]
        prior = usual.labels[most[numbers]] / usual.labels.sum()
        gain = held[numbers] * np.log(share / prior)
        wanted = min(max(int((~dull).sum()), MAX_DULL), MAX_JUDGED)
        numbers = np.sort(numbers[np.lexsort((numbers, -np.round(gain, 9), dull))[:wanted]])
    return numbers, most[numbers]


def _spaced(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    if rows.size <= MAX_HOLDERS:
        return rows
    return rows[np.linspace(0, rows.size - 1, MAX_HOLDERS).astype(np.int64)]


def _judge(
    rows: NDArray[np.int64],
    own_features: NDArray[np.int64],
    chosen: int,
    label: NDArray[np.int64],
    group: NDArray[np.int64],
    usual: Background,
    rest: Rest,
    closure: Closure,
) -> tuple[NDArray[np.int64], NDArray[np.float64], Verdict] | None:
    """Features left out, contradiction of each row, and the verdict."""
    labelled = label[rows] == chosen
    features = closure(rows[labelled], own_features[own_features >= 0])
    speaks = against(rest(rows, features, rows), chosen)
    if not speaks[labelled].any():
        return None
    _, inverse, counts = np.unique(group[rows], return_inverse=True, return_counts=True)
    weight = 1.0 / counts[inverse]
    return features, speaks, judge(speaks, labelled, weight, chosen, usual)
