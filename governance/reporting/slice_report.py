"""Segments, sources and annotators in which labels of one class were turned into another: findings, table, rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.dataset import Role
from governance.evidence import Confidence, Finding, Level, Scalar, Table
from governance.reporting.slice_search import everywhere, judged_slices, known_by_itself, slice_columns
from governance.reporting.trigger_report import REMEDY, SHOWN, WHO_LABELLED, Flagged, Reported, shown_classes

if TYPE_CHECKING:
    from governance.reporting.trigger_search import Searched
    from governance.snapshot import Snapshot

LIKELY = 10.0
"""A slice that clean data gives so many times as often as a finding may come is told in a note."""
ASK = (
    "Ask who knows the data whether these rows are rightly labelled so, by a rule or because the class does not occur "
    "there; if so, nothing is wrong."
)
NAMED_BY_ROWS = (
    "Which value of {column} it is, the data says: look that column up in the rows that "
    "build/{dataset}/rows/poisoning.parquet, which stays out of git, gives for this rule by their source_row."
)


def slice_findings(
    snapshot: Snapshot, searched: Searched, least_share: float, least_ratio: float, false_alarms: float
) -> Reported:
    """Segments, sources and annotators in which labels of one class were turned into another."""
    import numpy as np

    from governance.measures.slice_flips import EVERY, told_from
    from governance.measures.trigger_weight import evidence_of

    origin = [column.name for column in snapshot.with_role(Role.SOURCE, Role.ANNOTATOR)]
    names = shown_classes(snapshot, searched)
    columns = slice_columns(snapshot, searched, origin)
    tests = max(sum(len(values) for *_, values in columns) * len(names) * (len(names) - 1), 1)
    tried = [one for column in columns for one in judged_slices(searched, *column)]
    # What is not sure still ranks: by the odds, when one of all slices and classes is expected to be tampered with.
    rows = [
        Flagged(
            _rule(one.column, origin), one.flips.rows,
            0.49 * min(one.flips.share / least_share, 1.0) * one.flips.posterior
            / (1 + tests * float(np.exp(-evidence_of(one.flips.log_p)))),
        )
        for one in tried if one.flips.share >= least_ratio * one.elsewhere
    ]  # fmt: skip
    limit = float(np.log(false_alarms / tests))
    likely = limit + float(np.log(LIKELY))
    kept = []
    for one in tried:
        enough = one.flips.share >= max(least_share, least_ratio * one.elsewhere)
        if enough and one.flips.log_p <= likely:
            # A rule of the slice's own is another story for the same rows: it has to be unlikely, not as much as chance.
            known = known_by_itself(searched, one)
            if known.flips.log_p <= likely and known.flips.share > least_share and told_from(
                known.given, known.flips, least_share
            ):  # fmt: skip
                partly = one.flips.share < EVERY and told_from(one.given, one.flips, EVERY)
                if partly or (one.flips.log_p <= limit and one.may_be_no_rule):
                    kept.append((one, one.flips.log_p, partly))
    kept.sort(key=lambda one: (name_order(one[0].column, origin), round(one[1], 6), one[0].column, str(one[0].level)))
    findings: list[Finding] = []
    lines: list[tuple[Scalar, ...]] = []
    seen: set[int] = set()
    for one, log_p, partly in kept:
        flips, column = everywhere(searched, one), snapshot.column(one.column)
        marked = set(flips.rows[flips.posterior >= 0.5].tolist())
        fresh = marked - seen
        if len(fresh) < max(0.5 * len(marked), 1):
            continue  # another slice, seen before, explains most of it
        seen |= fresh
        shown = f"{one.column} = {one.level}" if not column.private else f"one value of {one.column}"
        rule = _rule(one.column, origin)
        sure = log_p <= limit and partly
        before, label = names[flips.before], names[flips.label]
        asked = one.sampled * flips.asked
        lines.append((shown, before, label, round(flips.share * asked), round(asked), flips.share, one.elsewhere))
        if sure:
            score = np.where(flips.posterior >= 0.5, 0.25 + 0.5 * flips.posterior, 0.98 * flips.posterior)
        else:
            score = 0.49 * flips.posterior
        rows.append(Flagged(rule, flips.rows, score))
        remedies = [
            *([] if partly else [ASK]), REMEDY, *([] if one.column in origin else [WHO_LABELLED]),
            *([NAMED_BY_ROWS.format(column=one.column, dataset=snapshot.manifest.dataset)] if column.private else []),
        ]  # fmt: skip
        findings.append(
            Finding(
                rule=rule,
                level=Level.WARNING if sure else Level.NOTE,
                confidence=Confidence.MEDIUM,
                message=f"Labels {'are' if sure else 'may be'} turned from {before} into {label} where {shown}: "
                f"{flips.share:.0%} of {asked:.0f} rows that are {before} by the rest of them are labelled so, "
                f"however clearly it speaks, and {one.elsewhere:.1%} elsewhere.",
                remedy=" ".join(remedies),
                columns=(one.column,),
                subject=f"{shown if not column.private else len(findings) + 1}, {before} to {label}",
                count=len(marked),
                of=len(searched.row_id),
            )
        )
    table = Table(
        name="slices",
        caption="Slices in which labels contradict the rest of their rows and agree with each other",
        columns=("slice", "before", "label", "rows", "asked", "share", "share_elsewhere"),
        rows=tuple(lines[:SHOWN]),
    )
    return Reported(tuple(findings[:SHOWN]), tuple(rows), (table,) if lines else ())


def _rule(column: str, origin: list[str]) -> str:
    return "poisoning/source" if column in origin else "poisoning/label_flips_in_slice"


def name_order(name: str, origin: list[str]) -> int:
    """Sources and annotators first: they say who, and a segment only where."""
    return 0 if name in origin else 1
