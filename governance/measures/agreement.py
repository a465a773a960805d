"""Where two validation engines assert the same of a column, and whether they say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from governance.rule_results import Assertion, Result, RuleResult

_ANSWERED = {Result.PASSED, Result.FAILED, Result.ON_NOTHING}


@dataclass(frozen=True)
class Agreement:
    """One assertion that both engines evaluated."""

    assertion: Assertion
    first: int
    """Failures that the first engine counts; for a type 0 or 1."""
    second: int
    """The same for the second."""

    @property
    def agree(self) -> bool:
        """Whether both count the same."""
        return self.first == self.second


def compare(first: Iterable[RuleResult], second: Iterable[RuleResult]) -> tuple[Agreement, ...]:
    """Every assertion that stands in both and was evaluated by both, in a stable order.

    Two one-sided bounds of a column (at least a, at most b) are also the range from a to b: with a < b no value breaks
    both, so their failures add up.
    """
    ours, theirs = _failures(first), _failures(second)
    shared = sorted(ours.keys() & theirs.keys(), key=lambda a: (a.column, a.kind, a.parameters))
    return tuple(Agreement(assertion, ours[assertion], theirs[assertion]) for assertion in shared)


def _failures(results: Iterable[RuleResult]) -> dict[Assertion, int]:
    counted: dict[Assertion, int] = {}
    for result in results:
        if result.assertion is not None and result.result in _ANSWERED:
            whole = result.assertion.kind == "type"
            counted[result.assertion] = min(result.failures, 1) if whole else result.failures
    for column in {assertion.column for assertion in counted}:
        bounds = [a for a in counted if a.kind == "range" and a.column == column]
        lower = [a for a in bounds if not a.parameters[1]]
        upper = [a for a in bounds if not a.parameters[0]]
        if len(lower) == len(upper) == 1 and _ordered(lower[0].parameters[0], upper[0].parameters[1]):
            both = replace(lower[0], parameters=(lower[0].parameters[0], upper[0].parameters[1]))
            counted.setdefault(both, counted[lower[0]] + counted[upper[0]])
    return counted


def _ordered(lower: str, upper: str) -> bool:
    """Whether a lower bound such as `>= n:0.0` lies below an upper one such as `< n:100.0`."""
    low, high = lower.split(" ", 1)[1], upper.split(" ", 1)[1]
    if low.startswith("n:") and high.startswith("n:"):
        return float(low[2:]) < float(high[2:])
    return low[:2] == high[:2] == "s:" and low < high
