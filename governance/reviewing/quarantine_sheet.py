"""The sheet on which people decide about flagged rows: worst first, and their decisions read back.

A sheet holds rows of the data: it lies in `build/<dataset>/quarantine/`, with the data, and never in git.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from governance.decisions import RowDecision
from governance.errors import EvidenceError, UsageError
from governance.files import write_atomic
from governance.reviewing.review_sample import cell, label_check, shown_columns
from governance.reviewing.review_sheet import defused
from governance.reviewing.sheet_problems import Problem, refusal

if TYPE_CHECKING:
    from governance.snapshot import Snapshot

OWN = ("data", "row", "decision", "to", "why", "flagged_by", "score", "suggestion")
"""Columns that a sheet begins with; those of the data follow."""
ACTIONS = {"d": "drop", "r": "relabel", "k": "keep"}
MAPPING = "quarantine.parquet"


@dataclass(frozen=True)
class Flagged:
    """A row that audits point to."""

    row_id: str
    """In the snapshot."""
    input_id: str
    """Before any decision was applied: what decisions name."""
    rules: tuple[str, ...]
    score: float
    suggestion: str


def flagged_rows(
    folder: Path, snapshot: Snapshot, audits: Sequence[str], decided: Mapping[str, object]
) -> list[Flagged]:
    """Rows that the evidence points to and nobody has decided about, highest score first, ties by row id.

    `folder` is `build/<dataset>/rows`; `audits` names those that count. Raises EvidenceError when one is not there.
    """
    import polars as pl

    parts = []
    for audit in audits:
        path = folder / f"{audit}.parquet"
        if not path.is_file():
            raise EvidenceError(f"{path.name} of {snapshot.name} is not here.\n  Run: dvc repro, or dvc checkout")
        parts.append(pl.read_parquet(path).filter(pl.col("flagged")))
    found = pl.concat(parts) if parts else pl.DataFrame()
    if found.is_empty():
        return []
    rows = (
        found.sort("score", "rule", descending=[True, False])
        .group_by("row_id", maintain_order=True)
        .agg(pl.col("rule").unique().sort(), pl.col("score").max(), pl.col("suggestion").drop_nulls().first())
        .sort("score", "row_id", descending=[True, False])
    )
    before = input_ids(snapshot)
    listed = [
        Flagged(
            row["row_id"],
            before.get(row["row_id"], row["row_id"]),
            tuple(row["rule"]),
            row["score"],
            row["suggestion"] or "",
        )
        for row in rows.iter_rows(named=True)
    ]
    return [one for one in listed if one.input_id not in decided]


def input_ids(snapshot: Snapshot) -> dict[str, str]:
    """Row id in the snapshot to row id of the input, for rows where decisions made them differ."""
    import polars as pl

    path = snapshot.folder / MAPPING
    if not path.is_file():
        return {}
    moved = pl.read_parquet(path, columns=["snapshot_id", "row_id"]).drop_nulls()
    return dict(moved.select("snapshot_id", "row_id").iter_rows())


def write_sheet(path: Path, snapshot: Snapshot, rows: Sequence[Flagged]) -> None:
    """`rows` as a CSV file with empty columns `decision`, `to` and `why`."""
    import polars as pl

    columns = shown_columns(snapshot)
    wanted = [one.row_id for one in rows]
    frame = snapshot.frame().filter(pl.col("row_id").is_in(wanted)).collect()
    held = {row["row_id"]: row for row in frame.iter_rows(named=True)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*OWN, *(defused(name) for name in columns)])
    for one in rows:
        row = held[one.row_id]
        cells = [cell(snapshot, name, row, path.parent) for name in columns]
        shown = [
            defused(value) if isinstance(row[name], str) else value for name, value in zip(columns, cells, strict=True)
        ]
        own = [
            _version(snapshot),
            one.input_id,
            "",
            "",
            "",
            " ".join(one.rules),
            f"{one.score:.3f}",
            defused(one.suggestion),
        ]
        writer.writerow([*own, *shown])
    write_atomic(path, text.getvalue().encode("utf-8-sig"))


def read_sheet(path: Path, shown: str, snapshot: Snapshot) -> tuple[RowDecision, ...]:
    """The decisions in a filled sheet; lines without one are left for another day.

    Raises EvidenceError when it was written for other data, UsageError with all problems with its content.
    """
    import polars as pl

    lines = _lines(path, shown)
    if {line["data"] for line in lines} != {_version(snapshot)}:
        raise EvidenceError(
            f"{shown} was written for another version of {snapshot.name}.\n  Run: govern quarantine {snapshot.name}"
        )
    keys = snapshot.frame("row_id").select("row_id").collect()["row_id"].to_list()
    before = input_ids(snapshot)
    known = {before.get(key, key): key for key in keys}
    check = label_check(snapshot) if snapshot.target is not None else None
    labels: dict[str, str] = {}
    if snapshot.target is not None:
        frame = snapshot.frame(snapshot.target).select("row_id", pl.col(snapshot.target).cast(pl.String)).collect()
        labels = dict(frame.iter_rows())
    found, seen = [], set()
    problems: list[Problem] = []
    for line in lines:
        word = line["decision"].strip().lower()
        if not word:
            continue
        action, right = ACTIONS.get(word, word), line["to"].strip().removeprefix("'")
        problem = ""
        if line["row"] not in known:
            problem = "this row is not in the data"
        elif line["row"] in seen:
            problem = "this row stands there twice"
        elif action not in ACTIONS.values():
            problem = f"decision {line['decision']!r} is none of {', '.join(ACTIONS.values())}"
        elif len(line["why"].strip()) < 3:
            problem = f"{action} without a reason; fill `why`"
        elif action == "relabel" and not right:
            problem = "relabel without the right label; fill `to`"
        elif action != "relabel" and right:
            problem = f"`to` belongs to relabel, and the decision is {action}"
        elif action == "relabel" and check is None:
            problem = f"{snapshot.name} has no target to relabel"
        elif action == "relabel" and check is not None:
            problem = check(right, labels.get(known[line["row"]], ""))
        if problem:
            problems.append((int(line["line"]), problem))
            continue
        seen.add(line["row"])
        content = {"row": line["row"], "action": action, "to": right or None, "why": line["why"].strip()}
        found.append(RowDecision.model_validate(content))
    if not problems and not found:
        problems.append((0, "no row has a decision yet"))
    if problems:
        raise refusal(shown, problems)
    return tuple(found)


def _version(snapshot: Snapshot) -> str:
    return snapshot.manifest.digest.removeprefix("sha256:")[:12]


def _lines(path: Path, shown: str) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"{shown} does not exist") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{shown} cannot be read: {error}; save it as CSV in UTF-8") from None
    separator = text[len(OWN[0]) : len(OWN[0]) + 1]
    if not text.startswith(OWN[0]) or separator not in {",", ";", "\t"}:
        raise UsageError(f"{shown} is not a sheet that `govern quarantine` wrote: its first column must be `{OWN[0]}`")
    table = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(line)]
    if missing := [name for name in OWN if name not in table[0]]:
        raise UsageError(f"{shown} has lost its columns {', '.join(missing)}")
    places = {name: table[0].index(name) for name in OWN}
    return [
        {"line": str(number), **{name: (line[at] if at < len(line) else "") for name, at in places.items()}}
        for number, line in enumerate(table[1:], start=2)
    ]
