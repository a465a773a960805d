"""The rows that audits point to and those that they resemble, in sets: what a sheet of flagged rows shows, and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from governance.decisions import Word
from governance.errors import EvidenceError
from governance.reviewing.quarantine_sheet import input_ids

if TYPE_CHECKING:
    from governance.snapshot import Snapshot

_ROW = re.compile(r"\b[0-9a-f]{32}-[0-9]+\b")
"""How a suggestion names another row."""


@dataclass(frozen=True)
class Flagged:
    """A row that audits point to, or one that such a row resembles."""

    row_id: str
    """In the snapshot."""
    input_id: str
    """Before any decision was applied: what decisions name."""
    rules: tuple[str, ...]
    """Empty for a row that stands there for the sake of others."""
    score: float | None
    suggestion: str
    """What audits say of it, other rows named by where they stand in their file."""
    of_set: int | None = None
    """Number of the rows that resemble each other, from 1 in the order of the sheet; None for a row alone."""


def flagged_rows(folder: Path, snapshot: Snapshot, audits: Sequence[str], decided: Mapping[str, Word]) -> list[Flagged]:
    """Rows that the evidence points to and nobody has decided about, and beside them those that they resemble.

    Highest score first, ties by row id; rows that resemble each other stand together, where the first of them would:
    those that no audit points to, or that were `decided` about, before the others. `folder` is `build/<dataset>/rows`;
    `audits` names those that count. Raises EvidenceError when one is not there.
    """
    before = input_ids(snapshot)
    found = [one for one in _said(folder, snapshot, audits) if before.get(one[0], one[0]) not in decided]
    named = {row: _ROW.findall(" ".join(text for _, text in said)) for row, said, _ in found}
    places = _places(snapshot, {other for others in named.values() for other in others})
    rows = [
        Flagged(row, before.get(row, row), tuple(sorted({rule for rule, _ in said})), score, _words(said, places))
        for row, said, score in found
    ]
    beside = sorted({o for others in named.values() for o in others if o in places} - named.keys())
    for row in beside:
        word = decided.get(before.get(row, row))
        rows.append(Flagged(row, before.get(row, row), (), None, f"decided: {word}" if word else "not flagged itself"))
    return _together(rows, [(row, other) for row, others in named.items() for other in others if other in places])


def first_flagged(rows: Sequence[Flagged], limit: int) -> list[Flagged]:
    """The first `limit` rows that are flagged, with what stands beside them."""
    flagged = [number for number, one in enumerate(rows) if one.rules]
    return list(rows if len(flagged) <= limit else rows[: flagged[limit - 1] + 1])


def _said(
    folder: Path, snapshot: Snapshot, audits: Sequence[str]
) -> Iterable[tuple[str, list[tuple[str, str]], float]]:
    """Each row that audits flag, its rules with what each suggests, and its highest score; highest first, ties by row id."""
    import polars as pl

    parts = []
    for audit in audits:
        path = folder / f"{audit}.parquet"
        if not path.is_file():
            raise EvidenceError(f"{path.name} of {snapshot.name} is not here.\n  Run: dvc repro, or dvc checkout")
        parts.append(pl.read_parquet(path).filter(pl.col("flagged")))
    found = pl.concat(parts) if parts else pl.DataFrame()
    if found.is_empty():
        return
    rows = (
        found.sort("score", "rule", descending=[True, False])
        .group_by("row_id", maintain_order=True)
        .agg("rule", pl.col("suggestion").fill_null(""), pl.col("score").max())
        .sort("score", "row_id", descending=[True, False])
    )
    for row_id, rules, suggestions, score in rows.iter_rows():
        yield row_id, list(zip(rules, suggestions, strict=True)), score


def _places(snapshot: Snapshot, rows: Iterable[str]) -> dict[str, str]:
    """Row id to where the row stands in its file, for those of `rows` that the snapshot holds."""
    import polars as pl

    keys = snapshot.frame("row_id").select("row_id", "source_file", "source_row")
    files = keys.select(pl.col("source_file").n_unique()).collect().item()
    held = keys.filter(pl.col("row_id").is_in(sorted(rows))).collect()
    return {row: f"source row {at}{f' of {file}' if files > 1 else ''}" for row, file, at in held.iter_rows()}


def _words(said: Iterable[tuple[str, str]], places: Mapping[str, str]) -> str:
    """All that rules suggest for a row, each suggestion once; who says what, where they say several things."""
    rules: dict[str, dict[str, None]] = {}
    for rule, suggestion in said:
        if suggestion:
            text = _ROW.sub(lambda found: places.get(found[0], "a row that is gone"), suggestion)
            rules.setdefault(text, {})[rule.rsplit("/", 1)[-1].replace("_", " ")] = None
    if len(rules) == 1:
        return next(iter(rules))
    return "; ".join(f"{', '.join(names)}: {text}" for text, names in rules.items())


def _together(rows: Sequence[Flagged], pairs: Sequence[tuple[str, str]]) -> list[Flagged]:
    """`rows`, best first and those beside them last, with the members of each set of `pairs` (row ids) next to each other."""
    import numpy as np

    from governance.measures.components import components

    place = {one.row_id: number for number, one in enumerate(rows)}
    ends = np.array([(place[row], place[other]) for row, other in pairs], dtype=np.int64).reshape(-1, 2)
    sets = components(ends[:, 0], ends[:, 1], len(rows)).tolist()
    members: dict[int, list[Flagged]] = {}
    for one, number in zip(rows, sets, strict=True):
        members.setdefault(number, []).append(one)
    ordered, count = [], 0
    for alike in members.values():  # in the order of their best members, as `rows` begins with those
        count += len(alike) > 1
        of_set = count if len(alike) > 1 else None
        ordered += [replace(one, of_set=of_set) for one in sorted(alike, key=lambda one: bool(one.rules))]
    return ordered
