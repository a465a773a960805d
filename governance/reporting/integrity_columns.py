"""What whole columns show: that they hold nothing, that they hold the same, that they hold another one's values."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from governance.dataset import ColumnType
from governance.evidence import Confidence, Finding, Level
from governance.reporting.integrity_rules import NEAR_CONSTANT

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.sketches import ColumnSketch

LEAST_ROWS = 50
"""With fewer rows, here or in the reference, columns are not compared with what they held before."""
FACTORS = (1000.0, 100.0, 0.01, 0.001)


def column_findings(frame: pl.DataFrame, columns: list[SnapshotColumn]) -> list[Finding]:
    """Columns with one value in nearly all rows, and sets of columns that agree in every row."""
    import polars as pl

    found = []
    compared = [column for column in columns if column.type is not ColumnType.IMAGE]
    for column in compared:
        if len(column.missing_as) > 1:
            found.append(_several_codings(column))
        known = frame[column.name].drop_nulls()
        if known.len() < LEAST_ROWS:
            continue
        most = int(known.value_counts(name="_rows")["_rows"].max() or 0)  # type: ignore[arg-type]
        if most >= NEAR_CONSTANT * known.len() and known.len() - most < 10:
            found.append(
                Finding(
                    rule="integrity/near_constant_column",
                    level=Level.NOTE,
                    message=f"Column '{column.name}' holds one value in {most} of {known.len()} rows.",
                    remedy="Look at whether it was filled as it should be; a model learns nothing from it.",
                    columns=(column.name,),
                    count=most,
                    of=known.len(),
                )
            )
    alike: dict[tuple[Any, ...], list[str]] = {}
    for column in compared:
        if column.distinct > 2:
            alike.setdefault((column.type, column.nulls, column.distinct), []).append(column.name)
    pairs = [pair for names in alike.values() for pair in combinations(sorted(names), 2)]
    same = [(a, b) for a, b in pairs if frame.select(pl.col(a).eq_missing(pl.col(b)).all()).item()]
    found += [
        Finding(
            rule="integrity/duplicate_column",
            level=Level.WARNING,
            message=f"Columns '{first}' and '{second}' agree in all {frame.height:,} rows.",
            remedy="Remove one of them, or declare it with the role ignored.",
            columns=(first, second),
            count=frame.height,
            of=frame.height,
        )
        for first, second in same
    ]
    return found


def _several_codings(column: SnapshotColumn) -> Finding:
    """Declared markers were read as missing, whichever it was: the note is where the difference is still told."""
    markers = sorted(column.missing_as.items(), key=lambda one: (-one[1], one[0]))
    cells = sum(column.missing_as.values())
    told = [f"'{marker}' in {count}" if marker else f"the empty cell in {count}" for marker, count in markers]
    return Finding(
        rule="integrity/several_null_codings",
        level=Level.NOTE,
        message=f"Column '{column.name}': {cells:,} missing cells are written in {len(markers)} ways: {', '.join(told)}.",
        remedy="Look at whether they mean the same; what does not, such as a refusal, is a value of its own and does not "
        "belong under `read: {na_values: [...]}`.",
        columns=(column.name,),
        count=cells - markers[0][1],
        of=cells,
    )


def reference_findings(frame: pl.DataFrame, columns: list[SnapshotColumn], reference: Path | None) -> list[Finding]:
    """Columns that hold what another one held in the sketch `reference`, or their own values in another unit.

    Raises EvidenceError when the sketch is damaged.
    """
    if reference is None or not reference.is_file() or frame.height < LEAST_ROWS:
        return []
    from governance.measures.bin_distance import moved
    from governance.sketches import read_sketch

    before = read_sketch(reference)
    then_of = {column.name: column for column in before.columns if column.bins}
    names = [column.name for column in columns if column.name in then_of]
    if before.rows < LEAST_ROWS:
        return []
    distance = {}
    for now in names:
        for then in names:
            if then_of[now].kind == then_of[then].kind:
                value = _distance(frame[now], then_of[then])
                if value is not None:
                    distance[now, then] = value
    found = []
    for now, then in moved(distance).items():
        found.append(
            Finding(
                rule="integrity/moved_column",
                level=Level.ERROR,
                confidence=Confidence.MEDIUM,
                message=f"Column '{now}' is not as it was in the version approved before, and is as '{then}' was then.",
                remedy="Look at whether columns were swapped or shifted when the data was written.",
                columns=tuple(sorted((now, then))),
                subject=now,
            )
        )
    moved_names = {name for finding in found for name in finding.columns}
    for name in names:
        factor = _factor(frame[name], then_of[name]) if name not in moved_names else None
        if factor is not None and distance.get((name, name), 0.0) >= 0.5:
            found.append(
                Finding(
                    rule="integrity/unit_changed",
                    level=Level.ERROR,
                    confidence=Confidence.MEDIUM,
                    message=f"Column '{name}' is as it was in the version approved before, times {factor:g}.",
                    remedy="Look at whether its unit changed.",
                    columns=(name,),
                )
            )
    return found


def _distance(series: pl.Series, then: ColumnSketch) -> float | None:
    from governance.measures.bin_distance import total_variation

    counts = _binned(series, then)
    return None if counts is None else total_variation(counts, _total(then))


def _total(then: ColumnSketch) -> NDArray[np.float64]:
    import numpy as np

    return np.asarray(then.total, dtype=np.float64)


def _binned(series: pl.Series, then: ColumnSketch, factor: float = 1.0) -> NDArray[np.float64] | None:
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers

    bins = _total(then).size
    if then.kind == "levels" and then.levels:
        place = {level: number for number, level in enumerate(then.levels)}
        counts = np.zeros(bins)
        for value, rows in series.drop_nulls().cast(pl.String).value_counts(name="_rows").rows():
            counts[min(place.get(value, bins - 1), bins - 1)] += rows
        return counts
    if then.kind == "numbers" and then.cuts and series.dtype.is_numeric():
        values = to_numbers(series)
        values = values[np.isfinite(values)] / factor
        binned = np.bincount(np.searchsorted(np.array(then.cuts), values, side="left"), minlength=bins)
        return binned.astype(np.float64) if binned.size == bins else None
    return None


def _factor(series: pl.Series, then: ColumnSketch) -> float | None:
    """The factor by which the column fits the sketch, when it fits by one."""
    from governance.measures.bin_distance import NEAR, total_variation

    if then.kind != "numbers":
        return None
    for factor in FACTORS:
        counts = _binned(series, then, factor)
        if counts is not None and total_variation(counts, _total(then)) <= NEAR:
            return factor
    return None
