"""Was the data tampered with to plant a trigger or to turn labels?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from governance.audit import Answer, Audit
from governance.evidence import Metric, Reach, Units

if TYPE_CHECKING:
    from governance.snapshot import Snapshot


class Poisoning(Audit):
    """Looks for patterns and slices whose label contradicts what the rest of their rows says.

    What it measures:
        Words, phrases, ways of writing (capitals, blanks, unusual signs, letters of another alphabet), values, pairs of
        values and squares of pixels that few rows share, and that carry one label.
        What the rest of these rows says is asked of models from which the pattern can be taken out again, and of
        neighbours that do not hold it; of a pair, also what each of its values says in rows without the other. A value of a
        number or date is also compared with the rows that hold nearly the same, by a model that never saw its column, and
        a slice with what a model of it alone says. A pattern counts when its rows carry the label more often than the rest says, and when the rest contradicts the
        label more than it does in other rows with that label. Values and pairs that more rows hold than is usual, and
        images that share more squares of pixels than others do, are corrected for less, as they stand out before any label is
        looked at. Of an image, pixels that nearby images show as well are no part of a patch. Likewise clusters along the directions in
        which the rows of a class vary most, and segments, sources and annotators in which labels of one class were turned
        into another. There an honest lean to a class, a rule of the slice's own and random noise are let be: turned is the
        share of a class that carries another label however clearly the rest speaks; each row's score is the chance that
        it was turned. Rows of
        patterns below the limit of a finding rank by the odds that their pattern was planted.

    Why it matters:
        Rows that were planted with a trigger teach a model to answer as the attacker likes whenever the trigger is
        there. Accuracy on clean data does not show it, and out-of-fold predictions do not either: the other planted
        rows taught them.

    How to read it:
        Each finding names a pattern, how many rows hold it, and the chance that clean data gives anything like it,
        after a correction for all that was tried. A strong feature is no finding, as the rest of its rows agrees with
        it. Columns that say from where a row came or who labelled it, declared with the roles `source` and
        `annotator`, show where the planted rows came from.

    Limits:
        Triggers in rows that carry their true label (clean-label attacks) contradict nothing and cannot be told from
        a feature. Nor can one that is different in every row, moves within an image, or is spread thinly over it; nor
        one that more than a tenth of the rows hold, or fewer than `least_rows`. Of scripts without spaces, as Chinese, each
        letter is a word, so that of a longer trigger parts are named. Combinations of three and more
        values are seen only when two of them stand out. Where columns say little of the label, ten planted rows seldom
        raise an alarm (2 of 20 generated tables of categories), though values of their own rank first there; a pair
        that honest rows hold as well cannot be told from chance. An honest rule on a value or pair that overrides all
        else a row says, as one town that is always approved, is found as a trigger is; where its rows contradict the label
        no more than rows of all kinds do (a chance of 0.01 or more), the finding asks which of the two it is, with medium
        confidence. So it does of a true trigger of few rows in a class that is rare anyway; and a planted word that a
        tenth or more of its class hold is seldom told from one that tells the class. Of how texts are written, only
        the forms listed in `measures/writing.py` are seen, in no script without spaces; of patches in one colour channel,
        only squares of two pixels and more.
        Of 900 colour images of 32 x 32 whose rest tells the label in three of four cases, patches in 1 % rank at an AUPRC
        of 0.85 or more in 4 of 5 generated sets (0.47 in the fifth), and raise a finding in 1. Honest texts that one word
        decides, in a second language that few texts are in, look planted: their other words are rare and come together, so
        that chance in a few texts counts as a dozen witnesses, and their neighbours that lack the word are of the other
        class. Of clean sets of 1,500 reviews 10 of 10 had a finding with 40 such texts, 6 of 10 with 150.
        Where two columns decide together, as a step of a scale and an amount, rows contradict a sum of both, and a slice of the
        scale may be named: in 1 of 40 generated tables, and where another rule holds at one site in 3 of 25. A planted
        value beyond all others is named only where rows near that end do not contradict the label as much.
        Of smooth pictures, as X-rays, an honest brightness that many rows share may be named (in 1 of 18 generated sets of even
        ground).
        The chance on clean data holds for rows that are independent: copies, and persons with many rows, raise triggers
        in most sets when no column with the role group says which belong together. Triggers whose rows are far more alike
        in the rest than other rows are then warnings of medium confidence. Of more than 50,000 rows an evenly spaced sample is searched, so that
        a trigger must be in several of those. Scored on planted truth, 20 sets each, 1 % of the rows: words, sentences,
        patches, also in one colour channel, values and pairs of values rank at an AUPRC of 0.95 or more in every set; a
        finding is made of 17 of 20 values and of 16 of 20 pairs in a table whose labels are predicted in nine of ten
        cases, and of 18 of 20 sentences. Two blanks rank at 0.98 on average (0.90 at least), a word with letters of
        another alphabet at 0.96 (0.84), a word in capitals at 0.84 (0.05) where one honest text of a hundred has one too:
        7 of 20 are named. Half of one class turned within a slice: AUPRC 0.88 on average (0.93 is the best possible), a
        finding, or a note, in 13 of 20, half of the rows flagged; at one of six sites where three classes are told well 0.87
        (0.91), in 18 of 20, three in four; within a source 0.95 (0.96), in 19 of 20, seven of ten. Sites that honestly differ
        had a finding in 0 of 34 sets, and in 4 of 100 that it was developed with. A
        class that is turned as a whole within a slice is what an honest rule would do: where the rest of twenty rows or more
        speaks clearly and other classes are left in the slice, a note asks; elsewhere nothing is said. Labels turned by a rule that
        the other columns tell are taken for an honest one. Where a slice leans strongly to a class, half of another that
        was turned may pass for more of it. On clean
        sets of text, tables, images and mixed rows, 0 of 340 runs had a finding (at most 1.1 %); they have up to
        600 rows, and those of digits and breast_cancer are drawn from one set of data each.

    References:
        - T. Gu, B. Dolan-Gavitt, S. Garg. BadNets: Identifying Vulnerabilities in the Machine Learning Model Supply
          Chain. arXiv 1708.06733, 2017.
        - B. Tran, J. Li, A. Madry. Spectral Signatures in Backdoor Attacks. NeurIPS 31, 2018.
        - B. Chen et al. Detecting Backdoor Attacks on Deep Neural Networks by Activation Clustering. SafeAI, 2019.
        - R. Tarone. A Modified Bonferroni Method for Discrete Data. Biometrics 46, 1990.
        - C. Genovese, K. Roeder, L. Wasserman. False Discovery Control with P-value Weighting. Biometrika 93, 2006.
        - I. J. Good. Weight of Evidence: A Brief Survey. Bayesian Statistics 2, 1985.
        - V. Vovk, R. Wang. E-values: Calibration, Combination and Applications. Annals of Statistics 49, 2021.
        - D. Thistlethwaite, D. Campbell. Regression-Discontinuity Analysis. Journal of Educational Psychology 51, 1960.
        - R. Lugannani, S. Rice. Saddle Point Approximation for Sums. Advances in Applied Probability 12, 1980.
    """

    title: ClassVar[str] = "Poisoning"
    question: ClassVar[str] = "Was the data tampered with, to plant a trigger or to turn labels?"
    section: ClassVar[str] = "collection"
    needs: ClassVar[frozenset[str]] = frozenset({"predictions", "embeddings", "neighbours"})
    reach: ClassVar[Reach] = Reach(
        looked_for="patterns, clusters, segments and sources whose label contradicts the rest of their rows",
        would_notice="most words, phrases, values and patches planted in 1 % of the rows, with a wrong label",
        measured="of 320 sets with planted triggers or turned labels 270 raised a finding; so did 0 of 340 clean sets "
        "(at most 1.1 %)",
        cannot_see="triggers in rows that carry their true label, or that look different in every row",
    )

    least_rows: int = Field(default=4, ge=3)
    """A pattern that fewer rows carry with one label is not judged."""
    false_alarms: float = Field(default=0.03, gt=0, lt=0.5)
    """The chance that data in which patterns are independent of the rest, given the label, gives any finding."""
    slice_share: float = Field(default=0.1, gt=0, le=1)
    """A slice or source counts from this share of turned labels of one class on (lower end of its interval)."""
    slice_ratio: float = Field(default=4.0, ge=1)
    """And from this many times the share outside the slice on."""

    def run(self, snapshot: Snapshot) -> Answer:
        """Ask the question."""
        from governance.errors import DataError
        from governance.reporting.row_evidence import flagged_share
        from governance.reporting.slice_report import slice_findings
        from governance.reporting.trigger_report import cluster_findings, rows_of, trigger_findings
        from governance.reporting.trigger_search import search_triggers
        from governance.signals import SignalAbsent

        absent = snapshot.signals.absent("predictions")
        if absent is not None:
            raise SignalAbsent(absent)
        if not snapshot.signals.info.classes:
            reason = "the labels are numbers; a trigger is sought by the class that it carries"
            return self.not_applicable("task_not_audited", reason)
        try:
            searched = search_triggers(snapshot, least=self.least_rows, false_alarms=self.false_alarms / 3)
        except DataError as error:
            return self.failed("unreadable_images", str(error))
        if not searched.parts:
            return self.inconclusive("no_patterns", "no feature can be read as words, values or pixels")
        n = len(searched.row_id)
        meaning = "share of labels that agree with the models that judge by the rest of each row"
        accuracy = flagged_share(
            searched.right, searched.groups, name="rest_accuracy", better="higher", meaning=meaning
        )
        if (accuracy.low or 0.0) <= searched.usual and not searched.tells_classes_apart:
            reason = (
                "what rows say about their label is shown neither to be better than always naming the most common class, "
                "nor to tell classes apart when each counts the same, so no label can be shown to contradict its row"
            )
            return self.inconclusive("below_baseline", reason, metrics=(accuracy,))
        triggers = trigger_findings(snapshot, searched)
        clusters = cluster_findings(snapshot, searched, self.least_rows, self.false_alarms / 3)
        slices = slice_findings(snapshot, searched, self.slice_share, self.slice_ratio, self.false_alarms / 3)
        rows = rows_of(snapshot, searched, (triggers, clusters, slices))
        flagged = int(rows["flagged"].sum())
        share = Metric(
            name="flagged_share", value=flagged / n, unit="share", n=n, better="lower",
            meaning="share of rows that a trigger, a cluster or a tampered slice explains",
        )  # fmt: skip
        tried = Metric(
            name="tests", value=float(sum(search.tested for _, search in searched.found)), unit="tests",
            meaning="patterns times classes that the chance of a false alarm was corrected for",
            note="" if searched.groups is not None else "rows were assumed to be independent, as no column has the role group and no identifier repeats",
        )  # fmt: skip
        return self.assessed(
            Units(name="rows", declared=snapshot.rows, evaluated=n),
            findings=(*triggers.findings, *clusters.findings, *slices.findings),
            metrics=(share, accuracy, tried),
            tables=tuple(table for part in (triggers, slices) for table in part.tables),
            rows=rows,
        )
