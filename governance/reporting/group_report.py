"""Metrics, tables and the figure that show how groups compare with the whole."""

from __future__ import annotations

from typing import Any

from governance.evidence import Figure, Metric, Scalar, Table
from governance.modelling.results import SMALLEST_SHOWN, Part, Results
from governance.reporting.slicing import Group


def score_name(results: Results) -> str:
    """Name of the score that groups are compared by."""
    return "accuracy" if results.classification else "mean_absolute_error"


def score_words(results: Results) -> str:
    """The same in words."""
    return score_name(results).replace("_", " ")


def group_metrics(
    groups: tuple[Group, ...], spread: float, part: Part, results: Results, largest: int
) -> tuple[Metric, ...]:
    """The score of every single group that has enough rows, and per column the largest gap between such groups.

    `spread` is the standard deviation of what the scores are means of. At most `largest` groups, worse ones first.
    """
    import numpy as np

    from governance.measures.group_gaps import gap_by_chance

    unit = "share" if results.classification else results.target_unit
    single = [group for group in groups if group.told and group.slice.single]
    metrics = [
        Metric(
            name=score_name(results),
            value=group.value,
            unit=unit,
            low=group.low,
            high=group.high,
            interval="" if group.low is None else "95 % Wilson" if results.classification else "95 % Student",
            n=group.rows,
            independent_units=None if part.units is None else group.units,
            better="higher" if results.classification else "lower",
            group=group.slice.label,
            meaning=f"{score_words(results)} of this group on {part.split}",
        )
        for group in sorted(single, key=lambda group: not group.worse)[:largest]
    ]
    for column in results.sensitive:
        own = [group for group in single if group.slice.columns == (column.name,)]
        if len(own) < 2:
            continue
        gap = max(group.value for group in own) - min(group.value for group in own)
        usual = float(np.quantile(gap_by_chance([group.units for group in own], spread, 2000, 0), 0.95))
        metrics.append(
            Metric(
                name="largest_gap",
                value=gap,
                unit=unit,
                n=sum(group.rows for group in own),
                better="lower",
                group=column.name,
                meaning=f"{'best minus worst' if results.classification else 'worst minus best'} "
                f"{score_words(results)} among the groups of this column",
                note=f"{len(own)} groups; when they do not differ, chance stays below {usual:.3g} in 95 % of cases",
            )
        )
    return tuple(metrics)


def group_tables(groups: tuple[Group, ...], score: float, part: Part, results: Results, largest: int) -> dict[str, Any]:
    """Groups, worse ones first; for two classes also rates; and a figure of them."""
    ordered = sorted(groups, key=lambda group: (not group.worse, not group.slice.single))
    shown, left = ordered[:largest], len(groups) - largest
    rows: list[tuple[Scalar, ...]] = []
    for group in shown:
        cells: tuple[Scalar, ...] = (None, None, None, None)
        if group.rows >= SMALLEST_SHOWN:
            cells = (group.value, group.low, group.high, group.value - score)
        result = "worse" if group.worse else "no difference shown" if group.told else "cannot tell"
        rows.append((group.slice.label, group.rows, *cells, result))
    title = f"{score_words(results).capitalize()} per group on {part.split} with 95 % intervals"
    tables = [
        Table(
            name="groups",
            caption=f"{title}; {score:.3g} on the whole." + (f" {left} more groups are left out." if left > 0 else ""),
            columns=("group", "rows", score_name(results), "low", "high", "difference", "result"),
            rows=tuple(rows),
        )
    ]
    if results.positive is not None:
        tables.append(_rates(shown, part, results.positive, results.class_names[results.positive]))
    told = [group for group in shown if group.rows >= SMALLEST_SHOWN]
    if not told:
        return {"tables": tuple(tables)}
    lowest, highest = min(group.value for group in told), max(group.value for group in told)
    figure = Figure(
        name="groups",
        caption=f"{title}.",
        alt=f"Values from {lowest:.3g} to {highest:.3g} in {len(told)} groups; {score:.3g} on the whole; "
        f"{sum(group.worse for group in told)} reported as worse.",
        kind="interval",
        table="groups",
        x="group",
        y=(score_name(results), "low", "high"),
    )
    return {"tables": tuple(tables), "figures": (figure,)}


def _rates(groups: list[Group], part: Part, positive: int, name: str) -> Table:
    """Rates of positive answers; a rate on fewer than SMALLEST_SHOWN rows is left empty."""
    answered, true = part.predicted == positive, part.label == positive
    rows: list[tuple[Scalar, ...]] = []
    for group in groups:
        inside = group.slice.rows
        among = (inside, inside[true[inside]], inside[~true[inside]])
        rates = [float(answered[one].mean()) if one.size >= SMALLEST_SHOWN else None for one in among]
        counts = [int(one.size) if one.size >= SMALLEST_SHOWN else None for one in among[1:]]
        rows.append((group.slice.label, int(inside.size), rates[0], counts[0], rates[1], counts[1], rates[2]))
    return Table(
        name="rates",
        caption=f"Answers of {name} per group on {part.split}: among all rows, among rows that are truly of it (true "
        "positive rate), among the others (false positive rate).",
        columns=("group", "rows", "answered", "true_rows", "true_positive_rate", "other_rows", "false_positive_rate"),
        rows=tuple(rows),
    )
