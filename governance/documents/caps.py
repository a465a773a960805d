"""How much a document shows of each thing, so that its size is bounded whatever the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.evidence import Evidence


@dataclass(frozen=True)
class Caps:
    """How much of each thing a document shows, so that its size is bounded whatever the data."""

    cells: int
    """Cells over all tables of all evidence."""
    table_rows: tuple[int, ...]
    """Rows per table: the first of these that keeps to `cells`, else the last."""
    findings: int
    """Per evidence."""
    metrics: int
    """Per evidence."""
    columns: int
    """Rows of the table of columns."""

    def rows_for(self, evidence: Sequence[Evidence]) -> int:
        """Rows that each table may show."""
        tables = [table for item in evidence for table in item.tables]
        for rows in self.table_rows:
            if sum(min(len(table.rows), rows) * len(table.columns) for table in tables) <= self.cells:
                return rows
        return self.table_rows[-1]


MARKDOWN = Caps(cells=3000, table_rows=(20, 12, 8, 5), findings=25, metrics=40, columns=120)
HTML = Caps(cells=16000, table_rows=(200, 100, 50, 25, 10), findings=60, metrics=120, columns=400)
