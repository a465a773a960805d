"""Rows of a file to compare with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot


def read_reference(snapshot: Snapshot, path: Path) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    """Rows of a CSV or Parquet file: the columns that the snapshot has as well, in its types; the whole file as it is
    written, values of a CSV file as text; and columns that cannot be read in the snapshot's type. Raises DataError.
    """
    import polars as pl

    from governance.errors import DataError
    from governance.ingestion.column_types import typed

    try:
        parquet = path.suffix.lower() in {".parquet", ".pq"}
        frame = pl.read_parquet(path) if parquet else pl.read_csv(path, infer_schema=False)
    except FileNotFoundError:
        raise DataError(f"{path.name} does not exist; it must lie in the folder references/") from None
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{path.name} cannot be read: {str(error).splitlines()[0]}") from None
    known = {column.name: column for column in snapshot.columns}
    common = [name for name in frame.columns if name in known]
    if not common or not frame.height:
        raise DataError(f"{path.name} has {frame.height} rows and no column in common with {snapshot.name}")
    read: list[pl.Series] = []
    unread: list[tuple[str, DataError]] = []
    for name in common:
        try:
            read.append(typed(frame[name], known[name].type, path.name))
        except DataError as error:
            unread.append((name, error))
    if not read:
        raise unread[0][1]
    return pl.DataFrame(read), frame, tuple(name for name, _ in unread)
