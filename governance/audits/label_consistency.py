"""Do labels depend on who gave them, where they come from, or whom they speak of?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from governance.audit import Answer, Audit
from governance.dataset import Role
from governance.evidence import Finding, Metric, Outcome, Reach, Table, Units
from governance.reporting.agreement_report import read_annotations
from governance.reporting.consistency_finding import finding
from governance.reporting.consistency_readings import with_readings
from governance.reporting.consistency_report import leaning, level_table, likely_errors, metrics
from governance.reporting.consistency_tests import ask_all, ask_annotators, judged_labels
from governance.reporting.level_numbers import number_rows
from governance.reporting.row_evidence import judged_rows

if TYPE_CHECKING:
    import polars as pl

    from governance.reporting.agreement_report import Annotations
    from governance.reporting.consistency_report import Asked
    from governance.snapshot import Snapshot


class LabelConsistency(Audit):
    """Looks for labels that differ by annotator, source or group where the rest of the row gives no reason.

    What it measures:
        Within rows to which models that did not learn from them give alike predictions, how far the labels, the likely
        label errors and the gaps of each level of a column with the role source, annotator or sensitive differ from
        those of other levels. With several annotations of an item: Krippendorff's alpha, a consensus after Dawid and
        Skene with annotators drawn towards each other, how each annotator differs from the others of the same items,
        and which labels their own annotations contradict.

    Why it matters:
        A model learns the habits of an annotator or a clinic with the labels, and repeats them as if they were facts.

    How to read it:
        A difference is reported when it is beyond chance for all levels, classes, columns and questions together, and is
        a warning when it also exceeds the tolerance. A value of a private column is called by a number, the same one in every
        question and table: the rows file, which stays out of git, has a row of each under the rule label_consistency/numbers.

        The level that stands out most is set aside before the others are judged among themselves. Models may know less of a
        group that is a feature, or of rows that look unlike others; unless labels are contradicted in the group's own
        calibration too, the finding is a note that gives both readings.

    Limits:
        Labels of such a group that are turned at random can hardly be told from a model that knows less of it: they are a
        note, and so are those of about half of the generated groups of which 40 % of a class were turned. Where models knew
        less of a group and no label was wrong, 1 of 300 generated tables raised a warning (at most 1.8 %), and most a note.
        A sensitive column is a feature, so what models learn of it counts as a reason: a bias that the labels of a whole
        group share is not seen here. Where annotators were given different kinds of rows, it rests on models to tell which rows are
        alike. Missing labels are compared without features. Measured with 4 to 20 annotators of 75 rows each of whom one
        turns a share of one class into another, 240 runs for each number of classes: who turns 40 % is ranked first in 240
        of two classes, 240 of three and 223 of five; 25 %: in 237, 213 and 166; 15 %: in 201, 161 and 116; and fewer are
        reported. Somebody who makes fewer mistakes than others is seen by likely label errors only. Without any bias somebody
        is accused in 79 of 1,320 (4.8 to 7.4 %); the error rate of 5 % is exact where rows were given out at random, and where
        annotators of the same items are compared. Where rows come in groups and annotators share these, it is exceeded: 47
        of 500 generated tables without bias. Who makes more mistakes than others is unlike them too, and may come before
        somebody who turns few labels. No published crowd set was at hand: the consensus was measured on generated crowds
        only, where it is at least as
        accurate on average as Dawid and Skene's in 11 of 12 kinds, 0.001 below but not beyond chance in the other (few
        annotators with strong habits and many items), and not in each single crowd. Annotators whose answers hang on nothing are
        left out, also where they are half of all. Where annotators of two classes give two or three answers each in all, or
        are hardly better than chance, a majority may be better.

    References:
        K. Krippendorff. Content Analysis: an Introduction to Its Methodology. Sage, 2004.
        A. Dawid, A. Skene. Maximum Likelihood Estimation of Observer Error-Rates. Applied Statistics 28, 1979.
        N. Mantel, W. Haenszel. Statistical Aspects of the Analysis of Data from Retrospective Studies. JNCI 22, 1959.
        P. Westfall, S. Young. Resampling-Based Multiple Testing. Wiley, 1993.
    """

    title: ClassVar[str] = "Label consistency"
    question: ClassVar[str] = "Do labels depend on who gave them, where they come from, or whom they speak of?"
    section: ClassVar[str] = "collection"
    needs: ClassVar[frozenset[str]] = frozenset({"predictions", "label_errors", "neighbours"})
    reach: ClassVar[Reach] = Reach(
        looked_for="annotators, sources and groups whose labels, label errors or gaps differ from those of alike rows",
        would_notice="differences beyond the smallest that the evidence states for each column",
        measured="in 2,880 runs with one annotator who turns 15 to 60 % of a class, that one came first in 2,515 "
        "(in 1,421 of 1,440 who turn 40 % or more) and somebody was accused in 2,130; without any, in 79 "
        "of 1,320 (at most 7.4 %); of several annotators of the same items, who turns 25 % or more came first "
        "in 466 of 480 runs, and without any somebody was accused in 8 of 160 (at most 9.6 %)",
        cannot_see="habits that all annotators share, and bias against a group that models learn from the group itself",
    )

    annotations: tuple[str, ...] = ()
    """Columns that hold one annotator's labels each (wide form). Rows that repeat an identifier need no setting."""
    tolerance: float = Field(default=0.05, ge=0, le=1)
    """Difference in a share, 0 to 1, from which on it is a warning."""
    tolerance_errors: float = Field(default=0.2, ge=0)
    """Regression: the same in typical errors of a prediction."""
    least_rows: int = Field(default=20, ge=5)
    """Levels with fewer rows (or groups of rows) than this are not judged."""
    error_rate: float = Field(default=0.05, gt=0, lt=0.5)
    """Chance of any false alarm in one dataset, over all levels, columns and questions; where models know less of some
    groups than of others, of a warning."""

    def run(self, snapshot: Snapshot) -> Answer:
        """Ask the question."""
        known = {column.name for column in snapshot.columns}
        if missing := sorted(set(self.annotations) - known):
            named = f"`annotations` names columns that are not there: {', '.join(missing)}"
            return self.failed("no_such_column", f"{named}; there are: {', '.join(sorted(known)[:30])}")
        if twice := sorted({name for name in self.annotations if self.annotations.count(name) > 1}):
            reason = f"`annotations` names {', '.join(twice)} more than once, which would only agree with itself"
            return self.failed("annotator_twice", f"{reason}; name each annotator's column once")
        if len(self.annotations) == 1:
            return self.failed("one_annotation", "`annotations` names one column; agreement needs two or more")
        annotations = read_annotations(snapshot, self.annotations) if snapshot.rows else None
        absent = snapshot.signals.absent("label_errors")
        if absent is not None and annotations is None:
            return Answer(outcome=Outcome(absent.outcome), code=absent.code, reason=absent.reason, reach=self.reach)
        if annotations is None and not snapshot.with_role(Role.SOURCE, Role.ANNOTATOR, Role.SENSITIVE):
            reason = "no column has the role source, annotator or sensitive, and no annotations are declared"
            return self.not_applicable("no_factors", reason)
        judged = None if absent is not None else judged_labels(snapshot)
        asked = ask_all(snapshot, judged, self.least_rows, self.tolerance, self.tolerance_errors, self.error_rate)
        people = (
            None
            if annotations is None
            else ask_annotators(snapshot, annotations, self.least_rows, self.tolerance, self.error_rate)
        )
        if people is not None and people.asked is not None:
            asked.append(people.asked)
        if not asked and people is None:
            return self.inconclusive("one_level", "the columns hold one level only, or labels cannot be compared")
        asked = _adjusted(asked)
        if judged is not None:
            asked = with_readings(snapshot, judged, asked, self.error_rate)
        findings = [
            finding(one, self._columns(snapshot, one, annotations), self.error_rate, snapshot.name) for one in asked
        ]
        extra: tuple[Finding, ...] = ()
        numbers: tuple[Metric, ...] = tuple(metrics(one, self.error_rate) for one in asked)
        tables: tuple[Table, ...] = (level_table(asked),)
        rows: list[pl.DataFrame] = []
        if people is not None:
            extra, numbers, tables = people.findings, (*people.metrics, *numbers), (*people.tables, *tables)
            rows += people.rows
        if judged is not None:
            for one in asked:
                if one.question == "labels" and judged.classes:
                    flags = leaning(one, judged.label, judged.likeliest, judged.issue, self.error_rate)
                elif one.question == "label_issues":
                    flags = likely_errors(one, judged.issue, self.error_rate)
                else:
                    continue
                rows.append(judged.frame(flags, one.question, one.factor.column))
        rows += number_rows(snapshot, dict.fromkeys(one.factor.column for one in asked if one.factor.numbered))
        if all(metric.value is None for metric in numbers):
            reason = (
                f"no level has {self.least_rows} rows beside rows of other levels like them, and no annotations pair"
            )
            return self.inconclusive("too_few_rows", reason, metrics=numbers, tables=tables)
        import polars as pl

        return self.assessed(
            Units(name="rows", declared=snapshot.rows, evaluated=_evaluated(asked, people is not None, snapshot)),
            findings=(*extra, *[one for one in findings if one is not None]),
            metrics=numbers,
            tables=tables,
            rows=judged_rows(snapshot, pl.concat(rows)) if rows else None,
        )

    def _columns(self, snapshot: Snapshot, one: Asked, annotations: Annotations | None) -> tuple[str, ...]:
        if one.question == "annotations" and annotations is not None and self.annotations:
            return tuple(sorted(self.annotations))
        target = (snapshot.target,) if snapshot.target else ()
        return tuple(sorted({one.factor.column, *target}))


def _adjusted(asked: list[Asked]) -> list[Asked]:
    """The same with p-values adjusted for the number of columns and questions."""
    from governance.measures.multiplicity import holm

    p_values = holm([float(one.comparison.adjusted.min(initial=1.0)) for one in asked])
    return [replace(one, p_value=p_value) for one, p_value in zip(asked, p_values, strict=True)]


def _evaluated(asked: list[Asked], annotated: bool, snapshot: Snapshot) -> int:
    most = max((int(one.comparison.rows.sum()) for one in asked if one.question != "annotations"), default=0)
    return min(snapshot.rows, most) or (snapshot.rows if annotated else 0)
