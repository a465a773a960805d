"""Rows of a file to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from governance.read_options import ReadOptions

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

CURE = (
    "it is read as the data is (`read` in params.yaml), or as its first line shows: write it as the data is written, or as "
    "a Parquet file"
)


@dataclass(frozen=True)
class Reference:
    """What was read of a file."""

    rows: pl.DataFrame
    """The columns that the snapshot has as well, in its types."""
    file: pl.DataFrame
    """The whole file as it is written, cells of a text file as text."""
    read: ReadOptions
    """How cells of the file are read; those of the data are by `Snapshot.read`."""
    unread: tuple[str, ...] = ()
    """Columns that cannot be read in the snapshot's type."""


def read_reference(snapshot: Snapshot, path: Path) -> Reference:
    """Rows of a file, read by the reader of the data with the dataset's own options. Raises DataError with what to do."""
    import polars as pl

    from governance.errors import DataError
    from governance.ingestion.column_types import typed
    from governance.reading.typed_cells import nested_as_json
    from governance.reporting.reference_notation import notation

    shown = f"references/{path.name}"
    if path.is_relative_to(snapshot.workspace):
        shown = path.relative_to(snapshot.workspace).as_posix()
    if not path.is_file():
        raise DataError(f"{shown} does not exist; it must be a file in the folder references/")
    frame, read = read_file(snapshot, path, shown)
    known = {column.name: column for column in snapshot.columns}
    common = [name for name in frame.columns if name in known]
    if not common:
        raise DataError(
            f"{shown}: {frame.height} rows, and no column in common with {snapshot.name}{_why(frame, known)}"
        )
    frame = nested_as_json(frame)
    read = notation(frame, snapshot, read)
    columns: list[pl.Series] = []
    unread: list[tuple[str, DataError]] = []
    for name in common:
        try:
            columns.append(typed(frame[name], known[name].type, shown, read))
        except DataError as error:
            unread.append((name, error))
    if not columns:
        raise unread[0][1]
    return Reference(pl.DataFrame(columns), frame, read, tuple(name for name, _ in unread))


def read_file(snapshot: Snapshot, path: Path, shown: str) -> tuple[pl.DataFrame, ReadOptions]:
    """A file as it is written, cells of a text file as text, and the options by which it was read. Raises DataError."""
    import polars as pl

    from governance.adapters.hugging_face import read_table
    from governance.errors import DataError
    from governance.reporting.reference_notation import file_format, layout

    kind = file_format(path, snapshot.manifest.format)
    read = snapshot.read if kind.typed else layout(path, kind, snapshot)
    try:
        frame = read_table(path, shown, kind, read)
    except DataError as error:
        raise DataError(f"{error}; {CURE}") from None
    if not kind.typed:
        text = pl.col(pl.String)
        frame = frame.with_columns(pl.when(text.is_in(list(read.na_values))).then(None).otherwise(text).name.keep())
    return frame, read


def _why(frame: pl.DataFrame, known: Mapping[str, object]) -> str:
    """What to do where no column of the file has the name of one of the data."""
    if {name.strip().casefold() for name in frame.columns} & {name.casefold() for name in known}:
        return ": names differ in capitals or spaces; name its columns as the data does"
    return f": its first line must name columns as columns.yaml does; {CURE}"
