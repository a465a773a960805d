"""The sheet that people fill where no terminal is: rows of a random sample as CSV, and their judgements read back.

A sheet holds rows of the data: it lies in `build/<dataset>/review/`, with the data, and never in git.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from governance.errors import EvidenceError, UsageError
from governance.files import write_atomic
from governance.reviewing.review_sample import (
    WORDS,
    cell,
    heading,
    judged_rows,
    label_check,
    labelled,
    ranked,
    shown_columns,
)
from governance.reviewing.reviews import Entry, Review
from governance.reviewing.sheet_cells import own_cells
from governance.reviewing.sheet_problems import Problem, refusal

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

OWN = ("sample", "number", "row_id", "judgement", "correct_label")
"""Columns that a sheet begins with; those of the data follow."""


def write_sheet(path: Path, snapshot: Snapshot, rows: pl.DataFrame, order: int) -> None:
    """`rows` as a CSV file with empty columns `judgement` and `correct_label`.

    A cell of text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    columns = shown_columns(snapshot)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*OWN, *(defused(heading(name, OWN)) for name in columns)])
    for number, row in enumerate(rows.iter_rows(named=True), start=1):
        cells = (_sheet_cell(cell(snapshot, name, row, path.parent), row[name]) for name in columns)
        writer.writerow([sample_name(snapshot, order), number, row["row_id"], "", "", *cells])
    write_atomic(path, text.getvalue().encode("utf-8-sig"))  # without the mark, Excel takes it for another encoding


def _sheet_cell(text: str, value: object) -> str:
    return defused(text) if isinstance(value, str) else text  # a negative number is no formula


def defused(text: str) -> str:
    """`text` with an apostrophe in front when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def sample_name(snapshot: Snapshot, order: int) -> str:
    """What ties a sheet to its snapshot and its random order."""
    return f"{snapshot.manifest.digest.removeprefix('sha256:')[:12]}.{order}"


@dataclass(frozen=True)
class Sheet:
    """What a person wrote into a sheet."""

    drawn: int
    entries: tuple[Entry, ...]


def read_sheet(path: Path, shown: str, snapshot: Snapshot, reviews: Sequence[Review], by: str) -> Sheet:
    """The judgements in a filled sheet.

    Raises EvidenceError when it was drawn from other data, UsageError with all problems with its content.
    """
    rows = own_cells(path, shown, OWN, "govern review")
    order = _order({row["sample"] for row in rows}, shown, snapshot)
    place = {row_id: number for number, row_id in enumerate(_in_order(snapshot, order))}
    drawn = _not_as_drawn([row["row_id"] for row in rows], place, reviews, snapshot.manifest.digest, by)
    problems: list[Problem] = [(0, message) for message in drawn]
    if not problems:
        rows.sort(key=lambda row: place[row["row_id"]])  # whatever the spreadsheet sorted by
        problems = _unfinished(rows)
    entries: list[Entry] = []
    allowed, labels = label_check(snapshot), _labels(snapshot)
    for row in rows:
        judgement, right = _word(row), row["correct_label"].strip().removeprefix("'")
        problem = ""
        if judgement and judgement not in WORDS.values():
            problem = f"judgement {row['judgement']!r} is none of {', '.join(WORDS.values())}"
        elif right and judgement != "wrong":
            problem = f"a correct_label belongs to a wrong label, and the judgement is {row['judgement']!r}"
        elif right:
            problem = allowed(right, labels.get(row["row_id"], ""))
        if problem:
            problems.append((int(row["line"]), problem))
        elif judgement:
            content = {"row_id": row["row_id"], "judgement": judgement, "correct_label": right or None}
            entries.append(Entry.model_validate(content))
    if not problems and not entries:
        problems.append((0, "no row has a judgement yet"))
    if problems:
        raise refusal(shown, problems)
    return Sheet(drawn=len(rows), entries=tuple(entries))


def _word(row: dict[str, str]) -> str:
    word = row["judgement"].strip().lower()
    return WORDS.get(word, word)


def _in_order(snapshot: Snapshot, order: int) -> list[str]:
    rows = labelled(snapshot)
    return ranked(rows, snapshot.manifest.digest, order, len(rows))


def _not_as_drawn(
    row_ids: list[str], place: dict[str, int], reviews: Sequence[Review], digest: str, by: str
) -> list[str]:
    """Rows that chance did not put here, or that this person has judged before: worded for a person."""
    held = set(row_ids)
    foreign = len(held - place.keys())
    done = judged_rows(reviews, digest)
    own = len(held & judged_rows([review for review in reviews if review.by == by], digest))
    last = max((place[row_id] for row_id in held & place.keys()), default=-1)
    lost = sum(at < last and row_id not in held and row_id not in done for row_id, at in place.items())
    return [
        message
        for count, message in (
            (foreign, f"{foreign} rows were not drawn from this dataset"),
            (len(row_ids) - len(held), f"{len(row_ids) - len(held)} rows stand there twice"),
            (lost, f"{lost} rows that were drawn are gone; with them left out it is no random sample"),
            (own, f"{own} rows were judged by {by} before; each person judges a row once"),
        )
        if count
    ]


def _unfinished(rows: list[dict[str, str]]) -> list[Problem]:
    """Rows left empty before one that was judged: leaving out the hard ones would leave a sample of easy ones."""
    last = max((number for number, row in enumerate(rows) if _word(row)), default=-1)
    return [
        (int(row["line"]), "no judgement, though rows drawn later have one; write `unsure` where nobody can tell")
        for row in rows[: last + 1]
        if not _word(row)
    ]


def _order(samples: set[str], shown: str, snapshot: Snapshot) -> int:
    name, _, order = next(iter(samples)).rpartition(".") if len(samples) == 1 else ("", "", "")
    if not order.isdigit():
        raise UsageError(f"{shown}: column `sample` must hold one name, as `govern review` wrote it")
    if f"{name}.0" != sample_name(snapshot, 0):
        raise EvidenceError(
            f"{shown} was drawn from another version of {snapshot.name}, so it says nothing about this one.\n"
            f"  Run: govern review {snapshot.name}"
        )
    return int(order)


def _labels(snapshot: Snapshot) -> dict[str, str]:
    assert snapshot.target is not None
    frame = snapshot.frame(snapshot.target).select("row_id", snapshot.target).collect()
    return {row_id: str(label) for row_id, label in frame.iter_rows()}
