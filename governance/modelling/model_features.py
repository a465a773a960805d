"""Feature table: what a model may learn from, as one polars frame of numbers, strings and texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from governance.adapters.estimators import Kinds
from governance.dataset import ColumnType

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn

LARGEST_SIDE = 32
"""Images up to this many pixels wide and high go in as they are, larger ones are shrunk to it: a pixel is a column."""


def feature_table(
    frame: pl.DataFrame, columns: tuple[SnapshotColumn, ...], images: Callable[[str], Iterable[bytes | None]]
) -> tuple[pl.DataFrame, Kinds]:
    """`columns` of `frame` as models take them, rows in the same order, and what each resulting column is.

    The frame has no images: `images` gives those of its rows, in its order, by the name of their column.
    Booleans become 0 and 1, dates days since 1970-01-01, infinite numbers missing; an image becomes one number from
    0 (black) to 1 (white) per pixel and colour, named `<column>_0000` and so on. Raises DataError on broken images.
    """
    import polars as pl

    numbers: list[pl.Series] = []
    categories: list[pl.Series] = []
    texts: list[pl.Series] = []
    for column in columns:
        if column.type is ColumnType.IMAGE:
            numbers.extend(_pixels(column.name, images(column.name)))
            continue
        values = frame[column.name]
        if column.type is ColumnType.TEXT:
            texts.append(values.cast(pl.String).fill_null(""))
        elif column.type in {ColumnType.CATEGORY, ColumnType.STRING}:
            categories.append(values.cast(pl.String))
        else:
            numbers.append(_number(values, column.type))
    kinds = Kinds(
        tuple(one.name for one in numbers), tuple(one.name for one in categories), tuple(one.name for one in texts)
    )
    return pl.DataFrame([*numbers, *categories, *texts]), kinds


def _number(values: pl.Series, kind: ColumnType) -> pl.Series:
    import polars as pl

    if kind is ColumnType.DATE:
        return values.cast(pl.Date).cast(pl.Int32).cast(pl.Float64)
    if kind is ColumnType.DATETIME:
        return values.cast(pl.Datetime("us")).cast(pl.Int64).cast(pl.Float64) / 86_400_000_000
    as_float = values.cast(pl.Float64)
    return as_float.to_frame().select(pl.when(pl.col(values.name).is_finite()).then(pl.col(values.name))).to_series()


def _pixels(name: str, images: Iterable[bytes | None]) -> list[pl.Series]:
    import polars as pl

    from governance.adapters.pillow import pixels

    matrix = pixels(images, side=LARGEST_SIDE)
    return [pl.Series(f"{name}_{index:04}", matrix[:, index]) for index in range(matrix.shape[1])]
