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


@dataclass(frozen=True)
class Numbers:
    """Columns of the matrix that are made from numbers."""

    columns: tuple[NDArray[np.float64] | NDArray[np.bool_], ...]
    """Each (rows,)."""

    @property
    def width(self) -> int:
        """How many columns of the matrix they are."""
        return len(self.columns)

    def write(self, place: NDArray[np.float64]) -> None:
        """Into `place` (rows, width), all 0."""
        for number, column in enumerate(self.columns):
            place[:, number] = column


@dataclass(frozen=True)
class Levels:
    """Columns of the matrix that are 1 where a row holds one level, and else 0."""

    column: NDArray[np.int64]
    """(rows,) which of them is 1; `width` or more where none is."""
    width: int

    def write(self, place: NDArray[np.float64]) -> None:
        """Into `place` (rows, width), all 0."""
        rows = np.flatnonzero(self.column < self.width)
        place[rows, self.column[rows]] = 1.0


Block = Numbers | Levels


def encode_table(frame: pl.DataFrame, columns: Sequence[Column]) -> Encoding:
    """Numbers standardised, dates as numbers, missing numbers as the median with a flag, categories one-hot.

    Columns that hold one value, images and free text give nothing.
    """
    parts: list[Block] = []
    sources: list[str] = []
    infinite = 0
    for column in columns:
        series = frame[column.name]
        if column.type.numeric or column.type in {ColumnType.DATE, ColumnType.DATETIME}:
            values = to_numbers(series)
            infinite += int(np.isinf(values).sum())
            block: Block = _numeric_block(values)
        elif column.type in {ColumnType.BOOLEAN, ColumnType.CATEGORY, ColumnType.STRING}:
            block = _level_block(series)
        else:
            continue
        parts.append(block)
        sources += [column.name] * block.width
    matrix = np.zeros((frame.height, len(sources)))
    filled = 0
    while parts:  # one block at a time is let go, so that a large table never lies in memory twice
        block = parts.pop(0)
        block.write(matrix[:, filled : filled + block.width])
        filled += block.width
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


def _numeric_block(values: NDArray[np.float64]) -> Numbers:
    missing = ~np.isfinite(values)
    if missing.all():
        return Numbers(())
    filled = np.where(missing, np.median(values[~missing]), values)
    # Scaling by the largest size first keeps squares of very large numbers finite.
    scale = float(np.abs(filled).max()) or 1.0
    centred = filled / scale
    centred = centred - centred.mean()
    deviation = float(centred.std())
    parts: list[NDArray[np.float64] | NDArray[np.bool_]] = []
    if deviation > 1e-12:
        parts.append(centred / deviation)
    if missing.any():
        parts.append(missing)
    return Numbers(tuple(parts))


def _level_block(series: pl.Series) -> Levels:
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
    rare = int(np.count_nonzero(numbers == len(levels)))
    width = len(levels) + (0 < rare < text.len())
    # One level says nothing, and of two columns the second says the same.
    return Levels(numbers, {1: 0, 2: 1}.get(width, width))


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
