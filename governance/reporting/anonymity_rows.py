"""Which rows few others hide: those of combinations of quasi-identifiers that fewer share than were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from governance.measures.anonymity import Codes


def small_class_rows(row_id: pl.Series, sizes: Codes, least: int, basis: Sequence[str], unit: str) -> pl.DataFrame:
    """row_id, rule, score, flagged, suggestion of the rows in classes of fewer than `least`. Names columns, no values.

    `sizes` (rows,) are of the classes, in `unit`: rows, people or groups. The score is the chance of naming the right one for
    somebody who knows no more than the combination: 1 for who is alone.
    """
    import polars as pl

    by = ", ".join(basis)
    size = pl.col("size")
    frame = pl.DataFrame({"row_id": row_id, "size": sizes}).filter(size < least)
    return frame.select(
        "row_id",
        rule=pl.lit("privacy/small_classes"),
        score=(1 / size).round(6),
        flagged=pl.lit(True),
        suggestion=pl.when(size == 1)
        .then(pl.lit(f"alone by {by}"))
        .otherwise(pl.format(f"one of {{}} {unit} that are alike by {{}}", size, pl.lit(by))),
    )
