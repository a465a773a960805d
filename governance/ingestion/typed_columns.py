"""Every column of what was read in its logical type: declared ones in that, the others in what their cells are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from governance.contract import with_roles
from governance.dataset import Column, ColumnType, DataConfig, Format
from governance.errors import DataError
from governance.image_files import reference_type
from governance.ingestion.column_types import read_narrowest, typed

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Rows:
    """What was read of a source already."""

    frame: pl.DataFrame
    """As `read_rows` returns it."""
    kind: Format
    missing: Mapping[str, Mapping[str, int]]
    """Likewise."""
    read: Mapping[str, tuple[ColumnType, pl.Series]]
    """Narrowest type of columns of it, and the column as this type; of the others it is found out here."""


def typed_rows(
    rows: Rows, config: DataConfig, declared: tuple[Column, ...], name: str
) -> tuple[pl.DataFrame, tuple[Column, ...], Literal["declared", "file", "inferred"]]:
    """The frame with every column in its logical type, columns in declared order, and where the types are from.

    Raises DataError where cells are not what is declared, ConfigError where roles contradict each other.
    """
    frame, kind = rows.frame, rows.kind
    keys = {"source_file", "source_row"} | ({"split"} if config.split.method == "files" else set())
    present = [column for column in frame.columns if column not in keys]
    if missing := [column.name for column in declared if column.name not in present]:
        raise DataError(
            f"{config.path} has no column {', '.join(map(repr, missing))}, which expectations/{name}/columns.yaml "
            f"declares; it has: {', '.join(present[:30])}"
        )
    known = {column.name for column in declared}
    read = {c: rows.read.get(c) or _read(frame[c], config, kind) for c in present if c not in known}
    # Private where others are declared and it is not.
    undeclared = [Column(name=c, type=found, public=False if declared else None) for c, (found, _) in read.items()]
    types: Literal["declared", "file", "inferred"] = "declared"
    if not declared:
        types = "file" if kind.typed else "inferred"
    result = with_roles((*declared, *undeclared), config, name)
    for column in result:
        series = read[column.name][1] if column.name in read else frame[column.name]
        if kind is Format.IMAGE_FOLDER and column.type is ColumnType.IMAGE and outside(series):
            continue
        frame = frame.with_columns(typed(series, column.type, config.path, config.read).alias(column.name))
    return frame, result, types


def outside(series: pl.Series) -> bool:
    """Whether a column of an image folder says where its images lie, and does not hold them."""
    return series.dtype == reference_type()


def _read(series: pl.Series, config: DataConfig, kind: Format) -> tuple[ColumnType, pl.Series]:
    """Type of a column that nobody declared, by its content, and the column as this type where it is text."""
    if kind is Format.IMAGE_FOLDER and outside(series):
        return ColumnType.IMAGE, series
    if kind is Format.IMAGE_FOLDER and str(series.dtype) == "String":
        return ColumnType.CATEGORY, series  # `7` is a class there, no number
    return read_narrowest(series, config.read)
