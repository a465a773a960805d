"""Rows of a file to compare with, and numbers for what rows belong to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot


def group_numbers(series: pl.Series) -> NDArray[np.int64]:
    """A number for what each row belongs to, by the values of the grouping column; missing ones are on their own."""
    import numpy as np
    import polars as pl

    codes = series.cast(pl.String).rank("dense").cast(pl.Int64).fill_null(-1).to_numpy().astype(np.int64)
    alone = codes < 0
    codes[alone] = np.arange(int(alone.sum())) + codes.max(initial=0) + 1
    return codes


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
