"""Tables and figures about labels: what is flagged in which class, and what models suggest instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from governance.evidence import Figure, Metric, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.signals import SignalsInfo
    from governance.snapshot import Snapshot

SHOWN_CLASSES = 20
"""Tables hold no more classes; what is left out is counted in the caption."""
FULL_GRID = 12
"""Up to so many classes, pairs without a flagged label are listed too."""
SHOWN_ROWS = 5
"""A class with fewer rows is not named in evidence."""


def class_names(snapshot: Snapshot, classes: Sequence[str], counts: NDArray[np.int64]) -> list[str]:
    """Names that evidence may show: none of a private target, none of a class with hardly any rows."""
    assert snapshot.target is not None
    private = snapshot.column(snapshot.target).private
    return [
        f"class {number + 1}" if private or count < SHOWN_ROWS else name
        for number, (name, count) in enumerate(zip(classes, counts.tolist(), strict=True))
    ]


def split_table(splits: list[str], flagged: NDArray[np.bool_]) -> Table:
    """Flagged labels by split (rows,): an error in the test set falsifies the score, one in training is learnt."""
    from governance.manifest import ordered
    from governance.measures.intervals import wilson

    lines = []
    for split in ordered(set(splits)):
        mine = [bool(flag) for name, flag in zip(splits, flagged.tolist(), strict=True) if name == split]
        low, high = wilson(sum(mine), len(mine))
        lines.append((split, len(mine), sum(mine), sum(mine) / len(mine), low, high))
    return Table(
        name="splits",
        caption="Flagged labels by split, with 95 % Wilson intervals",
        columns=("split", "rows", "flagged", "flagged_share", "low", "high"),
        rows=tuple(lines),
    )


def class_tables(
    names: list[str], rows: NDArray[np.int64], flagged: NDArray[np.int64], noise: NDArray[np.float64]
) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    """Flagged labels by class: `flagged` (classes, classes) by given and suggested class, `noise` (classes,)."""
    import numpy as np

    from governance.measures.intervals import wilson

    weight = flagged.sum(axis=1) + flagged.sum(axis=0)
    order = np.lexsort((np.arange(len(names)), -rows, -weight))[:SHOWN_CLASSES]
    shown = sorted(order.tolist())
    left_out = f"; {len(names) - len(shown)} classes with fewer issues are left out" if len(names) > len(shown) else ""
    lines = []
    for number in shown:
        count, size = int(flagged[number].sum()), int(rows[number])
        low, high = wilson(count, size)
        lines.append((names[number], size, count, count / size, low, high, float(noise[number])))
    classes = Table(
        name="classes",
        caption=f"Flagged labels by given class, with 95 % Wilson intervals{left_out}",
        columns=("class", "rows", "flagged", "flagged_share", "low", "high", "estimated_noise_rate"),
        rows=tuple(lines),
    )
    full = len(shown) <= FULL_GRID
    pairs = Table(
        name="given_and_suggested",
        caption=f"Flagged labels by given class and the class that the model suggests{left_out}",
        columns=("given", "suggested", "rows"),
        rows=tuple(
            (names[a], names[b], int(flagged[a, b])) for a in shown for b in shown if a != b and (full or flagged[a, b])
        ),
    )
    worst = max(shown, key=lambda number: (flagged[number].sum() / rows[number], -number))
    interval = Figure(
        name="flagged_by_class",
        caption="Share of flagged labels by given class, with 95 % intervals",
        alt=f"Class {names[worst]} has the largest share of flagged labels, "
        f"{flagged[worst].sum() / rows[worst]:.1%} of {rows[worst]} rows."
        if flagged.sum()
        else "No class has flagged labels.",
        kind="interval",
        table="classes",
        x="class",
        y=("flagged_share", "low", "high"),
    )
    heatmap = Figure(
        name="given_and_suggested",
        caption="Flagged labels: given class and suggested class",
        alt=f"{flagged.sum()} flagged labels by given and suggested class.",
        kind="heatmap",
        table="given_and_suggested",
        x="suggested",
        y=("rows",),
        by="given",
    )
    if not flagged.sum():
        return (classes,), (interval,)
    return (classes, pairs), (interval, heatmap)


def error_table(
    label: NDArray[np.float64], predicted: NDArray[np.float64], flagged: NDArray[np.bool_]
) -> tuple[Table, Figure]:
    """Error size and flagged rows of a regression by tenth of the data, in order of the prediction."""
    import numpy as np

    rank = np.empty(label.size, dtype=np.int64)
    rank[np.lexsort((label, predicted))] = np.arange(label.size)
    tenth = rank * 10 // label.size
    error = np.abs(label - predicted)
    lines = [
        (int(number) + 1, int((tenth == number).sum()), float(np.median(error[tenth == number])),
         int(flagged[tenth == number].sum()))
        for number in np.unique(tenth)
    ]  # fmt: skip
    table = Table(
        name="errors_by_prediction",
        caption="Size of the out-of-fold error by tenth of the data, from the lowest predictions to the highest",
        columns=("tenth", "rows", "median_error", "flagged"),
        rows=tuple(lines),
    )
    figure = Figure(
        name="errors_by_prediction",
        caption="How large errors are where the model predicts low and high values",
        alt=f"The median error is {lines[0][2]:.3g} in the tenth of the rows with the lowest predictions and "
        f"{lines[-1][2]:.3g} in that with the highest.",
        kind="bar",
        table="errors_by_prediction",
        x="tenth",
        y=("median_error",),
    )
    return table, figure


def quality_metrics(info: SignalsInfo, rows: int) -> tuple[Metric, ...]:
    """How good the predictions are that labels are judged by, beside what guessing would give."""
    quality = info.quality
    name = "accuracy" if info.classes else "r2"
    interval = "95 % Wilson" if info.classes else "95 % bootstrap, 200 draws, seed 0"
    if info.groups is not None:
        interval += ", by group"
    what = "share of labels that the model predicts" if info.classes else "share of variance that the model explains"
    return (
        Metric(
            name=f"out_of_fold_{name}",
            value=quality.get(name),
            unit="share",
            low=quality.get(f"{name}_low"),
            high=quality.get(f"{name}_high"),
            interval=interval if f"{name}_low" in quality else "",
            n=rows,
            independent_units=info.groups,
            better="higher",
            meaning=f"{what}, for rows it did not learn from ({info.model})",
            note="; ".join(info.notes),
        ),
        Metric(
            name="baseline",
            value=quality["baseline"],
            unit="share",
            n=rows,
            meaning="the same for always guessing the commonest class" if info.classes else "always guessing the mean",
        ),
        *_beside(info, rows),
    )


_BESIDE = {
    "against_baseline": (
        "out_of_fold_against_baseline",
        "of the rows in which the model and the commonest class differ and one is right, the share in which it is the model",
        "95 % Wilson",
    ),
    "auc": (
        "out_of_fold_auc",
        "chance that a row of a class is given more probability for it than a row of others, mean over classes; 0.5 is a guess",
        "95 % DeLong, on the logit scale",
    ),
    "rank": (
        "out_of_fold_rank_correlation",
        "Spearman's correlation of predictions and labels, which a few wild values do not rule; 0 is a guess",
        "95 % bootstrap, 200 draws, seed 0",
    ),
}


def _beside(info: SignalsInfo, rows: int) -> tuple[Metric, ...]:
    """What else predictions tell of labels, where their quality is not shown to beat a guess."""
    return tuple(
        Metric(
            name=name,
            value=info.quality[key],
            unit="" if key == "rank" else "share",
            low=info.quality.get(f"{key}_low"),
            high=info.quality.get(f"{key}_high"),
            interval=(interval + ", by group" * (info.groups is not None)) if f"{key}_low" in info.quality else "",
            n=rows,
            independent_units=info.groups,
            better="higher",
            meaning=meaning,
        )
        for key, (name, meaning, interval) in _BESIDE.items()
        if key in info.quality
    )
