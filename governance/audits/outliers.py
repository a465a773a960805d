"""Which rows are unlike all others?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from pydantic import Field

from governance.audit import Answer, Audit
from governance.evidence import Confidence, Figure, Finding, Level, Metric, Reach, Table, Units
from governance.reporting.row_evidence import flagged_share, group_codes, judged_rows

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.neighbour_outliers import Outliers as Found
    from governance.snapshot import Snapshot

SHOWN_COLUMNS = 40
"""The table holds no more columns; what is left out is counted in the caption."""

NAMED_COLUMNS = 5
"""The finding names no more of them."""


class Outliers(Audit):
    """Looks for rows that lie far from all others, and for the columns that make them so.

    What it measures:
        The mean distance of each row to its ten nearest neighbours in the embedding. A row is flagged when that is
        beyond Tukey's outer fence of all such distances and beyond what jointly normal data of the same covariance and
        size would reach. For numeric columns, how many values lie beyond the outer fences of the column.

    Why it matters:
        Outliers are errors of measurement or entry (a unit mistaken, 999 for missing), rows from elsewhere, or the
        rare cases that matter most. Means, scales and many models bend towards them.

    How to read it:
        A flagged row is worth a look; it is not an error by itself. Extreme rows, beyond several times the threshold,
        usually are. In skewed data many rows are flagged: look at the columns named, and think of a logarithm.

    Limits:
        Ten or more outliers that resemble each other hide each other. What is odd only in a combination of columns
        that the embedding does not show is not seen. Rows with a missing number count as the median there. Of clean
        tables 43 of 60 with gamma-distributed numbers and all but two of 60 with lognormal ones got a note, six of the
        latter a warning: heavy tails look like outliers. Planted rows were ranked as well as by an isolation forest and a
        local outlier factor or better, but for codes of 999 (0.986, and 1.000 by the latter).

    References:
        F. Angiulli, C. Pizzuti. Fast Outlier Detection in High Dimensional Spaces. PKDD, 2002.
        J. Tukey. Exploratory Data Analysis. Addison-Wesley, 1977.
    """

    title: ClassVar[str] = "Outliers"
    question: ClassVar[str] = "Which rows are unlike all others, and in which columns?"
    section: ClassVar[str] = "composition"
    needs: ClassVar[frozenset[str]] = frozenset({"embeddings", "neighbours"})
    reach: ClassVar[Reach] = Reach(
        looked_for="rows whose nearest neighbours are far away, and numbers beyond their column's outer fences",
        would_notice="single rows several times as far from all others as rows usually are",
        measured="of 756 rows planted in 92 tables of numbers (another unit, 999, slips, rows from elsewhere) 697 "
        "were flagged; 7 of 360 clean tables raised a warning (at most 4.0 %) and 122 a note, mostly "
        "skewed ones",
        cannot_see="groups of ten or more alike outliers, and oddities that distances do not show",
    )

    false_alarms: float = Field(default=0.5, gt=0)
    """Rows flagged wrongly in a whole dataset that is jointly normal."""
    extreme_factor: float = Field(default=3.0, gt=1)
    """A row beyond this many times the threshold makes the finding a warning; without one it is a note."""
    min_rows: int = Field(default=30, ge=10)
    """With fewer rows than this, what is usual cannot be told."""

    def run(self, snapshot: Snapshot) -> Answer:
        """Ask the question."""
        signals = snapshot.signals
        if snapshot.rows < self.min_rows:
            reason = f"{snapshot.rows:,} rows; with fewer than {self.min_rows} what is usual cannot be told"
            return self.inconclusive("too_few_rows", reason)
        from governance.measures.neighbour_outliers import neighbour_outliers

        graph = signals.neighbours()
        found = neighbour_outliers(graph.distance, signals.embeddings()[1], false_alarms=self.false_alarms)
        if found is None:
            reason = "more than half of the rows have ten copies, so there is no typical distance"
            return self.inconclusive("mostly_copies", reason)
        row_id = graph.row_id.tolist()
        meaning = "share of rows that are flagged as unlike all others"
        share = flagged_share(found.flagged, group_codes(snapshot, row_id), meaning=meaning)
        threshold = Metric(
            name="threshold",
            value=found.threshold / found.typical,
            unit="times the typical distance",
            n=len(row_id),
            meaning="mean distance to the nearest neighbours beyond which a row is flagged",
        )
        recall = () if signals.info.neighbour_recall is None else (_recall(signals.info.neighbour_recall),)
        columns, odd = _columns(snapshot, row_id, found)
        table, figure = _column_table(columns, int(found.flagged.sum()))
        extreme = found.distance > self.extreme_factor * found.threshold
        return self.assessed(
            Units(name="rows", declared=snapshot.rows, evaluated=len(row_id)),
            findings=self._findings(found.flagged, extreme, columns, odd),
            metrics=(share, threshold, *recall),
            tables=(table,),
            figures=(figure,) if columns else (),
            rows=_rows(snapshot, row_id, found, odd),
        )

    def _findings(
        self,
        flagged: NDArray[np.bool_],
        extreme: NDArray[np.bool_],
        columns: list[ColumnCount],
        odd: list[list[str]],
    ) -> tuple[Finding, ...]:
        far, beyond = int(flagged.sum()), int(extreme.sum())
        if far == 0:
            return ()
        named = [column for column in columns if column.flagged]
        message = f"Rows unlike all others: {far:,} of {flagged.size:,} ({far / flagged.size:.2%})"
        if beyond:
            message += f", {beyond} of them more than {self.extreme_factor:g} times as far as the threshold"
        standing = sum(bool(names) for names in odd)
        verb = "stands" if standing == 1 else "stand"
        shown = ", ".join(f"{column.name} ({column.flagged:,})" for column in named[:NAMED_COLUMNS])
        more = len(named) - NAMED_COLUMNS
        others = f" and {more} more" if more > 0 else ""
        where = f" {standing:,} of these rows {verb} out in single columns: {shown}{others}." if named else ""
        return (
            Finding(
                rule="outliers/far_from_neighbours",
                level=Level.WARNING if beyond else Level.NOTE,
                confidence=Confidence.MEDIUM,  # that they are far is certain; what it means is not
                message=f"{message}.{where}",
                remedy="Look at the flagged rows, highest score first, and settle which are errors and which are rare "
                "cases.",
                columns=tuple(sorted(column.name for column in named[:NAMED_COLUMNS])),
                count=far,
                of=flagged.size,
            ),
        )


def _recall(recall: float) -> Metric:
    from governance.adapters.faiss import RECALL_SAMPLE

    return Metric(
        name="neighbour_recall",
        value=recall,
        unit="share",
        n=RECALL_SAMPLE,
        better="higher",
        meaning="share of true nearest neighbours that the approximate search found, measured on a sample of rows; each "
        "that it missed makes a row look a little farther away than it is",
    )


class ColumnCount(NamedTuple):
    """Numbers of one column beyond its outer fences."""

    name: str
    beyond: int
    """Rows."""
    known: int
    """Rows with a number."""
    flagged: int
    """Flagged rows among those beyond."""
    farthest: float
    """Highest score of these; 0 where there are none."""


def _columns(snapshot: Snapshot, row_id: list[str], found: Found) -> tuple[list[ColumnCount], list[list[str]]]:
    """Numeric features, those that explain most flagged rows first; and for each row the columns it stands out in."""
    import numpy as np
    import polars as pl

    from governance.measures.fences import beyond_fences

    names = [column.name for column in snapshot.features if column.type.numeric]
    if not names:
        return [], [[] for _ in row_id]
    wanted = pl.DataFrame({"row_id": row_id}, schema={"row_id": pl.String})
    frame = wanted.join(snapshot.frame(*names).collect(), on="row_id", how="left", maintain_order="left")
    counts: list[ColumnCount] = []
    odd: list[list[str]] = [[] for _ in row_id]
    for name in names:
        numbers = frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        beyond = beyond_fences(numbers)
        if beyond is None:
            continue
        both = np.flatnonzero(beyond & found.flagged)
        for position in both.tolist():
            odd[position].append(name)
        farthest = float(found.score[both].max(initial=0.0))
        counts.append(ColumnCount(name, int(beyond.sum()), int(np.isfinite(numbers).sum()), both.size, farthest))
    order = sorted(counts, key=lambda column: (-column.flagged, -column.farthest, -column.beyond, column.name))
    return order, odd


def _column_table(columns: list[ColumnCount], flagged: int) -> tuple[Table, Figure]:
    shown = columns[:SHOWN_COLUMNS]
    left_out = f"; {len(columns) - len(shown)} more with fewer are left out" if len(columns) > len(shown) else ""
    table = Table(
        name="columns",
        caption=f"Numbers beyond the outer fences of their column (three interquartile ranges){left_out}",
        columns=("column", "beyond_fences", "share", "of_flagged_rows"),
        rows=tuple((c.name, c.beyond, c.beyond / c.known, c.flagged) for c in shown),
    )
    first = shown[0] if shown else None
    message = f"{first.flagged} of {flagged} flagged rows stand out in {first.name}" if first else "No numeric column"
    if first and not first.flagged:
        message = "No flagged row stands out in a single column" if flagged else "No row is flagged"
    figure = Figure(
        name="columns",
        caption="In how many flagged rows a column stands out",
        alt=f"{message}.",
        kind="bar",
        table="columns",
        x="column",
        y=("of_flagged_rows",),
    )
    return table, figure


def _rows(snapshot: Snapshot, row_id: list[str], found: Found, odd: list[list[str]]) -> pl.DataFrame:
    import polars as pl

    judged = pl.DataFrame(
        {
            "row_id": row_id,
            "score": found.score,
            "flagged": found.flagged,
            "suggestion": [f"stands out in {', '.join(names[:5])}" if names else "" for names in odd],
        }
    )
    return judged_rows(snapshot, judged.with_columns(rule=pl.lit("outliers/far_from_neighbours")))
