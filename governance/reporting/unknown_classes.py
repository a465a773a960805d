"""Annotations of classes that the dataset's own label never has: another spelling, a slip, or an answer such as `unsure`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Finding, Level

if TYPE_CHECKING:
    import polars as pl

    from governance.reporting.agreement_report import Annotations


def unknown_classes(annotations: Annotations, target: str | None) -> tuple[Finding, pl.DataFrame] | None:
    """A note and the rows; None when there are none, or nothing to compare with. No value is shown."""
    import numpy as np
    import polars as pl

    if annotations.given is None or target is None:
        return None
    own = np.unique(annotations.given[annotations.given >= 0])
    stray = ~np.isin(annotations.label, own)
    if not stray.any() or own.size == 0:
        return None
    written = {_plain(annotations.classes[number]): annotations.classes[number] for number in own.tolist()}
    places = np.flatnonzero(stray)
    means = [written.get(_plain(annotations.classes[number]), "") for number in annotations.label[places].tolist()]
    count, kinds, alike = int(places.size), int(np.unique(annotations.label[places]).size), sum(map(bool, means))
    rows = pl.DataFrame(
        {
            "row_id": [annotations.row_id[item] for item in annotations.item[places].tolist()],
            "score": np.full(count, 0.5),
            "suggestion": means,
        },
        schema={"row_id": pl.String, "score": pl.Float64, "suggestion": pl.String},
    ).unique("row_id", keep="first", maintain_order=True)
    finding = Finding(
        rule="label_consistency/unknown_classes",
        level=Level.NOTE,
        message=f"{count:,} of {annotations.label.size:,} annotations give {kinds:,} {'label' if kinds == 1 else 'labels'} that "
        f"{target} never has; of these annotations {alike:,} {'is' if alike == 1 else 'are'} written like one of its classes but "
        "for case and blanks. Each counts as a class of its own, which others contradict.",
        remedy="Write them as the label is written, and leave the cell empty where nobody could tell.",
        columns=(target,),
        count=count,
        of=int(annotations.label.size),
    )
    return finding, rows.with_columns(flagged=pl.lit(True), rule=pl.lit("label_consistency/unknown_classes"))


def _plain(name: str) -> str:
    return "".join(name.casefold().split())
