"""How splits lie in time, in evidence: training rows later than test rows, and dates that nobody declared as times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Confidence, Finding, Level, Metric
from governance.reporting.leakage_report import Check, Part
from governance.reporting.split_overlap import LATER_PAIRS

if TYPE_CHECKING:
    from governance.snapshot import Snapshot


def times_part(snapshot: Snapshot) -> Part:
    """Training rows later than those of other splits, or dates by which they may be."""
    from governance.reporting.split_overlap import time_overlap

    what = "training rows later than test rows"
    found = time_overlap(snapshot)
    if not found:
        check = Check(what, False, "no column with times has the role timestamp")
        return Part((check,), _undeclared(snapshot))
    findings = tuple(
        Finding(
            rule="leakage/trains_on_later_rows",
            level=Level.WARNING if overlap.later_pairs > LATER_PAIRS else Level.NOTE,
            message=f"Of pairs of a training row and a row of split '{overlap.split}', {overlap.later_pairs:.1%} have "
            f"the training row later by {overlap.column} (50 % when time plays no part); {overlap.later_rows} of "
            f"{overlap.train} training rows are later than the split's median.",
            remedy="Divide the data by time (`split: {method: time}`), or say in the answers why order does not matter.",
            columns=(overlap.column,),
            split=overlap.split,
            count=overlap.later_rows,
            of=overlap.train,
        )
        for overlap in found
        if overlap.later_pairs > 0
    )
    metrics = tuple(
        Metric(
            name="time_overlap",
            value=overlap.later_pairs,
            unit="share",
            n=overlap.train,
            better="lower",
            group=overlap.split,
            meaning="share of pairs in which the training row is later; 0 when all of training comes first",
        )
        for overlap in found
    )
    worst = max(overlap.later_pairs for overlap in found)
    return Part((Check(what, True, f"{worst:.1%} of pairs"),), findings, metrics)


def _undeclared(snapshot: Snapshot) -> tuple[Finding, ...]:
    """Dates among the features of rows that were divided by chance, or by which given splits are of other times: nobody
    declared what they are."""
    from governance.reporting.split_overlap import dates_of

    if snapshot.manifest.split_method in {"files", "column"}:
        return _given_apart(snapshot)
    dates = [column.name for column in dates_of(snapshot)]
    if snapshot.manifest.split_method != "ratio" or not dates or snapshot.target is None:
        return ()
    more = "" if len(dates) == 1 else f" and {len(dates) - 1} more"
    return (
        Finding(
            rule="leakage/time_not_declared",
            level=Level.NOTE,
            confidence=Confidence.LOW,
            message=f"Rows were divided by chance and have dates: {dates[0]}{more}. No column is declared as the time at "
            "which a row came to be, so whether training rows are later than test rows was not asked.",
            remedy="If such a date says when a row, and its label, came to be, give it the role timestamp and divide the data "
            "by time (`split: {method: time}`).",
            columns=tuple(sorted(dates)),
        ),
    )


def _given_apart(snapshot: Snapshot) -> tuple[Finding, ...]:
    """Given splits that dates among the features show to be of other times, with training rows later than theirs."""
    from governance.reporting.split_overlap import likely_time_overlap

    return tuple(
        Finding(
            rule="leakage/time_not_declared",
            level=Level.NOTE,
            confidence=Confidence.LOW,
            message=f"By '{overlap.column}', training rows and those of split '{overlap.split}' are of different times, and of "
            f"their pairs {overlap.later_pairs:.1%} have the training row later; {overlap.later_rows:,} of {overlap.train:,} "
            "training rows are later than the split's median. No column is declared as the time at which a row came to be.",
            remedy="If this date says when a row, and its label, came to be, give it the role timestamp and run the audit again, "
            "which then judges this; to mend it, divide the data by time (`split: {method: time}`).",
            columns=(overlap.column,),
            split=overlap.split,
            count=overlap.later_rows,
            of=overlap.train,
        )
        for overlap in likely_time_overlap(snapshot)
    )
