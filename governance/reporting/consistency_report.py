"""Differences between groups, sources and annotators as metrics, a table and rows to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.evidence import Metric, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.measures.conditional_association import Comparison
    from governance.reporting.label_factors import Factor

SHOWN = 8
"""Levels of one column and question that the table lists."""
FAULTS = frozenset({"label_issues", "missing_labels"})
"""Questions of which only more is bad: fewer errors or gaps than elsewhere are nobody's fault."""
TITLES = {
    "labels": "labels",
    "label_issues": "likely label errors",
    "missing_labels": "missing labels",
    "annotations": "annotations",
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
    independent_units: tuple[int, ...] | None = None
    """(levels,) groups among the rows of each level; None when rows were taken as independent."""
    p_value: float = 1.0
    """Of the factor, adjusted for all questions and factors."""
    alike: bool = True
    """Whether rows are compared that are known to be alike: not where predictions tell nothing of the labels."""
    unsure: frozenset[int] = frozenset()
    """Levels that stand out, where models may as well know less of their rows (consistency_readings)."""


def ranked(asked: Asked) -> list[int]:
    """Levels that could be judged, the most extreme first."""
    import numpy as np

    with np.errstate(invalid="ignore"):
        judged = np.flatnonzero((asked.comparison.error > 0).any(axis=1))
    return sorted(judged.tolist(), key=lambda level: (-asked.comparison.extreme[level], level))


def standing_out(asked: Asked, alpha: float) -> list[int]:
    """Levels that differ beyond chance, the most extreme first; of likely errors and gaps those with more, if there are any."""
    levels = [level for level in ranked(asked) if asked.comparison.adjusted[level] <= alpha]
    return more(asked, levels) or levels if asked.question in FAULTS else levels


def more(asked: Asked, levels: list[int]) -> list[int]:
    """Those of `levels` that have more likely errors or gaps than rows like theirs."""
    return [level for level in levels if asked.comparison.difference[level, 0] > 0]


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


def metrics(asked: Asked, alpha: float) -> Metric:
    """The largest difference of one factor and question."""
    order = ranked(asked)
    what = f"{TITLES[asked.question]} by {asked.factor.column}"
    meaning = "how far the value that stands out most differs from rows like it"
    name = f"largest_difference_{asked.question}"
    if not order:
        note = "no level has enough rows beside rows of other levels like them"
        return Metric(name=name, value=None, unit=asked.unit, group=what, meaning=meaning, note=note)
    _, difference, error = strongest(asked, order[0])
    least = asked.comparison.noticeable * error
    seen = f"{100 * least:.1f} percentage points" if asked.unit == "share" else f"{least:.2f} typical errors"
    alike = asked.p_value <= alpha and shares_alike(asked, order[0])
    return Metric(
        name=name,
        value=difference,
        unit=asked.unit,
        low=difference - 1.96 * error,
        high=difference + 1.96 * error,
        interval="95 % normal, of the value that stands out most, not adjusted for its choice",
        n=int(asked.comparison.rows[order[0]]),
        independent_units=None if asked.independent_units is None else asked.independent_units[order[0]],
        better="neither",
        group=what,
        meaning=meaning,
        note=f"p {asked.p_value:.3f}, adjusted for all values, columns and questions; a true difference of {seen} would be noticed half the time"
        + "; the value stands out by which rows carry which label, not by this share" * alike,
    )


def level_table(asked: list[Asked]) -> Table:
    """The levels that stand out most, for each factor and question; those first whose levels differ most surely."""
    lines = []
    for one in sorted(asked, key=lambda one: one.p_value):
        for level in ranked(one)[:SHOWN]:
            outcome, difference, error = strongest(one, level)
            lines.append(
                (one.factor.column, TITLES[one.question], one.factor.names[level], int(one.comparison.rows[level]), one.outcomes[outcome],
                 difference, error, float(one.comparison.adjusted[level]))
            )  # fmt: skip
    return Table(
        name="levels",
        caption="Levels (values of a column) against rows like them: the column and question with the surest difference first, and "
        "in each the level that stands out most. p is adjusted within one column and question"
        + "; for labels and annotations it judges which rows carry which label, so that a share can differ while p is large"
        * any(one.comparison.of_turned_labels for one in asked)
        + ". A value that may not be shown has the same number in all of this section"
        * any(one.factor.numbered for one in asked),
        columns=("column", "of", "level", "rows", "class", "difference", "standard_error", "p"),
        rows=tuple(lines),
    )


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
    standing = standing_out(asked, alpha)
    return np.asarray(issue & np.isin(asked.factor.codes, standing, invert=not more(asked, standing)))
