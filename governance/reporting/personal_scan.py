"""Scans the columns of a snapshot for personal data and secrets: every distinct value once, behind cheap filters."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from governance.dataset import ColumnType
from governance.reporting.shown_by_column import MOSTLY, ONLY_A_DAY, announced_kinds, by_chance, by_shape, whole_kinds

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn
    from governance.measures.personal_data import Span
    from governance.snapshot import Snapshot

Evidence = Literal["form", "checksum", "word beside it", "name and values", "values"]
NO_CHECKSUM = 0.5
"""What more random numbers than this pass is a form, and no checksum."""
RANDOM, SURE_SECRET = 0.3, 0.9
"""Share of the values of a column of passwords by name that must look random for it to hold some, and its score then."""
SHOWN_BY_COLUMN, SAID_BY_COLUMN = 0.97, 0.96
"""Scores of whole cells whose kind the column shows by its checksums, and whose kind its name announces."""


@dataclass(frozen=True)
class Hits:
    """One kind of personal data or secret in one column."""

    column: str
    kind: str
    title: str
    evidence: Evidence
    score: float
    """How sure, 0 to 1: the best value's."""
    rows: int
    """Rows that hold a hit, of those that were scanned."""
    scanned: int
    secret: bool = False
    grave: bool = False
    values: tuple[str, ...] = field(default=(), repr=False)
    """The distinct cells with a hit; empty when the whole column is meant. Never to be shown."""


def scan_column(snapshot: Snapshot, column: SnapshotColumn, sample_rows: int) -> tuple[list[Hits], int]:
    """What `column` holds, and how many rows with a value were scanned, at most about `sample_rows` of the table.

    Rows are taken in order of row_id, which is a hash of what a row holds: a random sample that no order of rows changes.
    """
    import polars as pl

    counted = _distinct(snapshot, column, sample_rows)
    scanned = int(counted["rows"].sum())
    if scanned == 0:
        return [], 0
    values, rows = counted["value"], counted["rows"]
    hits: list[Hits] = []
    if column.type in {ColumnType.STRING, ColumnType.CATEGORY, ColumnType.TEXT}:
        hits = scan_values(column.name, values, rows)
    elif column.type is ColumnType.INTEGER:
        long = counted.filter(pl.col("value").str.len_bytes() >= 8)
        numbers = scan_values(column.name, long["value"], long["rows"], whole=True)
        hits = [hit for hit in numbers if hit.rows >= MOSTLY * scanned]
    by_column = _whole_column(column, values, scanned)
    known = {hit.kind for hit in hits if hit.rows > scanned / 2}
    if (
        by_column
        and by_column.kind not in known
        and not (by_column.kind == "national_id" and any(h.grave for h in hits))
    ):
        hits.append(by_column)
    return hits, scanned


def _distinct(snapshot: Snapshot, column: SnapshotColumn, sample_rows: int) -> pl.DataFrame:
    """`value` (as text, sorted) and `rows`, missing cells left out."""
    import polars as pl

    share = min(1.0, sample_rows / max(1, snapshot.rows))
    parts = [
        snapshot.frame(column.name, split=split).head(math.ceil(snapshot.manifest.splits[split] * share))
        for split in snapshot.splits
    ]
    values = pl.concat(parts).select(pl.col(column.name).cast(pl.String).alias("value")).drop_nulls()
    return values.group_by("value").agg(rows=pl.len()).collect(engine="streaming").sort("value")


def scan_values(column: str, values: pl.Series, rows: pl.Series, *, whole: bool = False) -> list[Hits]:
    """Hits among distinct `values` that stand in so many `rows` each; with `whole`, a hit must be the whole value."""
    from governance.measures.personal_data import BY_NAME, LIKELY, without_overlaps

    raw = _spans(values, whole)
    texts, counts = values.to_list(), rows.to_list()
    refused, doubted = by_chance(raw), by_shape(raw, texts, column)
    trusted, said = whole_kinds(raw, texts, column), announced_kinds(raw, column)
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for position, spans in raw.items():
        whole_cell = [span for span in spans if span.end - span.start == len(texts[position]) and span.score > 0]
        # What the column as a whole shows to be of one kind is of no other.
        likely = [replace(span, score=SHOWN_BY_COLUMN) for span in whole_cell if span.kind in trusted] + [
            replace(span, score=max(span.score, SAID_BY_COLUMN - BY_NAME[span.kind].chance / 100))
            if span.kind in said and span in whole_cell
            else span
            for span in spans
            if span.score >= LIKELY
            and not (span.kind in refused and span.score < 0.8)
            and not ((position, span.kind) in doubted and span in whole_cell)
        ]
        for span in without_overlaps(likely):
            found[span.kind][position] = max(found[span.kind].get(position, 0.0), span.score)
    hits = []
    for name, places in sorted(found.items()):
        kind = BY_NAME[name]
        score = max(places.values())
        hits.append(
            Hits(
                column=column,
                kind=name,
                title=kind.title,
                evidence="checksum"
                if (0 < kind.chance < NO_CHECKSUM and name not in ONLY_A_DAY) or name == "iban"
                else "form"
                if score >= 0.7
                else "word beside it",
                score=score,
                rows=sum(counts[place] for place in places),
                scanned=int(rows.sum()),
                secret=kind.secret,
                grave=kind.grave,
                values=tuple(texts[place] for place in sorted(places)),
            )
        )
    return hits


def _spans(values: pl.Series, whole: bool) -> dict[int, list[Span]]:
    """Position to the spans of its text, look-alikes with score 0 among them. A gate is evaluated once for all kinds."""
    from governance.measures.personal_data import KINDS, Span
    from governance.measures.separators import UNUSUAL, plain

    if values.str.contains(UNUSUAL).any():
        values = values.map_elements(plain, return_dtype=values.dtype)
    gates: dict[str, list[int]] = {}
    raw: dict[int, list[Span]] = defaultdict(list)
    for kind in KINDS:
        if whole and not kind.chance:
            continue
        if kind.gate not in gates:
            gates[kind.gate] = values.str.contains(kind.gate).fill_null(False).arg_true().to_list()
        for position, text in zip(gates[kind.gate], values.gather(gates[kind.gate]), strict=True):
            for start, end, score in kind.find(text):
                if not whole or end - start == len(text):
                    raw[position].append(Span(start, end, kind.name, score))
    return raw


def _whole_column(column: SnapshotColumn, values: pl.Series, scanned: int) -> Hits | None:
    """What the column as a whole shows to be; None when it shows nothing."""
    from governance.measures.column_evidence import COLUMN_VALUES, kind_of_column, names_secrets
    from governance.measures.secrets import random_looking

    if column.type in {ColumnType.TEXT, ColumnType.IMAGE, ColumnType.BOOLEAN}:
        return None
    some = values.gather_every(max(1, values.len() // COLUMN_VALUES)).to_list()
    found = kind_of_column(
        column.name,
        some,
        words=column.type in {ColumnType.STRING, ColumnType.CATEGORY},
        number=column.type is ColumnType.NUMBER,
    )
    if found is None:
        return None
    rule, by = found
    if by == "values":
        return _of_column(column.name, rule.kind, rule.title, by, 0.6, scanned, False, False)
    secret = rule.kind == "token"
    sure = secret and names_secrets(column.name) and sum(map(random_looking, some)) >= RANDOM * len(some)
    score = SURE_SECRET if sure else 0.7
    return _of_column(column.name, rule.kind, rule.title, by, score, scanned, rule.grave, secret)


def _of_column(
    name: str, kind: str, title: str, evidence: Evidence, score: float, rows: int, grave: bool, secret: bool
) -> Hits:
    return Hits(name, kind, title, evidence, score, rows, rows, secret=secret, grave=grave)
