"""What splits share, in evidence: entities, copies and times; and dates after the label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.evidence import Confidence, Finding, Level, Metric, Table
from governance.reporting.leakage_report import Check, Part
from governance.reporting.times_report import times_part

if TYPE_CHECKING:
    from governance.reporting.shared_rows import SharedRows
    from governance.reporting.split_overlap import LateDates
    from governance.snapshot import Snapshot

LATE_SHARE = 0.01
"""Dates after the label are a warning from this share of rows on: below, they may be errors of entry."""


@dataclass(frozen=True)
class SplitLeaks:
    """What splits share."""

    part: Part
    shared: SharedRows
    late_columns: frozenset[str]
    """Features that are mostly dates after the label."""


def split_leaks(snapshot: Snapshot, error_share: float) -> SplitLeaks:
    """Entities, copies and times that splits share, and dates after the label."""
    from governance.reporting.shared_rows import SharedRows, shared_rows

    dates = _dates(snapshot)
    splits = snapshot.splits
    if len(splits) < 2:
        check = Check("rows and entities shared between splits", False, "there is one split only")
        nothing: frozenset[str] = frozenset()
        empty = SharedRows(nothing, nothing, nothing, nothing, check.result, check.result)
        return SplitLeaks(_joined(Part((check,)), dates), empty, _late(dates))
    entities, by_entity = _entities(snapshot, error_share)
    shared = shared_rows(snapshot, by_entity)
    sizes = sum(snapshot.manifest.splits[split] for split in splits[1:])
    return SplitLeaks(
        _joined(_shared(shared, splits[1:], sizes, error_share), entities, times_part(snapshot), dates),
        shared,
        _late(dates),
    )


def _shared(shared: SharedRows, later: Sequence[str], sizes: int, error_share: float) -> Part:
    """Rows of `later` splits, `sizes` in all, that share something with an earlier one."""
    absent = {"equal rows": shared.equal_absent, "near copies": shared.near_absent}
    share = Metric(
        name="leaked_row_share",
        value=len(shared.later) / sizes,
        unit="share",
        n=sizes,
        better="lower",
        meaning="rows of later splits that share an entity, or all or nearly all features, with an earlier split; "
        "a count of all rows and no sample",
        note="; ".join(f"{what} were not looked for: {why}" for what, why in absent.items() if why),
    )
    found = {"equal rows": shared.equal, "near copies": shared.near}
    checks = tuple(
        Check(f"{what} across splits", not absent[what],
              absent[what] or f"{len(rows):,} of {sizes:,} rows")
        for what, rows in found.items()
    )  # fmt: skip
    kinds = (("equal in every feature", shared.equal), ("nearly equal", shared.near), ("same entity", shared.entity))
    table = Table(
        name="shared_rows",
        caption=f"Rows of later splits that share something with an earlier one, of {sizes:,}; one may stand in several lines",
        columns=("what", "rows", "share"),
        rows=tuple((what, len(rows), len(rows) / sizes) for what, rows in kinds),
    )
    tables = (table,) if shared.later else ()
    if not (rows := shared.equal | shared.near):
        return Part(checks, metrics=(share,), tables=tables)
    finding = Finding(
        rule="leakage/shared_rows",
        level=Level.ERROR if len(shared.equal) >= error_share * sizes else Level.WARNING,
        confidence=Confidence.HIGH if shared.equal else Confidence.MEDIUM,
        message=f"Rows of later splits that an earlier one has too: {len(shared.equal):,} equal in every feature and "
        f"{len(shared.near):,} nearly, of {sizes:,} ({len(rows) / sizes:.2%}), whatever their labels.",
        remedy="Remove these rows from the later split, or divide the data so that copies stay together.",
        split=later[0] if len(later) == 1 else None,
        count=len(rows),
        of=sizes,
    )
    return Part(checks, (finding,), (share,), tables, {"shared_rows": tuple(sorted(rows))})


def _late(dates: Part) -> frozenset[str]:
    return frozenset(name for finding in dates.findings if finding.level is Level.WARNING for name in finding.columns)


def _joined(*parts: Part) -> Part:
    return Part(
        tuple(check for part in parts for check in part.checks),
        tuple(finding for part in parts for finding in part.findings),
        tuple(metric for part in parts for metric in part.metrics),
        tuple(table for part in parts for table in part.tables),
        {rule: rows for part in parts for rule, rows in part.rows.items()},
    )


def _entities(snapshot: Snapshot, error_share: float) -> tuple[Part, set[str]]:
    from governance.reporting.split_overlap import entity_columns, shared_entities

    what = "entities shared between splits"
    columns = entity_columns(snapshot)
    if not columns:
        check = Check(what, False, "no column has the role group, and no identifier repeats")
        return Part((check,), _undeclared(snapshot)), set()
    found = shared_entities(snapshot, columns)
    findings = tuple(
        Finding(
            rule="leakage/shared_entities",
            level=Level.ERROR if len(shared.rows) >= error_share * shared.of else Level.WARNING,
            message=f"Rows in split '{shared.split}' that belong to the same {shared.column} as rows in an earlier "
            f"split: {len(shared.rows):,} of {shared.of:,} ({len(shared.rows) / shared.of:.2%}), "
            f"{shared.entities:,} different ones.",
            remedy="Divide the data by this column (`split: {method: group}`), so that each entity is in one split.",
            columns=(shared.column,),
            split=shared.split,
            count=len(shared.rows),
            of=shared.of,
        )
        for shared in found
    )
    rows = {row for shared in found for row in shared.rows}
    result = f"{len(rows):,} rows" if rows else "none"
    marked = {"shared_entities": tuple(sorted(rows))}
    return Part((Check(what, True, result),), findings, rows=marked), rows


def _undeclared(snapshot: Snapshot) -> tuple[Finding, ...]:
    """Columns that may name entities, and would then share them between splits."""
    from governance.reporting.split_overlap import likely_entity_columns, shared_entities

    return tuple(
        Finding(
            rule="leakage/entities_not_declared",
            level=Level.NOTE,
            confidence=Confidence.LOW,
            message=f"Column '{shared.column}' is called as what names people or things is, and {len(shared.rows):,} of "
            f"{shared.of:,} rows in split '{shared.split}' have a value of it that stands in an earlier split.",
            remedy="If it names whom or what a row is about, give it the role group and divide the data by it.",
            columns=(shared.column,),
            split=shared.split,
            count=len(shared.rows),
            of=shared.of,
        )
        for shared in shared_entities(snapshot, likely_entity_columns(snapshot))
    )


def _dates(snapshot: Snapshot) -> Part:
    from governance.dataset import ColumnType
    from governance.reporting.planned_dates import why_planned
    from governance.reporting.split_overlap import late_dates, moment_column

    what = "features dated after the label"
    moment = moment_column(snapshot)
    dates = [c for c in snapshot.features if c.type in {ColumnType.DATE, ColumnType.DATETIME}]
    if moment is None or moment.type not in {ColumnType.DATE, ColumnType.DATETIME} or not dates:
        return Part((Check(what, False, "no timestamp with dates is declared, or no feature is a date"),))
    found = late_dates(snapshot)
    planned = {late.column: why_planned(snapshot, snapshot.column(late.column), moment) for late in found}
    findings = tuple(_dated(late, moment.name, planned[late.column]) for late in found)
    rows = tuple(sorted({row for late in found for row in late.rows}))
    as_if = sum(bool(why) for why in planned.values())
    result = f"{len(found)} of {len(dates)} columns" + (f", {as_if} of these as if planned" if as_if else "")
    return Part((Check(what, True, result),), findings, rows={"dated_after_label": rows})


def _dated(late: LateDates, moment: str, planned: str) -> Finding:
    """Dates after `moment`, and why they look `planned`, empty when they do not: what was planned before tells no outcome."""
    said = f"Dates in '{late.column}' lie after {moment} in {len(late.rows):,} of {late.of:,} rows ({len(late.rows) / late.of:.2%})"
    if planned:
        return Finding(
            rule="leakage/dated_after_label",
            level=Level.NOTE,
            confidence=Confidence.LOW,
            message=f"{said}, and look planned: {planned}. Is this date planned or recorded?",
            remedy="If it records what happened, give the column the role ignored. If it was set before the label, nothing is "
            "wrong.",
            columns=(late.column,),
            count=len(late.rows),
            of=late.of,
        )
    return Finding(
        rule="leakage/dated_after_label",
        level=Level.WARNING if len(late.rows) >= LATE_SHARE * late.of else Level.NOTE,
        confidence=Confidence.MEDIUM,
        message=f"{said}.",
        remedy="Ask when this date becomes known; if that is after the label, give the column the role ignored.",
        columns=(late.column,),
        count=len(late.rows),
        of=late.of,
    )
