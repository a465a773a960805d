"""Decisions about rows that a change takes back: rows that people dropped or corrected would return as they were."""

from __future__ import annotations

from collections.abc import Iterator

from governance.comparing.change import Change
from governance.config import Workspace
from governance.decision_files import named, read_decisions
from governance.decisions import RowDecision, in_force
from governance.errors import ConfigError

_NAMED = 5
"""Decisions that are named; the others are counted."""


def decision_changes(base: Workspace, head: Workspace, name: str) -> Iterator[Change]:
    """What is in force at the base and stands in no entry of the head, as one change.

    A later word that was added takes nothing away: it has a name and a reason, and reviewers see it in the change.
    """
    file = named(base.root, name)
    try:
        before = in_force(read_decisions(base.root, name)).values()
        after = {_key(row) for sitting in read_decisions(head.root, name) for row in sitting.rows}
    except ConfigError:
        return  # of the base: then it did nothing there; of the head: the gate says so itself
    gone = sorted(key for row in before if (key := _key(row)) not in after)
    if not gone:
        return
    shown = ", ".join(f"{action} {row}" for row, action, _ in gone[:_NAMED])
    more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
    which = "a decision that the base holds is" if len(gone) == 1 else f"{len(gone)} decisions that the base holds are"
    yield Change("decisions_removed", file, f"{which} gone: {shown}{more}", [list(key) for key in gone], None)


def _key(decision: RowDecision) -> tuple[str, str, str]:
    return decision.row, decision.action, decision.to or ""
