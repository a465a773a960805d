"""Does the model serve some groups of people worse than others?"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from governance.audit import Answer
from governance.evaluation import Evaluation
from governance.evidence import Finding, Level, Reach, Units
from governance.modelling.results import Part, Results
from governance.reporting.group_report import group_metrics, group_tables, score_words
from governance.reporting.slicing import Group, compare, slices


class Slices(Evaluation):
    """The main score per level of each sensitive column, and per pair of them.

    What it measures:
        On the held-out split: accuracy (Wilson interval), or mean absolute error (Student's), for each level of each
        column of role sensitive or special_category, and for each pair of levels of two such columns. Numbers, such
        as age, are cut into ranges of about equal size. Each group is tested against the score of the whole, made
        worse by the tolerance; Holm's method keeps the chance of any false alarm below the set rate, over all groups
        together. For two classes the rates of positive answers are shown per group: overall, among true positives and
        among true negatives. Where the dataset has a group column, whole groups of rows are the units.

    Why it matters:
        A good score overall can hide a group for which the model does not work. Who that is must be known before
        anybody relies on it, and the law often asks.

    How to read it:
        `worse_group` means that the group's score is worse than that of the whole by more than the tolerance. A pair
        is only a note when one of its two levels is reported itself. Groups below the minimum are listed as "cannot
        tell": that is no sign that they are served well. The largest gap of a column is above zero also when its
        groups do not differ; its note says what chance gives. Names of levels of private columns are not shown.

    Limits:
        Only declared columns are looked at, and pairs, not triples. Which measure of fairness matters depends on the
        use: rates are shown and not judged. Wrong labels may differ between groups too. Correlated columns are not
        told apart.

    References:
        M. Mitchell et al., Model Cards for Model Reporting, FAT* 2019 (disaggregated and intersectional results).
        J. Buolamwini and T. Gebru, Gender Shades, FAT* 2018.
        S. Holm, Scandinavian Journal of Statistics 6, 1979.
        M. Hardt, E. Price and N. Srebro, Equality of Opportunity in Supervised Learning, NeurIPS 2016.
    """

    title: ClassVar[str] = "Groups of people"
    question: ClassVar[str] = "Does the model serve some groups worse than others?"
    section: ClassVar[str] = "quantitative_analyses"
    reach: ClassVar[Reach] = Reach(
        looked_for="levels of sensitive columns, and pairs of them, for which the score is worse than for the whole by "
        "more than the tolerance",
        would_notice="a difference that the rows of the group can show; the smaller the group, the larger it must be",
        measured="not measured on planted faults: Holm's method holds the chance of any false alarm below the set rate",
        cannot_see="groups that no declared column names, groups below the minimum of rows, and harm that the score "
        "does not measure",
    )

    tolerance: float = Field(default=0.05, ge=0, lt=1)
    """How much worse a group may be: in points of accuracy, or as a share of the overall mean absolute error."""
    minimum_rows: int = Field(default=30, ge=10)
    """Smaller groups (in rows, or in groups of rows where they come in groups) are not compared."""
    ranges: int = Field(default=4, ge=2, le=10)
    """Ranges into which a sensitive number is cut at most; fewer when they would fall below the minimum."""
    false_alarm_rate: float = Field(default=0.05, gt=0, le=0.2)
    """Chance of reporting any group when none is worse by the tolerance, over all groups together."""
    largest_table: int = Field(default=60, ge=10, le=500)
    """Groups in a table of the evidence, worse ones first; what is left out is counted."""

    def run(self, results: Results) -> Answer:
        """Compares groups on the judged split."""
        import numpy as np

        if not results.sensitive:
            return self.not_applicable(
                "no_sensitive_columns",
                "no column has the role sensitive or special_category, so no group of people is declared",
            )
        part = results.judged
        if part is None or not part.rows:
            return self.inconclusive(
                "no_held_out_split",
                "there is no held-out split: scores on rows that the model has seen hide differences",
            )
        if results.classification:
            harm = (part.predicted != part.label).astype(np.float64)
        else:
            harm = abs(part.predicted - part.label).astype(np.float64)
        whole = float(harm.mean())
        groups = compare(
            slices(results, part, self.ranges, self.minimum_rows),
            harm,
            min(whole + self.tolerance, 1.0) if results.classification else whole * (1 + self.tolerance),
            part,
            shares=results.classification,
            minimum_rows=self.minimum_rows,
            false_alarm_rate=self.false_alarm_rate,
        )
        told = sum(group.told for group in groups)
        units = Units(name="groups", declared=len(groups), evaluated=told)
        score = 1 - whole if results.classification else whole
        rest = group_tables(groups, score, part, results, self.largest_table)
        rest |= {"metrics": group_metrics(groups, float(harm.std()), part, results, self.largest_table)}
        if not told:
            return self.inconclusive(
                "too_few_rows",
                f"none of {len(groups)} groups on {part.split} has {self.minimum_rows} independent units",
                units=units,
                **rest,
            )
        return self.assessed(units, findings=self._findings(groups, score, part, results), **rest)

    def _findings(self, groups: tuple[Group, ...], score: float, part: Part, results: Results) -> tuple[Finding, ...]:
        reported = {group.slice.label for group in groups if group.worse and group.slice.single}
        findings = []
        for group in groups:
            if not group.worse:
                continue
            known = not group.slice.single and not reported.isdisjoint(group.slice.labels)
            interval = "" if group.low is None else f"95 % {group.low:.3g} to {group.high:.3g}, "
            findings.append(
                Finding(
                    rule="slices/worse_group",
                    level=Level.NOTE if known else Level.WARNING,
                    message=f"{score_words(results).capitalize()} is {group.value:.3g} ({interval}n={group.rows:,}) "
                    f"for {group.slice.label}, against {score:.3g} on the whole of {part.split}.",
                    remedy="Look at labels and features of this group, gather more of its rows, or exclude it from the "
                    "intended use.",
                    columns=tuple(sorted(group.slice.columns)),
                    split=part.split,
                    subject=group.slice.label,
                    count=group.rows,
                    of=part.rows,
                )
            )
        single = [group for group in groups if group.slice.single]
        if small := [group for group in single if not group.told]:
            findings.append(
                Finding(
                    rule="slices/too_few_rows",
                    level=Level.NOTE,
                    message=f"{len(small)} of {len(single)} groups on {part.split} "
                    f"{'has' if len(small) == 1 else 'have'} fewer than {self.minimum_rows} independent units: whether "
                    f"the model serves {'it' if len(small) == 1 else 'them'} worse cannot be told.",
                    remedy="Gather more rows of these groups before anybody relies on the model for them.",
                    columns=tuple(sorted({name for group in small for name in group.slice.columns})),
                    split=part.split,
                    count=len(small),
                    of=len(single),
                )
            )
        return tuple(findings)
