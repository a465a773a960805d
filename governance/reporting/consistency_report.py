"""Differences between groups, sources and annotators as findings, metrics and a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.evidence import Confidence, Finding, Level, Metric, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.measures.conditional_association import Comparison
    from governance.reporting.label_factors import Factor

SHOWN = 8
"""Levels of one column and question that the table lists."""
TITLES = {
    "labels": "labels",
    "label_issues": "likely label errors",
    "missing_labels": "missing labels",
    "annotations": "annotations",
}
REMEDIES = {
    "labels": "Have others label a sample of these rows again, blind, and compare.",
    "label_issues": "Look at the likely errors of these rows first, and at how they were labelled.",
    "others_issues": "Look at the likely errors of the other rows first, and at how these were labelled.",
    "missing_labels": "Find out why labels are missing here, and label a sample.",
    "annotations": "Show the guidelines again to who differs, and have a sample annotated anew.",
}


@dataclass(frozen=True)
class Asked:
    """One question asked of one factor."""

    question: str
    """A key of TITLES."""
    factor: Factor
    comparison: Comparison
    outcomes: tuple[str, ...]
    """What each outcome column may be called: names of classes."""
    unit: str
    """`share`, or `typical errors`."""
    tolerance: float
    independent_units: int | None = None
    """Groups among the rows that were compared; None when rows were taken as independent."""
    p_value: float = 1.0
    """Of the factor, adjusted for all questions and factors."""
    alike: bool = True
    """Whether rows are compared that are known to be alike: not where predictions tell nothing of the labels."""


def ranked(asked: Asked) -> list[int]:
    """Levels that could be judged, the most extreme first."""
    import numpy as np

    with np.errstate(invalid="ignore"):
        judged = np.flatnonzero((asked.comparison.error > 0).any(axis=1))
    return sorted(judged.tolist(), key=lambda level: (-asked.comparison.extreme[level], level))


def called(asked: Asked, level: int) -> str:
    """The level's name where it may be shown, else its place in the ranking."""
    named = asked.factor.names[level]
    return named or f"no. {ranked(asked).index(level) + 1} of {len(asked.factor.names)}"


def strongest(asked: Asked, level: int) -> tuple[int, float, float]:
    """Outcome, difference and standard error by which the level stands out most."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.nan_to_num(np.abs(asked.comparison.difference[level] / asked.comparison.error[level]), posinf=0.0)
    outcome = int(size.argmax())
    return outcome, float(asked.comparison.difference[level, outcome]), float(asked.comparison.error[level, outcome])


def shares_alike(asked: Asked, level: int) -> bool:
    """Whether the level was told from others by which of its rows carry which label, and by no share or mean."""
    _, difference, error = strongest(asked, level)
    return asked.comparison.of_turned_labels and abs(difference) < 1.96 * error


def _what(asked: Asked, level: int) -> str:
    """What sets the level apart, against whom."""
    outcome, difference, error = strongest(asked, level)
    against = (
        "others"
        if asked.question == "missing_labels" or not asked.alike
        else "others with alike items"
        if asked.question == "annotations"
        else "rows with alike features"
    )
    if shares_alike(asked, level):
        return (
            f"not by the share of any class, but by which rows carry which label: more labels than usual are ones that "
            f"{against} hardly ever have, as when labels are turned both ways"
        )
    of = f" of {asked.outcomes[outcome]}" if asked.outcomes[outcome] else ""
    what = f"{difference:+.3f} in the share{of}" if asked.unit == "share" else f"{difference:+.2f} typical errors"
    return f"by {what} (standard error {error:.3f}) against {against}"


def finding(asked: Asked, columns: tuple[str, ...], alpha: float) -> Finding | None:
    """What to say of the factor: nothing unless the difference is beyond chance; a warning beyond the tolerance."""
    order = ranked(asked)
    if not order or asked.p_value > alpha:
        return None
    level = order[0]
    standing = [one for one in order if asked.comparison.adjusted[one] <= alpha]
    large = [one for one in standing if abs(strongest(asked, one)[1]) >= asked.tolerance]
    return Finding(
        rule=f"label_consistency/{asked.question}_differ",
        level=Level.WARNING if large and asked.alike else Level.NOTE,
        confidence=(Confidence.HIGH if asked.p_value <= alpha / 5 else Confidence.MEDIUM)
        if asked.alike
        else Confidence.LOW,
        message=f"{TITLES[asked.question].capitalize()} differ by {asked.factor.column} beyond chance: {called(asked, level)} most, {_what(asked, level)}; "
        f"{len(standing)} of {len(order)} levels that could be judged stand out."
        + " No feature is shown to tell the labels, so that the rows themselves may differ."
        * (not asked.alike),
        remedy=REMEDIES[
            "others_issues" if asked.question == "label_issues" and not _more(asked, standing) else asked.question
        ],
        columns=columns,
        subject=asked.question,
        count=int(asked.comparison.rows[standing].sum()) if standing else None,
        of=int(asked.comparison.rows.sum()),
    )


def metrics(asked: Asked, alpha: float) -> Metric:
    """The largest difference of one factor and question."""
    order = ranked(asked)
    what = f"{TITLES[asked.question]} by {asked.factor.column}"
    meaning = "largest difference of a level from rows like it, by what the standard error allows most"
    name = f"largest_difference_{asked.question}"
    if not order:
        note = "cannot tell: no level has enough rows beside rows of other levels like them"
        return Metric(name=name, value=None, unit=asked.unit, group=what, meaning=meaning, note=note)
    _, difference, error = strongest(asked, order[0])
    least = asked.comparison.noticeable * error
    alike = asked.p_value <= alpha and shares_alike(asked, order[0])
    return Metric(
        name=name,
        value=difference,
        unit=asked.unit,
        low=difference - 1.96 * error,
        high=difference + 1.96 * error,
        interval="95 % normal, of the level that stands out most, not adjusted for its choice",
        n=int(asked.comparison.rows[order[0]]),
        independent_units=asked.independent_units,
        better="neither",
        group=what,
        meaning=meaning,
        note=f"p {asked.p_value:.3f} after adjustment for all levels, columns and questions; noticed half the time from {least:.3f} on"
        + "; the level stands out by which rows carry which label, not by this share" * alike,
    )


def level_table(asked: list[Asked]) -> Table:
    """The levels that stand out most, for each factor and question."""
    lines = []
    for one in asked:
        for level in ranked(one)[:SHOWN]:
            outcome, difference, error = strongest(one, level)
            lines.append(
                (one.factor.column, TITLES[one.question], called(one, level), int(one.comparison.rows[level]), one.outcomes[outcome],
                 difference, error, float(one.comparison.adjusted[level]))
            )  # fmt: skip
    return Table(
        name="levels",
        caption="Levels against rows like them, those that stand out most first; p is adjusted within one column and question. "
        "Levels that may not be named are numbered by this order",
        columns=("column", "of", "level", "rows", "class", "difference", "standard_error", "p"),
        rows=tuple(lines),
    )


def _more(asked: Asked, standing: list[int]) -> list[int]:
    """Those of the levels `standing` that have more likely errors than rows like theirs."""
    return [level for level in standing if asked.comparison.difference[level, 0] > 0]


def leaning(
    asked: Asked,
    label: NDArray[np.int64],
    likeliest: NDArray[np.int64],
    issue: NDArray[np.bool_],
    alpha: float,
) -> NDArray[np.bool_]:
    """(rows,) rows of levels that stand out, with the label they lean to, where the models prefer another; their likely
    errors `issue` (rows,) where they lean to none but turn labels both ways."""
    import numpy as np

    flags = np.zeros(label.size, dtype=np.bool_)
    if asked.p_value > alpha:
        return flags
    for level in ranked(asked):
        if asked.comparison.adjusted[level] > alpha:
            continue
        outcome, difference, _ = strongest(asked, level)
        if shares_alike(asked, level):
            flags |= (asked.factor.codes == level) & issue
        elif abs(difference) >= asked.tolerance:
            leans = label == outcome if difference > 0 else likeliest == outcome
            flags |= (asked.factor.codes == level) & leans & (likeliest != label)
    return flags


def likely_errors(asked: Asked, issue: NDArray[np.bool_], alpha: float) -> NDArray[np.bool_]:
    """(rows,) the likely errors `issue` (rows,) of levels that have more than rows like theirs; of all that do not stand
    out where only levels with fewer do."""
    import numpy as np

    if asked.p_value > alpha:
        return np.zeros(issue.size, dtype=np.bool_)
    standing = [level for level in ranked(asked) if asked.comparison.adjusted[level] <= alpha]
    if more := _more(asked, standing):
        return np.asarray(issue & np.isin(asked.factor.codes, more))
    return np.asarray(issue & ~np.isin(asked.factor.codes, standing))
