"""Does anything tell a model what it could not know?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from governance.audit import Answer, Audit
from governance.dataset import ReferencePath
from governance.errors import DataError
from governance.evidence import Finding, Metric, Reach, Table, Units
from governance.reporting.row_evidence import judged_rows

if TYPE_CHECKING:
    from governance.reporting.contamination import Contamination
    from governance.snapshot import Snapshot


class Leakage(Audit):
    """Looks for what a model would learn from here and not have when it is used.

    What it measures:
        Rows of later splits that equal or nearly equal earlier ones or share their entity; training rows later than
        test rows; dates after the label. Features that repeat the target's coding, predict it, or one of its classes,
        nearly without error and far better than all others together, or are numbers that the classes were cut from, as
        borders too sharp for overlapping classes show, or bands that a target of numbers was cut into; features that
        repeat the target of a later row, or of an earlier one, by time or by a serial number; single words, lengths,
        sizes and places of texts and images that do, and words, signs and ways of writing that tell one class of texts
        from all others; features declared as known only later; identifiers whose order or parts predict, parts of
        codes, and the last digit of numbers that differ in nearly every row. Items of a declared evaluation set in the
        data: equal, nearly equal, and texts by runs of words. And what this is worth: the score with and without it.

    Why it matters:
        A leak makes a model look better than it is, and it then fails in use. It is the commonest reason why published
        results do not hold.

    How to read it:
        A feature that repeats the target is an error when it does so in every row. One that predicts it far above all
        others, or that the classes were cut from, is a warning: ask when its value is known. So is one whose values, more than the
        classes, are each of one class throughout, also beside features as good. A merely strong one is a
        note (up to three that hide each other are held against the rest together), and so is one that stands alone or
        is the target of an earlier row; that of a later row is an error where a timestamp is declared, and else a
        warning. Standing alone is a skill of 0.6 or more, and twice that of the next best, or the next best misses
        three times as much. Where splits were given, undeclared dates are a note by which training and another split
        are of clearly different times (one later in three of four pairs of rows), with training rows later than that
        split's. A date after the label that looks planned, by a rule that it follows or by its name, is a note that asks. Where classes are rare, as odd spellings of an answer are, the frequent ones (a quarter of the second
        largest or more) are asked by themselves too, and the larger skill counts. An evaluation text of which 70 % of
        the runs of words stand in the data counts as found; one that shares fewer, and at least one, is a note, and so
        are items no more often near the data than its own texts are near each other. Rows that splits share are those
        whose features agree, whatever their labels; copies within a split, and labels that conflict, are findings of
        the audit `duplicates`. The corrected score leaves out the leaking columns, and the shared rows of one side: of
        the one on which they stand together in the file, as rows do that came in at one time, and else of the one that
        loses the smaller share of its rows.

    Limits:
        Other rows whose target a feature repeats are looked for up to 400 rows before and after; those beyond the
        seventh in 1,000 rows first, where a class of less than 1 % may be missed. A feature that leaks a little, or
        only together with others, is not told from a good one. A noisy number is a note where the other features are
        nearly as good, or where more than three such numbers leak: nothing tells it from a strong feature. Of three
        classes or more, a number that tells one from all others is a warning where it falls into heaps and tells
        nothing of the others, else a note, and nothing where all other features tell that class well (a skill of 0.8).
        Heaps are apart from about six of their standard deviations on, also those of several classes of 50 rows. An honest
        feature that predicts nearly without error where the others are weak is warned of, as is one that the target follows
        by a rule or is a coarser kind of, as the country of a city. A 98 % noisy copy of
        the target is looked for from about 200 rows on. Wrong labels count for more where a class is rare: where 2 %
        of the labels are wrong and a fifth or a tenth of the rows are of one class, a copy of the right labels tells
        92 or 84 % of what is possible, and may be no more than a note. In texts and images, marks that take several
        words or more than an eighth of an image are not seen, and a mark where the rest of the content tells as much
        is a note; the corrected score keeps them. So is a word of one class where more than half of the other classes
        have a word that tells theirs half as well, as short requests do, or where many words tell the class: such
        words are what the texts are about. A mark in the images of one class of three or more is not seen. Evaluation
        images are compared where they stand as bytes in a .parquet file. Runs of words that stand in two items or in
        more than three texts, or are mostly made of shorter ones that do, are forms of words; and where texts of the
        data share as much among themselves, as filled-in templates do, no part of an item is spoken of. Edited copies
        of a few items are a note where texts of the data are near each other as often; parts shorter than a run are
        not seen. Where about half of the rows have near copies, these look like data of too few independent columns,
        and it says so. Where a file was shuffled after copies of training rows came into a smaller last split, nothing tells which side
        they came into, and the corrected score may be off by some points. Entities are those that a group column or an identifier that repeats names. Where groups are so few that a perfect copy
        could not be bounded, only copies of the target, and levels or heaps that tell it, are looked for, within groups in
        which it varies; marks in texts and images, noisy numbers and cuts are then not told, and nothing where the target is
        the same throughout each group. Whether a date after the label was planned is told by a rule, or else by its English or
        German name. Scored on generated
        data: all 760 leaks of 38 kinds were found, among them 300 copies of the target in another coding, 100 of these
        2 % wrong, and in 36 of 40 tables all of two or three numbers that leak side by side. 3 of 1,020 clean sets
        raised a warning (at most 0.9 %). In 200 sets of texts that hold no item, 150 of them with a template, no part
        was named; in one of 40 made of nothing but few templates there was.

    References:
        S. Kapoor, A. Narayanan. Leakage and the Reproducibility Crisis in Machine-Learning-Based Science. Patterns 4, 2023.
        S. Kaufman, S. Rosset, C. Perlich. Leakage in Data Mining. ACM TKDD 6, 2012.
        A. Chowdhery et al. PaLM: Scaling Language Modeling with Pathways. JMLR 24, 2023 (overlap of word runs).
    """

    title: ClassVar[str] = "Leakage"
    question: ClassVar[str] = "Does anything tell a model what it could not know when it is used?"
    section: ClassVar[str] = "composition"
    needs: ClassVar[frozenset[str]] = frozenset({"near_copies"})
    reach: ClassVar[Reach] = Reach(
        looked_for="entities and times that splits share, features that give the target away, and known evaluation items",
        would_notice="copies of the target in any coding, with up to 2 % noise, and every shared entity",
        measured="of 800 planted leaks 796 were found; 3 of 1,020 clean sets raised a warning (at most 0.9 %); of 180 "
        "evaluation texts of which 30 to 90 % stood in longer texts 180 were named",
        cannot_see="leaks spread over several features, facts about time that no column or declaration states, and most of what "
        "so few groups decide that nothing can be said of others",
    )

    available_later: tuple[str, ...] = ()
    """Features whose value is known only after the label: each that a model may learn from is an error."""
    contamination: ReferencePath | None = None
    """An evaluation set (.csv, .parquet, .jsonl, .txt below `references/`) that must not be in the data."""
    near_deterministic: float = Field(default=0.92, gt=0.8, le=1)
    """Skill from which a single feature is suspected: share of what is possible above chance (0 to 1). Where it is no other
    coding of the target, nor a finer one, a warning needs far more than all other features tell; and half as far from 1, but
    where levels of a category tell it, or heaps that numbers fall into."""
    error_share: float = Field(default=0.01, ge=0, le=1)
    """Equal rows, shared entities and found evaluation items are an error from this share on (0 to 1); a warning below."""
    run_of_words: int = Field(default=8, ge=3, le=50)
    """Texts are searched for runs of so many words of the evaluation set."""

    def run(self, snapshot: Snapshot) -> Answer:
        """Ask the question."""
        from governance.reporting import leakage_report as report
        from governance.reporting.contamination import find_contamination
        from governance.reporting.leak_free_score import correct
        from governance.reporting.split_report import split_leaks
        from governance.reporting.target_leakage import find_target_leakage
        from governance.reporting.target_report import target_not_asked, target_part
        from governance.signals import Absent

        if snapshot.rows == 0:
            return self.inconclusive("no_rows", "the snapshot has no rows")
        if unknown := sorted(set(self.available_later) - {column.name for column in snapshot.columns}):
            reason = f"available_later names columns that the dataset does not have: {', '.join(unknown)}"
            return self.failed("unknown_column", reason)
        evaluation: Contamination | None = None
        if self.contamination is not None:
            try:
                place = snapshot.workspace / self.contamination
                evaluation = find_contamination(snapshot, place, self.contamination, words=self.run_of_words)
            except DataError as error:
                return self.failed("evaluation_set_unusable", str(error))
        splits = split_leaks(snapshot, self.error_share)
        later = frozenset(column.name for column in snapshot.features if column.name in self.available_later)
        target = find_target_leakage(snapshot, near_deterministic=self.near_deterministic, left_out=later)
        parts = [splits.part, report.declared_later(snapshot, self.available_later)]
        leaking = set(later | splits.late_columns)
        if isinstance(target, Absent):
            parts.append(target_not_asked(target))
        else:
            parts.append(target_part(snapshot, target))
            leaking |= {suspect.column for suspect in target.suspects if suspect.kind != "strong" and not suspect.mark}
            leaking |= {name for name, _ in target.other_rows.later}
        if evaluation is not None:
            parts.append(report.evaluation_part(evaluation, self.error_share, self.run_of_words))
        parts.append(report.score_part(correct(snapshot, splits.shared, frozenset(leaking)), leaking))
        checks = [line for part in parts for line in part.checks]
        findings: tuple[Finding, ...] = tuple(finding for part in parts for finding in part.findings)
        metrics: tuple[Metric, ...] = tuple(metric for part in parts for metric in part.metrics)
        tables: tuple[Table, ...] = (report.check_table(checks), *(table for part in parts for table in part.tables))
        rest: dict[str, Any] = {"findings": findings, "metrics": metrics, "tables": tables}
        asked = sum(line.asked for line in checks)
        if asked == 0 and isinstance(target, Absent) and target.outcome == "inconclusive":
            return self.inconclusive(target.code, target.reason)
        if asked == 0 and not isinstance(target, Absent) and target.few is not None:
            return self.inconclusive("too_few_groups", target.few.said.removeprefix("cannot tell: "))
        if asked == 0:
            reason = "there are no splits, no target, no timestamp and no declaration that anything could leak through"
            return self.not_applicable("nothing_to_compare", reason)
        rows = judged_rows(snapshot, report.rows_of(parts))
        return self.assessed(Units(name="checks", declared=len(checks), evaluated=asked), rows=rows, **rest)
