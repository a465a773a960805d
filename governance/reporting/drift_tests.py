"""Which of many comparisons are beyond chance: one share of the allowed false alarms for columns, one for the rest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from governance.reporting.column_comparison import ColumnPair
from governance.reporting.joint_comparison import Joint, JointComparison, apart_without
from governance.reporting.row_comparison import GivenBy, RowPair
from governance.reporting.sketch_comparison import SketchPair
from governance.reporting.telling_columns import telling

if TYPE_CHECKING:
    from governance.measures.homogeneity import Homogeneity

COLUMN_SHARE, JOINT_SHARE = 0.55, 0.1
"""Of the allowed false alarms, so much goes to tests of single columns and so much to those of columns together; the
rest is kept back, for UNSEEN_WEIGHT, and as p-values of labels given features, and those against a sketch, are
approximations. Chosen on seeds kept for tuning."""
LEVEL_WEIGHT = 3.0
"""A test of three levels or more may use three times as much of the allowed false alarms as one of numbers or of two
levels: it spreads over more degrees of freedom, and would otherwise see less of a shift that is as large."""
UNSEEN_WEIGHT = 0.5
"""Of what a test of levels may use, so much comes on top for levels that the first set does not have. It is taken from
what is kept back: should all columns have such levels at the worst of shares, half of COLUMN_SHARE more is used."""


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
    sketch: SketchPair | None = field(default=None, repr=False)
    """What the second set's rows are compared with, when the first has none."""

    @property
    def first(self) -> str:
        """The first set in words: it is named last."""
        within = self.rows is not None and self.rows.reference is None
        return self.rows.first if self.rows is not None and within else self.name.rpartition(" and ")[2]


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
    slight: bool = False
    """Beyond chance, and too small to matter."""


@dataclass(frozen=True)
class JointResult:
    """One test of columns together, judged."""

    comparison: Comparison
    test: Joint
    adjusted: float | None
    moved: bool
    explained_by: tuple[str, ...] = ()
    """Columns that moved by themselves, and without which the classifier does not tell the sets apart."""
    telling: tuple[str, ...] = ()
    """Of the classifier: columns that tell the sets apart most by themselves, in words."""
    points: bool = False
    """Whether rows are pointed to by the classifier: where columns moved, rows are by these."""


def judge_columns(comparisons: list[Comparison], false_alarms: float, negligible: float = 0.0) -> list[ColumnResult]:
    """All column tests, strongest first. An effect below `negligible` (0 to 1) is none, unless it is the first of its kind."""
    from governance.measures.multiplicity import benjamini_hochberg

    tested = [(comparison, pair) for comparison in comparisons for pair in comparison.pairs]
    found = [_compared(pair) for _, pair in tested]
    weights = [1.0 if pair.ordered or pair.first.size <= 2 else LEVEL_WEIGHT for _, pair in tested]
    adjusted = benjamini_hochberg([one.p_value for one in found], weights)
    level = COLUMN_SHARE * false_alarms / max(sum(weights), 1.0)
    results = []
    for (comparison, pair), one, q, weight in zip(tested, found, adjusted, weights, strict=True):
        p_value = min(1.0, q / COLUMN_SHARE)
        beyond_chance, slight = q / COLUMN_SHARE <= false_alarms, one.effect < negligible and not _first_of_kind(pair)
        detectable = _detectable(pair, level * weight)
        results.append(
            ColumnResult(
                comparison, pair, one.effect, one.p_value, p_value, detectable, beyond_chance and not slight,
                beyond_chance and slight,
            )
        )  # fmt: skip
    return sorted(results, key=lambda r: (not r.moved, -r.effect, r.comparison.subject, r.pair.column, r.pair.aspect))


def _first_of_kind(pair: ColumnPair) -> bool:
    """Whether the second set has levels or values that the first lacks, or misses some where the first misses none."""
    none_before = pair.aspect == "missing" and float(pair.first[1]) == 0
    return pair.unseen is not None or pair.new_levels > 0 or none_before


def _compared(pair: ColumnPair) -> Homogeneity:
    from governance.measures.homogeneity import Homogeneity, compare_counts, difference_of
    from governance.measures.unseen_levels import unseen_levels_p_value

    if pair.unseen is not None:
        return Homogeneity(pair.unseen.p_value, max(0.0, pair.unseen.share - pair.unseen.expected))
    if pair.grouped is not None:
        return Homogeneity(pair.grouped.p_value, difference_of(pair.first, pair.second, pair.ordered))
    found = compare_counts(pair.first, pair.second, ordered=pair.ordered, dependence=pair.dependence)
    if pair.ordered or pair.aspect == "missing" or pair.dependence is not None or pair.rare_before:
        return found
    p_value = unseen_levels_p_value(pair.first, pair.second) / UNSEEN_WEIGHT
    return replace(found, p_value=min(found.p_value, p_value))


def _detectable(pair: ColumnPair, level: float) -> float:
    from governance.measures.homogeneity import detectable_effect

    if pair.grouped is not None and pair.grouped.least > level:
        return 1.0
    return detectable_effect(float(pair.first.sum()), float(pair.second.sum()), level, pair.design_effect)


def judge_joint(comparisons: list[Comparison], false_alarms: float) -> list[JointResult]:
    """All tests of columns together, in order."""
    from governance.measures.multiplicity import holm

    tested = [(comparison, test) for comparison in comparisons for test in comparison.joint.tests]
    told = [test.p_value for _, test in tested if test.p_value is not None]
    adjusted = iter(holm(told))
    results = []
    for comparison, test in tested:
        q = None if test.p_value is None else min(1.0, next(adjusted) / JOINT_SHARE)
        results.append(JointResult(comparison, test, q, q is not None and q <= false_alarms))
    return results


def moved_values(columns: list[ColumnResult], comparison: Comparison) -> list[ColumnResult]:
    """The moved columns of a comparison that rows are pointed to by."""
    pointing = {"values", "labels", "length", "unseen"}
    return [one for one in columns if one.comparison is comparison and one.moved and one.pair.aspect in pointing]


def explain_joint(
    joint: list[JointResult], columns: list[ColumnResult], notable: float, false_alarms: float
) -> list[JointResult]:
    """The same, each with the columns that explain it: only where one of them moved by `notable` (0 to 1) or more, so that
    what many small moves amount to stays a finding of its own."""
    explained = []
    for result in joint:
        own = [r for r in columns if r.moved and r.comparison is result.comparison]
        names = frozenset(r.pair.column for r in own)
        rows = result.comparison.rows
        if result.moved and result.test.kind == "joint" and rows is not None and any(r.effect >= notable for r in own):
            rest = apart_without(rows, result.comparison.joint, names)
            if rest is not None and rest > false_alarms:
                result = replace(result, explained_by=tuple(sorted(names)))
        if result.moved and result.test.kind == "joint":
            points = result.comparison.joint.score is not None and not moved_values(columns, result.comparison)
            result = replace(result, telling=telling(result, columns), points=points)
        explained.append(result)
    return explained
