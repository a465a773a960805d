"""What does the dataset hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from governance.audit import Answer, Audit
from governance.evidence import Figure, Finding, Level, Metric, Reach, Scalar, Table, Units

if TYPE_CHECKING:
    from governance.reporting.class_summaries import ClassCount
    from governance.snapshot import Snapshot

SAMPLED_IMAGES = 2000
"""Images that are opened; all are counted."""


class Summary(Audit):
    """Counts and describes what is there: rows, missing values, distributions, classes.

    What it measures:
        Rows per split, missing values per column, quantiles and histograms of numbers, the most frequent levels of
        categories, lengths of texts, size and brightness of images, classes per split, and means by class.

    Why it matters:
        Most surprises in training can be seen in a histogram. A reader who has never seen the data can judge from this
        whether it fits their purpose.

    How to read it:
        Values of private columns are never shown; of other categories only levels that five or more rows have.
        Histograms gather extreme values into an open bin at the end when they would flatten the rest.

    Limits:
        It describes and does not judge: a column can look ordinary and be wrong. Each column is seen by itself.

    References:
        J. Tukey. Exploratory Data Analysis. Addison-Wesley, 1977.
        T. Gebru et al. Datasheets for Datasets. Communications of the ACM 64, 2021, section on composition.
    """

    title: ClassVar[str] = "Summary"
    question: ClassVar[str] = "What does the dataset hold, and how is it distributed?"
    section: ClassVar[str] = "composition"
    reach: ClassVar[Reach] = Reach(
        looked_for="columns without content, mostly missing columns, and classes that are rare or absent from a split",
        would_notice="each of these, as all rows are counted",
        measured="exact: every row is counted, nothing is estimated",
        cannot_see="wrong values that look ordinary, and whatever lies between columns",
    )

    bins: int = Field(default=12, ge=3, le=40)
    """About how many bins a histogram has."""
    levels: int = Field(default=10, ge=1, le=50)
    """Levels of a category that are named, the most frequent first."""
    missing_share: float = Field(default=0.5, gt=0, le=1)
    """A column with at least this share of missing values (0 to 1) is a warning."""
    min_class_rows: int = Field(default=10, ge=1)
    """A class with fewer rows than this is a warning: too few to learn from and to test on."""

    def run(self, snapshot: Snapshot) -> Answer:
        """Ask the question."""
        if snapshot.rows == 0:
            return self.inconclusive("no_rows", "the snapshot has no rows, so there is nothing to describe")
        from governance.reporting.class_summaries import balance_table, comparison_table, count_classes
        from governance.reporting.column_summaries import level_table, missing_table, number_tables, time_table

        classes = count_classes(snapshot)
        parts = [
            balance_table(snapshot, classes),
            missing_table(snapshot),
            number_tables(snapshot, self.bins),
            level_table(snapshot, self.levels),
            (time_table(snapshot), ()),
            comparison_table(snapshot, classes),
            _images(snapshot),
        ]
        return self.assessed(
            Units(name="rows", declared=snapshot.rows, evaluated=snapshot.rows),
            findings=(*self._columns(snapshot), *self._classes(snapshot, classes)),
            metrics=_metrics(snapshot, classes),
            tables=(_splits(snapshot), *(table for tables, _ in parts for table in tables)),
            figures=tuple(figure for _, figures in parts for figure in figures),
        )

    def _columns(self, snapshot: Snapshot) -> list[Finding]:
        found = []
        for column in snapshot.columns:
            if column.nulls == snapshot.rows:
                rule, level, message = "empty_column", Level.WARNING, f"Column '{column.name}' has no value at all."
                remedy = "Fill the column or remove it, and look for what should have filled it."
            elif column.nulls >= self.missing_share * snapshot.rows:
                rule, level = "mostly_missing", Level.WARNING
                message = f"Column '{column.name}' is missing in {column.nulls:,} of {snapshot.rows:,} rows."
                remedy = "Settle why values are missing, and say so in the answers, or remove the column."
            elif column.distinct == 1 and column.nulls == 0 and snapshot.rows > 1:
                rule, level, message = "constant_column", Level.NOTE, f"Column '{column.name}' holds one value only."
                remedy = "Remove the column, or say why it does not vary."
            else:
                continue
            found.append(
                Finding(
                    rule=f"summary/{rule}",
                    level=level,
                    message=message,
                    remedy=remedy,
                    columns=(column.name,),
                    count=column.nulls or snapshot.rows,
                    of=snapshot.rows,
                )
            )
        return found

    def _classes(self, snapshot: Snapshot, classes: list[ClassCount]) -> list[Finding]:
        assert snapshot.target is not None or not classes
        columns = (snapshot.target,) if snapshot.target is not None else ()
        labelled = sum(one.rows for one in classes)
        found = [
            Finding(
                rule="summary/rare_class",
                level=Level.WARNING,
                message=f"Class '{one.shown}' has {one.rows:,} of {labelled:,} labelled rows.",
                remedy="Gather more rows of this class, join it with another, or leave it out and say so.",
                columns=columns,
                subject=one.shown,
                count=one.rows,
                of=labelled,
            )
            for one in classes
            if one.rows < self.min_class_rows
        ]
        found += [
            Finding(
                rule="summary/class_missing_in_split",
                level=Level.WARNING,
                message=f"Class '{one.shown}' has no row in split '{split}'.",
                remedy="Divide the data so that every split holds every class.",
                columns=columns,
                split=split,
                subject=one.shown,
                count=0,
                of=snapshot.manifest.splits[split],
            )
            for one in classes
            for split, rows in one.splits.items()
            if rows == 0
        ]
        return found


def _metrics(snapshot: Snapshot, classes: list[ClassCount]) -> tuple[Metric, ...]:
    cells = snapshot.rows * len(snapshot.columns)
    missing = sum(column.nulls for column in snapshot.columns)
    metrics = [
        Metric(name="rows", value=snapshot.rows, unit="rows", n=snapshot.rows),
        Metric(name="columns", value=len(snapshot.columns), unit="columns", n=len(snapshot.columns)),
        Metric(name="missing_share", value=missing / cells if cells else None, unit="share", n=cells, better="lower",
               meaning="share of all cells that are missing", note="" if cells else "there are no columns"),
    ]  # fmt: skip
    labelled = sum(one.rows for one in classes)
    if labelled:
        metrics.append(Metric(name="classes", value=len(classes), unit="classes", n=labelled))
        for name, one, what in (
            ("largest_class_share", classes[0], "largest"), ("smallest_class_share", classes[-1], "smallest")
        ):  # fmt: skip
            meaning = f"share of labelled rows in the {what} class"
            metrics.append(Metric(name=name, value=one.rows / labelled, unit="share", n=labelled, meaning=meaning))
    return tuple(metrics)


def _splits(snapshot: Snapshot) -> Table:
    sizes = snapshot.manifest.splits.items()
    lines = tuple((split, rows, rows / snapshot.rows) for split, rows in sizes)
    return Table(name="splits", caption="Rows by split", columns=("split", "rows", "share"), rows=lines)


def _images(snapshot: Snapshot) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    """Size, brightness and contrast of a sample of the images."""
    if snapshot.image_column is None:
        return (), ()
    import numpy as np

    from governance.adapters.pillow import properties

    # Rows stand in order of their hashes, so evenly spaced ones are a random sample that repeats.
    every = -(-snapshot.rows // SAMPLED_IMAGES)
    row_ids = snapshot.frame("row_id").select("row_id").collect()["row_id"].gather_every(every).to_list()
    present = (content for content in snapshot.images(row_ids) if content is not None)
    images = [found for found in map(properties, present) if found]
    if not images:
        return (), ()
    lines: list[tuple[Scalar, ...]] = []
    for name, values in (
        ("width", [i.width for i in images]), ("height", [i.height for i in images]),
        ("channels", [i.channels for i in images]), ("brightness", [i.brightness for i in images]),
        ("contrast", [i.contrast for i in images]),
    ):  # fmt: skip
        lines.append((name, *map(float, np.quantile(values, [0, 0.25, 0.5, 0.75, 1]))))
    sampled = "all images" if every == 1 else f"a sample of {len(images)} of {snapshot.rows:,} images"
    caption = f"Size in pixels, brightness (0 black to 1 white) and contrast of {sampled}"
    header = ("property", "min", "q25", "median", "q75", "max")
    return (Table(name="images", caption=caption, columns=header, rows=tuple(lines)),), ()
