"""Does the data differ between splits, from the approved version, or from a reference?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from governance.audit import Answer, Audit
from governance.dataset import ReferencePath
from governance.errors import DataError, EvidenceError
from governance.evidence import Reach, Units
from governance.reporting import drift_report, drift_tables
from governance.reporting.column_comparison import column_pairs
from governance.reporting.drift_tests import Comparison, explain_joint, judge_columns, judge_joint
from governance.reporting.file_types import type_changes
from governance.reporting.joint_comparison import JointComparison, compare_jointly
from governance.reporting.moved_levels import moved_levels, moved_most
from governance.reporting.moved_rows import mark_rows, moved_rows
from governance.reporting.reference_rows import read_reference
from governance.reporting.row_comparison import RowPair, compared_columns
from governance.reporting.row_evidence import judged_rows
from governance.reporting.sketch_comparison import SketchPair, schema_differences, sketch_pairs
from governance.reporting.sketch_joint import sketch_joint
from governance.reporting.too_small import TooSmall, too_small
from governance.reporting.unseen_values import unseen_pairs
from governance.sketches import read_sketch

if TYPE_CHECKING:
    from governance.snapshot import Snapshot


NEGLIGIBLE = 0.005
"""An effect below this (0 to 1), one row in 200, is no finding, however sure: of a million rows every difference is."""


class Drift(Audit):
    """Compares the splits with each other, and this version with the one approved before and with a declared reference.

    What it measures:
        For each column the distance between two distributions (0 to 1), an Anderson-Darling test for numbers, Pearson's
        for categories, missing values apart, and, of names with too many levels to be counted one by one, rows whose value
        the first set lacks; p-values are under false discovery control over all columns. A
        classifier that tells the two sets apart, changed correlations, and labels that changed for rows with like
        features, each against its own null distribution, on a sample. Versions are compared by sketches.

    Why it matters:
        A model that is fitted to one distribution and tried or used on another is worse than its scores say.

    How to read it:
        An alarm needs both: a difference beyond chance and an effect worth it. A smaller effect is a note, as is any
        difference between splits made by chance, time or group. One of fewer than 5 in 1,000 rows is not told, unless levels are
        new, no value was missing before, or a declared `tolerance` is as small. Only an effect beyond a declared `tolerance` is an error.

    Limits:
        Of 1,920 tables of independent rows without drift (5 to 200 columns, 500 to 1 million rows; 420 at a million) 49
        raised some alarm (2.6 %, upper 95 % bound 3.4 %); of 300 tables whose rows come in groups of 10, divided by
        group, 12 (4.0 %, upper bound 6.9 %); of 600 pairs of versions compared by sketch 28 (4.7 %, upper bound 6.7 %).
        At 1,000 rows a side, heavier tails alone, 3 % of rows from elsewhere, and 6 to 9 % of rows with another level
        or label are seen less than half of the time. Two versions that share rows differ less than independent ones, so
        their alarms are rarer, and small changes are missed. Rows are taken as independent unless a column has the role
        `group` or an identifier repeats. Then groups are the units, of which few show large differences only, and of
        three and two it says that nothing can be told. A sketch does not say how its rows hang together: they are taken
        to be grouped as this version's are, which hides drift if they were less so and raises alarms if they were more
        so. Of more levels than a sketch names, those that may have been named by luck count as one; that levels have an
        order is never known. Infinite values count as values between rows, and are left out against a sketch. Relations
        that neither squares nor correlations of columns show are not seen; nor are private values, against a sketch;
        nor another type of a column of a file of rows where its values fit this version's type and are too few to tell.
        In which level of another column a shift lies is told of rows, not against a sketch. Of texts and images a
        sketch holds the mean of a coarse embedding, so a change that leaves it as it was is missed.

    References:
        T. W. Anderson, D. A. Darling. A Test of Goodness of Fit. JASA 49, 1954.
        Y. Benjamini, Y. Hochberg. Controlling the False Discovery Rate. JRSS B 57, 1995.
        E. Chung, J. Romano. Exact and Asymptotically Robust Permutation Tests. Annals of Statistics 41, 2013.
        D. Lopez-Paz, M. Oquab. Revisiting Classifier Two-Sample Tests. ICLR, 2017.
        R. Shah, J. Peters. The Hardness of Conditional Independence Testing. Annals of Statistics 48, 2020.
    """

    title: ClassVar[str] = "Drift"
    question: ClassVar[str] = "Does the data differ between splits, or from an earlier version, more than by chance?"
    section: ClassVar[str] = "composition"
    needs: ClassVar[frozenset[str]] = frozenset({"embeddings", "reference"})
    reach: ClassVar[Reach] = Reach(
        looked_for="columns, missing values, labels, ties between columns and labels of like rows that differ between sets",
        would_notice="8 times in 10, a shift of the size that is given for each column",
        measured="14 kinds of small planted shifts (1,000 rows a side, 40 or 200 tables each) were noticed in 10 "
        "to 100 % of their tables, half of the kinds in 67.5 % or more; without drift 49 of 1920 tables "
        "raised an alarm (at most 3.4 %), 12 of 300 tables of grouped rows (at most 6.9 %) and 28 of 600 "
        "pairs of versions (at most 6.7 %)",
        cannot_see="smaller shifts, relations that correlations do not show, and whether a difference harms",
    )

    reference: ReferencePath | None = None
    """A file below references/ that all rows are compared with: a sketch (.json), or rows (.csv, .tsv, .jsonl, .parquet, .arrow),
    such as the file of last month. Text is read as the data is, by the same separator, encoding, markers of missing values,
    notations of numbers and dates, and types; where a file is written otherwise, as its first line and its cells show.
    Lists and objects are compared as JSON text."""
    notable: float = Field(default=0.1, ge=0, le=1)
    """A significant effect of this size (0 to 1) is a warning, a smaller one a note."""
    tolerance: float | None = Field(default=None, ge=0, le=1)
    """A significant effect beyond this (0 to 1) is an error. Without a declared tolerance there is none."""
    false_alarms: float = Field(default=0.05, gt=0, lt=0.5)
    """Chance of any alarm when nothing differs (0 to 1)."""
    sample_rows: int = Field(default=4000, ge=100, le=20_000)
    """Rows for the tests of columns together, half from either set."""

    def run(self, snapshot: Snapshot) -> Answer:
        """Ask the question."""
        try:
            comparisons, small = self._comparisons(snapshot)
        except (DataError, EvidenceError) as error:
            return self.failed("reference_unreadable", str(error))
        if not comparisons and small:
            reason = "; ".join(one.reason for one in small)
            return self.inconclusive(small[0].code, reason)
        if not comparisons:
            reason = "there is one split, no version approved before and no declared reference, so nothing to compare"
            return self.not_applicable("nothing_to_compare", reason)
        least = NEGLIGIBLE if self.tolerance is None else min(NEGLIGIBLE, self.tolerance)
        columns = judge_columns(comparisons, self.false_alarms, least)
        if not columns:
            return self.inconclusive("nothing_varies", "no column that both sides have varies")
        joint = explain_joint(judge_joint(comparisons, self.false_alarms), columns, self.notable, self.false_alarms)
        marks = mark_rows(columns, joint, comparisons)
        marked, within = moved_rows(marks), moved_levels(marks)
        declared = [column.name for column in compared_columns(snapshot)]
        evaluated = {result.pair.column for result in columns}
        left_out = [name for name in declared if name not in evaluated]
        return self.assessed(
            Units(name="columns", declared=len(declared), evaluated=len(evaluated)),
            findings=drift_report.findings(
                columns, joint, comparisons, self.notable, self.tolerance, moved_most(marks, within)
            ),
            metrics=drift_tables.metrics(columns, joint, comparisons),
            rows=None if marked is None else judged_rows(snapshot, marked),
            **drift_tables.tables(columns, joint, comparisons, small, within, left_out),
        )

    def _comparisons(self, snapshot: Snapshot) -> tuple[list[Comparison], list[TooSmall]]:
        """What can be compared, and what is too small for it."""
        found: list[Comparison] = []
        small: list[TooSmall] = []
        first, *others = snapshot.splits
        for split in others:
            name, subject = f"{split} and {first}", f"{first}/{split}"
            pair = RowPair(snapshot, first, split)
            if (least := too_small(pair, name, self.false_alarms)) is not None:
                small.append(least)
                continue
            found.append(_of_rows(pair, name, subject, split, self.sample_rows))
        wanted = [("this version and the one approved before", "approved", snapshot.reference_file)]
        if self.reference is not None:
            wanted.append(("this version and the declared reference", "reference", snapshot.workspace / self.reference))
        for name, subject, path in wanted:
            if path is None:
                continue
            if path.suffix == ".json":
                sketch = SketchPair(read_sketch(path), snapshot)
                least = too_small(sketch, name, self.false_alarms)
                made = None if least is not None else _of_sketch(sketch, name, subject)
            else:
                read = read_reference(snapshot, path)
                gone = [one for one in read.file.columns if one not in {*read.rows.columns, *read.unread}]
                schema = (
                    *((column, "is gone") for column in gone),
                    *type_changes(read.file, snapshot, read.unread, read.read),
                )
                pair = RowPair(snapshot, "reference", "all", read.rows)
                least = too_small(pair, name, self.false_alarms)
                made = None if least is not None else _of_rows(pair, name, subject, None, self.sample_rows, schema)
            small += [] if least is None else [least]
            found += [] if made is None else [made]
        return found, small


def _of_rows(
    pair: RowPair,
    name: str,
    subject: str,
    split: str | None,
    sample_rows: int,
    schema: tuple[tuple[str, str], ...] = (),
) -> Comparison:
    columns = [column for column in compared_columns(pair.snapshot) if pair.has(column.name)]
    changed = {name for name, _ in schema}
    new = [c.name for c in pair.snapshot.columns if not pair.has(c.name) and c.name not in changed]
    return Comparison(
        name,
        subject,
        split,
        pair.sizes,
        pair.given_by,
        tuple(one for column in columns for one in (*column_pairs(pair, column), *unseen_pairs(pair, column))),
        compare_jointly(pair, sample_rows),
        (*((name, "is new") for name in new), *schema),
        pair,
    )


def _of_sketch(sketch: SketchPair, name: str, subject: str) -> Comparison:
    from governance.sketches.compute import compute_sketch

    current = compute_sketch(sketch.snapshot)
    return Comparison(
        name,
        subject,
        None,
        sketch.sizes,
        "",
        tuple(sketch_pairs(sketch, current)),
        JointComparison(sketch_joint(sketch, current)),
        tuple(schema_differences(sketch.reference, sketch.snapshot)),
        sketch=sketch,
    )
