"""What moved, in numbers: metrics, tables and a figure."""

from __future__ import annotations

from collections.abc import Sequence

from governance.evidence import Figure, Metric, Scalar, Table
from governance.reporting.drift_tests import ColumnResult, Comparison, JointResult
from governance.reporting.moved_rows import segments
from governance.reporting.too_small import TooSmall

SHOWN_COLUMNS = 40
SEGMENTS = 12
NAMED = 10
"""So many columns that were not compared are named."""


def _sizes(comparison: Comparison) -> str:
    """`train 424, test 145`: rows of both sets, as their comparison names them, the later set first."""
    later = comparison.split or comparison.name.partition(" and ")[0]
    earlier = comparison.name.removeprefix(f"{later} and ")
    before, now = comparison.sizes
    return f"{later} {now:,}, {earlier} {before:,}"


def metrics(columns: list[ColumnResult], joint: list[JointResult], comparisons: list[Comparison]) -> tuple[Metric, ...]:
    """Counts over all, and per comparison the largest effect, what would be noticed, and the classifier."""
    moved = {(r.comparison.subject, r.pair.column) for r in columns if r.moved}
    tested = {(r.comparison.subject, r.pair.column) for r in columns}
    found = [
        Metric(
            name="moved_columns", value=len(moved), unit="columns", n=len(tested), better="lower",
            meaning="columns that differ beyond chance, over all comparisons",
        )
    ]  # fmt: skip
    for comparison in comparisons:
        own = [r for r in columns if r.comparison is comparison]
        if own:
            best = max(own, key=lambda r: r.effect)
            found += [
                Metric(
                    name="largest_effect", value=best.effect, unit="distance", n=sum(comparison.sizes), better="lower",
                    group=comparison.name, meaning="largest distance between the distributions of one column, 0 to 1",
                    note=f"in {best.pair.column}" + ("" if best.moved else "; no more than chance would give"),
                ),
                Metric(
                    name="detectable_effect", value=sorted(r.detectable for r in own)[len(own) // 2], unit="distance",
                    n=sum(comparison.sizes), better="lower", group=comparison.name,
                    meaning="distance in one column, 0 to 1, that would be noticed 8 times in 10",
                ),
            ]  # fmt: skip
        for result in (r for r in joint if r.comparison is comparison):
            told = result.test.p_value is not None
            names = {
                "joint": "classifier_strength", "ties": "changed_tie", "concept": "changed_labels",
                "embedding": "changed_content",
            }  # fmt: skip
            meanings = {
                "embedding": "distance between the distributions of one number of the embedding, 0 to 1",
                "joint": "how well a classifier tells both sets apart: 0 not at all, 1 perfectly",
                "ties": "largest change of a rank correlation between two columns",
                "concept": "how strongly labels of rows with similar features depend on the set",
            }
            found.append(
                Metric(
                    name=names[result.test.kind], value=result.test.effect if told else None, unit="distance",
                    n=sum(comparison.joint.sampled) or sum(comparison.sizes), better="lower", group=comparison.name,
                    meaning=meanings[result.test.kind],
                    note=("" if result.moved else "no more than chance would give") if told else result.test.words,
                )
            )  # fmt: skip
    return tuple(found)


def _result(one: ColumnResult) -> str:
    return "moved" if one.moved else "moved too little to matter" if one.slight else "no difference shown"


def _not_compared(names: Sequence[str]) -> str:
    """Columns that no test was made of, in words."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    why = "not compared, as nothing varies, or no value repeats, or one set has none"
    return f"; {why}: {', '.join(names[:NAMED])}{more}" if names else ""


def tables(
    columns: list[ColumnResult],
    joint: list[JointResult],
    comparisons: list[Comparison],
    small: Sequence[TooSmall] = (),
    levels: Table | None = None,
    left_out: Sequence[str] = (),
) -> dict[str, tuple[Table, ...] | tuple[Figure, ...]]:
    """Comparisons, those that are too `small` in words, columns, with those `left_out`, segments, and `levels` of other
    columns that the moved rows lie in; a figure of the effects."""
    lines: list[tuple[Scalar, ...]] = []
    for one in comparisons:
        own = [r for r in columns if r.comparison is one]
        auc = next((r.test.effect / 2 + 0.5 for r in joint if r.comparison is one and r.test.kind == "joint"), None)
        design = f"by {one.given_by}" if one.given_by else "as given"
        unit = "independent (assumed)"
        if one.rows is not None and one.rows.groups is not None and one.rows.snapshot.grouping is not None:
            unit = f"by {one.rows.snapshot.grouping.name}"
        elif one.sketch is not None and one.sketch.groups is not None and one.sketch.snapshot.grouping is not None:
            unit = f"by {one.sketch.snapshot.grouping.name}, the earlier rows alike (assumed)"
        lines.append(
            (
                one.name,
                _sizes(one),
                len(own),
                sum(r.moved for r in own),
                auc,
                sum(one.joint.sampled) or None,
                design,
                unit,
            )
        )
    header = (
        "comparison",
        "rows_compared",
        "tests",
        "moved",
        "classifier_auc",
        "rows_for_classifier",
        "divided",
        "rows_counted",
    )
    caption = "What was compared" + "".join(f"; not {one.reason}" for one in small)
    found = [Table(name="comparisons", caption=caption, columns=header, rows=tuple(lines))]
    left = len(columns) - SHOWN_COLUMNS
    caption = (
        "Columns, those that moved first; p-values allow for all columns and comparisons; means are in standard deviations of "
        "the set that is named last, values beyond 1.5 ranges of the middle nine tenths drawn in to there"
    )
    rows = tuple(
        (
            r.pair.column, r.pair.aspect, r.comparison.name, r.effect, r.detectable, r.adjusted, r.pair.mean_shift,
            r.pair.new_levels or None, _result(r),
        )
        for r in columns[:SHOWN_COLUMNS]
    )  # fmt: skip
    names = (
        "column",
        "aspect",
        "comparison",
        "effect",
        "detectable",
        "p_adjusted",
        "mean_shift_sd",
        "new_levels",
        "result",
    )
    found.append(
        Table(
            name="columns",
            caption=caption + (f"; {left} more lines are left out" if left > 0 else "") + _not_compared(left_out),
            columns=names,
            rows=rows,
        )
    )
    parts = [line for r in columns if r.moved and r.pair.aspect in {"values", "labels"} for line in segments(r)]
    if parts:
        parts.sort(key=lambda line: -abs(float(line[3] or 0) - float(line[2] or 0)))
        found.append(
            Table(
                name="segments",
                caption="Where rows became more or fewer: the segments that moved most, with their shares in the first and in "
                "the second of the sets that are named",
                columns=("segment", "comparison", "share_of_first", "share_of_second"),
                rows=tuple((name, sets, now, before) for name, sets, before, now in parts[:SEGMENTS]),
            )
        )
    if levels is not None:
        found.append(levels)
    shown = [r for r in columns if r.pair.aspect != "missing"][:SEGMENTS]
    if not shown:
        return {"tables": tuple(found)}
    found.append(
        Table(
            name="effects",
            caption="The largest of these effects",
            columns=("column", "effect", "detectable"),
            rows=tuple(
                (
                    f"{r.pair.column}, {r.comparison.name}" if len(comparisons) > 1 else r.pair.column,
                    r.effect,
                    r.detectable,
                )
                for r in shown
            ),
        )
    )
    moved = sum(r.moved for r in columns)
    figure = Figure(
        name="effects",
        caption="How far the distributions of columns lie apart (0 to 1)",
        alt=f"{moved} of {len(columns)} tests show a difference; the largest effect is {columns[0].effect:.3f} in {columns[0].pair.column}.",
        kind="bar",
        table="effects",
        x="column",
        y=("effect",),
    )
    return {"tables": tuple(found), "figures": (figure,)}
