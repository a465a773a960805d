"""What several annotations of an item support: annotators by their errors, the consensus, labels that it contradicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Finding, Level, Metric, Table
from governance.reporting.agreement_report import Annotations

if TYPE_CHECKING:
    import polars as pl

    from governance.measures.annotation_agreement import Consensus

SURE = 0.9
"""A label is contradicted when the annotations give another one at least this probability."""


def annotator_table(annotations: Annotations, agreed: Consensus) -> Table:
    """Annotators, those estimated to err most first."""
    import numpy as np

    accuracy = agreed.accuracy
    counts = np.bincount(annotations.annotator, minlength=accuracy.size)
    order = sorted(range(accuracy.size), key=lambda one: (accuracy[one], one))
    return Table(
        name="annotators",
        caption="Annotators by the accuracy that the consensus gives them, the lowest first; an estimate, not a measurement"
        + (f"; the first 30 of {len(order)}" if len(order) > 30 else ""),
        columns=("annotator", "annotations", "estimated_accuracy"),
        rows=tuple((annotations.names[one], int(counts[one]), float(accuracy[one])) for one in order[:30]),
    )


def consensus_rows(annotations: Annotations, agreed: Consensus) -> pl.DataFrame:
    """For each annotated row the label that the consensus supports, and how improbable that makes the one that stands there."""
    import numpy as np
    import polars as pl

    item, label = annotations.item, annotations.label
    if annotations.wide:
        item = np.unique(item)
        label = agreed.probabilities[item].argmax(axis=1)
        if annotations.given is not None:
            label = np.where(annotations.given[item] >= 0, annotations.given[item], label)
    chances = agreed.probabilities[item]
    places = item if annotations.wide else np.arange(item.size)
    rows = pl.DataFrame(
        {
            "row_id": [annotations.row_id[place] for place in places.tolist()],
            "score": np.clip(1 - chances[np.arange(item.size), label], 0, 1),
            "suggestion": [annotations.classes[one] for one in chances.argmax(axis=1).tolist()],
        },
        schema={"row_id": pl.String, "score": pl.Float64, "suggestion": pl.String},
    )
    return rows.with_columns(flagged=pl.lit(False), rule=pl.lit("label_consistency/consensus"))


def contradicted(annotations: Annotations, agreed: Consensus) -> tuple[Metric, pl.DataFrame] | None:
    """How many labels the annotations contradict, and which rows; None when the dataset gives no label of its own."""
    import numpy as np
    import polars as pl

    from governance.measures.intervals import wilson

    if annotations.given is None:
        return None
    annotated = np.bincount(annotations.item, minlength=annotations.given.size) >= 2
    judged = np.flatnonzero(annotated & (annotations.given >= 0))
    if judged.size == 0:
        return None
    # The consensus numbers items by their place, so the last rows without annotations are not in it.
    given, chances = annotations.given[judged], agreed.probabilities[judged]
    best = chances.argmax(axis=1)
    flagged = (best != given) & (chances.max(axis=1) >= SURE)
    low, high = wilson(int(flagged.sum()), judged.size)
    metric = Metric(
        name="contradicted_share",
        value=float(flagged.mean()),
        unit="share",
        low=low,
        high=high,
        interval="95 % Wilson",
        n=int(judged.size),
        better="lower",
        meaning="share of labels against which the row's annotations speak with probability 0.9 or more",
    )
    places = judged[flagged]
    rows = pl.DataFrame(
        {
            "row_id": [annotations.row_id[place] for place in places],
            "score": 1 - chances[flagged, given[flagged]],
            "suggestion": [annotations.classes[one] for one in best[flagged]],
        },
        schema={"row_id": pl.String, "score": pl.Float64, "suggestion": pl.String},
    )
    return metric, rows.with_columns(flagged=pl.lit(True), rule=pl.lit("label_consistency/contradicted"))


def contradicted_finding(metric: Metric, target: str) -> Finding | None:
    """A warning when any label is contradicted."""
    assert metric.value is not None
    assert metric.n is not None
    count = round(metric.value * metric.n)
    if count == 0:
        return None
    return Finding(
        rule="label_consistency/contradicted",
        level=Level.WARNING,
        message=f"Labels that their own annotations contradict: {count:,} of {metric.n:,} ({metric.value:.2%}).",
        remedy="Look at the rows, highest score first, and correct the label or say why the annotations do not count.",
        columns=(target,),
        count=count,
        of=metric.n,
    )
