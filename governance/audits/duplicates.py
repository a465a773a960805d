"""Which rows are copies of other rows?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from governance.audit import Answer, Audit
from governance.dataset import Task
from governance.evidence import Confidence, Finding, Level, Metric, Outcome, Reach, Units
from governance.reporting.copy_counts import CHECKS, Count, count_figures, count_marked, count_table, share_metrics
from governance.reporting.row_evidence import judged_rows

if TYPE_CHECKING:
    from governance.reporting.copies import Copies
    from governance.signals import NearCopies
    from governance.snapshot import Snapshot


class Duplicates(Audit):
    """Looks for rows that are equal, or nearly equal, to other rows, within a split and across splits.

    What it measures:
        Exact copies: rows with the same features and label. Conflicting labels: the same features and another label.
        Near copies: rows that agree in their categories and are far nearer to each other than the data around them
        would make by chance; in tables of categories and numbers, those that agree in all columns or all but one, in
        more than chance gives; in tables of numbers alone or of categories alone, those that are equal in all columns but
        one, in more than the columns foretell. Strings that differ count as one where two so alike are rare in their column:
        a typing error in a name does, codes that begin alike are two codes. Texts: those that share most of their runs of five characters; case,
        forms of the same letter and signs that part words say nothing, those in C++, -5 and smiles do. Beside other columns a
        text of its own words is a copy where categories agree, whatever its date; one of phrases that other rows use too, as
        a ticket's subject, is one where the rest of the row is the same or nearly so, as some minutes later, in more than
        chance gives. Images: those that look
        alike in spite of size, brightness, contrast, colour and a margin that was cut off, also mirrored or turned by
        some 5 degrees; how near pictures of the set come to each other without being copies is told by their own
        distances. Names and addresses: rows that agree in too much for chance, in spite of typing errors or of
        another value in one field. Sets of copies are joined through other rows. Identifiers, keys and groups take no
        part. In tables of records that hold two columns of strings or more, private columns such as names and phones take
        part, and no value of theirs is shown; a table says which did, and why others did not.

    Why it matters:
        A test row that is also in training is not a test. Copies give some rows more weight than others, and copies
        that disagree about the label cannot both be right.

    How to read it:
        Counts are of rows beyond the first of each set of copies. When the columns hold so few different values, or
        hang together so closely, that chance makes rows equal, findings are notes of low confidence: such rows need not
        be the same thing twice; those of near copies too, where chance makes a tenth as many rows equal. Notes also say what is left out: rows of a questionnaire that give one answer throughout,
        texts that fill in a form, and rows that all differ in the same column.

    Limits:
        Texts: where six or more, joined by near copies, differ in the same places, as filled-in forms do, they are
        compared by what was filled in, so that of copies with a typo in a form up to a quarter are missed; a message
        sent to many with names or numbers changed is no copy then. Of fewer texts, forms are taken for copies, as are
        some texts that fill in nearly the same.
        Beside other columns, texts of a stock of phrases whose dates are far apart, or that few other columns tell apart,
        are no copies, so that those copied with a typo and another date are missed, and in tables without dates most; so are
        half of the messages of a log that come again within minutes. Tables of little but text compare the texts alone.
        Numbers and images: near copies are sought among each row's nearest neighbours, so ten near copies of one row
        can hide each other, and data of few independent columns cannot tell a copy from a neighbour; it then says so.
        Images of which more than about a tenth of a side was cut off, or that were turned further, are missed; of
        more than 10,000 images most of those that were turned, or cut by more than some 6 %. Simple pictures, as of one shape
        on a ground, resemble each other, and a copy that is no nearer than another picture is missed; of 50 sets of icons
        5 had a pair named, of 50 of waves 12, of 150 of spots, digits and strokes none. On planted copies (20 seeds)
        recall and precision are 0.96 or more for texts, records and images that were saved anew, shrunk, brightened, made
        grey, mirrored, turned by 5 degrees, or cut by 3 or 9 % evenly or on two sides. Members of a household who share address and telephone may be named as near copies
        (in 65 of 240 generated tables of people). Of records with one of five fields replaced 83 % are found among 300 rows and 98 % among 1,000 or more,
        where the other fields are rare enough together; in tables without two columns of strings they are not looked
        for, and several records of one thing that differ in one field by nature, as orders of a customer, are named
        too. Numbers that follow a curve or drift, or lie in clusters of few rows, have neighbours as near as copies:
        none is named unless it is equal in all columns but one. Those that are so in tables of numbers alone or of
        categories alone are looked for in four columns and more, and found where values are fine enough: nearly all
        among numbers of three decimals, half among those of one, few or none among marks, yes and no, and small counts. Where eight in ten of ten or more such pairs differ
        in the same column, a note says so and none is named, as visits of one person do so by nature.
        Beside categories, rows of one common combination that differ in two numbers only cannot be
        told from copies. Numbers that were reckoned from another, as a price in another currency, count once with it; a copy in
        which one of them was changed is found by what the rest of the row tells. Typing errors in a column of codes that repeat, as zip codes, are mostly missed. Columns that pile up at one value together, as at night, count once, so that copies of rows at
        these values are mostly missed. People who give one answer to all questions of a scale (five columns and more of the same
        levels) and whom nothing else tells apart are not counted, so that a true copy of such a row is missed. A column
        that names each row and is not declared as an identifier hides copies, unless it is a whole number, or private and
        counts the rows; in tables of
        numbers alone or of categories alone a note tells of ten and more.

    References:
        E. Levina, P. Bickel. Maximum Likelihood Estimation of Intrinsic Dimension. NIPS 17, 2004.
        A. Broder. On the Resemblance and Containment of Documents. SEQUENCES, 1997.
        B. Barz, J. Denzler. Do We Train on Test Data? Purging CIFAR of Near-Duplicates. Journal of Imaging 6, 2020.
    """

    title: ClassVar[str] = "Duplicates"
    question: ClassVar[str] = "Which rows are copies of other rows, and do any cross from one split into another?"
    section: ClassVar[str] = "composition"
    needs: ClassVar[frozenset[str]] = frozenset({"near_copies"})
    reach: ClassVar[Reach] = Reach(
        looked_for="rows equal in all features, with the same or another label, and rows nearly equal",
        would_notice="every exact copy but of rows that give one answer throughout, and near copies that are much nearer "
        "than neighbours usually are",
        measured="of near copies planted in texts, records and images 96.2 to 100.0 % were found on average in each of 15 "
        "kinds of sets (20 sets each), and 98.0 to 100.0 % of the pairs named were planted; 83 to 99 % of records"
        " with one field replaced, and 100 % of changed rows in 5 of 8 kinds of numbers, none in the others; 93 "
        "to 100 % in 5 kinds of tables of categories and numbers; 0 of 300 clean tables named any (at most 1.3 "
        "%), and 1 of 100 of categories and numbers (at most 5.4 %); of copies with one cell changed among "
        "numbers of three decimals 95 to 100 % in 7 kinds of tables, and any pair in 0 of 500 tables of numbers "
        "without copies (at most 0.8 %); for equal rows it is exact, as all are compared",
        cannot_see="images cut by more than a tenth a side or turned far, texts translated or rewritten, many near "
        "copies of one row, copies of templated texts that no date or number beside them confirms, and changed copies among "
        "answers of few levels, or of rows whose numbers are nearly all at a value that most rows have",
    )

    warn_share: float = Field(default=0.001, ge=0, le=1)
    """Copies within a split are a warning from this share of its rows on (0 to 1); a note below."""
    error_share: float = Field(default=0.01, ge=0, le=1)
    """Exact copies across splits are an error from this share of the later split's rows on; a warning below."""

    def run(self, snapshot: Snapshot) -> Answer:
        """Ask the question."""
        if snapshot.rows == 0:
            return self.inconclusive("no_rows", "the snapshot has no rows")
        if not snapshot.features:
            return self.not_applicable("no_features", "no column has a role by which rows could be compared")
        import polars as pl

        from governance.reporting.copies import find_copies, mark_copies
        from governance.reporting.copies_left_out import left_out, private_table
        from governance.reporting.copy_clusters import cluster_table, find_clusters, mark_conflicts
        from governance.reporting.near_copies import mark_near

        copies = find_copies(snapshot)
        marked = mark_copies(copies, snapshot.splits)
        checks = [check for check in CHECKS if check != "conflicting_labels" or snapshot.target is not None]
        absent = snapshot.signals.absent("near_copies")
        near = None if absent is not None else snapshot.signals.near_copies()
        seen = None if near is None or near.blind else near
        clusters = find_clusters(copies, seen)
        if seen is not None:
            marked = pl.concat([marked, mark_near(snapshot, copies, seen)])
            if snapshot.task is Task.CLASSIFICATION:  # near copies may well differ a little in a number
                marked = pl.concat([marked, mark_conflicts(snapshot, clusters)])
        else:
            checks = [check for check in checks if not check.startswith("near")]
        if snapshot.task is not Task.CLASSIFICATION:
            checks = [check for check in checks if check != "near_conflicting_labels"]
        sets, redundant = cluster_table(snapshot, clusters)
        counts = count_marked(snapshot, marked, checks)
        rest: dict[str, Any] = {
            "units": Units(name="rows", declared=snapshot.rows, evaluated=snapshot.rows),
            "findings": (*self._findings(counts, copies), *left_out(snapshot, copies, near)),
            "metrics": (*share_metrics(counts), redundant, *(_about(near, snapshot.rows) if near is not None else ())),
            "tables": (count_table(counts), sets, *private_table(copies)),
            "figures": count_figures(counts),
            "rows": judged_rows(snapshot, marked.drop("split").with_columns(flagged=pl.lit(True))),
        }
        if absent is not None:
            reason = f"near copies could not be looked for: {absent.reason}; exact ones were"
            return Answer(outcome=Outcome(absent.outcome), code=absent.code, reason=reason, reach=self.reach, **rest)
        return Answer(outcome=Outcome.ASSESSED, reach=self.reach, **rest)

    def _findings(self, counts: list[Count], copies: Copies) -> tuple[Finding, ...]:
        found = []
        for count in counts:
            if count.rows == 0:
                continue
            exact, across = not count.check.startswith("near"), count.check.endswith("_across_splits")
            level = Level.WARNING if across or count.share >= self.warn_share else Level.NOTE
            if exact and across and count.share >= self.error_share:
                level = Level.ERROR
            confidence = Confidence.HIGH if exact else Confidence.MEDIUM
            words = CHECKS[count.check].finding.format(f"'{count.split}'")
            message = f"{words}: {count.rows:,} of {count.of:,} rows ({count.share:.2%})."
            # Where chance makes rows equal, it makes as many nearly equal, and more.
            if copies.coarse if exact else copies.explains(count.rows):
                level, confidence = Level.NOTE, Confidence.LOW
                message = f"{message[:-1]}; the columns tell so little apart that chance makes rows equal."
            found.append(
                Finding(
                    rule=f"duplicates/{count.check}",
                    level=level,
                    confidence=confidence,
                    message=message,
                    remedy=CHECKS[count.check].remedy,
                    split=count.split,
                    count=count.rows,
                    of=count.of,
                )
            )
        return tuple(found)


def _about(near: NearCopies, rows: int) -> tuple[Metric, ...]:
    """What the search for near copies could have noticed."""
    reach = (_reach(near.reach, rows),) if near.reach is not None or near.blind else ()
    return reach if near.recall is None else (*reach, _recall(near.recall))


def _reach(reach: float | None, rows: int) -> Metric:
    return Metric(
        name="near_copy_reach",
        value=reach,
        unit="share of the typical distance of nearest neighbours",
        n=rows,
        meaning="how near a copy must be to be noticed",
        note="the data has too few independent columns to tell a near copy from a neighbour" if reach is None else "",
    )


def _recall(recall: float) -> Metric:
    from governance.adapters.faiss import RECALL_SAMPLE

    return Metric(
        name="neighbour_recall",
        value=recall,
        unit="share",
        n=RECALL_SAMPLE,
        better="higher",
        meaning="share of true nearest neighbours that the approximate search found, measured on a sample",
    )
