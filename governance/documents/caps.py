"""How much a document shows of each thing, so that its size is bounded whatever the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from governance.evidence import Evidence


@dataclass(frozen=True)
class Shown:
    """How much of each evidence a document shows."""

    table_rows: int
    findings: int
    metrics: int


@dataclass(frozen=True)
class Caps:
    """Budgets over all evidence of a document, and the steps by which each evidence gives way."""

    cells: int
    """Cells of tables."""
    findings: int
    metrics: int
    columns: int
    """Rows of the table of columns."""
    decisions: int
    """Rows of the table of decisions."""
    table_rows: tuple[int, ...]
    """Rows per table: the first of these that keeps to `cells`, else the last."""
    per_evidence: tuple[int, ...]
    """Findings, and metrics, per evidence: the first of these that keeps to the budget, else the last."""
    drawn: int
    """Bytes of drawings together; figures beyond that are left out."""

    def shown(self, evidence: Sequence[Evidence]) -> Shown:
        """What each of `evidence` may show beside the others."""
        tables = [(len(table.rows), len(table.columns)) for item in evidence for table in item.tables]
        return Shown(
            table_rows=_first(self.table_rows, self.cells, tables, fitting),
            findings=_first(self.per_evidence, self.findings, [(len(item.findings), 1) for item in evidence]),
            metrics=_first(self.per_evidence, self.metrics, [(len(item.metrics), 1) for item in evidence]),
        )


FEW = 3
"""Fewer rows than these are not left out: a sentence that says so takes as much room, and makes a reader look elsewhere."""


def fitting(length: int, step: int) -> int:
    """How many of `length` rows a table shows that is cut to `step`."""
    return length if length - step < FEW else step


def _first(
    steps: Sequence[int],
    budget: int,
    sizes: Sequence[tuple[int, int]],
    shown: Callable[[int, int], int] = min,
) -> int:
    """The first step to which all of `sizes` (length, width) can be cut so that together they keep to `budget`.

    `shown` says how much of a length is left by a step.
    """
    return next(
        (step for step in steps if sum(shown(length, step) * width for length, width in sizes) <= budget), steps[-1]
    )


TRACKED_BYTES = 300_000
"""What git tracks of one version of a dataset at most, HTML apart, where documents can see to it by showing less."""
_MARKDOWN = Caps(
    cells=700,
    findings=50,
    metrics=100,
    columns=60,
    decisions=20,
    table_rows=(20, 15, 12, 8, 5),
    per_evidence=(25, 12, 8, 5, 3),
    drawn=24_000,
)
MARKDOWN = (
    _MARKDOWN,
    replace(
        _MARKDOWN, cells=350, findings=24, metrics=60, columns=30, decisions=10, table_rows=(8, 5, 3), drawn=16_000
    ),
    Caps(
        cells=120,
        findings=10,
        metrics=30,
        columns=12,
        decisions=5,
        table_rows=(3, 2),
        per_evidence=(3, 2, 1),
        drawn=8_000,
    ),
    Caps(
        cells=1,
        findings=5,
        metrics=10,
        columns=5,
        decisions=5,
        table_rows=(1,),
        per_evidence=(1,),
        drawn=0,
    ),
)
"""Markdown in git: the first that keeps to TRACKED_BYTES beside evidence and verdict, else the last."""
HTML = Caps(
    cells=12_000,
    findings=300,
    metrics=800,
    columns=400,
    decisions=60,
    table_rows=(200, 100, 50, 25, 10),
    per_evidence=(120, 60, 30, 15, 8),
    drawn=300_000,
)
