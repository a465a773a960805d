"""Words and tables for personal data: which level a hit has, and what to do about it. No value is shown anywhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from governance.dataset import Role
from governance.evidence import Confidence, Finding, Level, Metric, Table

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn
    from governance.reporting.personal_scan import Hits
    from governance.snapshot import Snapshot

Declared = Literal["private", "public", "undeclared", "guessed", "drafted"]
Said = Mapping[str, Declared]
"""By column, what a person said of it."""
_PRIVATE_ROLES = {
    Role.IDENTIFIER, Role.PRIVATE, Role.QUASI_IDENTIFIER, Role.SPECIAL_CATEGORY, Role.SENSITIVE, Role.ANNOTATOR, Role.GROUP,
}  # fmt: skip
CONFIRMED = "`public: false`, or `role: private` where models shall not learn from it"
"""What makes of a column that is taken for private one that is declared so."""
HARMLESS = frozenset({"web_address"})
"""Kinds that are counted and are no finding: an address of a page need not be anybody's."""


def declared(column: SnapshotColumn, drafted: Collection[str] = ()) -> Declared:
    """What a person said of the column; a guess by the snapshot is nobody's word, and so is a role that is `drafted`."""
    if column.public is not None:
        return "public" if column.public else "private"
    if column.resolved_role not in _PRIVATE_ROLES:
        return "guessed" if column.private else "undeclared"
    return "drafted" if column.name in drafted else "private"


def hit_findings(said: Said, hits: Iterable[Hits]) -> tuple[Finding, ...]:
    """One finding per column and kind."""
    return tuple(_finding(said[hit.column], hit) for hit in hits if hit.kind not in HARMLESS)


def level_of(hit: Hits, said: Declared) -> Level:
    """Secrets are never in their place; personal data is, in a column that somebody (and no draft) declared private."""
    if hit.secret:
        return Level.ERROR if hit.score >= 0.9 else Level.WARNING
    if said == "private":
        return Level.NOTE
    if said == "public":
        by_name = hit.evidence in {"name and values", "values"}
        return Level.NOTE if by_name else Level.ERROR if hit.grave else Level.WARNING
    return Level.WARNING


def _finding(said: Declared, hit: Hits) -> Finding:
    level = level_of(hit, said)
    words = {
        "private": "which is declared private",
        "public": "which is declared public",
        "undeclared": "which nobody declared private",
        "guessed": "which is taken for private and which nobody declared so",
        "drafted": "which a draft took for private and nobody has confirmed",
    }[said]
    whole = hit.evidence in {"name and values", "values"}
    start = "Values" if whole else "Cells"
    by = {
        "form": "by their form",
        "checksum": "by form and checksum",
        "word beside it": "by their form and a word beside them",
        "name and values": "by the column's name and the values' form",
        "values": "by the form of the values",
    }[hit.evidence]
    message = f"{start} of {hit.column}, {words}, look like {hit.title} {by}: {hit.rows:,} of {hit.scanned:,} rows with a value."
    if hit.secret:
        remedy = "Revoke what is real, remove it from the data, and look in the history of the source for more."
    elif said == "private":
        remedy = "Settle whether the column is needed at all, and say in the datasheet on what ground it is held."
    else:
        nobodys = "waive the finding" if level is Level.ERROR else "nothing is left to do, and an approval covers it"
        if said != "public" and whole:
            nobodys = "declare it public (`public: true`)"
        role = (
            "confirm its role in columns.yaml"
            if said == "drafted"
            else f"declare the column private in columns.yaml ({CONFIRMED})"
        )
        cure = f"Remove or replace what is personal, or {role}"
        remedy = f"{cure}; if the values are nobody's, {nobodys}."
    return Finding(
        rule="privacy/secret" if hit.secret else "privacy/personal_data",
        level=level,
        confidence=Confidence.HIGH if hit.score >= 0.85 else Confidence.MEDIUM if hit.score >= 0.6 else Confidence.LOW,
        message=message,
        remedy=remedy,
        columns=(hit.column,),
        subject=hit.kind,
        count=hit.rows,
        of=hit.scanned,
    )


def hit_table(said: Said, hits: Sequence[Hits]) -> Table:
    """One line per column and kind."""
    return Table(
        name="personal_data",
        caption="What looks like personal data or secrets: counts of rows, never values"
        + ("" if hits else "; nothing was noticed, which does not say that there is none"),
        columns=("column", "looks_like", "by", "rows", "of_rows_with_a_value", "declared"),
        rows=tuple((hit.column, hit.title, hit.evidence, hit.rows, hit.scanned, said[hit.column]) for hit in hits),
    )


def hit_metrics(snapshot: Snapshot, said: Said, hits: Sequence[Hits], scanned: int) -> tuple[Metric, ...]:
    """Columns by what they hold, and how much was read."""
    named = [hit for hit in hits if hit.kind not in HARMLESS]
    exposed = {hit.column for hit in named if not hit.secret and said[hit.column] != "private"}
    note = f"{scanned:,} of {snapshot.rows:,} rows were scanned, taken at random" if scanned < snapshot.rows else ""
    kinds = (
        (
            "personal_columns",
            {hit.column for hit in named},
            "columns with values that look like personal data or secrets",
        ),
        ("undeclared_personal_columns", exposed, "those among them that nobody declared private"),
        (
            "secret_columns",
            {hit.column for hit in named if hit.secret},
            "columns with values that look like keys or passwords",
        ),
    )
    return tuple(
        Metric(
            name=name,
            value=len(found),
            unit="columns",
            n=len(snapshot.columns),
            better="lower",
            meaning=meaning,
            note=note,
        )
        for name, found, meaning in kinds
    )


def hit_rows(snapshot: Snapshot, said: Said, hits: Iterable[Hits]) -> pl.DataFrame:
    """row_id, rule, score, flagged, suggestion of the cells behind each warning and error. Says kinds, never values.

    All rows with one of the values found are named, also those beyond a sample. Whole columns are not listed row by row.
    """
    import polars as pl

    schema = {
        "row_id": pl.String,
        "rule": pl.String,
        "score": pl.Float64,
        "flagged": pl.Boolean,
        "suggestion": pl.String,
    }
    parts = [pl.DataFrame(schema=schema)]
    for hit in hits:
        if not hit.values or hit.kind in HARMLESS or level_of(hit, said[hit.column]) is Level.NOTE:
            continue
        holds = pl.col(hit.column).cast(pl.String).is_in(pl.Series(hit.values, dtype=pl.String).implode())
        rows = snapshot.frame(hit.column).filter(holds).select("row_id").collect()
        rule = "privacy/secret" if hit.secret else "privacy/personal_data"
        parts.append(
            rows.select(
                "row_id",
                rule=pl.lit(rule),
                score=pl.lit(round(hit.score, 6)),
                flagged=pl.lit(True),
                suggestion=pl.lit(f"{hit.title} in {hit.column}"),
            )
        )
    return pl.concat(parts)
