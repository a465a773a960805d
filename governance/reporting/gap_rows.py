"""Which rows a gap between groups speaks of: those of the group with most missing values or doubted labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.reporting.row_evidence import judged_rows

if TYPE_CHECKING:
    import polars as pl

    from governance.reporting.group_differences import Gap
    from governance.reporting.group_profile import Rows
    from governance.snapshot import Snapshot

RULES = {
    "incomplete": ("representation/missingness", "a value is missing"),
    "doubted": ("representation/label_issues", "the label is doubted"),
}
"""By what a gap is in, the rule and what is wrong with a row. A base rate is no row's fault."""


def gap_rows(snapshot: Snapshot, rows: Rows, reported: list[Gap]) -> pl.DataFrame:
    """`Answer.rows`: of each gap that is `reported`, the rows that make the highest group's rate, score 1."""
    import polars as pl

    named = []
    for gap in reported:
        values = rows.incomplete if gap.what == "incomplete" else rows.doubted
        if gap.what not in RULES or values is None:
            continue
        rule, why = RULES[gap.what]
        label = gap.highest.slice.label
        named += [
            (rows.row_id[place], rule, f"{why}; {label}")
            for place in gap.highest.slice.rows.tolist()
            if values[place] == 1
        ]
    columns = {"row_id": pl.String, "rule": pl.String, "suggestion": pl.String}
    frame = pl.DataFrame(named, schema=columns, orient="row").sort("row_id", "rule", "suggestion")
    return judged_rows(snapshot, frame.with_columns(score=pl.lit(1.0), flagged=pl.lit(True)))
