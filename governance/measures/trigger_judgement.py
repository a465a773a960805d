"""Judges patterns by the rest of their rows: many in one pass, each as if it were the only one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from governance.measures.rest_of_row import margin
from governance.measures.trigger_questions import Question, split
from governance.measures.trigger_test import Background, Verdict, judge, judge_each
from governance.measures.trigger_weight import Margins

Rest = Callable[[Sequence[Question]], list[NDArray[np.float64]]]
"""Gives for each question the evidence (its rows, classes) of the rest."""
Closure = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]
"""Rows that share a pattern, its features: gives all features in which these rows agree as others do not."""


class Pair(NamedTuple):
    """A pattern, as of two values: its rows, its own features, those to leave out, and a label."""

    rows: NDArray[np.int64]
    own: NDArray[np.int64]
    features: NDArray[np.int64]
    chosen: int


Effects = Callable[[Sequence[Pair]], list[float]]
"""Gives for each pair what its two values alone add to the evidence."""


Near = Callable[[Pair], tuple[NDArray[np.float64], Background] | None]
"""Gives by how much the rest of a pattern's rows contradicts its label, and what is usual in rows with nearly its values;
None where there is no nearly."""


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
    without: Callable[[Pair], Background] | None = None
    """The background of a class when a pattern's features are left out of all rows; None where a few change little."""
    effects: Effects | None = None
    near: Near | None = None
    """The control of a pattern; None where no order of values tells what is near."""
    margins: Margins | None = None
    """What also the rows say that agree with their label; None where only what speaks against one is weighed."""

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
        first = self._judged(patterns, evidence, lambda _: self.usual)
        result: list[Judged | None] = [
            judged if judged.speaks[self.label[one.rows] == one.chosen].any() else None
            for one, judged in zip(patterns, first, strict=True)
        ]
        again = [at for at, judged in enumerate(result) if judged is not None and judged.verdict.log_p < 0]
        if self.effects is not None:
            pairs = [at for at in again if patterns[at].own.size == 2]
            for at, effect in zip(pairs, self.effects([patterns[at] for at in pairs]), strict=True):
                evidence[at][:, patterns[at].chosen] += effect
        known = self._judged([patterns[at] for at in again], [evidence[at] for at in again], self._usual_of)
        for at, judged in zip(again, known, strict=True):
            result[at] = judged
        return result

    def stands_out(self, rows: NDArray[np.int64], own: NDArray[np.int64], chosen: int, found: Judged) -> float:
        """Logarithm of the bound for the pattern of `rows`, judged as `found`, beside rows with nearly its values.

        That of `found` where there is no nearly.
        """
        beside = None if self.near is None else self.near(Pair(rows, own[own >= 0], found.features, chosen))
        if beside is None:
            return found.verdict.log_p
        speaks, usual = beside
        return judge(speaks, self.label[rows] == chosen, self.weight(rows), chosen, usual).log_p

    def _usual_of(self, one: Pair) -> Background:
        return self.usual if self.without is None else self.without(one)

    def _judged(
        self, some: Sequence[Pair], evidence: Sequence[NDArray[np.float64]], usual: Callable[[Pair], Background]
    ) -> list[Judged]:
        if not some:
            return []
        sizes = [one.rows.size for one in some]
        rows, chosen = np.concatenate([one.rows for one in some]), np.repeat([one.chosen for one in some], sizes)
        margins = split(margin(np.concatenate(evidence), chosen), sizes)
        speaks = [np.maximum(one, 0.0) for one in margins]
        labelled = split(self.label[rows] == chosen, sizes)
        known = [usual(one) for one in some]
        alike: dict[tuple[int, int], list[int]] = {}  # those with the same background are judged together
        for at, one in enumerate(some):
            alike.setdefault((id(known[at]), one.chosen), []).append(at)
        verdicts: dict[int, Verdict] = {}
        for numbers in alike.values():
            found = judge_each(
                np.concatenate([speaks[at] for at in numbers]),
                np.concatenate([labelled[at] for at in numbers]),
                np.concatenate([self.weight(some[at].rows) for at in numbers]),
                [sizes[at] for at in numbers],
                some[numbers[0]].chosen,
                known[numbers[0]],
            )
            verdicts.update(zip(numbers, found, strict=True))
        return [Judged(one.features, speaks[at], verdicts[at], margins[at], known[at]) for at, one in enumerate(some)]

    def weight(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """(rows,) 1, or 1 over those of the same group."""
        if self._independent:
            return np.ones(rows.size)
        _, inverse, counts = np.unique(self.group[rows], return_inverse=True, return_counts=True)
        return np.asarray(1.0 / counts[inverse], dtype=np.float64)

    @cached_property
    def _independent(self) -> bool:
        """Whether every row is a unit of its own."""
        return np.unique(self.group).size == self.group.size


class Judged(NamedTuple):
    """Features left out, contradiction of each row, the verdict, by how much each row speaks against the label or for it."""

    features: NDArray[np.int64]
    speaks: NDArray[np.float64]
    verdict: Verdict
    margin: NDArray[np.float64]
    usual: Background
    """What it was compared with."""
