"""Rows of a file to compare with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot


def read_reference(snapshot: Snapshot, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of a CSV or Parquet file: the columns that the snapshot has as well, in its types; and the whole file as it is
    written, values of a CSV file as text. Raises DataError.
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
    rows = pl.DataFrame([typed(frame[name], known[name].type, path.name) for name in common])
    return rows, frame
