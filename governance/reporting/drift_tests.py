"""Which of many comparisons are beyond chance: one share of the allowed false alarms for columns, one for the rest."""

from __future__ import annotations

from dataclasses import dataclass, field

from governance.reporting.joint_comparison import Joint, JointComparison
from governance.reporting.row_comparison import ColumnPair, GivenBy, RowPair

COLUMN_SHARE, JOINT_SHARE = 0.85, 0.1
"""Of the allowed false alarms, so much goes to tests of single columns and so much to those of columns together; the
rest is kept back, as p-values are approximations. Chosen on seeds kept for tuning."""
LEVEL_WEIGHT = 2.0
"""A test of levels may use twice as much of the allowed false alarms as one of numbers: it spreads over more degrees of
freedom, and would otherwise see less of a shift that is as large."""


@dataclass(frozen=True)
class Comparison:
    """Two sets of rows, before anything is judged."""

    name: str
    """`test with train`, `this version with the one approved before`."""
    subject: str
    """The same as a stable key."""
    split: str | None
    sizes: tuple[int, int]
    given_by: GivenBy = ""
    pairs: tuple[ColumnPair, ...] = ()
    joint: JointComparison = field(default_factory=JointComparison)
    schema: tuple[tuple[str, str], ...] = ()
    rows: RowPair | None = field(default=None, repr=False)
    """The rows themselves, when both sets have any."""


@dataclass(frozen=True)
class ColumnResult:
    """One aspect of one column, judged."""

    comparison: Comparison
    pair: ColumnPair
    effect: float
    p_value: float
    adjusted: float
    """p-value under false discovery control over all columns and comparisons, on the scale of the whole audit."""
    detectable: float
    """The smallest effect that would have been noticed 8 times in 10."""
    moved: bool


@dataclass(frozen=True)
class JointResult:
    """One test of columns together, judged."""

    comparison: Comparison
    test: Joint
    adjusted: float | None
    moved: bool


def judge_columns(comparisons: list[Comparison], false_alarms: float) -> list[ColumnResult]:
    """All column tests, strongest first."""
    from governance.measures.homogeneity import benjamini_hochberg, compare_counts, detectable_effect

    tested = [(comparison, pair) for comparison in comparisons for pair in comparison.pairs]
    found = [
        compare_counts(pair.first, pair.second, ordered=pair.ordered, design_effect=pair.design_effect)
        for _, pair in tested
    ]
    weights = [1.0 if pair.ordered or pair.aspect == "missing" else LEVEL_WEIGHT for _, pair in tested]
    adjusted = benjamini_hochberg([one.p_value for one in found], weights)
    level = COLUMN_SHARE * false_alarms / max(sum(weights), 1.0)
    results = [
        ColumnResult(
            comparison,
            pair,
            one.effect,
            one.p_value,
            min(1.0, q / COLUMN_SHARE),
            detectable_effect(float(pair.first.sum()), float(pair.second.sum()), level * weight, pair.design_effect),
            q / COLUMN_SHARE <= false_alarms,
        )
        for (comparison, pair), one, q, weight in zip(tested, found, adjusted, weights, strict=True)
    ]
    return sorted(results, key=lambda r: (not r.moved, -r.effect, r.comparison.subject, r.pair.column, r.pair.aspect))


def judge_joint(comparisons: list[Comparison], false_alarms: float) -> list[JointResult]:
    """All tests of columns together, in order."""
    from governance.measures.group_gaps import holm

    tested = [(comparison, test) for comparison in comparisons for test in comparison.joint.tests]
    told = [test.p_value for _, test in tested if test.p_value is not None]
    adjusted = iter(holm(told))
    results = []
    for comparison, test in tested:
        q = None if test.p_value is None else min(1.0, next(adjusted) / JOINT_SHARE)
        results.append(JointResult(comparison, test, q, q is not None and q <= false_alarms))
    return results
