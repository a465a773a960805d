"""Several annotations of one item: read from wide or long form, and told as agreement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import Role, Task
from governance.evidence import Finding, Level, Metric

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.annotation_agreement import Alpha, Codes
    from governance.snapshot import Snapshot

TENTATIVE, CUSTOMARY = 0.667, 0.8
"""Krippendorff's customary bounds: below the first nothing should be concluded, above the second labels are reliable."""
MOST_CLASSES = 100


@dataclass(frozen=True)
class Annotations:
    """Annotations of items, coded; aligned arrays."""

    item: Codes
    annotator: Codes
    label: Codes
    classes: tuple[str, ...]
    """Labels as text, sorted."""
    names: tuple[str, ...]
    """What annotators are called: columns in wide form; in long form values, or numbers where these may not be shown."""
    numbered: frozenset[int]
    """The annotators that are called by their number."""
    column: str
    """What to call the factor."""
    row_id: tuple[str, ...]
    """The row of each item in wide form, of each annotation in long form."""
    wide: bool
    """Whether an item is a row, with one column for each annotator."""
    shown: bool
    """Whether evidence may name the classes."""
    given: NDArray[np.int64] | None
    """(items,) the label that the dataset itself gives in wide form, -1 where there is none of the classes."""


def read_annotations(snapshot: Snapshot, columns: tuple[str, ...]) -> Annotations | None:
    """The annotations in `columns` (wide form), or in rows that repeat an identifier (long form); None when there are none.

    In long form that is also so when no item has two or more annotators.
    """
    if columns:
        return _wide(snapshot, columns)
    people = snapshot.with_role(Role.ANNOTATOR)
    repeated = snapshot.repeated_identifiers
    if not people or not repeated or snapshot.target is None:
        return None
    return _long(snapshot, repeated[0].name, people[0].name, snapshot.target)


def _wide(snapshot: Snapshot, columns: tuple[str, ...]) -> Annotations | None:
    import numpy as np
    import polars as pl

    target = snapshot.target if snapshot.target not in columns else None
    wanted = [*columns, *([target] if target else [])]
    frame = snapshot.frame(*wanted).select("row_id", *wanted).collect()
    frame = frame.with_columns(_written(frame[name]) for name in wanted)
    long = pl.concat([frame.select(place=pl.int_range(pl.len()), annotator=pl.lit(number), label=pl.col(name)) for number, name in enumerate(columns)])  # fmt: skip
    long = long.drop_nulls("label").sort("place", "annotator")
    if long.is_empty():
        return None
    classes = tuple(long["label"].unique().sort())
    number_of = {name: number for number, name in enumerate(classes)}
    given = None
    if target is not None:
        given = np.array([number_of.get(value, -1) for value in frame[target]], dtype=np.int64)
    return Annotations(
        item=long["place"].to_numpy().astype(np.int64),
        annotator=long["annotator"].to_numpy().astype(np.int64),
        label=np.array([number_of[value] for value in long["label"]], dtype=np.int64),
        classes=classes,
        names=columns,
        numbered=frozenset(),
        column="the annotation columns",
        row_id=tuple(frame["row_id"]),
        wide=True,
        shown=not any(snapshot.column(name).private for name in wanted),
        given=given,
    )


def _written(series: pl.Series) -> pl.Series:
    """Values as text. Whole numbers beside empty cells are often written 1.0: in another column they are 1, and mean the same."""
    import polars as pl

    if series.dtype.is_float():
        whole = series.cast(pl.Int64, strict=False)
        if (whole.cast(series.dtype) == series).fill_null(True).all() and whole.null_count() == series.null_count():
            series = whole
    return series.cast(pl.String)


def _long(snapshot: Snapshot, item: str, annotator: str, target: str) -> Annotations | None:
    """Rows of items that two or more people annotated; a row that repeats who said what of which item is a copy."""
    import numpy as np
    import polars as pl

    from governance.reporting.label_factors import by_value

    frame = snapshot.frame(item, annotator, target).select(
        "row_id",
        *[
            pl.col(name).cast(pl.String).alias(kind)
            for kind, name in (("item", item), ("annotator", annotator), ("label", target))
        ],
    )
    ordered = frame.drop_nulls().collect().sort("item", "annotator", "label", "row_id")
    once = ordered.unique(["item", "annotator", "label"], keep="first", maintain_order=True)
    kept = once.filter(pl.col("annotator").n_unique().over("item") >= 2)
    if kept.is_empty():
        return None
    codes = {name: kept[name].rank("dense").to_numpy().astype(np.int64) - 1 for name in ("item", "label")}
    people = by_value(snapshot, snapshot.column(annotator), kept["annotator"])
    return Annotations(
        item=codes["item"],
        annotator=people.codes,
        label=codes["label"],
        classes=tuple(kept["label"].unique().sort()),
        names=people.names,
        numbered=people.numbered,
        column=annotator,
        row_id=tuple(kept["row_id"]),
        wide=False,
        shown=not snapshot.column(target).private,
        given=None,
    )


def shown_classes(annotations: Annotations) -> tuple[str, ...]:
    """What evidence may call the classes: numbers where they are private or hardly anybody gave them."""
    import numpy as np

    from governance.reporting.label_tables import SHOWN_ROWS

    counts = np.bincount(annotations.label, minlength=len(annotations.classes)).tolist()
    return tuple(
        name if annotations.shown and count >= SHOWN_ROWS else f"class {number + 1}"
        for number, (name, count) in enumerate(zip(annotations.classes, counts, strict=True))
    )


def alpha_of(snapshot: Snapshot, annotations: Annotations) -> Alpha | None:
    """Krippendorff's alpha: in intervals for a regression, else nominal."""
    import numpy as np

    from governance.measures.annotation_agreement import krippendorff_alpha

    values = None
    if snapshot.task is Task.REGRESSION:
        try:
            values = np.array([float(name) for name in annotations.classes])
        except ValueError:
            values = None
    return krippendorff_alpha(annotations.item, annotations.label, values=values)


def ordinal_metric(snapshot: Snapshot, annotations: Annotations) -> tuple[Metric, ...]:
    """Alpha of classes that are three whole numbers or more, as ratings are: whether they are degrees, a reader knows."""
    import numpy as np

    from governance.measures.annotation_agreement import krippendorff_alpha

    names = annotations.classes
    if (
        snapshot.task is Task.REGRESSION
        or len(names) < 3
        or not all(re.fullmatch(r"-?\d{1,9}", name) for name in names)
    ):
        return ()
    rank = np.argsort(np.argsort([int(name) for name in names]))
    alpha = krippendorff_alpha(annotations.item, rank[annotations.label], ordinal=True)
    if alpha is None:
        return ()
    meaning = "the same if labels are degrees, as ratings: labels that lie close together agree in part (ordinal alpha)"
    return (alpha_metric(alpha).model_copy(update={"name": "krippendorff_alpha_ordinal", "meaning": meaning}),)


def alpha_metric(alpha: Alpha | None) -> Metric:
    """Alpha with its interval."""
    meaning = "Krippendorff's alpha: 1 when annotators agree, 0 when they agree as often as chance would"
    if alpha is None:
        note = "no item has two annotations, or all annotations are the same"
        return Metric(name="krippendorff_alpha", value=None, unit="alpha", better="higher", meaning=meaning, note=note)
    return Metric(
        name="krippendorff_alpha",
        value=alpha.value,
        unit="alpha",
        low=alpha.low,
        high=alpha.high,
        interval="" if alpha.low is None else "95 % bootstrap over items, 500 draws, seed 0",
        n=alpha.pairable,
        independent_units=alpha.items,
        better="higher",
        meaning=meaning,
    )


def alpha_finding(alpha: Alpha | None, columns: tuple[str, ...]) -> tuple[Finding, ...]:
    """A warning when alpha is shown to lie below what Krippendorff accepts even for tentative conclusions."""
    if alpha is None or alpha.high is None or alpha.high >= CUSTOMARY:
        return ()
    low = alpha.high < TENTATIVE
    bound = TENTATIVE if low else CUSTOMARY
    return (
        Finding(
            rule="label_consistency/low_agreement",
            level=Level.WARNING if low else Level.NOTE,
            message=f"Annotators agree too little: Krippendorff's alpha is {alpha.value:.2f} ({alpha.low:.2f} to {alpha.high:.2f}), "
            f"below {bound}.",
            remedy="Clarify the guidelines by the items that annotators disagree about, and annotate a sample anew.",
            columns=columns,
            subject="alpha",
            count=alpha.items,
            of=alpha.items,
        ),
    )
