"""Judges patterns by the rest of their rows: many in one pass, each as if it were the only one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from governance.measures.rest_of_row import against
from governance.measures.trigger_questions import Question
from governance.measures.trigger_test import Background, Verdict, judge

Rest = Callable[[Sequence[Question]], list[NDArray[np.float64]]]
"""Gives for each question the evidence (its rows, classes) of the rest."""
Closure = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]
"""Rows that share a pattern, its features: gives all features in which these rows agree as others do not."""


class Pair(NamedTuple):
    """A pattern of two values: its rows, its own features, those to leave out, and a label."""

    rows: NDArray[np.int64]
    own: NDArray[np.int64]
    features: NDArray[np.int64]
    chosen: int


Effects = Callable[[Sequence[Pair]], list[float]]
"""Gives for each pair what its two values alone add to the evidence."""


@dataclass(frozen=True)
class Asked:
    """Where a search asks."""

    label: NDArray[np.int64]
    """(rows,) class of each row."""
    group: NDArray[np.int64]
    """(rows,) independent unit of each row."""
    rest: Rest
    closure: Closure
    usual: Background
    without: Callable[[NDArray[np.int64]], Background] | None = None
    """The background when these features are left out of all rows; None where leaving out a few changes little."""
    effects: Effects | None = None

    def judge(self, rows: NDArray[np.int64], own: NDArray[np.int64], chosen: int) -> Judged | None:
        """The pattern of `rows` with its `own` features; None when the rest of no row speaks against `chosen`."""
        return self.judge_all([(rows, own, chosen)])[0]

    def judge_all(self, held: Sequence[tuple[NDArray[np.int64], NDArray[np.int64], int]]) -> list[Judged | None]:
        """As judge, of many patterns in one pass."""
        patterns = []
        for rows, own, chosen in held:
            own = own[own >= 0]
            features = self.closure(rows[self.label[rows] == chosen], own)
            patterns.append(Pair(rows, own, features, chosen))
        evidence = self.rest([Question(one.rows, one.features, one.rows) for one in patterns])
        result: list[Judged | None] = []
        for one, said in zip(patterns, evidence, strict=True):
            first = self._judged(one, said, self.usual)
            result.append(first if first.speaks[self.label[one.rows] == one.chosen].any() else None)
        again = [at for at, first in enumerate(result) if first is not None and first.verdict.log_p < 0]
        if self.effects is not None:
            pairs = [at for at in again if patterns[at].own.size == 2]
            for at, effect in zip(pairs, self.effects([patterns[at] for at in pairs]), strict=True):
                evidence[at][:, patterns[at].chosen] += effect
        for at in again:
            usual = self.usual if self.without is None else self.without(patterns[at].features)
            result[at] = self._judged(patterns[at], evidence[at], usual)
        return result

    def _judged(self, one: Pair, evidence: NDArray[np.float64], usual: Background) -> Judged:
        labelled = self.label[one.rows] == one.chosen
        speaks = against(evidence, one.chosen)
        weight = np.ones(one.rows.size)
        if not self._independent:
            _, inverse, counts = np.unique(self.group[one.rows], return_inverse=True, return_counts=True)
            weight = 1.0 / counts[inverse]
        return Judged(one.features, speaks, judge(speaks, labelled, weight, one.chosen, usual))

    @cached_property
    def _independent(self) -> bool:
        """Whether every row is a unit of its own."""
        return np.unique(self.group).size == self.group.size


class Judged(NamedTuple):
    """Features left out, contradiction of each row, and the verdict."""

    features: NDArray[np.int64]
    speaks: NDArray[np.float64]
    verdict: Verdict
