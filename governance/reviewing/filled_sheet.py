"""Reads people's decisions from a filled sheet of flagged rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from governance.decisions import LEAST, RowDecision
from governance.errors import EvidenceError
from governance.reviewing.edited_cells import edited_cells
from governance.reviewing.quarantine_sheet import OWN, column_heading, current_labels, input_labels, version
from governance.reviewing.review_sample import label_check
from governance.reviewing.review_sheet import defused
from governance.reviewing.sheet_cells import own_cells
from governance.reviewing.sheet_problems import Problem
from governance.validation import hint

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

ACTIONS = {"d": "drop", "r": "relabel", "k": "keep"}


@dataclass(frozen=True)
class Filled:
    """What people wrote into a sheet."""

    rows: tuple[tuple[int, RowDecision], ...]
    """Line and decision, where both make sense."""
    problems: tuple[Problem, ...]
    gone: tuple[int, ...]
    """Lines with a decision about a row of another version of the data, which this one does not hold."""
    edited: tuple[Problem, ...] = ()
    """Cells of the data that were edited, which is not taken."""


def read_sheet(
    path: Path, shown: str, snapshot: Snapshot, rows: pl.DataFrame, new_labels: Collection[str] = ()
) -> Filled:
    """The filled lines of a sheet; lines without a decision are left for another day. `rows` are those of input_rows.

    Rows are those of the input, before any decision: a sheet fits as long as they are there, also when others were
    decided about in the meantime. `new_labels` are classes that no row has and that are meant all the same. Raises
    EvidenceError when no row is there, UsageError when the file is no sheet.
    """
    labels = input_labels(snapshot)
    judge = _judge(snapshot, labels, new_labels)
    places = _places(snapshot, rows)
    found, problems, gone = [], [], []
    seen: set[str] = set()
    given: set[str] = set()
    data = {defused(column_heading(column.name)): column.name for column in snapshot.columns}
    lines = own_cells(path, shown, OWN, "govern quarantine", data=tuple(data))
    lines = [{f"={data[key[1:]]}" if key[0] == "=" else key: text for key, text in line.items()} for line in lines]
    edited = tuple(edited_cells(snapshot, rows, lines, current_labels(snapshot)))
    for line in lines:
        if not line["decision"].strip():
            continue
        number, row = int(line["line"]), line["row"]
        if row not in labels and line["data"] != version(snapshot):
            gone.append(number)
            continue
        action = ACTIONS.get(line["decision"].strip().lower(), line["decision"].strip().lower())
        right = line["to"].strip().removeprefix("'")
        given.add(right)
        problem = "this row stands there twice" if row in seen else judge(line, action, right)
        if problem:
            problems.append((number, problem))
            continue
        seen.add(row)
        new = right in new_labels
        content: dict[str, object] = {
            "row": row,
            "action": action,
            "to": right or None,
            "new_label": new,
            "why": line["why"].strip(),
        }
        content |= places(row)
        found.append((number, RowDecision.model_validate(content)))
    if gone and not found and not problems:
        raise EvidenceError(
            f"{shown} was written for another version of {snapshot.name}, and this one holds none of the rows that it "
            f"decides about.\n  Run: govern quarantine {snapshot.name}"
        )
    problems += [
        (0, f"--new-label {label!r}: no row of the sheet is given it{hint(label, given)}")
        for label in new_labels
        if label not in given
    ]
    if not (found or problems):
        problems.append((0, "no row has a decision yet"))
    return Filled(tuple(found), tuple(problems), tuple(gone), edited)


def _places(snapshot: Snapshot, rows: pl.DataFrame) -> Callable[[str], dict[str, object]]:
    """Where a row stood, as its decision says it to people. Files are named where the manifest names several, which lies in git as well."""
    keys = rows.select("row_id", "source_row", "source_file")
    named = len(snapshot.manifest.sources) > 1
    stood = {row: (at, file if named else "") for row, at, file in keys.iter_rows()}

    def place(row: str) -> dict[str, object]:
        at, file = stood[row]
        return {"source_row": at, "source_file": file}

    return place


def _judge(
    snapshot: Snapshot, labels: Mapping[str, str], new_labels: Collection[str]
) -> Callable[[Mapping[str, str], str, str], str]:
    """What is wrong with a line, given it, its action and its right label; empty when nothing is."""
    advice = "; correct it, or say that it is new: --new-label {label}"
    check = label_check(snapshot, new_labels, advice) if snapshot.target is not None else None

    def problem(line: Mapping[str, str], action: str, right: str) -> str:
        if line["row"] not in labels:
            return "this row is not in the data"
        if action not in ACTIONS.values():
            return f"decision {line['decision']!r} is none of {', '.join(ACTIONS.values())}"
        if not line["why"].strip():
            return f"{action} without a reason; fill `why`"
        if len(line["why"].strip()) < LEAST:
            return f"{action} with a reason of fewer than {LEAST} characters; say in `why` what you saw, so that others can follow it"
        if action != "relabel":
            return f"`to` belongs to relabel, and the decision is {action}" if right else ""
        if not right:
            return "relabel without the right label; fill `to`"
        return check(right, labels[line["row"]]) if check else f"{snapshot.name} has no target to relabel"

    return problem
