"""Which rows a gap between groups speaks of: those of the group with most missing values or doubted labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from governance.reporting.row_evidence import judged_rows

if TYPE_CHECKING:
    import polars as pl

    from governance.reporting.group_profile import Profile, Rows
    from governance.snapshot import Snapshot

RULES = {
    "incomplete": ("representation/missingness", "a value is missing"),
    "doubted": ("representation/label_issues", "the label is doubted"),
}
"""By what a gap is in, the rule and what is wrong with a row. A base rate is no row's fault."""


def gap_rows(snapshot: Snapshot, rows: Rows, reported: Iterable[tuple[str, Profile]]) -> pl.DataFrame:
    """`Answer.rows`: of each rate and group that is `reported` to be the highest, the rows that make it so, score 1."""
    import polars as pl

    named = []
    for what, group in reported:
        values = rows.incomplete if what == "incomplete" else rows.doubted
        if what not in RULES or values is None:
            continue
        rule, why = RULES[what]
        label = group.slice.label
        named += [
            (rows.row_id[place], rule, f"{why}; {label}") for place in group.slice.rows.tolist() if values[place] == 1
        ]
    columns = {"row_id": pl.String, "rule": pl.String, "suggestion": pl.String}
    frame = pl.DataFrame(named, schema=columns, orient="row").sort("row_id", "rule", "suggestion")
    return judged_rows(snapshot, frame.with_columns(score=pl.lit(1.0), flagged=pl.lit(True)))
