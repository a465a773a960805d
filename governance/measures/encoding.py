"""Encoding: columns of a table as numbers that a model and a distance can use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from governance.dataset import Column, ColumnType

if TYPE_CHECKING:
    import polars as pl

MAX_LEVELS = 50
"""A category's most frequent levels get a column each; all others share one."""
MIN_LEVEL_ROWS = 5
"""A level with fewer rows than this shares the column of the rare ones: no model learns from less."""
NEARLY_ALL = 0.95
"""Share of a column's strings that hold a number from which on they are read as numbers."""


@dataclass(frozen=True)
class Encoding:
    """A table as a matrix."""

    matrix: NDArray[np.float64]
    """(rows, width): numbers with mean 0 and standard deviation 1, levels and missing-value flags as 0 or 1."""
    sources: tuple[str, ...]
    """The column that each of the matrix's columns was made from."""
    infinite: int
    """Cells that were infinite and are treated as missing."""


def encode_table(frame: pl.DataFrame, columns: Sequence[Column]) -> Encoding:
    """Numbers standardised, dates as numbers, missing numbers as the median with a flag, categories one-hot.

    Columns that hold one value, images and free text give nothing.
    """
    parts: list[NDArray[np.float64]] = []
    sources: list[str] = []
    infinite = 0
    for column in columns:
        series = frame[column.name]
        if column.type.numeric or column.type in {ColumnType.DATE, ColumnType.DATETIME}:
            values = to_numbers(series)
            infinite += int(np.isinf(values).sum())
            block = _numeric_block(values)
        elif column.type in {ColumnType.BOOLEAN, ColumnType.CATEGORY, ColumnType.STRING}:
            block = _level_block(series)
        else:
            continue
        parts.append(block)
        sources += [column.name] * block.shape[1]
    matrix = np.empty((frame.height, len(sources)))
    filled = 0
    while parts:  # one block at a time is let go, so that a large table never lies in memory twice
        block = parts.pop(0)
        matrix[:, filled : filled + block.shape[1]] = block
        filled += block.shape[1]
    return Encoding(matrix, tuple(sources), infinite)


def to_numbers(series: pl.Series) -> NDArray[np.float64]:
    """Values as float64, missing as NaN; dates as microseconds since 1970."""
    import polars as pl

    if series.dtype.is_temporal():
        series = series.cast(pl.Datetime("us")).cast(pl.Int64)
    return series.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)


def written_numbers(series: pl.Series) -> NDArray[np.float64] | None:
    """The number in each of a column of strings such as `12.50 EUR` (rows,), NaN for missing and for other strings; None
    unless nearly all hold exactly one. A comma is a decimal mark where the column has no point, and else divides
    thousands."""
    import polars as pl

    known = series.drop_nulls()
    if known.dtype != pl.String or known.is_empty():
        return None
    comma = "." if not bool(known.str.contains(".", literal=True).any()) else ""
    plain = series.str.replace_all(",", comma, literal=True)
    numbers = plain.str.extract(r"^[^0-9]*?([-+]?[0-9]+(?:\.[0-9]+)?)[^0-9]*$", 1).cast(pl.Float64, strict=False)
    if numbers.count() < NEARLY_ALL * known.len():
        return None
    return numbers.fill_null(float("nan")).to_numpy().astype(np.float64)


def value_codes(series: pl.Series) -> NDArray[np.int64]:
    """(rows,) the place of each value among the different ones in order, from 0; -1 for a missing one."""
    import polars as pl

    codes = np.full(series.len(), -1, dtype=np.int64)
    known = series.drop_nulls()
    if known.dtype.is_float() or known.dtype.is_integer() or known.dtype.is_temporal():
        found = np.unique(known.to_physical().to_numpy(), return_inverse=True)[1]
    else:  # a category's few levels are sorted, not its rows
        levels = known.unique().sort()
        numbers = pl.int_range(levels.len(), eager=True)
        found = known.replace_strict(levels, numbers, return_dtype=pl.Int64).to_numpy()
    codes[series.is_not_null().to_numpy()] = found
    return codes


def _numeric_block(values: NDArray[np.float64]) -> NDArray[np.float64]:
    missing = ~np.isfinite(values)
    if missing.all():
        return np.empty((values.size, 0))
    filled = np.where(missing, np.median(values[~missing]), values)
    # Scaling by the largest size first keeps squares of very large numbers finite.
    scale = float(np.abs(filled).max()) or 1.0
    centred = filled / scale
    centred = centred - centred.mean()
    deviation = float(centred.std())
    parts = []
    if deviation > 1e-12:
        parts.append(centred / deviation)
    if missing.any():
        parts.append(missing.astype(np.float64))
    return np.column_stack(parts) if parts else np.empty((values.size, 0))


def _level_block(series: pl.Series) -> NDArray[np.float64]:
    import polars as pl

    text = series.cast(pl.String)
    counts = text.value_counts(name="rows").filter(pl.col("rows") >= MIN_LEVEL_ROWS)
    levels = counts.sort(["rows", text.name], descending=[True, False], nulls_last=True)[text.name].to_list()
    if len(levels) > MAX_LEVELS:
        levels = levels[:MAX_LEVELS]
    # Each value is looked up once, as asking each level which rows hold it takes as many looks as there are levels.
    numbers = text.replace_strict(
        levels, list(range(len(levels))), default=len(levels), return_dtype=pl.Int64
    ).to_numpy()
    known = np.zeros((text.len(), len(levels) + 1), dtype=bool)
    known[np.arange(text.len()), numbers] = True
    known = known[:, : len(levels)]
    rare = ~known.any(axis=1)
    if rare.any() and not rare.all():
        known = np.column_stack([known, rare])
    elif known.shape[1] <= 1:
        return np.empty((text.len(), 0))
    if known.shape[1] == 2:
        known = known[:, :1]  # the second column says the same
    return known.astype(np.float64)


def principal_components(matrix: NDArray[np.float64], dimensions: int) -> NDArray[np.float64]:
    """`matrix` (n, d), centred, on its first `dimensions` principal axes; unchanged when d is no larger.

    The sign of each axis is such that its largest loading is positive, so that results repeat.
    """
    if matrix.shape[1] <= dimensions:
        return matrix
    centred = matrix - matrix.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :dimensions]
    strongest = np.abs(axes).argmax(axis=0)
    axes = axes * np.where(axes[strongest, np.arange(axes.shape[1])] < 0, -1.0, 1.0)
    return np.asarray(centred @ axes, dtype=np.float64)
