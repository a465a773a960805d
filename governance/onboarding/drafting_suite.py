"""Drafts suite.json: a Great Expectations suite on what a table as a whole should stay like."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from governance.dataset import ColumnType, Role, Task
from governance.drafts import BLANK, MARK, sealed
from governance.onboarding.drafting_numbers import rounded_outward
from governance.onboarding.drafting_schema import FEW_ROWS

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import Manifest, SnapshotColumn

_DEVIATIONS = 4.0
"""Standard errors of the difference of two samples that a drafted window allows for chance."""
_SHIFT = 0.05
"""Share of rows by which a quantile may move beyond chance before a drafted window speaks."""
_QUANTILES = (0.25, 0.5, 0.75)


def draft_suite(manifest: Manifest, frame: pl.DataFrame) -> str:
    """Text of suite.json. Holds no value of a private column."""
    expectations = [_row_count(frame.height)]
    for column in manifest.columns:
        series = frame[column.name]
        is_class = column.name == manifest.target and manifest.task is Task.CLASSIFICATION
        expectations.extend(_nulls(column, series))
        if column.private or column.resolved_role in {Role.IDENTIFIER, Role.SPLIT, Role.IGNORED}:
            continue
        if is_class and column.type in {ColumnType.CATEGORY, ColumnType.STRING, ColumnType.INTEGER}:
            expectations.extend(_classes(column, series))
        elif column.type is ColumnType.CATEGORY:
            expectations.extend(_levels(column, series))
        elif column.type.numeric and not is_class:
            expectations.extend(_quantiles(column, series))
    why = f"Draft made from {frame.height} rows by govern add; windows are what was seen, widened for chance."
    suite = {"name": manifest.dataset, "meta": {"draft": why, MARK: BLANK}, "expectations": expectations}
    return sealed(json.dumps(suite, indent=2, ensure_ascii=False) + "\n")


def _expectation(kind: str, severity: str, why: str, **arguments: Any) -> dict[str, Any]:
    return {"type": kind, "kwargs": arguments, "severity": severity, "meta": {"why": why}}


def _row_count(rows: int) -> dict[str, Any]:
    low = math.floor(rounded_outward(rows / 2, up=False))
    high = math.ceil(rounded_outward(rows * 10.0, up=True))
    why = f"{rows} rows when drafted; half of that suggests a cut file, ten times that a doubled or wrong one."
    return _expectation("expect_table_row_count_to_be_between", "warning", why, min_value=low, max_value=high)


def _nulls(column: SnapshotColumn, series: pl.Series) -> list[dict[str, Any]]:
    rows = series.len()
    if column.resolved_role is Role.TARGET and not column.nulls:
        why = "A row without a target can neither train nor test."
        return [_expectation("expect_column_values_to_not_be_null", "critical", why, column=column.name)]
    if column.resolved_role is Role.TARGET and column.nulls < rows:
        why = f"{column.nulls} of {rows} rows had no label when drafted; a row without one can neither train nor test."
        return [_expectation("expect_column_values_to_not_be_null", "warning", why, column=column.name)]
    if not column.nulls or column.nulls == rows:
        return []
    share = column.nulls / rows
    most = share + 0.02 + _noise(share, rows)
    if most >= 1:
        return []
    mostly = math.floor((1 - most) * 1000) / 1000
    why = f"{100 * share:.2g} % missing when drafted."
    return [
        _expectation("expect_column_values_to_not_be_null", "warning", why, column=column.name, mostly=mostly)
    ]  # fmt: skip


def _noise(share: float, rows: int) -> float:
    """What chance may add to a share between this sample and another of the same size (Agresti-Coull variance)."""
    centre = (share * rows + 2) / (rows + 4)
    return _DEVIATIONS * math.sqrt(2 * centre * (1 - centre) / (rows + 4))


def _counts(series: pl.Series) -> dict[Any, int]:
    return dict(series.drop_nulls().value_counts(name="_rows").sort(series.name).iter_rows())


def _classes(column: SnapshotColumn, series: pl.Series) -> list[dict[str, Any]]:
    counts = _counts(series)
    rows = sum(counts.values())
    if not counts or min(counts.values()) < FEW_ROWS:
        return _levels(column, series)
    values = list(counts)
    weights = [round(count / rows, 6) for count in counts.values()]
    weights[weights.index(max(weights))] += 1 - sum(weights)  # they must sum to 1
    chance = (len(counts) - 1) / rows  # mean of the divergence between two samples of this size
    threshold = round(0.05 + 5 * chance, 4)
    whys = ("All classes must be there, and no other.", "Class shares when drafted; a larger divergence is no chance.")
    return [
        _expectation(
            "expect_column_distinct_values_to_equal_set", "critical", whys[0], column=column.name, value_set=values
        ),
        _expectation(
            "expect_column_kl_divergence_to_be_less_than", "warning", whys[1], column=column.name,
            partition_object={"values": values, "weights": [round(w, 6) for w in weights]}, threshold=threshold,
        ),
    ]  # fmt: skip


def _levels(column: SnapshotColumn, series: pl.Series) -> list[dict[str, Any]]:
    """The levels that are not rare, for nearly all rows: where new rare ones are to be expected."""
    counts = _counts(series)
    rows = sum(counts.values())
    known = [value for value, count in counts.items() if count >= FEW_ROWS]
    if not known or len(known) == len(counts):
        return []
    rare = 1 - sum(counts[value] for value in known) / rows
    mostly = math.floor((1 - rare - 0.02 - _noise(rare, rows)) * 1000) / 1000
    if mostly <= 0.5:
        return []
    why = (
        f"{len(known)} of {len(counts)} levels were seen {FEW_ROWS} times or more; they hold {100 * (1 - rare):.1f} %."
    )
    return [
        _expectation(
            "expect_column_values_to_be_in_set", "warning", why, column=column.name, value_set=known, mostly=mostly
        )
    ]


def _quantiles(column: SnapshotColumn, series: pl.Series) -> list[dict[str, Any]]:
    """Quartiles between the quantiles that chance and a small shift could make of them."""
    values = series.drop_nulls()
    if values.len() < 30:
        return []
    ranges = []
    for quantile in _QUANTILES:
        slack = _SHIFT + _DEVIATIONS * math.sqrt(2 * quantile * (1 - quantile) / values.len())
        low = values.quantile(max(0.0, quantile - slack), interpolation="lower")
        high = values.quantile(min(1.0, quantile + slack), interpolation="higher")
        assert low is not None
        assert high is not None
        ranges.append(
            [rounded_outward(float(low), up=False, digits=3), rounded_outward(float(high), up=True, digits=3)]
        )
    why = "Quartiles when drafted, widened for chance and a shift of 5 % of the rows."
    return [
        _expectation(
            "expect_column_quantile_values_to_be_between", "warning", why, column=column.name,
            quantile_ranges={"quantiles": list(_QUANTILES), "value_ranges": ranges},
        )
    ]  # fmt: skip
