"""What features that repeat the target of other rows become in evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Confidence, Finding, Level
from governance.reporting.leakage_report import Check, Part

if TYPE_CHECKING:
    from governance.measures.target_of_other_rows import OtherRow
    from governance.reporting.target_of_other_rows import Order, OtherRows
    from governance.snapshot import Snapshot

WHAT = "features that repeat the target of an earlier or later row"


def other_rows_part(snapshot: Snapshot, found: OtherRows) -> Part:
    """An error or a warning for each that tells what is later, a note for each that tells what was before."""
    if found.order is None:
        return Part((Check(WHAT, False, found.why_not),))
    within = "" if found.order.series is None else f" within {found.order.series}"
    result = (
        f"{len(found.later)} of a later and {len(found.earlier)} of an earlier row, by {found.order.column}{within}"
    )
    findings = [_later(snapshot, found.order, name, other) for name, other in found.later]
    findings += [_earlier(snapshot, found.order, name, other) for name, other in found.earlier]
    return Part((Check(WHAT, True, result),), tuple(findings))


def _later(snapshot: Snapshot, order: Order, name: str, other: OtherRow) -> Finding:
    return Finding(
        rule="leakage/tells_later_target",
        level=Level.ERROR if order.declared else Level.WARNING,
        confidence=Confidence.HIGH if order.declared else Confidence.MEDIUM,
        message=f"Feature '{name}' is the target '{snapshot.target}' of {_which(order, other, 'after')}: it tells what "
        "was not known yet.",
        remedy="Give the column the role ignored, or move it so that it tells earlier rows."
        + ("" if order.declared else f" If {order.column} says when rows came to be, give it the role timestamp."),
        columns=(name,),
        count=other.same,
        of=other.rows,
    )


def _earlier(snapshot: Snapshot, order: Order, name: str, other: OtherRow) -> Finding:
    return Finding(
        rule="leakage/tells_earlier_target",
        level=Level.NOTE,
        confidence=Confidence.MEDIUM,
        message=f"Feature '{name}' is the target '{snapshot.target}' of {_which(order, other, 'before')}.",
        remedy="Nothing is wrong where that target is known by the time a row is predicted: a model that looks further "
        "ahead does not have it yet.",
        columns=(name,),
        count=other.same,
        of=other.rows,
    )


def _which(order: Order, other: OtherRow, side: str) -> str:
    """`the row before in time (by day, within shop), in 690 of 699 rows`."""
    steps = abs(other.steps)
    row = f"the row {side}" if steps == 1 else f"{steps} rows {side}"
    within = "" if order.series is None else f", within {order.series}"
    return f"{row} (by {order.column}{within}), in {other.same:,} of {other.rows:,} rows"
