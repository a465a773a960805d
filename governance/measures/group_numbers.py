"""Numbers for independent units: which rows belong together."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray


def group_numbers(groups: pl.Series) -> NDArray[np.int64]:
    """(rows,) 0, 1, 2 ... by first appearance of each row's group; a row whose group is missing is one of its own."""
    frame = groups.alias("group").to_frame().with_row_index("row")
    first = pl.when(pl.col("group").is_null()).then("row").otherwise(pl.col("row").first().over("group"))
    return frame.select(first.rank("dense").cast(pl.Int64)).to_series().to_numpy() - 1
