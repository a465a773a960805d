"""What moved, in words: findings."""

from __future__ import annotations

from collections.abc import Mapping

from governance.evidence import Confidence, Finding, Level
from governance.reporting.drift_tests import ColumnResult, Comparison, JointResult
from governance.reporting.named_columns import named_columns

SHOWN_FINDINGS = 20
"""So many moved columns have a finding each; more share one per comparison."""
RULES = {"values": "columns", "length": "columns", "unseen": "columns", "missing": "missingness", "labels": "labels"}
REMEDIES = {
    "columns": "Find out what changed in how this column is collected or selected, and whether the change is meant.",
    "missingness": "Find out why values are missing more or less often, before they are filled in or left out.",
    "labels": "Find out whether the classes changed in the world or by how rows were selected, and weigh scores by it.",
    "numbers": "Find out whether the values to be predicted changed in the world or by how rows were selected or measured, and "
    "weigh scores by it.",
    "joint": "Look at the rows that are pointed to, and find out what sets them apart.",
    "joint_of_columns": "Begin with the columns that moved, by which rows are pointed to, and find out what else sets them apart.",
    "ties": "Check units and joins of the two columns, and whether rows were put together differently.",
    "embedding": "Look at some texts or images of both versions, and find out what sets them apart.",
    "concept": "Compare how labels were given in both sets, and judge again before one model is used for both.",
}
MOVED = {
    "joint": "Rows of {sets} can be told apart {words}",
    "ties": "Two columns go together differently in {sets}: {words}",
    "concept": "Rows with similar features have other labels in {sets}: {words}",
    "embedding": "Content differs between {sets}: {words}",
}
"""What moved, said of the `sets` that were compared, with the `words` of the test."""


def level_of(effect: float, comparison: Comparison, notable: float, tolerance: float | None) -> Level:
    """How bad a significant `effect` is. Sets that were divided by chance, time or group give a note."""
    if comparison.given_by:
        return Level.NOTE
    if tolerance is not None and effect > tolerance:
        return Level.ERROR
    return Level.WARNING if effect >= notable else Level.NOTE


def findings(
    columns: list[ColumnResult],
    joint: list[JointResult],
    comparisons: list[Comparison],
    notable: float,
    tolerance: float | None,
    within: Mapping[tuple[str, str], str],
) -> tuple[Finding, ...]:
    """One for each thing that moved; `within` is the level in which rows moved most, by comparison and column."""
    moved = [result for result in columns if result.moved]
    found = [
        _column_finding(result, notable, tolerance, within.get((result.comparison.name, result.pair.column), ""))
        for result in moved[:SHOWN_FINDINGS]
    ]
    for comparison in comparisons:
        rest = [result for result in moved[SHOWN_FINDINGS:] if result.comparison is comparison]
        if rest:
            names = tuple(sorted({result.pair.column for result in rest}))
            found.append(
                Finding(
                    rule="drift/further_columns",
                    level=level_of(rest[0].effect, comparison, notable, tolerance),
                    message=f"{len(names)} more columns differ between {comparison.name}, by {rest[0].effect:.3f} at most.",
                    remedy=_remedy("columns", comparison),
                    columns=names,
                    split=comparison.split,
                    subject=comparison.subject,
                )
            )
        for name, what in comparison.schema:
            gone = what == "is gone" or " was a" in what
            found.append(
                Finding(
                    rule="drift/schema",
                    level=Level.WARNING if gone else Level.NOTE,
                    message=f"Column {name} {what} ({comparison.name}).",
                    remedy="Tell those who use the data, or restore the column as it was.",
                    columns=(name,),
                    subject=f"{comparison.subject}: {what}",
                )
            )
    found += [_joint_finding(result, notable, tolerance) for result in joint if result.moved]
    return tuple(found)


def _by_design(comparison: Comparison) -> str:
    if comparison.given_by == "chance":
        return " Rows were divided by chance, so this is chance too: another seed, or declared splits, would undo it."
    if comparison.given_by:
        return f" The two are divided by {comparison.given_by}, so a difference is to be expected."
    return ""


def _remedy(rule: str, comparison: Comparison) -> str:
    """What to do. Where rows were divided, nothing changed in the world, and so nothing is to be found out."""
    if comparison.given_by == "chance":
        return "If the difference matters, divide the rows with another seed or declare splits; else leave it as it is."
    if comparison.given_by:
        return "Say in the datasheet that the two differ so, where scores of one are taken for the other."
    return REMEDIES[rule]


def _column_finding(result: ColumnResult, notable: float, tolerance: float | None, within: str) -> Finding:
    pair, rule = result.pair, RULES[result.pair.aspect]
    what = {
        "values": f"Values of {pair.column}",
        "length": f"Lengths of {pair.column}",
        "missing": f"Missing values of {pair.column}",
        "labels": f"Labels ({pair.column})",
        "unseen": f"Values of {pair.column}",
    }[pair.aspect]
    how = f" by {result.effect:.3f} (0 is alike, 1 is wholly apart)"
    if pair.unseen is not None:
        how = f": {pair.unseen.share:.1%} of rows have one that is new, {pair.unseen.expected:.1%} would by chance"
    elif pair.aspect == "missing":
        how = f": {pair.second[1] / pair.second.sum():.2%} and {pair.first[1] / pair.first.sum():.2%}"  # as they are named
    elif pair.mean_shift is not None:
        how += f", the mean by {pair.mean_shift:+.2f} standard deviations of {result.comparison.first}"
        how += f" ({pair.drawn_in} far value{'s' * (pair.drawn_in > 1)} drawn in)" if pair.drawn_in else ""
    most = f" Rows moved most where {within}." if within else ""
    new = f", {pair.new_levels} {'level is' if pair.new_levels == 1 else 'levels are'} new" if pair.new_levels else ""
    return Finding(
        rule=f"drift/{rule}",
        level=level_of(result.effect, result.comparison, notable, tolerance),
        confidence=Confidence.HIGH if result.adjusted <= 0.01 else Confidence.MEDIUM,
        message=f"{what} differ between {result.comparison.name}{how}{new} "
        f"(p {_p(result.adjusted)} after allowing for all columns).{most}{_by_design(result.comparison)}",
        remedy=_remedy("numbers" if pair.aspect == "labels" and pair.ordered else rule, result.comparison),
        columns=(pair.column,),
        split=result.comparison.split,
        subject=result.comparison.subject,
    )


def _joint_finding(result: JointResult, notable: float, tolerance: float | None) -> Finding:
    test = result.test
    moved = MOVED[test.kind].format(sets=result.comparison.name, words=test.words)
    level, explained = level_of(test.effect, result.comparison, notable, tolerance), ""
    if result.explained_by:
        # What moved is warned of by its own name already; beyond a declared tolerance it stays an error.
        level = Level.NOTE if level is Level.WARNING else level
        explained = (
            f" Without {named_columns(result.explained_by)} they cannot: it is what moved there that tells them apart."
        )
    elif test.kind == "joint":
        most = f"Most telling: {', '.join(result.telling)}." if result.telling else "No column tells by itself."
        explained = f" {most}"
    rule = "joint_of_columns" if test.kind == "joint" and not result.points else test.kind
    return Finding(
        rule=f"drift/{test.kind}",
        level=level,
        confidence=Confidence.MEDIUM,
        message=f"{moved} (p {_p(result.adjusted or 0.0)} after allowing for all such tests).{explained}"
        f"{_by_design(result.comparison)}",
        remedy=_remedy(rule, result.comparison),
        columns=test.columns,
        split=result.comparison.split,
        subject=result.comparison.subject,
    )


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"{value:.3f}"
